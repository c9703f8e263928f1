/* diff.h: what changed between two versions of a post, by words (Latin) or characters (Han).
 * Pure. Result lives in the arena. Past DF_MAX_DIFF_TOKENS, and
 * where hardly anything is shared, everything counts as replaced. */
#ifndef DF_DASHBOARD_DIFF_H
#define DF_DASHBOARD_DIFF_H

#include "core/arena.h"
#include "dashboard/views.h"

void diff_texts(struct arena *a, struct str before, struct str after, struct view_change **out,
                size_t *count_out);

#endif
