/* json_tidy.c: JSON as it is found → JSON that libjq reads. Valid JSON comes out with the same
 * meaning; nothing is invented to close what was cut off, so a cut body stays an error. */
#include "collector/extract.h"

#include <stdint.h>
#include <stdlib.h>

struct tidy {
    struct buf *out;
    const char *p, *end;
    int depth;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '$' || c == '.';
}

static bool hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool at(const struct tidy *t, const char *z)
{
    size_t n = strlen(z);
    return (size_t)(t->end - t->p) >= n && memcmp(t->p, z, n) == 0;
}

/* Guards that servers put before JSON, and the name of a JSONP callback. */
static void skip_wrapper(struct tidy *t)
{
    static const char *const guards[] = {"\xEF\xBB\xBF", ")]}'", "while(1);", "for(;;);", "/**/"};
    while (t->p < t->end && blank(*t->p))
        t->p++;
    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        if (at(t, guards[i]))
            t->p += strlen(guards[i]);
    while (t->p < t->end && blank(*t->p))
        t->p++;
    const char *w = t->p;
    while (w < t->end && word_char(*w) && w - t->p < 100)
        w++;
    if (w > t->p && w < t->end && *w == '(')
        t->p = w + 1;
}

/* White space, comments and what wraps a script in a page. True when something was passed. */
static bool skip_noise(struct tidy *t)
{
    static const char *const marks[] = {"<![CDATA[", "]]>", "<!--", "-->"};
    const char *from = t->p;
    if (at(t, "//")) {
        const char *nl = memchr(t->p, '\n', (size_t)(t->end - t->p));
        t->p = nl ? nl : t->end;
    } else if (at(t, "/*")) {
        const char *close = memmem(t->p + 2, (size_t)(t->end - t->p - 2), "*/", 2);
        t->p = close ? close + 2 : t->end;
    } else {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (at(t, marks[i])) {
                t->p += strlen(marks[i]);
                break;
            }
    }
    while (t->p < t->end && blank(*t->p))
        t->p++;
    return t->p > from;
}

/* A quote ends a string when what follows can follow a string; else the author forgot a
 * backslash and it is part of the text. */
static bool ends_string(const struct tidy *t, const char *quote)
{
    struct tidy look = *t;
    look.p = quote + 1;
    while (look.p < look.end && blank(*look.p))
        look.p++;
    return t->depth == 0 || look.p >= look.end || strchr(",:}]", *look.p) || at(&look, "//") ||
           at(&look, "/*");
}

/* The unit of UTF-16 that an escape at p says; −1 when none stands there. */
static int unit_at(const struct tidy *t, const char *p)
{
    if (t->end - p < 6 || p[0] != '\\' || p[1] != 'u' || !hex(p[2]) || !hex(p[3]) || !hex(p[4]) ||
        !hex(p[5]))
        return -1;
    return (int)strtol((char[]){p[2], p[3], p[4], p[5], '\0'}, NULL, 16);
}

/* Half a pair, as left by who cuts texts by units, is no character: it must not cost the answer. */
static void put_unit(struct tidy *t, int unit)
{
    int next = unit_at(t, t->p + 6);
    bool first = unit >= 0xD800 && unit < 0xDC00, second = unit >= 0xDC00 && unit < 0xE000;
    size_t n = first && next >= 0xDC00 && next < 0xE000 ? 12 : 6;
    if (second || (first && n == 6))
        buf_puts(t->out, "\\ufffd");
    else
        buf_add(t->out, t->p, n);
    t->p += n;
}

static void put_escape(struct tidy *t)
{
    int unit = unit_at(t, t->p);

    char c = t->p + 1 < t->end ? t->p[1] : '\0';
    if (c && strchr("\"\\/bfnrt", c)) {
        buf_add(t->out, t->p, 2);
        t->p += 2;
    } else if (unit >= 0) {
        put_unit(t, unit);
    } else if (c == 'x' && t->end - t->p >= 4 && hex(t->p[2]) && hex(t->p[3])) {
        buf_puts(t->out, "\\u00");
        buf_add(t->out, t->p + 2, 2);
        t->p += 4;
    } else {
        t->p++; /* \' and the like: the backslash goes */
    }
}

static void put_string(struct tidy *t)
{
    char quote = *t->p++;
    buf_putc(t->out, '"');
    while (t->p < t->end) {
        /* the run that needs no thought */
        const char *from = t->p;
        while (t->p < t->end && *t->p != quote && *t->p != '\\' && *t->p != '"' &&
               (unsigned char)*t->p >= ' ')
            t->p++;
        buf_add(t->out, from, (size_t)(t->p - from));
        if (t->p >= t->end)
            return; /* cut off: left open */
        char c = *t->p;
        if (c == quote && ends_string(t, t->p)) {
            t->p++;
            buf_putc(t->out, '"');
            return;
        }
        if (c == '\\') {
            put_escape(t);
        } else if (c == '"') {
            buf_puts(t->out, "\\\"");
            t->p++;
        } else if (c == '\n') {
            buf_puts(t->out, "\\n");
            t->p++;
        } else if ((unsigned char)c < ' ') {
            buf_printf(t->out, "\\u%04x", (unsigned char)c);
            t->p++;
        } else {
            buf_putc(t->out, c);
            t->p++;
        }
    }
}

/* Integers that a double cannot hold become strings: they are ids, not amounts. */
static bool too_big(struct str digits)
{
    static const char limit[] = "9007199254740992";
    if (digits.len && digits.ptr[0] == '-')
        digits = str_sub(digits, 1, digits.len);
    if (digits.len != sizeof limit - 1)
        return digits.len > sizeof limit - 1;
    return memcmp(digits.ptr, limit, digits.len) > 0;
}

static void put_number(struct tidy *t)
{
    const char *from = t->p;
    bool integer = true;
    for (; t->p < t->end && (word_char(*t->p) || *t->p == '-' || *t->p == '+'); t->p++)
        integer = integer && (*t->p == '-' || (*t->p >= '0' && *t->p <= '9'));
    struct str s = str_n(from, (size_t)(t->p - from));
    bool quote = integer && too_big(s);
    if (quote)
        buf_putc(t->out, '"');
    buf_str(t->out, s);
    if (quote)
        buf_putc(t->out, '"');
}

static void put_word(struct tidy *t)
{
    const char *from = t->p;
    while (t->p < t->end && word_char(*t->p))
        t->p++;
    struct str w = str_n(from, (size_t)(t->p - from));
    if (str_is(w, "true") || str_is(w, "false") || str_is(w, "null"))
        buf_str(t->out, w);
    else if (t->depth == 0)
        return; /* window.state = {…} */
    else if (str_is(w, "undefined") || str_is(w, "NaN") || str_is(w, "Infinity"))
        buf_puts(t->out, "null");
    else
        buf_json(t->out, w); /* a key without quotes */
}

static void put_comma(struct tidy *t)
{
    t->p++;
    while (skip_noise(t))
        ;
    if (t->p < t->end && *t->p != ']' && *t->p != '}' && *t->p != ',' && t->depth)
        buf_putc(t->out, ',');
}

void json_tidy(struct buf *out, struct str text)
{
    const char *p = text.ptr ? text.ptr : "";
    struct tidy t = {.out = out, .p = p, .end = p + text.len};
    skip_wrapper(&t);
    while (t.p < t.end && !out->full) {
        if (skip_noise(&t))
            continue;
        char c = *t.p;
        if (c == '"' || c == '\'') {
            put_string(&t);
        } else if (c == '{' || c == '[') {
            t.depth++;
            buf_putc(out, c);
            t.p++;
        } else if (c == '}' || c == ']') {
            if (t.depth > 0) {
                buf_putc(out, c);
                if (--t.depth == 0)
                    buf_putc(out, '\n');
            }
            t.p++;
        } else if (c == ',') {
            put_comma(&t);
        } else if (c == ':') {
            if (t.depth) /* else what lies in an object whose brackets were left out */
                buf_putc(out, c);
            t.p++;
        } else if ((c >= '0' && c <= '9') || c == '-') {
            put_number(&t);
        } else if (word_char(c)) {
            put_word(&t);
        } else {
            t.p++; /* ")", ";" and stray bytes */
        }
        if (t.depth == 0 && c != '}' && c != ']' && out->len && out->ptr[out->len - 1] != '\n')
            buf_putc(out, '\n'); /* a value of its own */
    }
}
