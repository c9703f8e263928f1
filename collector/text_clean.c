/* text_clean.c: characters that are not text. See Unicode TR36 and TR39: overrides can make a
 * reply read backwards, invisible ones can hide a word from a filter. Joiners of emoji and of
 * scripts that need them stay. */
#include <stdint.h>

#include "collector/markup.h"
#include "core/limits.h"
#include "core/swar.h"
#include "core/utf8.h"

/* What Windows-1252 means by the bytes 80–9F, when they were taken for Latin-1. */
static const uint16_t c1[32] = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178};

enum { DROP = 0, SPACE = ' ', NEWLINE = '\n' };

/* What stands in the place of c: itself, another character, or DROP. */
static uint32_t harmless(uint32_t c, uint32_t before)
{
    if (c < 0x80) {
        if (c == '\t' || c == '\v' || c == '\f')
            return SPACE;
        if (c == '\n')
            return NEWLINE;
        return c < 0x20 || c == 0x7f ? DROP : c;
    }
    if (c <= 0x9F)
        return c1[c - 0x80];
    switch (c) {
    case 0xA0: case 0x202F: return SPACE;
    case 0xAD: case 0x034F: case 0x061C: case 0x180E: case 0x200B: case 0x200E: case 0x200F:
    case 0x2060: case 0xFEFF: return DROP;
    case 0x2028: case 0x2029: case 0x85: return NEWLINE;
    }
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2061 && c <= 0x206F) ||
        (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE)
        return DROP;
    if (c >= 0xE0000 && c <= 0xE0FFF) /* tags spell the flag of a region after a black flag */
        return before == 0x1F3F4 || (before >= 0xE0020 && before <= 0xE007F) ? c : DROP;
    return c;
}

/* Length of a sign that stays what it is whatever stands round it; 0 = it needs thought. The bytes
 * left out lead to the characters that harmless() changes, and to bytes that are not UTF-8. */
static size_t easy_sign(const unsigned char *p, size_t left)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return c > ' ' && c < 0x7f;
    if (c < 0xC3 || c >= 0xF0 || left < (c < 0xE0 ? 2u : 3u) || (p[1] & 0xC0) != 0x80)
        return 0;
    if (c < 0xE0)
        return c == 0xCD || c == 0xD8 ? 0 : 2; /* U+034F, U+061C */
    if ((p[2] & 0xC0) != 0x80)
        return 0;
    switch (c) {
    case 0xE0: return p[1] >= 0xA0 ? 3 : 0;
    case 0xE1: return p[1] != 0xA0 ? 3 : 0; /* U+180E */
    case 0xE2: /* U+2000–206F: dashes, quotes and the ellipsis are easy */
        return p[1] >= 0x82 || (p[1] == 0x80 && ((p[2] >= 0x90 && p[2] <= 0xA7) || p[2] >= 0xB0)) ? 3 : 0;
    case 0xED: return p[1] < 0xA0 ? 3 : 0;
    case 0xEF: return p[1] == 0xBC || p[1] == 0xBD ? 3 : 0; /* full width */
    default: return 3;
    }
}

/* Eight bytes of ASCII in which nothing but single spaces stands between signs. */
static bool easy_eight(const unsigned char *p)
{
    uint64_t v = swar_load(p);
    return !((v & SWAR_HIGH) | swar_below(v, ' ') | swar_is(v, 0x7f) | swar_pair(swar_is(v, ' ')));
}

/* Length of the run of easy signs from i on, with single spaces between them. */
static size_t easy_run(struct str s, size_t i)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t at = i, end = i, n;
    while (at < s.len) {
        while (s.len - at >= 8 && (p[at] != ' ' || (at == end && at > i)) && easy_eight(p + at)) {
            at += 8;
            end = p[at - 1] == ' ' ? at - 1 : at;
        }
        if (at == s.len)
            break;
        if (p[at] > ' ' && p[at] < 0x7f)
            n = 1;
        else if (p[at] == ' ' && at == end && at > i)
            n = 0; /* counts when a sign follows */
        else if ((n = easy_sign(p + at, s.len - at)) == 0)
            break;
        at += n ? n : 1;
        if (n)
            end = at;
    }
    return end - i;
}

struct cleaner {
    struct buf out;
    int newlines, spaces; /* owed before the next sign; leading ones are dropped */
    bool one_line;
};

/* Spaces collapse only on one line: in text they may be an indent or a table. */
static void settle(struct cleaner *c)
{
    if (c->out.len && c->spaces)
        for (int k = c->one_line || c->newlines == 0 ? 1 : c->spaces; k > 0; k--)
            buf_putc(&c->out, ' ');
    c->spaces = c->newlines = 0;
}

static void put_sign(struct cleaner *c, uint32_t sign, uint32_t raw, struct str bytes)
{
    if (sign == DROP)
        return;
    if (sign == NEWLINE && !c->one_line) {
        c->spaces = 0;
        if (c->newlines++ < 2)
            buf_putc(&c->out, '\n');
    } else if (sign == SPACE || sign == NEWLINE) {
        c->spaces++;
    } else {
        settle(c);
        if (sign == raw)
            buf_str(&c->out, bytes);
        else
            buf_utf8(&c->out, sign);
    }
}

static struct str clean(struct arena *a, struct str s, bool one_line)
{
    size_t easy = easy_run(s, 0);
    if (easy == s.len)
        return s;
    /* a Windows-1252 sign of two bytes becomes one of three */
    struct cleaner c = {.out = BUF_INIT(s.len * 2 + 8), .newlines = 2, .one_line = one_line};
    uint32_t before = 0;
    buf_room(&c.out, s.len);
    for (size_t i = 0; i < s.len;) {
        size_t n = i ? easy_run(s, i) : easy;
        if (n) {
            settle(&c);
            buf_str(&c.out, str_sub(s, i, n));
            i += n;
            before = 0;
            continue;
        }
        uint32_t raw = utf8_get(s.ptr + i, s.len - i, &n);
        struct str bytes = str_sub(s, i, n);
        i += n;
        if (raw == '\r')
            raw = i < s.len && s.ptr[i] == '\n' ? DROP : NEWLINE;
        put_sign(&c, raw ? harmless(raw, before) : DROP, raw, bytes);
        before = raw;
    }
    while (c.out.len && c.out.ptr[c.out.len - 1] == '\n')
        c.out.len--;
    struct str out = arena_str(a, buf_view(&c.out));
    buf_free(&c.out);
    return out;
}

struct str text_clean(struct arena *a, struct str s)
{
    return clean(a, s, false);
}

struct str line_clean(struct arena *a, struct str s)
{
    return clean(a, s, true);
}

struct str markup_text(struct arena *a, struct str s, enum text_format format, struct str base)
{
    if (s.len == 0)
        return s;
    if (format == TEXT_PLAIN)
        return text_clean(a, s);
    struct buf b = BUF_INIT(DF_MAX_BODY * 2);
    buf_room(&b, s.len);
    switch (format) {
    case TEXT_HTML: html_text_put(&b, a, s, base); break;
    case TEXT_BBCODE: bbcode_text_put(&b, s); break;
    case TEXT_MARKDOWN: markdown_text_put(&b, s); break;
    case TEXT_PLAIN: break;
    }
    struct str text = buf_view(&b), out = text_clean(a, text);
    if (out.ptr == text.ptr)
        out = arena_str(a, out);
    buf_free(&b);
    return out;
}
