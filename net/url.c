#include "net/url.h"

#include "core/buf.h"
#include "core/limits.h"

static bool scheme_char(char c, bool first)
{
    bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return alpha || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

/* Length of "scheme:" without the colon, 0 when there is none. */
static size_t scheme_len(struct str s)
{
    size_t n = 0;
    while (n < s.len && scheme_char(s.ptr[n], n == 0))
        n++;
    return n < s.len && s.ptr[n] == ':' && n > 0 ? n : 0;
}

/* Where one of three signs stands, from there on; a NUL ends any part. */
static size_t until(struct str s, size_t from, const char stops[static 3])
{
    for (; from < s.len; from++) {
        char c = s.ptr[from];
        if (c == stops[0] || c == stops[1] || c == stops[2] || c == '\0')
            break;
    }
    return from;
}

/* Parts of any reference, also a relative one. */
static void split_reference(struct str s, struct url *u, bool *authority)
{
    *u = (struct url){0};
    *authority = false;
    size_t at = 0, n = scheme_len(s);
    if (n) {
        u->scheme = str_sub(s, 0, n);
        at = n + 1;
    }
    if (str_starts(str_sub(s, at, 2), STR("//"))) {
        size_t end = until(s, at + 2, "/?#");
        struct str auth = str_sub(s, at + 2, end - at - 2);
        *authority = true;
        for (size_t i = auth.len; i-- > 0;)
            if (auth.ptr[i] == '@') {
                auth = str_sub(auth, i + 1, auth.len);
                break;
            }
        u->host = auth;
        for (size_t i = auth.len; i-- > 0 && auth.ptr[i] != ']';)
            if (auth.ptr[i] == ':') {
                u->host = str_sub(auth, 0, i);
                u->port = str_sub(auth, i + 1, auth.len);
                break;
            }
        at = end;
    }
    size_t end = until(s, at, "??#");
    u->path = str_sub(s, at, end - at);
    if (end < s.len && s.ptr[end] == '?') {
        at = end + 1;
        end = until(s, at, "###");
        u->query = str_sub(s, at, end - at);
    }
    if (end < s.len)
        u->fragment = str_sub(s, end + 1, s.len);
}

bool url_split(struct str s, struct url *out)
{
    bool authority;
    split_reference(s, out, &authority);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f)
            return false;
    return s.len <= DF_MAX_URL && out->scheme.len && authority &&
           (out->host.len || str_ieq(out->scheme, STR("file")));
}

struct str url_origin(struct arena *a, struct str s)
{
    struct url u;
    if (!url_split(s, &u))
        return STR_NONE;
    return arena_printf(a, "%.*s://%.*s%s%.*s", STR_FMT(u.scheme), STR_FMT(u.host),
                        u.port.len ? ":" : "", STR_FMT(u.port));
}

bool url_same_origin(struct str x, struct str y)
{
    struct url a, b;
    return url_split(x, &a) && url_split(y, &b) && str_ieq(a.scheme, b.scheme) &&
           str_ieq(a.host, b.host) && str_eq(a.port, b.port);
}

/* Takes "." and ".." out of an absolute path. */
static void put_path(struct buf *b, struct str path)
{
    size_t floor = b->len;
    struct str rest = path, part;
    bool first = true, dir = false;
    while (str_split(&rest, '/', &part)) {
        if (first) {
            first = false;
            if (part.len == 0)
                continue;
        }
        dir = str_is(part, ".") || str_is(part, "..");
        if (str_is(part, "..")) {
            while (b->len > floor && b->ptr[b->len - 1] != '/')
                b->len--;
            if (b->len > floor)
                b->len--;
        } else if (!str_is(part, ".")) {
            buf_putc(b, '/');
            buf_str(b, part);
        }
    }
    if (dir || b->len == floor)
        buf_putc(b, '/');
}

struct str url_resolve(struct arena *a, struct str base, struct str ref)
{
    struct url b, r;
    bool has_authority, base_authority;
    ref = str_trim(ref);
    if (scheme_len(ref) || base.len == 0)
        return ref;
    split_reference(base, &b, &base_authority);
    split_reference(ref, &r, &has_authority);
    if (!base_authority)
        return ref;
    struct buf out = BUF_INIT(DF_MAX_URL);
    buf_str(&out, b.scheme);
    buf_putc(&out, ':');
    if (has_authority) {
        buf_str(&out, ref);
    } else {
        buf_puts(&out, "//");
        buf_str(&out, b.host);
        if (b.port.len) {
            buf_putc(&out, ':');
            buf_str(&out, b.port);
        }
        if (r.path.len && r.path.ptr[0] == '/') {
            put_path(&out, r.path);
        } else if (r.path.len) {
            size_t cut = b.path.len;
            while (cut && b.path.ptr[cut - 1] != '/')
                cut--;
            struct str joined = arena_printf(a, "%.*s%.*s", STR_FMT(str_sub(b.path, 0, cut)),
                                             STR_FMT(r.path));
            put_path(&out, joined);
        } else {
            buf_str(&out, b.path);
        }
        struct str query = r.path.len || r.query.len ? r.query : b.query;
        if (query.len) {
            buf_putc(&out, '?');
            buf_str(&out, query);
        }
        if (r.fragment.len) {
            buf_putc(&out, '#');
            buf_str(&out, r.fragment);
        }
    }
    struct str s = out.full ? STR_NONE : arena_str(a, buf_view(&out));
    buf_free(&out);
    return s;
}

struct str url_public(struct arena *a, struct str s)
{
    struct url u;
    if (!url_split(s, &u))
        return STR("(not a URL)");
    return arena_printf(a, "%.*s://%.*s%s%.*s%.*s%s", STR_FMT(u.scheme), STR_FMT(u.host),
                        u.port.len ? ":" : "", STR_FMT(u.port), STR_FMT(u.path),
                        u.query.len ? "?…" : "");
}
