/* post_plain.c: the quick reader of post lines. It understands plain JSON with the known keys,
 * each once, and answers DF_NONE for everything else, faults included: then the careful reader
 * (post.c) decides and words the message. What it does accept, it reads as that one does;
 * tests/fuzz/fuzz_post_plain.c holds the two against each other. */
#include <stddef.h>

#include "core/limits.h"
#include "core/swar.h"
#include "core/utf8.h"
#include "model/post.h"

enum kind { TEXT, ID, COUNT, TIME, STARS, AUTHOR, REACTIONS };

struct key {
    struct str name;
    enum kind kind;
    size_t at, max;
};

#define KEY(name_, kind_, member, max_)                                                \
    {{name_, sizeof name_ - 1}, kind_, offsetof(struct post, member), max_}

static const struct key top[] = {
    KEY("id", ID, id, DF_MAX_POST_ID),
    KEY("text", TEXT, text, DF_MAX_POST_TEXT),
    KEY("title", TEXT, title, DF_MAX_POST_TITLE),
    KEY("lang", TEXT, lang, DF_MAX_NAME),
    KEY("stars", STARS, stars, 0),
    KEY("channel", TEXT, channel, DF_MAX_NAME),
    KEY("source", TEXT, source, DF_MAX_NAME),
    KEY("url", TEXT, url, DF_MAX_URL),
    KEY("author", AUTHOR, author_name, DF_MAX_NAME),
    KEY("rating", TEXT, rating, DF_MAX_NAME),
    KEY("created", TIME, created, 0),
    KEY("edited", TIME, edited, 0),
    KEY("deleted", TIME, deleted, 0),
    KEY("seen", TIME, seen, 0),
    KEY("parent", ID, parent, DF_MAX_POST_ID),
    KEY("reactions", REACTIONS, likes, 0),
    KEY("digest", TEXT, digest, DF_MAX_NAME),
    {{NULL, 0}, TEXT, 0, 0},
};
static const struct key author[] = {
    KEY("id", ID, author_id, DF_MAX_POST_ID),
    KEY("name", TEXT, author_name, DF_MAX_NAME),
    KEY("followers", COUNT, followers, 0),
    {{NULL, 0}, TEXT, 0, 0},
};
static const struct key reactions[] = {
    KEY("likes", COUNT, likes, 0),
    KEY("shares", COUNT, shares, 0),
    KEY("replies", COUNT, replies, 0),
    {{NULL, 0}, TEXT, 0, 0},
};

struct reader {
    const char *p, *end;
    struct arena *arena;
};

static void skip_blank(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\r' || *r->p == '\n'))
        r->p++;
}

static bool accept(struct reader *r, char c)
{
    skip_blank(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

static int hex4(const char *p, const char *end)
{
    int v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int d = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

/* One escape at p (behind the backslash): bytes written to out, or 0 when it is not plain. */
static size_t escape(struct reader *r, char *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (r->p == r->end)
        return 0;
    const char *at = memchr(from, *r->p, sizeof from - 1);
    if (at) {
        r->p++;
        *out = to[at - from];
        return 1;
    }
    if (*r->p != 'u')
        return 0;
    int hi = hex4(r->p + 1, r->end), lo = -1;
    if (hi <= 0)
        return 0;
    r->p += 5;
    if (hi >= 0xD800 && hi < 0xDC00) {
        if (r->end - r->p < 6 || r->p[0] != '\\' || r->p[1] != 'u')
            return 0;
        lo = hex4(r->p + 2, r->end);
        if (lo < 0xDC00 || lo >= 0xE000)
            return 0;
        r->p += 6;
        hi = 0x10000 + ((hi - 0xD800) << 10) + (lo - 0xDC00);
    } else if (hi >= 0xDC00 && hi < 0xE000) {
        return 0;
    }
    return utf8_put(out, (uint32_t)hi);
}

/* Bytes that stand for themselves, up to a quote, a backslash or something not plain. */
static const char *run_end(const char *p, const char *end)
{
    while (p < end) {
        if (end - p >= 8) {
            uint64_t v = swar_load(p);
            if (!((v & SWAR_HIGH) | swar_ascii_below(v, ' ') | swar_ascii_is(v, '"') |
                  swar_ascii_is(v, '\\'))) {
                p += 8;
                continue;
            }
        }
        unsigned char c = (unsigned char)*p;
        if (c < 0x20 || c == '"' || c == '\\')
            return p;
        size_t n = c < 0x80 ? 1 : utf8_valid_len(p, (size_t)(end - p));
        if (!n)
            return p;
        p += n;
    }
    return p;
}

/* A string behind its opening quote; a slice of the line when nothing is escaped. */
static bool read_string(struct reader *r, struct str *out)
{
    const char *start = r->p;
    r->p = run_end(r->p, r->end);
    if (r->p < r->end && *r->p == '"') {
        *out = str_n(start, (size_t)(r->p++ - start));
        return true;
    }
    const char *close = r->p; /* an upper bound of the length: the line's end */
    char *text = arena_alloc(r->arena, (size_t)(r->end - start) + 4);
    size_t n = (size_t)(close - start);
    memcpy(text, start, n);
    while (r->p < r->end && *r->p == '\\') {
        r->p++;
        size_t k = escape(r, text + n);
        if (!k)
            return false;
        n += k;
        start = r->p;
        r->p = run_end(r->p, r->end);
        memcpy(text + n, start, (size_t)(r->p - start));
        n += (size_t)(r->p - start);
    }
    *out = str_n(text, n);
    return r->p < r->end && *r->p++ == '"';
}

/* Digits, perhaps a point and more digits; signs and exponents are not plain. */
static bool read_number(struct reader *r, struct str *out, bool *whole)
{
    const char *start = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    size_t n = (size_t)(r->p - start);
    if (n == 0 || n > 15 || (n > 1 && *start == '0'))
        return false;
    *whole = true;
    if (r->p < r->end && *r->p == '.') {
        const char *point = r->p++;
        while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
            r->p++;
        if (r->p == point + 1 || r->p - point > 15)
            return false;
        *whole = false;
    }
    *out = str_n(start, (size_t)(r->p - start));
    return r->p == r->end || (*r->p != 'e' && *r->p != 'E');
}

static bool read_object(struct reader *r, const struct key *keys, struct post *p, uint32_t *seen);

static bool read_value(struct reader *r, const struct key *k, struct post *p)
{
    void *at = (char *)p + k->at;
    struct str s;
    long long n;
    bool whole;
    skip_blank(r);
    if (r->p == r->end)
        return false;
    if (*r->p == '{') {
        uint32_t seen = 0;
        return (k->kind == AUTHOR && read_object(r, author, p, &seen)) ||
               (k->kind == REACTIONS && read_object(r, reactions, p, &seen));
    }
    if (*r->p == '"') {
        r->p++;
        if (!read_string(r, &s))
            return false;
        if (k->kind == TIME)
            return time_parse_rfc3339(s, at);
        if ((k->kind != TEXT && k->kind != ID && k->kind != AUTHOR) || s.len > k->max)
            return false;
        *(struct str *)at = s;
        return true;
    }
    if (!read_number(r, &s, &whole))
        return false;
    switch (k->kind) {
    case ID:
        *(struct str *)at = s;
        return whole;
    case STARS:
        return str_f64(s, at) && *(double *)at <= 5;
    case COUNT:
    case TIME:
        if (!whole || !str_i64(s, &n) || (k->kind == COUNT ? n > 9000000000000000 : n > 253402300799999))
            return false;
        *(int64_t *)at = n;
        return true;
    default:
        return false;
    }
}

static bool read_object(struct reader *r, const struct key *keys, struct post *p, uint32_t *seen)
{
    if (!accept(r, '{'))
        return false;
    if (accept(r, '}'))
        return true;
    do {
        if (!accept(r, '"'))
            return false;
        const char *start = r->p;
        while (r->p < r->end && *r->p >= 'a' && *r->p <= 'z')
            r->p++;
        struct str name = str_n(start, (size_t)(r->p - start));
        int i = 0;
        while (keys[i].name.ptr && !str_eq(keys[i].name, name))
            i++;
        if (!keys[i].name.ptr || *seen >> i & 1 || !accept(r, '"') || start + name.len + 1 != r->p ||
            !accept(r, ':') || !read_value(r, &keys[i], p))
            return false;
        *seen |= 1u << i;
    } while (accept(r, ','));
    return accept(r, '}');
}

enum df_rc post_read_plain(struct str line, struct arena *a, struct post *out)
{
    struct reader r = {line.ptr, line.ptr + line.len, a};
    uint32_t seen = 0;
    *out = POST_INIT;
    if (!read_object(&r, top, out, &seen) || !(seen & 2)) /* text is the second key */
        return DF_NONE;
    skip_blank(&r);
    return r.p == r.end ? DF_OK : DF_NONE;
}
