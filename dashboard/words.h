/* words.h: times, counts and labels as a person reads them, in the reader's language and zone.
 * Pure: the moment is handed in. Results live in the arena given. */
#ifndef DF_DASHBOARD_WORDS_H
#define DF_DASHBOARD_WORDS_H

#include "core/arena.h"
#include "core/clock.h"
#include "core/msg.h"
#include "dashboard/views.h"

struct words {
    struct arena *arena;
    enum ui_lang lang;
    struct str zone;
    int64_t now;
};

/* The message with {0} {1}… filled in. */
struct str words_fill(const struct words *w, const char *id, const struct str *args, int count);
#define WORDS(w, id, ...)                                                                     \
    words_fill(w, id, (const struct str[]){__VA_ARGS__},                                      \
               (int)(sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)))
struct str words_int(const struct words *w, int64_t n);

struct view_time words_due(const struct words *w, int64_t ms);  /* "41 min left", "2 h late" */
struct view_time words_past(const struct words *w, int64_t ms); /* "3 min ago", "2026-11-20 09:14" */
struct view_time words_coming(const struct words *w, int64_t ms); /* "in 12 min" */

/* The six messages of words_due with "|" between: scripts refresh the clocks of an open page. */
struct str words_clock(const struct words *w);

/* "label.category.billing" and the like; the name itself when there is no such message. */
const char *words_label(const struct words *w, const char *kind, const char *name);

#endif
