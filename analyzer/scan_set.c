/* scan_set.c: which phrase lists ("sets") the hits belong to, and which rules that wakes. A set
 * keeps its hits as a chain in the order of the text. It knows nothing of what rules ask besides. */
#include "analyzer/scan.h"

static inline void join_set(struct scanner *s, uint32_t set, uint32_t hit)
{
    struct chain *c = &s->chains[set];
    s->links[s->links_count++] = (struct chain_link){hit, 0};
    uint32_t link = (uint32_t)s->links_count;
    if (c->tail) {
        s->links[c->tail - 1].next = link;
    } else {
        c->head = link;
        SCAN_PUSH(s, touched) = set;
    }
    c->tail = link;
}

static inline void wake_rule(struct scanner *s, uint32_t rule)
{
    s->awake[rule / 64] |= 1ull << rule % 64;
    __builtin_prefetch(IMAGE(s->m, RULES, struct image_rule) + rule);
}

void join_sets(struct scanner *s)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    for (uint32_t i = 0; i < s->hits_count; i++) {
        if (!(nodes[s->hits[i].node].more & NODE_SETS))
            continue;
        const struct image_record *r = hit_record(s, &s->hits[i]);
        const uint32_t *sets = (const uint32_t *)(const void *)r + IMAGE_RECORD_WORDS;
        const uint32_t *rules = sets + r->sets;
        uint32_t set_count = s->brief ? r->sets_brief : r->sets;
        uint32_t rule_count = s->brief ? r->rules_brief : r->rules;
        SCAN_ROOM(s, links, set_count);
        for (uint32_t k = 0; k < set_count; k++)
            join_set(s, sets[k], i);
        for (uint32_t k = 0; k < rule_count; k++)
            wake_rule(s, rules[k]);
    }
}
