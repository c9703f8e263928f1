/* scan_match.c: the one walk over a post's units that finds every phrase of every rule, lexicon
 * and grammar list. From each unit it steps through the tree as long as some phrase goes on; most
 * steps end at one bit of the filter. */
#include "analyzer/scan.h"
#include "core/limits.h"

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    unsigned filter_bits;
    uint32_t size;
};

static inline const struct image_node *find(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_bit(state, t->filter_bits);
    if (!(t->filter[bit / 64] >> (bit % 64) & 1))
        return NULL;
    uint32_t tag = node_tag(state), at = node_place(state, t->size);
    for (const struct image_node *n = t->nodes + at; n->next;) {
        if (n->tag == tag)
            return n;
        n = ++at == t->size ? t->nodes + (at = 0) : n + 1;
    }
    return NULL;
}

/* match_units keeps room for every hit one unit can start. */
enum { HITS_A_UNIT = 512 };

static inline void emit(struct scanner *s, const struct tree *t, size_t first, size_t end,
                        const struct image_node *n)
{
    struct hit *h = &s->hits[s->hits_count];
    h->node = (uint32_t)(n - t->nodes);
    h->first = (uint32_t)first;
    h->units = (uint16_t)(end - first);
    h->negated = h->again = false;
    if (n->next & NODE_GRAMMAR)
        SCAN_PUSH(s, grammar) = *h;
    s->hits_count++;
}

static void follow(struct scanner *s, const struct tree *t, size_t first, size_t j,
                   uint64_t state, const struct image_node *n);

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
        uint64_t to = unit_hash(word, len) ^ STEM_SALT;
        if (j > first)
            to = node_step(state, to);
        const struct image_node *n = find(t, to);
        if (n)
            follow(s, t, first, j + 1, to, n);
    }
}

/* "sooo" also as "so". */
static void try_short(struct scanner *s, const struct tree *t, size_t first, size_t j,
                      uint64_t state)
{
    const struct unit *u = &s->units[j];
    uint64_t to = unit_hash_short(s->text + u->start, u->len);
    if (j > first)
        to = node_step(state, to);
    const struct image_node *n = find(t, to);
    if (n)
        follow(s, t, first, j + 1, to, n);
}

static inline bool may_stem(const struct unit *u)
{
    return u->kind == UNIT_WORD && u->len >= 3;
}

static void follow(struct scanner *s, const struct tree *t, size_t first, size_t j,
                   uint64_t state, const struct image_node *n)
{
    for (;;) {
        if (n->next & NODE_RECORD)
            emit(s, t, first, j, n);
        if (!(n->next & NODE_MORE) || j >= s->unit_count)
            return;
        const struct unit *u = &s->units[j];
        if ((n->next & NODE_STEMS) && may_stem(u))
            try_stems(s, t, first, j, state);
        if (u->flags & UNIT_LONG)
            try_short(s, t, first, j, state);
        state = node_step(state, u->hash);
        n = find(t, state);
        if (!n)
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
    case UNIT_WORD:
    case UNIT_CHAR:
    case UNIT_BREAK:
        break;
    }
}

/* Most units are in the tree: their node is looked up without asking the filter. */
static inline const struct image_node *find_first(const struct tree *t, uint64_t state)
{
    uint32_t tag = node_tag(state), at = node_place(state, t->size);
    for (const struct image_node *n = t->nodes + at; n->next;) {
        if (n->tag == tag)
            return n;
        n = ++at == t->size ? t->nodes + (at = 0) : n + 1;
    }
    return NULL;
}

static inline bool stem_may_start(const struct tree *t, const char *word, uint32_t len,
                                  unsigned stem_min)
{
    return (len >= 4 && (t->stems[stem_slot(word, 4)] & ~1u)) ||
           (stem_min == 3 && (t->stems[stem_slot(word, 3)] & 1));
}

/* The tables are larger than the nearest cache, so looking up one unit after the other would wait
 * for memory each time. Before a window of units is walked, the places its one-, two- and
 * three-unit beginnings would be found at are asked for, all at once. */
enum { WINDOW = 64 };

struct ahead {
    uint64_t two[WINDOW]; /* state after two units; 0 when the filter has no such beginning */
};

static inline bool may_be(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_bit(state, t->filter_bits);
    return t->filter[bit / 64] >> (bit % 64) & 1;
}

static void look_ahead(const struct scanner *s, const struct tree *t, size_t from, size_t n,
                       struct ahead *out)
{
    const struct unit *u = s->units + from;
    size_t left = s->unit_count - from;
    for (size_t i = 0; i < n; i++) {
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->size));
        out->two[i] = 0;
        if (i + 1 >= left)
            continue;
        uint64_t two = node_step(u[i].hash, u[i + 1].hash);
        if (!may_be(t, two))
            continue;
        out->two[i] = two;
        __builtin_prefetch(t->nodes + node_place(two, t->size));
        if (i + 2 >= left)
            continue;
        uint64_t three = node_step(two, u[i + 2].hash);
        if (may_be(t, three))
            __builtin_prefetch(t->nodes + node_place(three, t->size));
    }
}

/* Everything that starts at unit i. `two` as in struct ahead. */
static inline void match_at(struct scanner *s, const struct tree *t, size_t i, uint64_t two)
{
    const struct unit *u = &s->units[i];
    const struct image_node *n = find_first(t, u->hash);
    if (n) {
        const uint32_t next = n->next;
        bool odd = (next & NODE_STEMS) || (i + 1 < s->unit_count && u[1].flags & UNIT_LONG);
        if (odd) {
            follow(s, t, i, i + 1, u->hash, n);
        } else {
            if (next & NODE_RECORD)
                emit(s, t, i, i + 1, n);
            if ((next & NODE_MORE) && two && (n = find_first(t, two)))
                follow(s, t, i, i + 2, two, n);
        }
    }
}

void match_units(struct scanner *s)
{
    const struct image *m = s->m;
    struct tree t = {IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                     IMAGE(m, STEMS, uint16_t), m->filter_bits, m->sections[SEC_NODES].count};
    struct ahead ahead;
    uint32_t words = 0;
    for (size_t i = 0; i < s->unit_count; i++) {
        const struct unit *u = &s->units[i];
        if (i % WINDOW == 0)
            look_ahead(s, &t, i, s->unit_count - i < WINDOW ? s->unit_count - i : WINDOW, &ahead);
        if (s->hits_count + HITS_A_UNIT > s->hits_cap) {
            if (s->hits_count > DF_MAX_HITS)
                break;
            s->hits = scan_grow(s->hits, s->hits_count + HITS_A_UNIT, &s->hits_cap,
                                sizeof *s->hits);
        }
        match_at(s, &t, i, ahead.two[i % WINDOW]);
        if (u->kind == UNIT_CHAR)
            continue;
        if (u->kind == UNIT_WORD) {
            words++;
            if (u->len >= 3 && stem_may_start(&t, s->text + u->start, u->len, m->stem_min))
                try_stems(s, &t, i, i, 0);
            if (u->flags & UNIT_LONG) {
                try_short(s, &t, i, i, 0);
                see(s, GATE_LONG, i);
            }
        } else {
            see_unit(s, u, i);
        }
    }
    s->words = words;
}
