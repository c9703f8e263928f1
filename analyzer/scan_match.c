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
_Static_assert(DF_MAX_PHRASE_UNITS < 16, "struct met holds the units of a phrase in four bits");

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    unsigned node_bits, filter_bits, stem_min;
    node_offset last; /* the last node's place */
};

/* A way into the tree: the units that `at` tells, as in struct met, may be a phrase or the beginning
 * of one. */
struct path {
    uint64_t state;
    uint32_t at;
    node_offset node; /* where they are found */
};

struct walk {
    struct scanner *s;
    struct tree t;
    uint32_t keep; /* what makes a phrase met a hit to be kept: NODE_ bits */
    struct met *met;
    uint32_t *kept; /* which of them become hits */
    size_t met_count, met_limit, kept_count;
    struct path paths[WINDOW];
    struct path rare[DF_MAX_PHRASE_UNITS * WINDOW]; /* may go on with `word*` or a word with a
                                                     * letter repeated */
    size_t rare_count;
};

static inline bool may_be(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_bit(state, t->filter_bits);
    return t->filter[bit / 64] >> (bit % 64) & 1;
}

enum { NOWHERE = UINT32_MAX };

static inline node_offset find(const struct tree *t, uint64_t state)
{
    uint32_t tag = node_tag(state);
    node_offset at = (node_offset)(node_place(state, t->node_bits) * NODE_BYTES);
    for (;;) {
        const struct image_node *n = node_at(t->nodes, at);
        if (n->tag == tag && n->next)
            return at;
        if (!n->next)
            return NOWHERE;
        at = (at + NODE_BYTES) & t->last;
    }
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

static void follow(struct walk *w, uint32_t first, uint32_t end, uint64_t state);

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
        follow(w, first, j + 1, to);
    }
}

/* "sooo" also as "so". */
static void try_short(struct walk *w, uint32_t first, uint32_t j, uint64_t state)
{
    const struct unit *u = &w->s->units[j];
    uint64_t to = step_from(first, j, state, unit_hash_short(w->s->text + u->start, u->len));
    follow(w, first, j + 1, to);
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
static void follow(struct walk *w, uint32_t first, uint32_t end, uint64_t state)
{
    const struct scanner *s = w->s;
    while (may_be(&w->t, state) && w->met_count < w->met_limit) {
        node_offset at = find(&w->t, state);
        if (at == NOWHERE)
            return;
        const struct image_node *n = node_at(w->t.nodes, at);
        if (n->next & w->keep)
            w->kept[w->kept_count++] = (uint32_t)w->met_count;
        if (n->next & NODE_RECORD)
            w->met[w->met_count++] = (struct met){at, first * 16 + (end - first)};
        if (!(n->next & NODE_MORE) || end >= s->unit_count)
            return;
        const struct unit *u = &s->units[end];
        if ((n->next & NODE_STEMS) || (u->flags & UNIT_LONG))
            try_rare(w, first, end, state);
        state = node_step(state, u->hash);
        end++;
    }
}

/* --- a window, level by level; what holds is written down each time and only counted when it
 * holds, for a branch would be guessed wrong half of the time; each loop does little, so that what
 * it needs stays in registers --- */

static inline size_t find_all(const struct tree *t, struct path *paths, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        node_offset at = find(t, paths[i].state);
        paths[found] = paths[i];
        paths[found].node = at;
        found += at != NOWHERE;
    }
    return found;
}

static inline void note_all(struct walk *w, const struct path *paths, size_t count)
{
    const struct image_node *nodes = w->t.nodes;
    const uint32_t keep = w->keep;
    struct met *met = w->met;
    uint32_t *kept = w->kept;
    size_t m = w->met_count, k = w->kept_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t next = node_at(nodes, paths[i].node)->next;
        met[m] = (struct met){paths[i].node, paths[i].at};
        kept[k] = (uint32_t)m;
        k += (next & keep) != 0;
        m += (next & NODE_RECORD) != 0;
    }
    w->met_count = m;
    w->kept_count = k;
}

/* Every path by one more unit; which of them may go on is left. */
static inline size_t step_all(struct walk *w, struct path *paths, size_t count)
{
    const struct tree t = w->t;
    const struct unit *units = w->s->units; /* an empty one stands behind the last */
    size_t more = 0;
    for (size_t i = 0; i < count; i++) {
        struct path p = paths[i];
        const struct unit *u = &units[p.at / 16 + p.at % 16];
        uint32_t next = node_at(t.nodes, p.node)->next;
        if (__builtin_expect((next & NODE_STEMS) || (u->flags & UNIT_LONG), 0))
            w->rare[w->rare_count++] = p;
        uint64_t to = node_step(p.state, u->hash);
        __builtin_prefetch(t.nodes + node_place(to, t.node_bits));
        paths[more].state = to;
        paths[more].at = p.at + 1;
        more += next >> 31 & (uint32_t)may_be(&t, to);
    }
    return more;
}

/* The beginnings of all phrases: units [from, end) themselves. */
static void first_paths(struct walk *w, uint32_t from, uint32_t end)
{
    const struct unit *u = w->s->units;
    const struct tree *t = &w->t;
    struct path *p = w->paths;
    for (uint32_t i = from; i < end; i++) {
        *p++ = (struct path){u[i].hash, i * 16 + 1, NOWHERE};
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->node_bits));
        __builtin_prefetch(t->filter +
                           node_bit(node_step(u[i].hash, u[i + 1].hash), t->filter_bits) / 64);
    }
}

/* Phrases that begin with `word*` or with a word with a letter repeated, and what was put aside. */
static void rare_paths(struct walk *w, uint32_t from, uint32_t end)
{
    const struct scanner *s = w->s;
    for (size_t i = 0; i < w->rare_count; i++) {
        uint32_t first = w->rare[i].at / 16, behind = first + w->rare[i].at % 16;
        if (behind < s->unit_count)
            try_rare(w, first, behind, w->rare[i].state);
    }
    w->rare_count = 0;
    for (uint32_t i = from; i < end; i++)
        if (s->units[i].kind == UNIT_WORD)
            try_rare(w, i, i, 0);
}

/* Into the order they stand in the text, shorter ones first. They come level by level, each in
 * order: they are dealt out by where they begin, and what the rare paths added behind is moved. */
static void put_in_order(struct walk *w, uint32_t from, uint32_t *out)
{
    const struct met *met = w->met;
    uint32_t place[WINDOW + 1] = {0};
    for (size_t i = 0; i < w->kept_count; i++)
        place[met_first(met[w->kept[i]]) - from + 1]++;
    for (size_t i = 1; i <= WINDOW; i++)
        place[i] += place[i - 1];
    for (size_t i = 0; i < w->kept_count; i++)
        out[place[met_first(met[w->kept[i]]) - from]++] = w->kept[i];
    for (size_t i = 1; i < w->kept_count; i++) {
        uint32_t v = out[i];
        size_t k = i;
        for (; k > 0 && met[out[k - 1]].at > met[v].at; k--)
            out[k] = out[k - 1];
        out[k] = v;
    }
}

/* The hits of a window that begins at unit `from` to where they belong. */
static void sort_out(struct walk *w, uint32_t from)
{
    struct scanner *s = w->s;
    const struct image_node *nodes = w->t.nodes;
    uint32_t few[WINDOW], *order = w->kept_count <= WINDOW ? few : w->kept + WINDOW * HITS_A_UNIT;
    put_in_order(w, from, order);
    for (size_t i = 0; i < w->kept_count; i++) {
        struct met m = w->met[order[i]];
        struct hit h = {.node = m.node / NODE_BYTES, .first = met_first(m),
                        .units = (uint16_t)met_units(m)};
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
                         IMAGE(m, STEMS, uint16_t), m->node_bits, m->filter_bits, m->stem_min,
                         (node_offset)((m->sections[SEC_NODES].count - 1) * NODE_BYTES)};
    w->keep = NODE_GRAMMAR | (s->brief ? NODE_NEEDED : NODE_RECORD);
    w->met_count = w->kept_count = w->rare_count = 0;
}

/* Room for all a window can meet. */
static void walk_room(struct walk *w)
{
    struct scanner *s = w->s;
    size_t window = WINDOW * HITS_A_UNIT;
    if (w->met_count + window > s->met_cap)
        s->met = scan_grow(s->met, w->met_count + window, &s->met_cap, sizeof *s->met);
    if (!s->kept)
        s->kept = scan_grow(NULL, 2 * window, &s->kept_cap, sizeof *s->kept); /* and to sort them */
    w->met = s->met;
    w->kept = s->kept;
    w->met_limit = w->met_count + window;
}

void match_units(struct scanner *s)
{
    struct walk w;
    walk_begin(&w, s);
    for (size_t from = 0; from < s->unit_count; from += WINDOW) {
        size_t count = s->unit_count - from < WINDOW ? s->unit_count - from : WINDOW;
        uint32_t first = (uint32_t)from, end = (uint32_t)(from + count);
        walk_room(&w);
        first_paths(&w, first, end);
        while (count) {
            count = find_all(&w.t, w.paths, count);
            note_all(&w, w.paths, count);
            count = step_all(&w, w.paths, count);
        }
        rare_paths(&w, first, end);
        sort_out(&w, first);
    }
    s->met_count = w.met_count;
}
