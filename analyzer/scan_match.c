/* scan_match.c: the one walk over a post's units that finds every phrase of every rule, lexicon
 * and grammar list. From each unit it steps through the tree as long as some phrase goes on; most
 * steps end at one bit of the filter. */
#include "analyzer/scan.h"
#include "core/limits.h"

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    const uint32_t *records;
    unsigned bits, filter_bits;
    uint32_t mask;
};

static inline uint32_t find(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_place(state, t->filter_bits);
    if (!(t->filter[bit / 64] >> (bit % 64) & 1))
        return 0;
    uint32_t tag = node_tag(state);
    for (uint32_t at = node_place(state, t->bits);; at = (at + 1) & t->mask) {
        struct image_node n = t->nodes[at];
        if (n.tag == tag && n.next)
            return n.next;
        if (!n.next)
            return 0;
    }
}

static inline void emit(struct scanner *s, const struct tree *t, size_t first, size_t end,
                        uint32_t next)
{
    struct hit h = {.record = next & NODE_RECORD, .first = (uint32_t)first,
                    .units = (uint16_t)(end - first)};
    __builtin_prefetch(t->records + h.record);
    if (next & NODE_GRAMMAR)
        SCAN_PUSH(s, grammar) = h;
    if (s->hits_count < DF_MAX_HITS)
        SCAN_PUSH(s, hits) = h;
}

static void follow(struct scanner *s, const struct tree *t, size_t first, size_t j,
                   uint64_t state, uint32_t next);

/* Phrases that go on with `word*` where unit j is a word. */
static void try_stems(struct scanner *s, const struct tree *t, size_t first, size_t j,
                      uint64_t state)
{
    const struct unit *u = &s->units[j];
    const char *word = s->text + u->start;
    uint32_t lengths = 0;
    if (u->len >= 4)
        lengths = t->stems[stem_slot(word, 4)] & ~1u;
    if (s->m->stem_min == 3)
        lengths |= t->stems[stem_slot(word, 3)] & 1;
    for (; lengths; lengths &= lengths - 1) {
        uint32_t len = (uint32_t)__builtin_ctz(lengths) + 3;
        if (len > u->len)
            break;
        uint64_t to = node_step(state, unit_hash(word, len) ^ STEM_SALT);
        uint32_t next = find(t, to);
        if (next)
            follow(s, t, first, j + 1, to, next);
    }
}

/* "sooo" also as "so". */
static void try_short(struct scanner *s, const struct tree *t, size_t first, size_t j,
                      uint64_t state)
{
    const struct unit *u = &s->units[j];
    uint64_t to = node_step(state, unit_hash_short(s->text + u->start, u->len));
    uint32_t next = find(t, to);
    if (next)
        follow(s, t, first, j + 1, to, next);
}

static inline bool may_stem(const struct unit *u)
{
    return u->kind == UNIT_WORD && u->len >= 3;
}

static void follow(struct scanner *s, const struct tree *t, size_t first, size_t j,
                   uint64_t state, uint32_t next)
{
    for (;;) {
        if (next & NODE_RECORD)
            emit(s, t, first, j, next);
        if (!(next & NODE_MORE) || j >= s->unit_count)
            return;
        const struct unit *u = &s->units[j];
        if ((next & NODE_STEMS) && may_stem(u))
            try_stems(s, t, first, j, state);
        if (u->flags & UNIT_LONG)
            try_short(s, t, first, j, state);
        state = node_step(state, u->hash);
        next = find(t, state);
        if (!next)
            return;
        j++;
    }
}

static inline void see(struct scanner *s, enum gate g, size_t unit)
{
    if (!(s->seen >> g & 1)) {
        s->seen |= 1u << g;
        s->gate_unit[g] = (uint32_t)unit;
    }
}

static inline void see_unit(struct scanner *s, const struct unit *u, size_t i)
{
    switch ((enum unit_kind)u->kind) {
    case UNIT_WORD:
        s->words++;
        if (u->flags & UNIT_LONG)
            see(s, GATE_LONG, i);
        break;
    case UNIT_NUMBER:
        see(s, GATE_NUMBER, i);
        break;
    case UNIT_SIGN:
        if (s->text[u->start] == '!')
            see(s, GATE_EXCL, i);
        else if (s->text[u->start] == '?')
            see(s, GATE_QUESTION, i);
        else if (s->text[u->start] == '#')
            see(s, GATE_HASHTAG, i);
        else if (s->text[u->start] == '"')
            see(s, GATE_QUOTE, i);
        break;
    case UNIT_EMOJI:
        see(s, GATE_EMOJI, i);
        break;
    case UNIT_URL:
        see(s, GATE_URL, i);
        break;
    case UNIT_HANDLE:
        see(s, GATE_HANDLE, i);
        break;
    case UNIT_CHAR:
    case UNIT_BREAK:
        break;
    }
}

void match_units(struct scanner *s)
{
    const struct image *m = s->m;
    struct tree t = {IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                     IMAGE(m, STEMS, uint16_t), IMAGE(m, RECORDS, uint32_t), m->node_bits,
                     m->node_bits + 2u, (1u << m->node_bits) - 1};
    for (size_t i = 0; i < s->unit_count; i++) {
        const struct unit *u = &s->units[i];
        see_unit(s, u, i);
        uint64_t state = node_step(0, u->hash);
        uint32_t next = find(&t, state);
        if (next)
            follow(s, &t, i, i + 1, state, next);
        if (may_stem(u) && m->stem_min)
            try_stems(s, &t, i, i, 0);
        if (u->flags & UNIT_LONG)
            try_short(s, &t, i, i, 0);
    }
}
