/* fold_private.h: what the folding loop and its rare cases share. Only fold*.c include it. */
#ifndef DF_ANALYZER_FOLD_PRIVATE_H
#define DF_ANALYZER_FOLD_PRIVATE_H

#include <stdbool.h>

#include "analyzer/fold.h"

struct fold_run {
    char *begin, *out; /* result so far */
    uint32_t *map;     /* NULL when nobody asks */
    uint32_t cp;       /* code points of the original read so far; kept only with map */
    struct fold_stats *stats;
    const char *text, *end; /* the original, for looking back */
};

typedef size_t fold_pass_fn(struct str in, char *out, uint32_t *map, struct fold_stats *stats);
fold_pass_fn fold_base_pass, fold_plain_pass, fold_avx2_pass;

/* n bytes written from n code points. */
static inline void fold_mark(struct fold_run *r, size_t n)
{
    if (!r->map)
        return;
    for (size_t i = 0; i < n; i++)
        r->map[r->out - r->begin + (long)i] = r->cp++;
}

/* n bytes written from one code point. */
static inline void fold_mark_one(struct fold_run *r, size_t n)
{
    if (!r->map)
        return;
    for (size_t i = 0; i < n; i++)
        r->map[r->out - r->begin + (long)i] = r->cp;
    r->cp++;
}

static inline void fold_put(struct fold_run *r, const char *p, size_t n)
{
    memcpy(r->out, p, n);
    fold_mark_one(r, n);
    r->out += n;
}

static inline bool fold_after_blank(const struct fold_run *r)
{
    return r->out > r->begin && (r->out[-1] == ' ' || r->out[-1] == '\n');
}

/* Four bytes, the first lowest. Only the bytes of one character count; the bounds leave room. */
static inline uint32_t fold_load4(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap32(v);
#endif
    return v;
}

static inline void fold_store4(char *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap32(v);
#endif
    memcpy(p, &v, sizeof v);
}

/* Two- and four-byte sequences and everything broken: length, or 0 when invalid. */
size_t fold_decode(const char *p, size_t n, uint32_t *cp);
/* ASCII byte by byte: control characters, blanks to squeeze. */
void fold_bytes(struct fold_run *r, const char *p, size_t n);
/* Dropped, long, joining and blank characters at p (n bytes): bytes read, at least n. */
size_t fold_rare(struct fold_run *r, const char *p, size_t n, uint32_t entry);

#endif
