/* train_keyed.c: texts found again by their hashes, so that labels can be kept where the texts may
 * not be. FNV-1a of the bytes of the column, 64 bits: any script can make one. Knows no labels. */
#include "analyzer/map.h"
#include "analyzer/train_private.h"

struct train_keyed {
    const struct train_set *set;
    struct c_map rows; /* by hash; the first of equal texts */
};

static uint64_t fnv1a(struct str s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    return h;
}

struct train_keyed *train_keyed_new(const struct train_set *set, struct arena *a)
{
    struct train_keyed *k = ARENA_NEW(a, struct train_keyed);
    k->set = set;
    for (size_t i = 0; i < set->row_count; i++) {
        uint64_t hash = fnv1a(set->rows[i].original);
        if (!map_find(&k->rows, hash))
            map_put(a, &k->rows, hash, (uint32_t)i);
    }
    return k;
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
    uint32_t row = map_find(&k->rows, hash);
    return row ? &k->set->rows[row - 1] : NULL;
}
