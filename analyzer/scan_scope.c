/* scan_scope.c: what the walk (scan_match.c) cannot know while it goes: words that negate what
 * stands before them, and phrases that weigh by the contrast word that comes later. Both are rare;
 * then all hits are kept and weighed again here. */
#include "analyzer/scan.h"
#include "analyzer/score.h"

static int cost(const struct scanner *s, const struct unit *u)
{
    return u->kind == UNIT_CHAR ? s->m->scope_words : u->kind == UNIT_SIGN ? 0
                                                                         : s->m->scope_chars;
}

static void reach_back(struct scanner *s, uint32_t g)
{
    const struct hit *h = &s->grammar[g];
    int left = s->m->scope_words * s->m->scope_chars;
    uint16_t clause = s->clause_of[h->first];
    for (uint32_t i = h->first; i-- > 0 && s->clause_of[i] == clause;) {
        if ((left -= cost(s, &s->units[i])) < 0)
            return;
        s->negation[i] ^= 1;
        s->negator[i] = g;
    }
}

void scope_again(struct scanner *s)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    for (uint32_t g = 0; g < s->grammar_count; g++)
        if (hit_roles(s, &s->grammar[g]) & ROLE_NEGATOR_AFTER)
            reach_back(s, g);
    for (uint32_t i = 0; i < s->hits_count; i++) {
        struct hit *h = &s->hits[i];
        h->negated = s->negation[h->first];
        h->again = !score_first(s, h->node, h->negated);
        if (!h->again && (nodes[h->node].more & NODE_LEARNED))
            score_add_hit(s, h);
        score_language(s, &nodes[h->node]);
    }
}
