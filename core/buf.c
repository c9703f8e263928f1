#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/utf8.h"

void buf_free(struct buf *b)
{
    free(b->ptr);
    *b = BUF_INIT(b->max);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->full = false;
    if (b->ptr)
        b->ptr[0] = '\0';
}

static bool reserve(struct buf *b, size_t n)
{
    if (b->full)
        return false;
    if (n > b->max - b->len) {
        b->full = true;
        return false;
    }
    size_t need = b->len + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap *= 2;
    char *p = realloc(b->ptr, cap);
    if (!p) {
        fputs("defuse: out of memory\n", stderr);
        abort();
    }
    b->ptr = p;
    b->cap = cap;
    return true;
}

bool buf_room(struct buf *b, size_t n)
{
    if (n > b->max - b->len || !reserve(b, n))
        return false;
    b->ptr[b->len] = '\0';
    return true;
}

bool buf_add(struct buf *b, const void *p, size_t n)
{
    if (!reserve(b, n))
        return false;
    if (n)
        memcpy(b->ptr + b->len, p, n);
    b->len += n;
    b->ptr[b->len] = '\0';
    return true;
}

bool buf_str(struct buf *b, struct str s)
{
    return buf_add(b, s.ptr, s.len);
}

bool buf_puts(struct buf *b, const char *z)
{
    return buf_add(b, z, strlen(z));
}

bool buf_putc(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    bool ok = n >= 0 && reserve(b, (size_t)n);
    if (ok) {
        vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
    return ok;
}

bool buf_u64(struct buf *b, uint64_t v)
{
    char z[20];
    size_t at = sizeof z;
    do
        z[--at] = (char)('0' + v % 10);
    while (v /= 10);
    return buf_add(b, z + at, sizeof z - at);
}

bool buf_i64(struct buf *b, int64_t v)
{
    if (v < 0)
        buf_putc(b, '-');
    return buf_u64(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

bool buf_utf8(struct buf *b, uint32_t cp)
{
    char z[4];
    return buf_add(b, z, utf8_put(z, cp));
}

bool buf_json(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    /* What follows a backslash for each control character with a short form. */
    static const char esc[32] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    buf_putc(b, '"');
    size_t run = 0, i = 0; /* bytes since `run` go out as they are */
    while (i < s.len) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            i++;
            continue;
        }
        size_t n = 1;
        if (c >= 0x80 && (n = utf8_valid_len(s.ptr + i, s.len - i)) > 0) {
            i += n;
            continue;
        }
        buf_add(b, s.ptr + run, i - run);
        if (c >= 0x80) {
            buf_puts(b, "\xEF\xBF\xBD");
        } else if (c == '"' || c == '\\') {
            char z[2] = {'\\', (char)c};
            buf_add(b, z, 2);
        } else if (c < 0x20 && esc[c]) {
            char z[2] = {'\\', esc[c]};
            buf_add(b, z, 2);
        } else {
            char z[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            buf_add(b, z, 6);
        }
        run = ++i;
    }
    buf_add(b, s.ptr ? s.ptr + run : "", s.len - run);
    return buf_putc(b, '"');
}

bool buf_url(struct buf *b, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buf_putc(b, (char)c);
        } else {
            char z[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_add(b, z, 3);
        }
    }
    return !b->full;
}
