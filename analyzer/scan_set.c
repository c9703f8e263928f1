/* scan_set.c: which phrase lists ("sets") the hits belong to, and which rules that wakes. A set
 * keeps its hits as a chain in the order of the text. It knows nothing of what rules ask besides. */
#include "analyzer/scan.h"

static void wake_rules(struct scanner *s, uint32_t set)
{
    const struct image_set *of = IMAGE(s->m, SETS, struct image_set) + set;
    const uint32_t *rules = IMAGE(s->m, NUMBERS, uint32_t) + of->rules;
    for (uint32_t i = 0, n = s->brief ? of->needed : of->count; i < n; i++)
        s->awake[rules[i] / 64] |= 1ull << rules[i] % 64;
}

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
        wake_rules(s, set);
    }
    c->tail = link;
}

void join_sets(struct scanner *s)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    for (uint32_t i = 0; i < s->hits_count; i++) {
        if (!(nodes[s->hits[i].node].more & NODE_SETS))
            continue;
        const struct image_record *r = hit_record(s, &s->hits[i]);
        const uint32_t *sets = (const uint32_t *)(const void *)r + IMAGE_RECORD_WORDS;
        uint32_t n = s->brief ? r->needed : r->sets;
        SCAN_ROOM(s, links, n);
        for (uint32_t k = 0; k < n; k++)
            join_set(s, sets[k], i);
    }
}
