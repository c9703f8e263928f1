/* map.h: hashes to numbers. Two keys of one hash are one key: whoever cannot live with that compares
 * what the number stands for. Memory is the arena's; an empty map is all zeros. Private to
 * analyzer/. */
#ifndef DF_ANALYZER_MAP_H
#define DF_ANALYZER_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

struct c_map { /* key → value + 1 */
    uint64_t *keys;
    uint32_t *values;
    size_t cap, count;
};

/* map_find gives value + 1 or 0; map_put adds or replaces. */
uint32_t map_find(const struct c_map *m, uint64_t key);
void map_put(struct arena *a, struct c_map *m, uint64_t key, uint32_t value);

#endif
