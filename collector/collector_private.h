/* collector_private.h: the inside of a collector, shared by collector.c, auth.c and collect_*.c. */
#ifndef DF_COLLECTOR_COLLECTOR_PRIVATE_H
#define DF_COLLECTOR_COLLECTOR_PRIVATE_H

#include "collector/body.h"
#include "collector/collector.h"
#include "collector/holds.h"
#include "core/limits.h"

struct robots; /* rules of the hosts asked so far; robots.h */
struct token;  /* of a login; auth.c */

struct collector {
    const struct channels *channels;
    /* The first is the collector's own; the others are lent to the threads of a read_pool, so that
     * what they compiled is there for the next pass. */
    struct body_reader readers[1 + DF_MAX_READERS];
    int threads; /* that may read bodies beside the one that polls */
    struct robots *robots;
    struct token *tokens;
    size_t token_count;
    struct holds holds; /* by host_key() */
};

void robots_free(struct robots **);

#endif
