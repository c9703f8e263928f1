#include "tests/lib/mock_transport.h"

#include <stdio.h>

struct mock_answer mock_answers[16];
int mock_answer_count, mock_request_count;
struct mock_request mock_requests[MOCK_MAX_REQUESTS];
static int used[16];

enum df_rc mock_open(const struct net_config *config, void **self_out, struct err *err)
{
    static int nothing;
    (void)config;
    (void)err;
    *self_out = &nothing;
    return DF_OK;
}

static void remember(const struct net_request *req)
{
    struct mock_request *m = &mock_requests[mock_request_count++ % MOCK_MAX_REQUESTS];
    int n = 0;
    snprintf(m->url, sizeof m->url, "%.*s", STR_FMT(req->url));
    snprintf(m->body, sizeof m->body, "%.*s", STR_FMT(req->body));
    m->headers[0] = '\0';
    for (size_t i = 0; i < req->header_count; i++)
        n += snprintf(m->headers + n, sizeof m->headers - (size_t)n, "%.*s: %.*s\n",
                      STR_FMT(req->headers[i].name), STR_FMT(req->headers[i].value));
}

static const struct mock_answer *answer_for(struct str url)
{
    const struct mock_answer *last = NULL;
    for (int i = 0; i < mock_answer_count; i++) {
        const struct mock_answer *m = &mock_answers[i];
        if (m->host && str_find(url, str_of(m->host)) < 0)
            continue;
        last = m;
        if (!used[i]) {
            used[i] = 1;
            break;
        }
    }
    return last;
}

static enum df_rc mock_perform(void *self, const struct net_request *req, struct arena *a,
                               struct net_response *resp, struct err *err)
{
    const struct mock_answer *m = answer_for(req->url);
    (void)self;
    remember(req);
    *resp = (struct net_response){.retry_after_ms = -1};
    if (!m || m->rc != DF_OK)
        return err_set(err, m ? m->rc : DF_RETRY, "%.*s: connection refused", STR_FMT(req->url));
    resp->status = m->status;
    resp->body = arena_str(a, str_of(m->body));
    resp->retry_after_ms = m->retry_after_ms ? m->retry_after_ms : -1;
    return DF_OK;
}

void mock_close(void *self)
{
    (void)self;
}

const struct transport_ops mock_transport = MOCK_TRANSPORT(mock_perform);
