/* scan_match.c: every phrase of every rule, lexicon and grammar list that stands in a post's units.
 * The phrases are one tree over units, kept as a hash table (image.h). Most phrases met only weigh:
 * that they were met is all that is noted; those that rules wait for or that have a role in grammar
 * become hits. It knows nothing of clauses and negation (scan_clause.c) and adds up no weights
 * (score.c).
 *
 * The tables are larger than the nearest cache and texts are hard to foresee, so the units are not
 * walked one after the other: a window of them is taken through the levels of the tree together.
 * Each level asks memory for what the next will need, and keeps the survivors in a list instead of
 * branching at each of them. */
#include "analyzer/scan.h"
#include "core/limits.h"

enum { WINDOW = 64, HITS_A_UNIT = 512 };

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    unsigned filter_bits, stem_min;
    uint32_t size;
};

/* A way into the tree that may go on: units [first, end) may be the phrase or beginning `state`. */
struct path {
    uint64_t state;
    uint32_t first, end;
};

struct walk {
    struct scanner *s;
    struct tree t;
    uint32_t keep; /* what makes a phrase met a hit to be kept: NODE_ bits */
    uint32_t *met, *met_at;
    struct hit *kept;
    size_t met_count, met_limit, kept_count;
    struct path paths[2][WINDOW]; /* of this level, of the next */
    struct path rare[2 * WINDOW]; /* may go on with `word*` or a word with a letter repeated */
    size_t rare_count;
};

static inline bool may_be(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_bit(state, t->filter_bits);
    return t->filter[bit / 64] >> (bit % 64) & 1;
}

static inline const struct image_node *find(const struct tree *t, uint64_t state)
{
    uint32_t tag = node_tag(state), at = node_place(state, t->size);
    const struct image_node *n = t->nodes + at;
    while (n->tag != tag || !n->next) {
        if (!n->next)
            return NULL;
        n = ++at == t->size ? t->nodes + (at = 0) : n + 1;
    }
    return n;
}

/* Notes the phrase that ends at this node, if one does: no branch, the next one overwrites it. */
static inline __attribute__((always_inline)) void meet(struct walk *w, const struct image_node *n,
                                                       uint32_t first, uint32_t end)
{
    uint32_t node = (uint32_t)(n - w->t.nodes);
    size_t m = w->met_count, k = w->kept_count;
    w->met[m] = node * 2;
    w->met_at[m] = first;
    w->met_count = m + ((n->next & NODE_RECORD) != 0);
    w->kept[k] = (struct hit){.node = node, .first = first, .units = (uint16_t)(end - first)};
    w->kept_count = k + ((n->next & w->keep) != 0);
}

static inline uint64_t step_from(uint32_t first, uint32_t j, uint64_t state, uint64_t unit)
{
    return j > first ? node_step(state, unit) : unit;
}

static inline uint32_t stem_lengths(const struct tree *t, const char *word, uint32_t len)
{
    uint32_t lengths = 0;
    if (len >= 4)
        lengths = t->stems[stem_slot(word, 4)] & ~1u;
    if (t->stem_min == 3 && len >= 3)
        lengths |= t->stems[stem_slot(word, 3)] & 1;
    return lengths;
}

static void follow(struct walk *w, uint32_t first, uint32_t end, uint64_t state,
                   const struct image_node *n);

/* Phrases that go on with `word*` where unit j is a word. */
static void try_stems(struct walk *w, uint32_t first, uint32_t j, uint64_t state, uint32_t lengths)
{
    const struct unit *u = &w->s->units[j];
    const char *word = w->s->text + u->start;
    for (; lengths; lengths &= lengths - 1) {
        uint32_t len = (uint32_t)__builtin_ctz(lengths) + 3;
        if (len > u->len)
            break;
        uint64_t to = step_from(first, j, state, unit_hash(word, len) ^ STEM_SALT);
        const struct image_node *n = may_be(&w->t, to) ? find(&w->t, to) : NULL;
        if (n)
            follow(w, first, j + 1, to, n);
    }
}

/* "sooo" also as "so". */
static void try_short(struct walk *w, uint32_t first, uint32_t j, uint64_t state)
{
    const struct unit *u = &w->s->units[j];
    uint64_t to = step_from(first, j, state, unit_hash_short(w->s->text + u->start, u->len));
    const struct image_node *n = may_be(&w->t, to) ? find(&w->t, to) : NULL;
    if (n)
        follow(w, first, j + 1, to, n);
}

/* The rare ways on from `state`, which ends before unit j. */
static void try_rare(struct walk *w, uint32_t first, uint32_t j, uint64_t state)
{
    const struct unit *u = &w->s->units[j];
    if (u->kind == UNIT_WORD)
        try_stems(w, first, j, state, stem_lengths(&w->t, w->s->text + u->start, u->len));
    if (u->flags & UNIT_LONG)
        try_short(w, first, j, state);
}

/* One path to its end. A unit can start at most a few dozen phrases (stems of one word times what
 * follows); there is room for HITS_A_UNIT. */
static void follow(struct walk *w, uint32_t first, uint32_t end, uint64_t state,
                   const struct image_node *n)
{
    const struct scanner *s = w->s;
    while (n && w->met_count < w->met_limit) {
        meet(w, n, first, end);
        if (!(n->next & NODE_MORE) || end >= s->unit_count)
            return;
        const struct unit *u = &s->units[end];
        if ((n->next & NODE_STEMS) || (u->flags & UNIT_LONG))
            try_rare(w, first, end, state);
        state = node_step(state, u->hash);
        n = may_be(&w->t, state) ? find(&w->t, state) : NULL;
        end++;
    }
}

/* From node n of [first, end) to the list of the next level: no branch whether it goes on. */
static inline __attribute__((always_inline)) size_t
step(struct walk *w, const struct image_node *n, struct path p, struct path *next, size_t count)
{
    const struct unit *u = &w->s->units[p.end]; /* an empty one stands behind the last */
    bool rare = (n->next & NODE_STEMS) || ((n->next & NODE_MORE) && (u->flags & UNIT_LONG));
    if (__builtin_expect(rare, 0))
        w->rare[w->rare_count++] = p;
    uint64_t to = node_step(p.state, u->hash);
    __builtin_prefetch(w->t.nodes + node_place(to, w->t.size));
    next[count] = (struct path){to, p.first, p.end + 1};
    return count + (n->next >> 31 & may_be(&w->t, to));
}

/* The beginnings of all phrases: units [from, end) themselves. */
static size_t first_level(struct walk *w, uint32_t from, uint32_t end)
{
    const struct unit *u = w->s->units;
    const struct tree *t = &w->t;
    size_t count = 0;
    for (uint32_t i = from; i < end; i++) {
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->size));
        __builtin_prefetch(t->filter +
                           node_bit(node_step(u[i].hash, u[i + 1].hash), t->filter_bits) / 64);
    }
    for (uint32_t i = from; i < end; i++) {
        const struct image_node *n = find(t, u[i].hash);
        if (n) {
            meet(w, n, i, i + 1);
            count = step(w, n, (struct path){u[i].hash, i, i + 1}, w->paths[0], count);
        }
    }
    return count;
}

static size_t next_level(struct walk *w, const struct path *paths, size_t count, struct path *next)
{
    size_t more = 0;
    for (size_t i = 0; i < count; i++) {
        const struct image_node *n = find(&w->t, paths[i].state);
        if (n) {
            meet(w, n, paths[i].first, paths[i].end);
            more = step(w, n, paths[i], next, more);
        }
    }
    return more;
}

/* Phrases that begin with `word*` or with a word with a letter repeated, and what was put aside. */
static void rare_paths(struct walk *w, uint32_t from, uint32_t end)
{
    const struct scanner *s = w->s;
    for (size_t i = 0; i < w->rare_count; i++)
        if (w->rare[i].end < s->unit_count)
            try_rare(w, w->rare[i].first, w->rare[i].end, w->rare[i].state);
    w->rare_count = 0;
    for (uint32_t i = from; i < end; i++)
        if (s->units[i].kind == UNIT_WORD)
            try_rare(w, i, i, 0);
}

/* By where they begin, as they stand in the text; shorter ones first. */
static inline bool stands_before(const struct hit *a, const struct hit *b)
{
    return a->first != b->first ? a->first < b->first : a->units < b->units;
}

/* The hits of a window, nearly in order already, to where they belong. */
static void sort_out(struct walk *w)
{
    struct scanner *s = w->s;
    const struct image_node *nodes = w->t.nodes;
    for (size_t i = 1; i < w->kept_count; i++) {
        struct hit h = w->kept[i];
        size_t k = i;
        for (; k > 0 && stands_before(&h, &w->kept[k - 1]); k--)
            w->kept[k] = w->kept[k - 1];
        w->kept[k] = h;
    }
    for (size_t i = 0; i < w->kept_count; i++) {
        struct hit h = w->kept[i];
        uint32_t next = nodes[h.node].next;
        if (next & NODE_GRAMMAR)
            SCAN_PUSH(s, grammar) = h;
        if ((next & w->keep & ~NODE_GRAMMAR) && s->hits_count < DF_MAX_HITS)
            SCAN_PUSH(s, hits) = h;
    }
    w->kept_count = 0;
}

static void walk_begin(struct walk *w, struct scanner *s)
{
    const struct image *m = s->m;
    w->s = s;
    w->t = (struct tree){IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                         IMAGE(m, STEMS, uint16_t), m->filter_bits, m->stem_min,
                         m->sections[SEC_NODES].count};
    w->keep = NODE_GRAMMAR | (s->brief ? NODE_NEEDED : NODE_RECORD);
    w->met_count = w->kept_count = w->rare_count = 0;
}

/* Room for all a window can meet. */
static void walk_room(struct walk *w)
{
    struct scanner *s = w->s;
    size_t window = WINDOW * HITS_A_UNIT, need = w->met_count + window;
    if (need > s->met_cap) {
        size_t cap = s->met_cap;
        s->met = scan_grow(s->met, need, &cap, sizeof *s->met);
        s->met_at = scan_grow(s->met_at, need, &s->met_cap, sizeof *s->met_at);
    }
    if (!s->kept)
        s->kept = scan_grow(NULL, window, &s->kept_cap, sizeof *s->kept);
    w->met = s->met;
    w->met_at = s->met_at;
    w->kept = s->kept;
    w->met_limit = w->met_count + window - 4 * WINDOW;
}

void match_units(struct scanner *s)
{
    struct walk w;
    walk_begin(&w, s);
    for (size_t from = 0; from < s->unit_count; from += WINDOW) {
        size_t end = s->unit_count - from < WINDOW ? s->unit_count : from + WINDOW;
        walk_room(&w);
        size_t count = first_level(&w, (uint32_t)from, (uint32_t)end);
        for (int level = 0; count; level ^= 1)
            count = next_level(&w, w.paths[level], count, w.paths[level ^ 1]);
        rare_paths(&w, (uint32_t)from, (uint32_t)end);
        sort_out(&w);
    }
    s->met_count = w.met_count;
}
