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
_Static_assert(DF_MAX_PHRASE_UNITS < 16, "a met_key holds the units of a phrase in four bits");

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    node_offset last;
    uint32_t last_bit;
    unsigned stem_min;
};

/* A way into the tree: the units that `at` tells may be a phrase or the beginning of one. */
struct path {
    uint64_t state;
    uint32_t at; /* 16 × first unit + how many units */
};

struct walk {
    struct scanner *s;
    struct tree t;
    uint32_t keep; /* what makes a phrase met a hit to be kept: NODE_ bits */
    met_key *met, *kept; /* all phrases, and those that become hits */
    size_t met_count, met_limit, kept_count;
    struct path paths[WINDOW];
    struct path rare[DF_MAX_PHRASE_UNITS * WINDOW]; /* may go on with `word*` or a word with a
                                                     * letter repeated */
    size_t rare_count;
};

static inline bool may_be(const struct tree *t, uint64_t state)
{
    uint32_t bit = filter_bit(state, t->last_bit);
    return t->filter[bit / 64] >> (bit % 64) & 1;
}

/* The state's node, or an empty one, whose `next` says that there is nothing. */
static inline node_offset find(const struct tree *t, uint64_t state)
{
    uint32_t tag = node_tag(state);
    for (node_offset at = node_home(state, t->last);; at = (at + NODE_BYTES) & t->last) {
        const struct image_node *n = node_at(t->nodes, at);
        if (n->tag == tag || !n->next)
            return at;
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
    while (may_be(&w->t, state) && w->met_count < w->met_limit &&
           end - first <= DF_MAX_PHRASE_UNITS) {
        node_offset node = find(&w->t, state);
        uint32_t next = node_at(w->t.nodes, node)->next;
        if (next & w->keep)
            w->kept[w->kept_count++] = met_key_of(first * 16 + (end - first), node);
        if (next & NODE_RECORD)
            w->met[w->met_count++] = met_key_of(first * 16 + (end - first), node);
        if (!(next & NODE_MORE) || end >= s->unit_count)
            return;
        const struct unit *u = &s->units[end];
        if ((next & NODE_STEMS) || (u->flags & UNIT_LONG))
            try_rare(w, first, end, state);
        state = node_step(state, u->hash);
        end++;
    }
}

/* --- a window, level by level; what holds is written down each time and only counted when it
 * holds, for a branch would be guessed wrong half of the time --- */

/* Each unit begins a path. What the first two levels will look at is asked for. */
static inline size_t first_paths(struct walk *w, uint32_t from, uint32_t end)
{
    const struct unit *u = w->s->units; /* an empty one stands behind the last */
    const struct tree t = w->t;
    struct path *p = w->paths;
    for (uint32_t i = from; i < end; i++) {
        *p++ = (struct path){u[i].hash, i * 16 + 1};
        __builtin_prefetch(node_at(t.nodes, node_home(u[i].hash, t.last)));
        uint64_t two = node_step(u[i].hash, u[i + 1].hash);
        __builtin_prefetch(t.filter + filter_bit(two, t.last_bit) / 64);
    }
    return end - from;
}

/* The phrases of so many units; returns how many paths may go on. A crafted text may go on behind its
 * end, where units are empty (UNITS_BEHIND); what is met there is dropped by sort_out(). Not inlined:
 * it wants all registers for itself. */
static __attribute__((noinline)) size_t next_level(struct walk *w, size_t count, uint32_t units)
{
    const struct tree t = w->t;
    const struct unit *behind = w->s->units + units;
    const uint32_t keep = w->keep;
    met_key *met = w->met + w->met_count, *kept = w->kept + w->kept_count;
    struct path *paths = w->paths, *left = paths;
    for (const struct path *end = paths + count; paths < end; paths++) {
        struct path p = *paths;
        node_offset node = find(&t, p.state);
        uint32_t next = node_at(t.nodes, node)->next;
        *met = *kept = met_key_of(p.at, node);
        met += (next & NODE_RECORD) != 0;
        kept += (next & keep) != 0;
        const struct unit *u = &behind[p.at / 16];
        if (__builtin_expect((next & NODE_STEMS) || (u->flags & UNIT_LONG), 0))
            w->rare[w->rare_count++] = p;
        p.state = node_step(p.state, u->hash);
        p.at++;
        __builtin_prefetch(node_at(t.nodes, node_home(p.state, t.last)));
        *left = p;
        left += next >> 31 & (uint32_t)may_be(&t, p.state);
    }
    w->met_count = (size_t)(met - w->met);
    w->kept_count = (size_t)(kept - w->kept);
    return (size_t)(left - w->paths);
}

/* Phrases that begin with `word*` or with a word with a letter repeated, and what was put aside. */
static void rare_paths(struct walk *w, uint32_t from, uint32_t end)
{
    const struct scanner *s = w->s;
    for (size_t i = 0; i < w->rare_count; i++) {
        struct path p = w->rare[i];
        if (p.at / 16 + p.at % 16 < s->unit_count)
            try_rare(w, p.at / 16, p.at / 16 + p.at % 16, p.state);
    }
    w->rare_count = 0;
    uint32_t words[WINDOW];
    size_t count = 0;
    for (uint32_t i = from; i < end; i++) {
        words[count] = i;
        count += s->units[i].kind == UNIT_WORD;
    }
    for (size_t i = 0; i < count; i++) {
        const struct unit *u = &s->units[words[i]];
        if ((u->flags & UNIT_LONG) || stem_lengths(&w->t, s->text + u->start, u->len))
            try_rare(w, words[i], words[i], 0);
    }
}

/* The kept keys in order. They come level by level, each nearly in order: many are first dealt out
 * by where they begin. */
static const met_key *in_order(struct walk *w, uint32_t from)
{
    met_key *keys = w->kept;
    size_t count = w->kept_count;
    if (count > WINDOW / 2) {
        uint32_t place[WINDOW + 1] = {0};
        for (size_t i = 0; i < count; i++)
            place[met_first(keys[i]) - from + 1]++;
        for (size_t i = 1; i <= WINDOW; i++)
            place[i] += place[i - 1];
        met_key *dealt = w->kept + WINDOW * HITS_A_UNIT;
        for (size_t i = 0; i < count; i++)
            dealt[place[met_first(keys[i]) - from]++] = keys[i];
        keys = dealt;
    }
    for (size_t i = 1; i < count; i++) {
        met_key v = keys[i];
        size_t k = i;
        for (; k > 0 && keys[k - 1] > v; k--)
            keys[k] = keys[k - 1];
        keys[k] = v;
    }
    return keys;
}

/* The hits of a window to where they belong; their records will be read soon. */
static void sort_out(struct walk *w, uint32_t from)
{
    struct scanner *s = w->s;
    const uint32_t *records = IMAGE(s->m, RECORDS, uint32_t);
    const met_key *keys = in_order(w, from);
    for (size_t i = 0; i < w->kept_count; i++) {
        met_key k = keys[i];
        uint32_t next = node_at(w->t.nodes, met_node(k))->next;
        struct hit h = {.node = met_node(k) / NODE_BYTES, .first = met_first(k),
                        .units = (uint16_t)met_units(k)};
        if (h.first + h.units > s->unit_count)
            continue;
        __builtin_prefetch(records + (next & NODE_RECORD));
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
                         IMAGE(m, STEMS, uint16_t), m->last_node, m->last_bit, m->stem_min};
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
        size_t size = s->unit_count - from < WINDOW ? s->unit_count - from : WINDOW;
        uint32_t first = (uint32_t)from, end = (uint32_t)(from + size);
        walk_room(&w);
        size_t paths = first_paths(&w, first, end);
        for (uint32_t units = 1; paths && units <= DF_MAX_PHRASE_UNITS; units++)
            paths = next_level(&w, paths, units);
        rare_paths(&w, first, end);
        sort_out(&w, first);
    }
    s->met_count = w.met_count;
}
