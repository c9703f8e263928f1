#include "dashboard/request.h"

#include "core/limits.h"
#include "core/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A "%" that no two hex digits follow stands for itself. */
static struct str decode(struct arena *a, struct str s, bool plus_is_space)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0) {
            c = (char)(hex(s.ptr[i + 1]) * 16 + hex(s.ptr[i + 2]));
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        /* Forms send CR LF; we keep texts with plain line feeds so that offsets agree. */
        if (c == '\n' && n > 0 && out[n - 1] == '\r')
            n--;
        out[n++] = c;
    }
    return utf8_repair(a, str_n(out, n));
}

enum df_rc fields_parse(struct arena *a, struct str text, struct fields *out, struct err *err)
{
    struct str rest = text, pair;

    *out = (struct fields){.items = arena_array(a, DF_MAX_PARAMS, sizeof(struct field))};
    while (rest.len && str_split(&rest, '&', &pair)) {
        struct str name = STR_NONE;

        if (pair.len == 0)
            continue;
        if (out->count == DF_MAX_PARAMS)
            return err_set(err, DF_REJECT, "more than %d fields (DF_MAX_PARAMS)", DF_MAX_PARAMS);
        str_split(&pair, '=', &name);
        out->items[out->count++] =
            (struct field){decode(a, name, true), decode(a, pair, true)};
    }
    return DF_OK;
}

void fields_cookies(struct arena *a, struct str header, struct fields *out)
{
    struct str rest = header, pair;

    *out = (struct fields){.items = arena_array(a, DF_MAX_PARAMS, sizeof(struct field))};
    while (rest.len && out->count < DF_MAX_PARAMS && str_split(&rest, ';', &pair)) {
        struct str name = STR_NONE;

        pair = str_trim(pair);
        if (str_chr(pair, '=') <= 0)
            continue;
        str_split(&pair, '=', &name);
        out->items[out->count++] = (struct field){utf8_repair(a, str_trim(name)),
                                                  decode(a, str_trim(pair), false)};
    }
}

static const struct field *find(const struct fields *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_is(p->items[i].name, name))
            return &p->items[i];
    return NULL;
}

struct str fields_get(const struct fields *p, const char *name)
{
    const struct field *found = find(p, name);

    return found ? found->value : STR_NONE;
}

bool fields_has(const struct fields *p, const char *name)
{
    return find(p, name) != NULL;
}

enum df_rc request_target(struct request *r, struct str target, struct err *err)
{
    struct str rest = target, path = STR_NONE;

    if (target.len == 0 || target.ptr[0] != '/')
        return err_set(err, DF_REJECT, "the request is for no path of this server");
    r->target = arena_str(r->arena, target);
    str_split(&rest, '?', &path);
    r->path = decode(r->arena, path, false);
    return fields_parse(r->arena, rest, &r->query, err);
}

void response_see(struct response *r, struct str location)
{
    r->status = 303;
    r->location = location;
}

void response_cookie(struct request *q, struct response *r, const char *name, struct str value)
{
    struct buf b = BUF_INIT(DF_KIB(1));

    if (r->cookie_count == sizeof r->cookies / sizeof *r->cookies)
        return;
    buf_puts(&b, name);
    buf_putc(&b, '=');
    buf_url(&b, value);
    buf_puts(&b, "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    if (!b.full)
        r->cookies[r->cookie_count++] = arena_str(q->arena, buf_view(&b));
    buf_free(&b);
}
