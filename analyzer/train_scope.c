/* train_scope.c: which units of a training text stand within a negation: asked of the analyzer
 * itself, so that a negated phrase means the same when it is learned and when it is matched. */
#include <stdlib.h>

#include "analyzer/scan.h"
#include "analyzer/train_private.h"

struct train_scope {
    struct ruleset *rules;
    struct scanner *scanner;
    struct arena *arena;
    uint8_t *none; /* zeros, for texts without structure */
    size_t none_cap;
};

enum df_rc train_scope_new(struct train_scope **out, struct diags *diags)
{
    struct train_scope *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    *out = s;
    enum df_rc rc = ruleset_load(&(struct ruleset_spec){0}, &s->rules, diags);
    if (rc != DF_OK)
        return rc;
    s->scanner = scan_new(s->rules);
    s->arena = arena_new();
    return DF_OK;
}

void train_scope_free(struct train_scope **at)
{
    struct train_scope *s = *at;
    if (!s)
        return;
    scan_free(&s->scanner);
    ruleset_free(&s->rules);
    arena_free(&s->arena);
    free(s->none);
    free(s);
    *at = NULL;
}

const uint8_t *train_negation(struct train_scope *s, struct str folded, size_t units)
{
    struct verdict v;
    struct post p = POST_INIT;
    p.text = folded;
    if (s->none_cap < units + 1) {
        free(s->none);
        s->none_cap = units * 2 + 1;
        s->none = calloc(s->none_cap, 1);
        if (!s->none)
            abort();
    }
    arena_reset(s->arena);
    if (scan_post(s->scanner, &p, SCAN_BRIEF, s->arena, &v, NULL) != DF_OK ||
        s->scanner->unit_count != units)
        return s->none;
    return s->scanner->negation;
}
