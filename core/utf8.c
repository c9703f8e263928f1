#include "core/utf8.h"

size_t utf8_valid_len(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    if (n == 0)
        return 0;
    unsigned c = p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return 0;
    size_t len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) || (c == 0xF0 && p[1] < 0x90) ||
        (c == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

uint32_t utf8_get(const char *s, size_t n, size_t *len_out)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t len = utf8_valid_len(s, n);
    *len_out = len ? len : 1;
    switch (len) {
    case 1: return p[0];
    case 2: return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    case 3: return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    case 4:
        return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    default: return 0xFFFD;
    }
}

size_t utf8_put(char out[4], uint32_t cp)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = 0xFFFD;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3F));
    out[0] = (char)(lead[n] | cp);
    return n;
}

bool utf8_valid(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t n = utf8_valid_len(s.ptr + i, s.len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; count++) {
        size_t n = utf8_valid_len(s.ptr + i, s.len - i);
        i += n ? n : 1;
    }
    return count;
}

size_t utf8_offset(struct str s, size_t want)
{
    size_t i = 0;
    while (i < s.len && want-- > 0) {
        size_t n = utf8_valid_len(s.ptr + i, s.len - i);
        i += n ? n : 1;
    }
    return i;
}

struct str utf8_repair(struct arena *a, struct str s)
{
    size_t bad = 0;
    for (size_t i = 0; i < s.len;) {
        size_t n = s.ptr[i] ? utf8_valid_len(s.ptr + i, s.len - i) : 0;
        bad += n == 0;
        i += n ? n : 1;
    }
    if (bad == 0)
        return s;
    char *out = arena_alloc(a, s.len + 2 * bad + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        size_t n = s.ptr[i] ? utf8_valid_len(s.ptr + i, s.len - i) : 0;
        if (n == 0)
            len += utf8_put(out + len, 0xFFFD);
        else
            memcpy(out + len, s.ptr + i, n), len += n;
        i += n ? n : 1;
    }
    return (struct str){out, len};
}
