#include "collector/holds.h"

#include <stdlib.h>

void holds_add(struct holds *h, uint64_t key, int64_t until, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < h->count; i++) { /* few at a time: a list will do */
        if (h->items[i].key == key && h->items[i].until > until)
            until = h->items[i].until;
        if (h->items[i].key != key && h->items[i].until > now)
            h->items[kept++] = h->items[i];
    }
    h->count = kept;
    if (until <= now)
        return;
    if (h->count == h->room) {
        h->room = h->room ? h->room * 2 : 8;
        void *more = realloc(h->items, h->room * sizeof *h->items);
        if (!more)
            abort();
        h->items = more;
    }
    h->items[h->count++] = (struct hold){key, until};
}

int64_t holds_until(const struct holds *h, uint64_t key)
{
    for (size_t i = 0; i < h->count; i++)
        if (h->items[i].key == key)
            return h->items[i].until;
    return INT64_MIN;
}

void holds_free(struct holds *h)
{
    free(h->items);
    *h = (struct holds){0};
}
