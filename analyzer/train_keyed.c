/* train_keyed.c: texts found again by their hashes, so that labels can be kept where the texts may
 * not be. FNV-1a of the bytes of the column, 64 bits: any script can make one. Knows no labels. */
#include <stdlib.h>

#include "analyzer/train_private.h"

struct train_keyed {
    const struct train_set *set;
    size_t size;   /* a power of two */
    uint32_t *row; /* row + 1, by hash; the first of equal texts */
};

static uint64_t fnv1a(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    return h;
}

static uint32_t *place(const struct train_keyed *k, uint64_t hash)
{
    size_t i = (hash ^ hash >> 32) & (k->size - 1);
    while (k->row[i] && fnv1a(k->set->rows[k->row[i] - 1].original) != hash)
        i = (i + 1) & (k->size - 1);
    return &k->row[i];
}

struct train_keyed *train_keyed_new(const struct train_set *set)
{
    struct train_keyed *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    k->set = set;
    k->size = 1024;
    while (k->size < set->row_count * 2)
        k->size *= 2;
    k->row = calloc(k->size, sizeof *k->row);
    if (!k->row)
        abort();
    for (size_t i = 0; i < set->row_count; i++) {
        uint32_t *at = place(k, fnv1a(set->rows[i].original));
        *at = *at ? *at : (uint32_t)i + 1;
    }
    return k;
}

void train_keyed_free(struct train_keyed **k)
{
    if (*k)
        free((*k)->row);
    free(*k);
    *k = NULL;
}

const struct train_row *train_keyed_find(const struct train_keyed *k, struct str hex)
{
    uint64_t hash = 0;
    if (hex.len != 16)
        return NULL;
    for (size_t i = 0; i < hex.len; i++) {
        const char *digits = "0123456789abcdef", *d = strchr(digits, hex.ptr[i]);
        if (!d || !*d)
            return NULL;
        hash = hash << 4 | (uint64_t)(d - digits);
    }
    uint32_t row = *place(k, hash);
    return row ? &k->set->rows[row - 1] : NULL;
}
