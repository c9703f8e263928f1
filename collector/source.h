/* source.h: a channel with its parameters filled in, from the inside: checking what people wrote,
 * and the values that templates ask for. */
#ifndef DF_COLLECTOR_SOURCE_H
#define DF_COLLECTOR_SOURCE_H

#include "collector/collector.h"
#include "collector/template.h"

/* What a template may name: parameters, secrets, paging and time. */
struct source_vars {
    const struct source *source;
    struct arena *arena;
    struct str cursor, token, jwt;
    int64_t since; /* newest post seen; DF_NO_TIME = never polled */
    bool secret_used; /* out: a credential went into the text */
};

/* template_lookup */
bool source_lookup(void *vars, struct str name, struct str *value_out);
struct str source_param(const struct source *, const char *name); /* "" when absent */
/* The pack's `id` template with these parameters; parts that are empty are left out. */
struct str source_scope(const struct source *, struct arena *);
struct str source_lang(const struct source *, struct arena *);

#endif
