#include "collector/template.h"

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':';
}

#define DOUBLED ((size_t)-1) /* "{{": one brace that begins no variable */

/* Length of "{name}" at i, 0 when it is none. */
static size_t variable_at(struct str s, size_t i)
{
    size_t n = i + 1;
    if (i >= s.len || s.ptr[i] != '{')
        return 0;
    if (n < s.len && s.ptr[n] == '{')
        return DOUBLED;
    while (n < s.len && name_char(s.ptr[n]))
        n++;
    return n > i + 1 && n < s.len && s.ptr[n] == '}' ? n + 1 - i : 0;
}

enum template_use template_form(struct str *name, enum template_use use)
{
    static const struct {
        const char *form;
        enum template_use use;
    } forms[] = {{":enc", TEMPLATE_QUERY}, {":raw", TEMPLATE_RAW}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_ends(*name, str_of(forms[i].form))) {
            name->len -= strlen(forms[i].form);
            return forms[i].use;
        }
    return use;
}

bool template_next(struct str tmpl, size_t *at, struct str *name_out)
{
    for (; *at < tmpl.len; (*at)++) {
        size_t n = variable_at(tmpl, *at);
        if (n == DOUBLED) {
            ++*at;
        } else if (n) {
            *name_out = str_sub(tmpl, *at + 1, n - 2);
            *at += n;
            return true;
        }
    }
    return false;
}

/* A path keeps its slashes: "owner/name" is two segments. */
static void put_path(struct buf *out, struct str v)
{
    struct str part;
    for (bool first = true; str_split(&v, '/', &part); first = false) {
        if (!first)
            buf_putc(out, '/');
        buf_url(out, part);
    }
}

static void put_value(struct buf *out, struct str v, enum template_use use, bool is_start)
{
    if (use == TEMPLATE_QUERY) {
        buf_url(out, v);
    } else if (use == TEMPLATE_PATH && !(is_start && str_find(v, STR("://")) > 0)) {
        put_path(out, v);
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
        if (n == DOUBLED) {
            buf_putc(out, '{');
            i += 2;
            continue;
        }
        if (!n) {
            buf_putc(out, tmpl.ptr[i++]);
            continue;
        }
        struct str name = str_sub(tmpl, i + 1, n - 2), value = STR_NONE;
        enum template_use form = template_form(&name, use);
        if (!lookup(ctx, name, &value))
            return err_set(err, DF_REJECT, "no value for '{%.*s}'", STR_FMT(name));
        any = true;
        filled = filled || value.len > 0;
        put_value(out, value, form, i == 0);
        i += n;
    }
    if (empty_out)
        *empty_out = any && !filled;
    return out->full ? err_set(err, DF_REJECT, "too long after filling in its values") : DF_OK;
}
