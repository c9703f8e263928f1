#include "alerts/render.h"

#include "core/limits.h"

enum { MIN_QUOTE = 40 };

static enum df_rc check_settings(const struct sink_conf *conf, struct err *err)
{
    if (conf->ops->needs_url && conf->url.len == 0)
        return err_set(err, DF_REJECT, "the sink '%.*s' has no address: is its url_env set?",
                       STR_FMT(conf->name));
    if (conf->ops->needs_url && safe_url(conf->url).len == 0)
        return err_set(err, DF_REJECT, "the address of the sink '%.*s' is no http(s) URL",
                       STR_FMT(conf->name));
    return DF_OK;
}

enum df_rc alert_render(const struct alerts *al, const struct sink_conf *conf,
                        const struct alert *alert, struct arena *a, struct net_request *out,
                        struct err *err)
{
    struct sink_job job = {.conf = conf, .alert = alert, .limits = conf->ops->limits,
                           .now = clock_now(al->clock), .arena = a};
    enum df_rc rc = check_settings(conf, err);
    for (; rc == DF_OK; job.limits.quote /= 2) {
        *out = (struct net_request){.method = "POST", .url = conf->url, .secret = true,
                                    .no_redirects = true, .max_body = DF_KIB(64),
                                    .public_only = !al->private_hosts};
        rc = conf->ops->render(&job, out, err);
        if (rc != DF_NONE)
            return rc;
        if (job.limits.quote < MIN_QUOTE)
            return err_set(err, DF_NONE, "the alert does not fit into %zu bytes",
                           job.limits.total);
        rc = DF_OK;
    }
    return rc;
}

static void replace_all(struct buf *out, struct str text, struct str what, const char *with)
{
    ptrdiff_t at;
    while (what.len && (at = str_find(text, what)) >= 0) {
        buf_str(out, str_sub(text, 0, (size_t)at));
        buf_puts(out, with);
        text = str_sub(text, (size_t)at + what.len, text.len);
    }
    buf_str(out, text);
}

/* Path and query of an address: the part that is the secret. */
static struct str secret_part(struct str url)
{
    ptrdiff_t at = str_find(url, STR("://"));
    struct str rest = at < 0 ? url : str_sub(url, (size_t)at + 3, url.len);
    ptrdiff_t slash = str_chr(rest, '/');
    return slash < 0 ? STR_NONE : str_sub(rest, (size_t)slash + 1, rest.len);
}

struct str alert_redact(const struct sink_conf *conf, struct str text, struct arena *a)
{
    const struct str secrets[] = {secret_part(conf->url), conf->secret};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        struct buf b = BUF_INIT(4 * text.len + 1024);
        replace_all(&b, text, secrets[i], "…");
        text = arena_str(a, buf_view(&b));
        buf_free(&b);
    }
    return text;
}

struct alert alert_sample(const struct sink_conf *conf, const struct clock *clock)
{
    int64_t now = clock_now(clock);
    return (struct alert){
        .id = STR("al_test"),
        .kind = ALERT_TEST,
        .at = now,
        .urgency = URGENCY_P3,
        .category = CATEGORY_DELIVERY,
        .sentiment = SENTIMENT_NEGATIVE,
        .due = now + DF_HOUR,
        .lang = STR("en"),
        .reason = str_of(msg(conf->lang, "test")),
        .channel = STR("test"),
        .source = STR("test"),
        .url = STR("https://example.org/"),
        .author = STR("@example"),
        .text = STR("<!channel> @everyone *bold* <b>tag</b> 包裹還沒到 😡 https://example.org/x"),
        .stars = 2,
        .created = now - DF_MINUTE,
    };
}

enum df_rc alerts_test(struct alerts *al, const struct sink_conf *sink, struct arena *a,
                       struct err *err)
{
    struct alert alert = alert_sample(sink, al->clock);
    struct net_request req;
    struct net_response resp;
    enum df_rc rc = alert_render(al, sink, &alert, a, &req, err);
    if (rc == DF_OK && sink->ops->deliver)
        return sink->ops->deliver(al->out, &req, err);
    if (rc == DF_OK)
        rc = transport_perform(al->transport, &req, a, &resp, err);
    if (rc == DF_OK && sink->ops->judge(&resp) != SINK_OK)
        rc = err_set(err, DF_REJECT, "answered %d: %.*s", resp.status,
                     STR_FMT(length_cut(resp.body, LENGTH_BYTES, 300)));
    if (rc != DF_OK && err) {
        struct str clean = alert_redact(sink, str_of(err->text), a);
        err_set(err, rc, "%.*s: %.*s", STR_FMT(sink->name), STR_FMT(clean));
    }
    return rc;
}

enum df_rc alerts_dry_run(struct alerts *al, const struct sink_conf *sink, struct arena *a,
                          struct buf *out, struct err *err)
{
    struct alert alert = alert_sample(sink, al->clock);
    struct net_request req;
    enum df_rc rc = alert_render(al, sink, &alert, a, &req, err);
    if (rc != DF_OK)
        return rc;
    if (!sink->ops->deliver)
        buf_printf(out, "%s %.*s\n", req.method, STR_FMT(alert_redact(sink, req.url, a)));
    for (size_t i = 0; i < req.header_count; i++)
        buf_printf(out, "%.*s: %.*s\n", STR_FMT(req.headers[i].name),
                   STR_FMT(req.headers[i].value));
    if (!sink->ops->deliver)
        buf_putc(out, '\n');
    buf_str(out, req.body);
    buf_putc(out, '\n');
    return DF_OK;
}
