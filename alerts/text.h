/* text.h: what strangers wrote, on its way to a chat. It is a type of its own, so that it cannot
 * be written by the functions for our own words: a sink has to escape it for its target. */
#ifndef DF_ALERTS_TEXT_H
#define DF_ALERTS_TEXT_H

#include "core/arena.h"
#include "core/length.h"

struct user_text {
    struct str raw; /* cleaned by user_text_clean; still full of the target's own marks */
};

/* Takes out what only deceives (control and bidi characters, zero-width ones), turns links into
 * hxxp so that no chat opens them by itself, and cuts to max in that unit, with "…". */
struct user_text user_text_clean(struct str s, enum length_unit unit, size_t max,
                                 struct arena *a);

/* Our own words or somebody's, cut to max with "…" when something had to go. */
struct str text_cut(struct str s, enum length_unit unit, size_t max, struct arena *a);

/* The address when it is plain http or https without spaces or control characters; else empty. */
struct str safe_url(struct str url);

#endif
