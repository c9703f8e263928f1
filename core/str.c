#include "core/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

bool str_ieq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;
    if (c != 0)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from > s.len)
        from = s.len;
    if (len > s.len - from)
        len = s.len - from;
    return (struct str){s.ptr ? s.ptr + from : NULL, len};
}

ptrdiff_t str_find(struct str hay, struct str needle)
{
    if (needle.len == 0)
        return 0;
    if (hay.len < needle.len)
        return -1;
    if (needle.len > 4) {
        const char *p = memmem(hay.ptr, hay.len, needle.ptr, needle.len);
        return p ? p - hay.ptr : -1;
    }
    /* memmem prepares for long needles; a short one is sooner found by its first byte */
    const char *last = hay.ptr + hay.len - needle.len, *p = hay.ptr;
    while (p <= last && (p = memchr(p, needle.ptr[0], (size_t)(last - p) + 1)) != NULL) {
        if (memcmp(p, needle.ptr, needle.len) == 0)
            return p - hay.ptr;
        p++;
    }
    return -1;
}

ptrdiff_t str_chr(struct str s, char c)
{
    const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;
    return p ? p - s.ptr : -1;
}

bool str_split(struct str *rest, char sep, struct str *part_out)
{
    if (!rest->ptr)
        return false;
    ptrdiff_t at = str_chr(*rest, sep);
    if (at < 0) {
        *part_out = *rest;
        *rest = STR_NONE;
        return true;
    }
    *part_out = str_sub(*rest, 0, (size_t)at);
    *rest = (struct str){rest->ptr + at + 1, rest->len - (size_t)at - 1};
    return true;
}

/* strtoll and strtod want a NUL: numbers are short, so a stack copy serves. */
enum { NUMBER_MAX = 63 };

bool str_i64(struct str s, long long *out)
{
    char z[NUMBER_MAX + 1];
    if (s.len == 0 || s.len > NUMBER_MAX || is_space(s.ptr[0]))
        return false;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    char *end;
    errno = 0;
    long long v = strtoll(z, &end, 10);
    if (errno || end != z + s.len)
        return false;
    *out = v;
    return true;
}

bool str_f64(struct str s, double *out)
{
    char z[NUMBER_MAX + 1];
    if (s.len == 0 || s.len > NUMBER_MAX || is_space(s.ptr[0]))
        return false;
    memcpy(z, s.ptr, s.len);
    z[s.len] = '\0';
    /* strtod also takes hexadecimal, "inf" and "nan": none of them is a number people write. */
    for (size_t i = 0; i < s.len; i++)
        if (!isdigit((unsigned char)z[i]) && !strchr("+-.eE", z[i]))
            return false;
    char *end;
    errno = 0;
    double v = strtod(z, &end);
    if (errno || end != z + s.len)
        return false;
    *out = v;
    return true;
}

size_t str_distance(struct str a, struct str b, size_t limit)
{
    enum { MAX = 64 };
    if (a.len > MAX || b.len > MAX)
        return limit + 1;
    size_t row[MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diag = row[0], best = row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t up = row[j];
            size_t cost = diag + (a.ptr[i - 1] != b.ptr[j - 1]);
            if (up + 1 < cost)
                cost = up + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            diag = up;
            row[j] = cost;
            if (cost < best)
                best = cost;
        }
        if (best > limit)
            return limit + 1;
    }
    return row[b.len];
}
