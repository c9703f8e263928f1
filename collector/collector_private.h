/* collector_private.h: the inside of a collector, shared by body.c and collect*.c. */
#ifndef DF_COLLECTOR_COLLECTOR_PRIVATE_H
#define DF_COLLECTOR_COLLECTOR_PRIVATE_H

#include "collector/collector.h"
#include "collector/extract.h"

struct robots; /* rules of the hosts asked so far; robots.h */
struct token;  /* of a login; auth.c */

struct collector {
    const struct channels *channels;
    struct {
        const struct extract_rule *rule;
        struct jq_program *program;
    } *programs;
    size_t count;
    struct robots *robots;
    struct buf *trace; /* NULL = nobody wants to know */
    struct token *tokens;
    size_t token_count;
};

void robots_free(struct robots **);

#endif
