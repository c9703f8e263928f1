/* marks.h: a post's text cut into plain and marked pieces, so that each reason can point at its
 * words. Spans may overlap; each piece knows all reasons over it. Pure. Result lives in the arena. */
#ifndef DF_DASHBOARD_MARKS_H
#define DF_DASHBOARD_MARKS_H

#include "core/arena.h"
#include "dashboard/views.h"
#include "model/verdict.h"

/* findings[i] is reason number i + 1; only spans in `field` count. Spans beyond the text, empty
 * or turned round are ignored. */
void marks_cut(struct arena *a, struct str text, enum post_field field,
               const struct finding *findings, size_t finding_count, struct view_piece **out,
               size_t *count_out);

#endif
