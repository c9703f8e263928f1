/* filter.h: the filter line of the queue: "channel:steam urgency:P2 owner:me refund". What is typed,
 * what stands in the address and what the pills say are one text. Words without a colon are looked
 * for in the post. Pure. Must not know: requests, HTML. Results live in the arena given. */
#ifndef DF_DASHBOARD_FILTER_H
#define DF_DASHBOARD_FILTER_H

#include "storage/store.h"

enum { FILTER_TERMS = 16 };

struct filter_term {
    struct str text;    /* as typed: "channel:steam" */
    struct str without; /* the line without it */
};

struct filter {
    struct str line;                        /* tidied: one space between terms */
    struct filter_term terms[FILTER_TERMS];
    size_t count;
    struct str wrong;                       /* first term that could not be read; empty: none */
};

/* Fills the store's filter; `me` is what owner:me means. A term that cannot be read is left out
 * and named in wrong. */
void filter_parse(struct arena *a, struct str line, struct str me, struct filter *out,
                  struct queue_filter *query_out);

#endif
