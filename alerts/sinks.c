/* sinks.c: which kinds of destinations there are, and what they share. */
#include "alerts/sink.h"

static const struct sink_ops *const sinks[] = {&sink_webhook, &sink_slack, &sink_stdout};
enum { SINKS = sizeof sinks / sizeof *sinks };

const struct sink_ops *sink_find(struct str type)
{
    for (int i = 0; i < SINKS; i++)
        if (str_is(type, sinks[i]->name))
            return sinks[i];
    return NULL;
}

const char *const *sink_types(void)
{
    static const char *names[SINKS + 1];
    for (int i = 0; i < SINKS; i++)
        names[i] = sinks[i]->name;
    return names;
}

enum sink_verdict sink_judge_status(int status)
{
    if (status >= 200 && status < 300)
        return SINK_OK;
    if (status == 429)
        return SINK_SLOWER;
    if (status == 408 || status == 425 || status >= 500)
        return SINK_LATER;
    if (status == 400 || status == 413 || status == 422)
        return SINK_REFUSED;
    return SINK_CLOSED; /* 3xx too: an alert does not follow where it is sent on to */
}

enum df_rc sink_body(const struct sink_job *job, const struct buf *b, struct net_request *req)
{
    if (b->full || b->len > job->limits.total)
        return DF_NONE;
    req->body = arena_str(job->arena, buf_view(b));
    return DF_OK;
}

void sink_header(struct net_request *req, struct arena *a, const char *name, struct str value)
{
    struct net_header *h = arena_array(a, req->header_count + 1, sizeof *h);
    if (req->header_count)
        memcpy(h, req->headers, req->header_count * sizeof *h);
    h[req->header_count++] = (struct net_header){str_of(name), value};
    req->headers = h;
}
