/* holds.h: hosts that asked for a pause (429 or 503 with Retry-After), and until when. The pause is
 * meant for us, not for the one source that heard of it. Pure over the times given; a host is known
 * by a key of the caller's. */
#ifndef DF_COLLECTOR_HOLDS_H
#define DF_COLLECTOR_HOLDS_H

#include <stddef.h>
#include <stdint.h>

struct holds {
    struct hold {
        uint64_t key;
        int64_t until;
    } *items;
    size_t count, room;
};

/* Never shorter than it was; what is over at `now` is forgotten. */
void holds_add(struct holds *, uint64_t key, int64_t until, int64_t now);
/* INT64_MIN: the host asked for none. */
int64_t holds_until(const struct holds *, uint64_t key);
void holds_free(struct holds *);

#endif
