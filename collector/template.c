#include "collector/template.h"

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':';
}

/* Length of "{name}" at i, 0 when it is none. */
static size_t variable_at(struct str s, size_t i)
{
    size_t n = i + 1;
    if (i >= s.len || s.ptr[i] != '{')
        return 0;
    while (n < s.len && name_char(s.ptr[n]))
        n++;
    return n > i + 1 && n < s.len && s.ptr[n] == '}' ? n + 1 - i : 0;
}

bool template_next(struct str tmpl, size_t *at, struct str *name_out)
{
    for (; *at < tmpl.len; (*at)++) {
        size_t n = variable_at(tmpl, *at);
        if (n) {
            *name_out = str_sub(tmpl, *at + 1, n - 2);
            *at += n;
            return true;
        }
    }
    return false;
}

static void put_value(struct buf *out, struct str v, enum template_use use, bool is_start)
{
    if (use == TEMPLATE_QUERY ||
        (use == TEMPLATE_PATH && !(is_start && str_find(v, STR("://")) > 0))) {
        buf_url(out, v);
    } else if (use == TEMPLATE_JSON) {
        struct buf b = BUF_INIT(v.len * 6 + 16);
        buf_json(&b, v);
        buf_str(out, str_sub(buf_view(&b), 1, b.len - 2));
        buf_free(&b);
    } else {
        buf_str(out, v);
    }
}

enum df_rc template_expand(struct buf *out, struct str tmpl, enum template_use use,
                           template_lookup *lookup, void *ctx, bool *empty_out, struct err *err)
{
    bool any = false, filled = false;
    for (size_t i = 0; i < tmpl.len;) {
        size_t n = variable_at(tmpl, i);
        if (!n) {
            buf_putc(out, tmpl.ptr[i++]);
            continue;
        }
        struct str name = str_sub(tmpl, i + 1, n - 2), value = STR_NONE;
        if (!lookup(ctx, name, &value))
            return err_set(err, DF_REJECT, "no value for '{%.*s}'", STR_FMT(name));
        any = true;
        filled = filled || value.len > 0;
        put_value(out, value, use, i == 0);
        i += n;
    }
    if (empty_out)
        *empty_out = any && !filled;
    return out->full ? err_set(err, DF_REJECT, "too long after filling in its values") : DF_OK;
}
