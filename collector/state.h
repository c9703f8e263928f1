/* state.h: what is remembered of a source between two polls, as plain data, and its one JSON
 * string. Pure. Lifetime: slices in the arena given to state_read. */
#ifndef DF_COLLECTOR_STATE_H
#define DF_COLLECTOR_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"
#include "model/post.h"

struct source_state {
    int64_t polls;                    /* all time */
    int64_t last_poll, last_good;     /* DF_NO_TIME = never */
    int64_t last_new;                 /* when something new was last seen */
    int64_t newest;                   /* creation time of the newest post seen */
    int64_t next, backoff_until;      /* DF_NO_TIME = at once / none */
    int64_t hold_until;               /* the host wants no request of ours before; DF_NO_TIME */
    int64_t interval_ms;              /* in use; 0 = not yet set */
    int64_t gap_ms;                   /* typical time between new posts, 0 = unknown */
    int64_t lag_ms;                   /* typical time from creation to our seeing, 0 = unknown */
    int64_t day, used;                /* requests on that UTC day */
    int64_t quota_left;               /* as the host last said, -1 unknown */
    int samples;                      /* polls that brought something new, up to 100 */
    int fails;                        /* in a row */
    bool overflow;
    struct str error, etag, modified;
    uint64_t *seen;                   /* keys of the posts of the last complete poll */
    size_t seen_count;
};

/* Always sets *out; DF_REJECT: the text was no state and counts as never polled. */
DF_CHECKED enum df_rc state_read(struct str text, struct arena *, struct source_state *out,
                                 struct err *);
struct str state_write(struct arena *, const struct source_state *);

/* Identity and content of a post in 64 bits: an edit gives another key. */
uint64_t state_key(const struct post *);
bool state_knows(const struct source_state *, uint64_t key);

#endif
