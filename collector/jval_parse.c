/* jval_parse.c: JSON text → values, in one pass and without recursion. What is exactly JSON is read
 * here at once; all else goes through json_tidy() first. */
#include <stdlib.h>

#include "collector/extract.h"
#include "collector/jval.h"
#include "core/limits.h"
#include "core/swar.h"
#include "core/utf8.h"

#define MAX_DOCUMENTS 100000 /* lines of JSON in one body */

struct parser {
    const char *p, *end;
    struct arena *arena;
    struct jval *stack; /* of what is open: elements, or keys and values by turns */
    size_t count, cap;
    struct {
        size_t from;
        bool object;
    } nest[DF_JVAL_DEPTH];
    int depth;
};

static void skip_space(struct parser *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static void push(struct parser *s, struct jval v)
{
    if (s->count == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 256;
        s->stack = realloc(s->stack, s->cap * sizeof *s->stack);
        if (!s->stack)
            abort();
    }
    s->stack[s->count++] = v;
}

/* --- strings --- */

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i], low = (char)(c | 32);
        if (c >= '0' && c <= '9')
            v = v * 16 + (c - '0');
        else if (low >= 'a' && low <= 'f')
            v = v * 16 + (low - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* Behind "\u": one character, of which both halves must be there. */
static bool unicode(const char **from, const char *end, uint32_t *cp)
{
    const char *p = *from;
    int high = end - p >= 4 ? hex4(p) : -1;
    if (high < 0)
        return false;
    p += 4;
    *cp = (uint32_t)high;
    if (high >= 0xD800 && high < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        int low = hex4(p + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            *cp = 0x10000 + (((uint32_t)high - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
            p += 6;
        }
    }
    *from = p; /* utf8_put() makes U+FFFD of a half that is alone */
    return true;
}

static bool unescape(struct parser *s, struct str raw, struct jval *out)
{
    static const char meaning[256] = {['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b',
                                      ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'};
    char *text = arena_text(s->arena, raw.len), *to = text; /* no escape grows */
    const char *p = raw.ptr, *end = str_end(raw);
    while (p < end) {
        const char *stroke = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((stroke ? stroke : end) - p);
        memcpy(to, p, run);
        to += run;
        p += run;
        if (!stroke)
            break;
        char c = meaning[(unsigned char)p[1]]; /* the closing quote stands behind at the latest */
        uint32_t cp;
        p += 2;
        if (c)
            *to++ = c;
        else if (p[-1] == 'u' && unicode(&p, end, &cp))
            to += utf8_put(to, cp);
        else
            return false;
    }
    *to = '\0';
    *out = jval_str(str_n(text, (size_t)(to - text)));
    return true;
}

static bool string(struct parser *s, struct jval *out)
{
    if (s->p == s->end || *s->p != '"')
        return false;
    const char *from = ++s->p;
    bool escaped = false;
    for (;;) {
        while (s->end - s->p >= 8) {
            uint64_t v = swar_load(s->p);
            if (swar_is(v, '"') | swar_is(v, '\\') | swar_below(v, ' '))
                break;
            s->p += 8;
        }
        while (s->p < s->end && *s->p != '"' && *s->p != '\\' && (unsigned char)*s->p >= ' ')
            s->p++;
        if (s->p == s->end || (unsigned char)*s->p < ' ')
            return false;
        if (*s->p == '"')
            break;
        escaped = true;
        if (s->end - s->p < 2)
            return false;
        s->p += 2;
    }
    struct str raw = str_n(from, (size_t)(s->p++ - from));
    *out = jval_str(raw);
    return !escaped || unescape(s, raw, out);
}

/* --- numbers and words --- */

static bool digits(struct parser *s)
{
    const char *from = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return s->p > from;
}

static bool number(struct parser *s, struct jval *out)
{
    const char *from = s->p;
    bool minus = *s->p == '-', whole = true;
    s->p += minus;
    if (!digits(s))
        return false;
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        whole = false;
        if (!digits(s))
            return false;
    }
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        whole = false;
        s->p += s->p < s->end && (*s->p == '+' || *s->p == '-');
        if (!digits(s))
            return false;
    }
    struct str text = str_n(from, (size_t)(s->p - from));
    if (whole && text.len <= 15) {
        int64_t v = 0;
        for (size_t i = minus; i < text.len; i++)
            v = v * 10 + (text.ptr[i] - '0');
        *out = jval_num(minus ? -(double)v : (double)v);
    } else if (whole && json_too_big(text)) {
        *out = jval_str(text);
    } else {
        *out = jval_num(strtod(arena_strz(s->arena, text), NULL));
    }
    return true;
}

static bool word(struct parser *s, struct str w, enum jkind kind, struct jval *out)
{
    if (!str_starts(str_n(s->p, (size_t)(s->end - s->p)), w))
        return false;
    s->p += w.len;
    *out = JVAL(kind);
    return true;
}

/* A value that has no others in it. */
static bool scalar(struct parser *s, struct jval *out)
{
    switch (*s->p) {
    case '"': return string(s, out);
    case 't': return word(s, STR("true"), J_TRUE, out);
    case 'f': return word(s, STR("false"), J_FALSE, out);
    case 'n': return word(s, STR("null"), J_NULL, out);
    default: return number(s, out);
    }
}

/* --- nesting --- */

static struct jval closed(struct parser *s)
{
    size_t from = s->nest[--s->depth].from, n = s->count - from;
    s->count = from;
    if (!s->nest[s->depth].object)
        return jval_array(s->arena, s->stack + from, n);
    _Static_assert(sizeof(struct jmember) == 2 * sizeof(struct jval), "a member is a key and a value");
    return jval_object(s->arena, (const struct jmember *)(const void *)(s->stack + from), n / 2);
}

static bool key(struct parser *s)
{
    struct jval k;
    skip_space(s);
    if (!string(s, &k))
        return false;
    push(s, k);
    skip_space(s);
    if (s->p == s->end || *s->p != ':')
        return false;
    s->p++;
    return true;
}

/* After a value: closing brackets, a comma, the next key. False: a fault, or nothing is open. */
static bool go_on(struct parser *s, struct jval v)
{
    while (s->depth) {
        push(s, v);
        skip_space(s);
        bool object = s->nest[s->depth - 1].object;
        char c = s->p < s->end ? *s->p : '\0';
        if (c == ',') {
            s->p++;
            return !object || key(s);
        }
        if (c != (object ? '}' : ']'))
            return false;
        s->p++;
        v = closed(s);
    }
    push(s, v);
    return false;
}

enum df_rc jval_parse(struct arena *a, struct str text, struct jval *out)
{
    struct parser s = {.p = text.ptr, .end = str_end(text), .arena = a};
    for (;;) {
        struct jval v;
        skip_space(&s);
        if (s.p == s.end)
            break;
        if (*s.p == '{' || *s.p == '[') {
            bool object = *s.p++ == '{';
            if (s.depth == DF_JVAL_DEPTH)
                break;
            s.nest[s.depth].from = s.count;
            s.nest[s.depth++].object = object;
            skip_space(&s);
            if (s.p == s.end || *s.p != (object ? '}' : ']')) {
                if (object && !key(&s))
                    break;
                continue;
            }
            s.p++;
            v = closed(&s);
        } else if (!scalar(&s, &v)) {
            break;
        }
        if (!go_on(&s, v))
            break;
    }
    skip_space(&s);
    bool whole = s.depth == 0 && s.count == 1 && s.p == s.end;
    if (whole)
        *out = s.stack[0];
    free(s.stack);
    return whole ? DF_OK : DF_NONE;
}

/* --- as found --- */

enum df_rc jval_read_lines(struct arena *a, struct str lines, struct jval *out, struct err *err)
{
    struct jval *docs = NULL;
    size_t n = 0, cap = 0, bad = 0;
    struct str line;
    while (n < MAX_DOCUMENTS && str_split(&lines, '\n', &line)) {
        if (!str_trim(line).len)
            continue;
        struct jval v;
        if (jval_parse(a, line, &v) == DF_OK)
            *ARENA_PUSH(a, docs, n, cap) = v;
        else
            bad++;
    }
    if (n == 0 || (n == 1 && bad))
        return err_set(err, DF_REJECT, "the answer is cut off or damaged: %s",
                       bad ? "not valid JSON" : "there is no value in it");
    *out = n == 1 ? docs[0] : jval_array(a, docs, n);
    return DF_OK;
}

enum df_rc jval_read(struct arena *a, struct str text, struct jval *out, struct err *err)
{
    if (jval_parse(a, text, out) == DF_OK)
        return DF_OK;
    struct buf b = BUF_INIT(DF_MAX_BODY * 4);
    json_tidy(&b, text);
    struct str tidy = arena_str(a, buf_view(&b)); /* values point into it */
    buf_free(&b);
    return jval_read_lines(a, tidy, out, err);
}
