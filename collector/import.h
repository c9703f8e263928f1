/* import.h: files people export → posts: tables (table.h), posts as JSON Lines or a JSON array
 * (defuse-post(5), or any keys by a map). Saved answers of a channel go through
 * collect_extract() instead. */
#ifndef DF_COLLECTOR_IMPORT_H
#define DF_COLLECTOR_IMPORT_H

#include "collector/collector.h"
#include "collector/table.h"

struct import_options {
    struct str channel;   /* name put on the posts that have none */
    struct str source;
    struct str zone, lang;
    bool month_first;     /* 03/04/2024 is March 4th */
    bool html;            /* texts are HTML */
    double worst, best;   /* scale of ratings; NaN = 1 and 5 */
    struct table_map map;
    bool mapped;          /* a map was given: JSON keys are its, not those of a post */
};

/* Faults of single records go to diags and the rest goes on. DF_REJECT: nothing can be read. */
DF_CHECKED enum df_rc import_read(struct str bytes, const char *file, const struct import_options *,
                                  struct arena *, struct collect_result *out, struct diags *,
                                  struct err *);

#endif
