#include "collector/request.h"

#include "core/limits.h"

#define MAX_REQUEST_BODY DF_KIB(256)

static enum df_rc add_pairs(struct buf *out, const struct pair *pairs, size_t count, char first,
                            struct source_vars *vars, struct err *err)
{
    enum df_rc rc = DF_OK;
    for (size_t i = 0; i < count && rc == DF_OK; i++) {
        struct buf v = BUF_INIT(DF_MAX_URL);
        bool empty = false;
        rc = template_expand(&v, pairs[i].value, TEMPLATE_QUERY, source_lookup, vars, &empty, err);
        if (rc == DF_OK && !empty) {
            if (first)
                buf_putc(out, first);
            first = '&';
            buf_url(out, pairs[i].name);
            buf_putc(out, '=');
            buf_str(out, buf_view(&v));
        }
        buf_free(&v);
    }
    return rc;
}

static enum df_rc build_url(const struct request_template *t, struct source_vars *vars,
                            struct net_request *out, struct err *err)
{
    struct buf b = BUF_INIT(DF_MAX_URL);
    enum df_rc rc = template_expand(&b, t->url, TEMPLATE_PATH, source_lookup, vars, NULL, err);
    bool has_query = str_chr(buf_view(&b), '?') >= 0;
    if (rc == DF_OK)
        rc = add_pairs(&b, t->query, t->query_count, has_query ? '&' : '?', vars, err);
    if (rc == DF_OK && b.full)
        rc = err_set(err, DF_REJECT, "the address is longer than %d bytes", DF_MAX_URL);
    out->url = arena_str(vars->arena, buf_view(&b));
    buf_free(&b);
    return rc;
}

static enum df_rc build_headers(const struct request_template *t, struct source_vars *vars,
                                struct net_request *out, struct err *err)
{
    struct net_header *h = arena_array(vars->arena, t->header_count + 1, sizeof *h);
    enum df_rc rc = DF_OK;
    out->headers = h;
    for (size_t i = 0; i < t->header_count && rc == DF_OK; i++) {
        struct buf v = BUF_INIT(DF_MAX_URL);
        bool empty = false;
        rc = template_expand(&v, t->headers[i].value, TEMPLATE_RAW, source_lookup, vars, &empty, err);
        if (rc == DF_OK && !empty)
            h[out->header_count++] = (struct net_header){
                t->headers[i].name, arena_str(vars->arena, buf_view(&v))};
        buf_free(&v);
    }
    return rc;
}

static enum df_rc build_body(const struct request_template *t, struct source_vars *vars,
                             struct net_request *out, struct err *err)
{
    struct buf b = BUF_INIT(MAX_REQUEST_BODY);
    enum df_rc rc = DF_OK;
    if (t->form_count)
        rc = add_pairs(&b, t->form, t->form_count, '\0', vars, err);
    else if (t->body.len)
        rc = template_expand(&b, t->body, TEMPLATE_JSON, source_lookup, vars, NULL, err);
    out->body = arena_str(vars->arena, buf_view(&b));
    buf_free(&b);
    return rc;
}

enum df_rc request_build(const struct request_template *t, struct source_vars *vars,
                         struct net_request *out, struct err *err)
{
    *out = (struct net_request){.user_agent = vars->source->user_agent,
                                .proxy = vars->source->proxy};
    if (t->method.len)
        out->method = arena_strz(vars->arena, t->method);
    vars->secret_used = false;
    enum df_rc rc = build_url(t, vars, out, err);
    if (rc == DF_OK)
        rc = build_headers(t, vars, out, err);
    if (rc == DF_OK)
        rc = build_body(t, vars, out, err);
    out->secret = vars->secret_used;
    return rc;
}
