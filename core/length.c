/* length.c: see length.h. Grapheme borders come from utf8proc, as display width does. */
#include "core/length.h"

#include <stdbool.h>
#include <stdint.h>
#include <utf8proc.h>

#include "core/utf8.h"

static const char *const unit_names[LENGTH_UNITS] = {"chars", "graphemes", "utf16", "bytes",
                                                     "weighted"};

const char *length_unit_name(enum length_unit unit)
{
    return unit_names[unit];
}

int length_unit_of(struct str name)
{
    for (int i = 0; i < LENGTH_UNITS; i++)
        if (str_is(name, unit_names[i]))
            return i;
    return -1;
}

static size_t count_graphemes(struct str s)
{
    size_t n = 0, step;
    utf8proc_int32_t state = 0, prev = -1;
    for (size_t i = 0; i < s.len; i += step) {
        utf8proc_int32_t cp = (utf8proc_int32_t)utf8_get(s.ptr + i, s.len - i, &step);
        if (prev < 0 || utf8proc_grapheme_break_stateful(prev, cp, &state))
            n++;
        prev = cp;
    }
    return n;
}

static size_t count_utf16(struct str s)
{
    size_t n = 0, step;
    for (size_t i = 0; i < s.len; i += step)
        n += utf8_get(s.ptr + i, s.len - i, &step) >= 0x10000 ? 2 : 1;
    return n;
}

/* The ranges that count one on X; everything else counts two. */
static bool weighs_one(uint32_t cp)
{
    return cp <= 0x10FF || (cp >= 0x2000 && cp <= 0x200D) || (cp >= 0x2010 && cp <= 0x201F) ||
           (cp >= 0x2032 && cp <= 0x2037);
}

static size_t count_weighted(struct str s)
{
    enum { URL_WEIGHT = 23 };
    size_t n = 0, step;
    for (size_t i = 0; i < s.len; i += step) {
        struct str rest = str_sub(s, i, s.len - i);
        if (str_starts(rest, STR("https://")) || str_starts(rest, STR("http://"))) {
            for (step = 0; step < rest.len && (unsigned char)rest.ptr[step] > ' ' &&
                           (unsigned char)rest.ptr[step] < 0x80; step++)
                continue;
            n += URL_WEIGHT;
            continue;
        }
        n += weighs_one(utf8_get(rest.ptr, rest.len, &step)) ? 1 : 2;
    }
    return n;
}

size_t length_count(struct str s, enum length_unit unit)
{
    switch (unit) {
    case LENGTH_BYTES: return s.len;
    case LENGTH_UTF16: return count_utf16(s);
    case LENGTH_GRAPHEMES: return count_graphemes(s);
    case LENGTH_WEIGHTED: return count_weighted(s);
    default: return utf8_count(s);
    }
}

struct str length_cut(struct str s, enum length_unit unit, size_t max)
{
    size_t used = 0, start = 0, step;
    utf8proc_int32_t state = 0, prev = -1;
    for (size_t i = 0; i <= s.len; i += step) {
        bool end = i == s.len;
        utf8proc_int32_t cp = end ? -1 : (utf8proc_int32_t)utf8_get(s.ptr + i, s.len - i, &step);
        if (end || (prev >= 0 && utf8proc_grapheme_break_stateful(prev, cp, &state))) {
            used += length_count(str_sub(s, start, i - start), unit);
            if (used > max)
                return str_sub(s, 0, start);
            start = i;
        }
        if (end)
            break;
        prev = cp;
    }
    return s;
}
