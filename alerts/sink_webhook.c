/* sink_webhook.c: any receiver. Body: a CloudEvents 1.0 event in JSON; signed after Standard
 * Webhooks 1.0: webhook-id (the alert's, the same in every attempt), webhook-timestamp (of the
 * attempt), webhook-signature. Several secrets, separated by spaces, sign side by side, so that
 * a secret can be changed without losing an alert. */
#include "alerts/signature.h"
#include "alerts/sink.h"
#include "core/json.h"

static void put(struct json_out *w, const char *key, struct str value)
{
    json_key(w, key);
    json_put_str(w, value);
}

/* Bytes of what surrounds the quotes. Every one of them may be a character that JSON writes in
 * six, and all together must leave room for the rest within limits.total. */
enum { MAX_TITLE = 400, MAX_AUTHOR = 200, MAX_SOURCE = 200, MAX_REASON = 600, MAX_WHY = 200,
       MAX_LINK = 4000 };

/* The facts, with every text that strangers chose kept within bounds. */
static struct alert bounded(const struct sink_job *job)
{
    struct alert al = *job->alert;
    const struct {
        struct str *text;
        size_t max;
    } cuts[] = {
        {&al.text, job->limits.quote}, {&al.reply, job->limits.quote}, {&al.title, MAX_TITLE},
        {&al.author, MAX_AUTHOR},      {&al.reason, MAX_REASON},       {&al.source, MAX_SOURCE},
    };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        *cuts[i].text = text_cut(*cuts[i].text, job->limits.unit, cuts[i].max, job->arena);
    for (int i = 0; i < al.why_count; i++)
        al.why[i] = text_cut(al.why[i], job->limits.unit, MAX_WHY, job->arena);
    al.url = safe_url(al.url);
    if (al.url.len > MAX_LINK)
        al.url = STR_NONE; /* a link cut short leads nowhere */
    return al;
}

/* A URI that names who speaks: the configured source. */
static struct str event_source(const struct alert *al, struct arena *a)
{
    struct buf b = BUF_INIT(8192);
    buf_puts(&b, "urn:defuse:");
    buf_url(&b, al->source);
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

static enum df_rc event_body(const struct sink_job *job, struct net_request *out)
{
    struct alert al = bounded(job);
    struct arena *a = job->arena;
    struct buf data = BUF_INIT(job->limits.total), body = BUF_INIT(job->limits.total);
    alert_put_json(&data, &al);

    struct json_out w = {.buf = &body};
    json_open(&w, '{');
    put(&w, "specversion", STR("1.0"));
    put(&w, "id", al.id);
    put(&w, "source", event_source(&al, a));
    put(&w, "type", arena_printf(a, "defuse.%s", alert_kind_name(al.kind)));
    put(&w, "subject", arena_printf(a, "case/%lld", (long long)al.case_id));
    json_pair_time(&w, "time", al.at);
    put(&w, "datacontenttype", STR("application/json"));
    json_pair_raw(&w, "data", buf_view(&data));
    json_close(&w, '}');
    body.full |= data.full;
    enum df_rc rc = sink_body(job, &body, out);
    buf_free(&data);
    buf_free(&body);
    return rc;
}

static enum df_rc render(const struct sink_job *job, struct net_request *out, struct err *err)
{
    struct str stamp = arena_printf(job->arena, "%lld", (long long)(job->now / DF_SECOND));
    struct str signature;
    enum df_rc rc = event_body(job, out);
    if (rc == DF_OK)
        rc = webhook_sign(job->conf->secret, job->alert->id, stamp, out->body, job->arena,
                          &signature, err);
    if (rc != DF_OK)
        return rc;
    sink_header(out, job->arena, "Content-Type",
                STR("application/cloudevents+json; charset=utf-8"));
    sink_header(out, job->arena, "webhook-id", job->alert->id);
    sink_header(out, job->arena, "webhook-timestamp", stamp);
    if (signature.len)
        sink_header(out, job->arena, "webhook-signature", signature);
    return DF_OK;
}

static enum sink_verdict judge(const struct net_response *r)
{
    return r->status == 503 && r->retry_after_ms >= 0 ? SINK_SLOWER : sink_judge_status(r->status);
}

const struct sink_ops sink_webhook = {
    .name = "webhook",
    .limits = {.unit = LENGTH_BYTES, .quote = 8000, .total = 20000},
    .needs_url = true,
    .render = render,
    .judge = judge,
};
