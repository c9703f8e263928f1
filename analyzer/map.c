/* map.c: open addressing, a quarter to a half full. */
#include "analyzer/map.h"

uint32_t map_find(const struct c_map *m, uint64_t key)
{
    if (!m->cap)
        return 0;
    for (size_t i = (key ^ key >> 29) & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        if (!m->values[i])
            return 0;
        if (m->keys[i] == key)
            return m->values[i];
    }
}

static void map_insert(struct c_map *m, uint64_t key, uint32_t value_plus_one)
{
    size_t i = (key ^ key >> 29) & (m->cap - 1);
    while (m->values[i] && m->keys[i] != key)
        i = (i + 1) & (m->cap - 1);
    m->count += !m->values[i];
    m->keys[i] = key;
    m->values[i] = value_plus_one;
}

void map_put(struct arena *a, struct c_map *m, uint64_t key, uint32_t value)
{
    if ((m->count + 1) * 2 > m->cap) {
        struct c_map old = *m;
        m->cap = old.cap ? old.cap * 4 : 1024;
        m->keys = arena_array(a, m->cap, sizeof *m->keys);
        m->values = arena_array(a, m->cap, sizeof *m->values);
        m->count = 0;
        for (size_t i = 0; i < old.cap; i++)
            if (old.values[i])
                map_insert(m, old.keys[i], old.values[i]);
    }
    map_insert(m, key, value + 1);
}
