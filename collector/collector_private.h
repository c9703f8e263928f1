/* collector_private.h: the inside of a collector, shared by body.c and collect*.c. */
#ifndef DF_COLLECTOR_COLLECTOR_PRIVATE_H
#define DF_COLLECTOR_COLLECTOR_PRIVATE_H

#include "collector/collector.h"
#include "collector/extract.h"

struct robots; /* rules of the hosts asked so far; robots.h */

struct collector {
    const struct channels *channels;
    struct {
        const struct extract_rule *rule;
        struct jq_program *program;
    } *programs;
    size_t count;
    struct robots *robots;
};

void robots_free(struct robots **);

#endif
