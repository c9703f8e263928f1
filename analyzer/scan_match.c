/* scan_match.c: the one walk over a post's units that finds every phrase of every rule, lexicon
 * and grammar list, and while it goes knows where clauses begin and what is negated: negators
 * stand before what they negate. Most phrases met only weigh; they are added up on the spot and
 * forgotten, unless their findings are to be shown. */
#include "analyzer/scan.h"
#include "analyzer/score.h"
#include "core/limits.h"

struct tree {
    const struct image_node *nodes;
    const uint64_t *filter;
    const uint16_t *stems;
    unsigned filter_bits, stem_min;
    uint32_t size;
};

/* What starts at the unit being looked at. */
struct starts {
    struct hit hits[512];
    uint32_t count, roles;
};

/* The negators that still reach the unit being looked at. */
struct reach {
    int left[8]; /* what each can still use up: see cost() */
    uint32_t by[8];
    int count;
    uint32_t taken;   /* units up to here belong to a negator already used */
    uint32_t covered; /* … or to a phrase that only looks like one */
};

static inline bool may_be(const struct tree *t, uint64_t state)
{
    uint32_t bit = node_bit(state, t->filter_bits);
    return t->filter[bit / 64] >> (bit % 64) & 1;
}

static inline const struct image_node *find(const struct tree *t, uint64_t state)
{
    uint32_t tag = node_tag(state), at = node_place(state, t->size);
    for (const struct image_node *n = t->nodes + at; n->next;) {
        if (n->tag == tag)
            return n;
        n = ++at == t->size ? t->nodes + (at = 0) : n + 1;
    }
    return NULL;
}

static inline void emit(struct starts *o, const struct tree *t, size_t first, size_t end,
                        const struct image_node *n)
{
    struct hit *h = &o->hits[o->count];
    h->node = (uint32_t)(n - t->nodes);
    h->first = (uint32_t)first;
    h->units = (uint16_t)(end - first);
    h->negated = h->again = false;
    o->roles |= n->more >> NODE_ROLES;
    o->count += o->count < 511;
}

static void follow(const struct scanner *s, const struct tree *t, struct starts *o, size_t first,
                   size_t j, uint64_t state, const struct image_node *n);

static inline uint64_t step_from(size_t first, size_t j, uint64_t state, uint64_t unit)
{
    return j > first ? node_step(state, unit) : unit;
}

/* Phrases that go on with `word*` where unit j is a word. */
static void try_stems(const struct scanner *s, const struct tree *t, struct starts *o,
                      size_t first, size_t j, uint64_t state)
{
    const struct unit *u = &s->units[j];
    const char *word = s->text + u->start;
    uint32_t lengths = 0;
    if (u->kind != UNIT_WORD)
        return;
    if (u->len >= 4)
        lengths = t->stems[stem_slot(word, 4)] & ~1u;
    if (t->stem_min == 3 && u->len >= 3)
        lengths |= t->stems[stem_slot(word, 3)] & 1;
    for (; lengths; lengths &= lengths - 1) {
        uint32_t len = (uint32_t)__builtin_ctz(lengths) + 3;
        if (len > u->len)
            break;
        uint64_t to = step_from(first, j, state, unit_hash(word, len) ^ STEM_SALT);
        const struct image_node *n = may_be(t, to) ? find(t, to) : NULL;
        if (n)
            follow(s, t, o, first, j + 1, to, n);
    }
}

/* "sooo" also as "so". */
static void try_short(const struct scanner *s, const struct tree *t, struct starts *o,
                      size_t first, size_t j, uint64_t state)
{
    const struct unit *u = &s->units[j];
    uint64_t to = step_from(first, j, state, unit_hash_short(s->text + u->start, u->len));
    const struct image_node *n = may_be(t, to) ? find(t, to) : NULL;
    if (n)
        follow(s, t, o, first, j + 1, to, n);
}

static void follow(const struct scanner *s, const struct tree *t, struct starts *o, size_t first,
                   size_t j, uint64_t state, const struct image_node *n)
{
    for (;;) {
        if (n->next & NODE_RECORD)
            emit(o, t, first, j, n);
        if (!(n->next & NODE_MORE) || j >= s->unit_count)
            return;
        const struct unit *u = &s->units[j];
        if (n->next & NODE_STEMS)
            try_stems(s, t, o, first, j, state);
        if (u->flags & UNIT_LONG)
            try_short(s, t, o, first, j, state);
        state = node_step(state, u->hash);
        n = may_be(t, state) ? find(t, state) : NULL;
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

static void see_unit(struct scanner *s, const struct unit *u, size_t i)
{
    static const signed char of_kind[] = {
        [UNIT_WORD] = -1, [UNIT_NUMBER] = GATE_NUMBER, [UNIT_CHAR] = -1, [UNIT_SIGN] = -1,
        [UNIT_EMOJI] = GATE_EMOJI, [UNIT_URL] = GATE_URL, [UNIT_HANDLE] = GATE_HANDLE,
        [UNIT_BREAK] = -1};
    if (u->kind != UNIT_SIGN) {
        if (of_kind[u->kind] >= 0)
            see(s, (enum gate)of_kind[u->kind], i);
        return;
    }
    switch (s->text[u->start]) {
    case '!': see(s, GATE_EXCL, i); break;
    case '?': see(s, GATE_QUESTION, i); break;
    case '#': see(s, GATE_HASHTAG, i); break;
    case '"': see(s, GATE_QUOTE, i); break;
    default: break;
    }
}

/* The tables are larger than the nearest cache, so looking up one unit after the other would wait
 * for memory each time. Before a window of units is walked, the places its one-, two- and
 * three-unit beginnings would be found at are asked for, all at once. */
enum { WINDOW = 64 };

static void look_ahead(const struct scanner *s, const struct tree *t, size_t from, size_t n,
                       uint64_t *two_out)
{
    const struct unit *u = s->units + from;
    for (size_t i = 0; i < n; i++) {
        /* two empty units stand behind the last one */
        uint64_t two = node_step(u[i].hash, u[i + 1].hash);
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->size));
        if (!may_be(t, two)) {
            two_out[i] = 0;
            continue;
        }
        two_out[i] = two;
        __builtin_prefetch(t->nodes + node_place(two, t->size));
        uint64_t three = node_step(two, u[i + 2].hash);
        if (may_be(t, three))
            __builtin_prefetch(t->nodes + node_place(three, t->size));
    }
}

/* Everything that starts at unit i; `two`: the state after two units, 0 when nothing goes on. */
static inline void find_starts(const struct scanner *s, const struct tree *t, struct starts *o,
                               size_t i, uint64_t two)
{
    const struct unit *u = &s->units[i];
    const struct image_node *n = find(t, u->hash);
    o->count = o->roles = 0;
    if (n) {
        uint32_t next = n->next;
        if ((next & NODE_STEMS) || (u[1].flags & UNIT_LONG)) {
            follow(s, t, o, i, i + 1, u->hash, n);
        } else {
            if (next & NODE_RECORD)
                emit(o, t, i, i + 1, n);
            if ((next & NODE_MORE) && two && i + 1 < s->unit_count && (n = find(t, two)))
                follow(s, t, o, i, i + 2, two, n);
        }
    }
    if (u->kind == UNIT_WORD) {
        try_stems(s, t, o, i, i, 0);
        if (u->flags & UNIT_LONG)
            try_short(s, t, o, i, i, 0);
    }
}

/* What a unit uses up of a negator's reach: a word as much as scope_chars/scope_words characters. */
static inline int cost(const struct scanner *s, const struct unit *u)
{
    return u->kind == UNIT_CHAR ? s->m->scope_words : u->kind == UNIT_SIGN ? 0
                                                                         : s->m->scope_chars;
}

/* Two negators that reach the same unit cancel out. */
static bool reached(const struct scanner *s, struct reach *r, const struct unit *u, size_t i)
{
    int n = 0, c = cost(s, u);
    for (int k = 0; k < r->count; k++)
        if ((r->left[k] -= c) >= 0) {
            r->left[n] = r->left[k];
            r->by[n++] = r->by[k];
        }
    r->count = n;
    if (n)
        s->negator[i] = r->by[n - 1];
    return n & 1;
}

static bool ends_clause(const struct scanner *s, const struct unit *u)
{
    const char *p = s->text + u->start;
    if (u->kind == UNIT_BREAK)
        return true;
    if (u->len == 1)
        return s->breaks[p[0] & 127];
    /* 。、「」『』【】 and the like are U+3001–U+301F */
    return u->len == 3 && p[0] == '\xE3' && p[1] == '\x80';
}

/* Grammar words at a unit: negators begin to reach behind their end, phrases that only look like
 * negators hide them, "but" and "if" mark the clause. */
static void read_grammar(struct scanner *s, struct starts *o, struct reach *r)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    const struct hit *longest = NULL;
    s->roles |= o->roles;
    for (uint32_t k = 0; k < o->count; k++) {
        const struct hit *h = &o->hits[k];
        uint32_t roles = nodes[h->node].more >> NODE_ROLES;
        if (!roles)
            continue;
        s->english += (roles & ROLE_ENGLISH) != 0;
        s->foreign += (roles & ROLE_FOREIGN) != 0;
        if (!(roles & ~(uint32_t)(ROLE_ENGLISH | ROLE_FOREIGN)))
            continue;
        SCAN_PUSH(s, grammar) = *h;
        if ((roles & ROLE_PSEUDO) && h->first + h->units > r->covered)
            r->covered = h->first + h->units;
        if ((roles & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER)) &&
            (!longest || h->units > longest->units))
            longest = &s->grammar[s->grammar_count - 1];
        if (roles & ROLE_HYPOTHETIC)
            s->clauses[s->clauses_count - 1].hypothetic = true;
    }
    if (!longest || longest->first < r->taken || longest->first < r->covered)
        return;
    r->taken = longest->first + longest->units;
    if (nodes[longest->node].more >> NODE_ROLES & ROLE_NEGATOR_AFTER) {
        s->looks_back = true;
    } else if (r->count < 8) {
        /* its own units behind the first are no part of its reach */
        int own = 0;
        for (uint32_t k = 1; k < longest->units; k++)
            own += cost(s, &s->units[longest->first + k]);
        r->left[r->count] = s->m->scope_words * s->m->scope_chars + own;
        r->by[r->count++] = (uint32_t)(longest - s->grammar);
    }
}

static inline void take_hit(struct scanner *s, const struct image_node *nodes, struct hit *h,
                            bool negated, int32_t sum[SENTIMENTS])
{
    const struct image_node *n = &nodes[h->node];
    uint64_t bit = 1ull << (h->node % 32 * 2 + negated), *word = &s->once[h->node / 32];
    h->negated = negated;
    if (*word & bit) {
        h->again = true;
    } else {
        if (!*word)
            SCAN_PUSH(s, once_used) = h->node / 32;
        *word |= bit;
        if (!negated && !(n->more & NODE_WEIGHTS))
            for (int k = 0; k < SENTIMENTS; k++)
                sum[k] += n->weight[k];
        else if (n->more & NODE_LEARNED)
            score_add_hit(s, h);
    }
    if ((n->more & NODE_SETS) || !s->brief) {
        if (n->more & NODE_SETS)
            __builtin_prefetch(hit_record(s, h));
        if (s->hits_count < DF_MAX_HITS)
            SCAN_PUSH(s, hits) = *h;
    }
}

static void open_clause(struct scanner *s, size_t first, bool contrast)
{
    SCAN_PUSH(s, clauses) = (struct clause){.first = (uint32_t)first, .contrast = contrast};
}

void match_units(struct scanner *s)
{
    const struct image *m = s->m;
    const struct tree t = {IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                           IMAGE(m, STEMS, uint16_t), m->filter_bits, m->stem_min,
                           m->sections[SEC_NODES].count};
    struct starts o;
    struct reach r = {.count = 0};
    uint64_t two[WINDOW];
    int32_t sum[SENTIMENTS] = {0};
    uint32_t words = 0;
    bool ended = false;
    open_clause(s, 0, false);
    for (size_t i = 0; i < s->unit_count; i++) {
        const struct unit *u = &s->units[i];
        if (i % WINDOW == 0)
            look_ahead(s, &t, i, s->unit_count - i < WINDOW ? s->unit_count - i : WINDOW, two);
        find_starts(s, &t, &o, i, two[i % WINDOW]);
        bool contrast = o.roles & ROLE_CONTRAST, ends = false;
        if (u->kind == UNIT_WORD) {
            words++;
            if (u->flags & UNIT_LONG)
                see(s, GATE_LONG, i);
        } else if (u->kind != UNIT_CHAR) {
            see_unit(s, u, i);
            ends = (u->kind == UNIT_SIGN || u->kind == UNIT_BREAK) && ends_clause(s, u);
        }
        if (((ended && !ends) || contrast || i == s->title_units) && i > 0 &&
            s->clauses_count < UINT16_MAX) {
            open_clause(s, i, contrast);
            r.count = 0;
        } else if (contrast) {
            s->clauses[0].contrast = true;
        }
        ended = ends;
        if (ends && s->text[u->start] == '?')
            s->clauses[s->clauses_count - 1].question = true;
        s->clause_of[i] = (uint16_t)(s->clauses_count - 1);
        bool negated = r.count && reached(s, &r, u, i);
        s->negation[i] = negated;
        if (o.roles)
            read_grammar(s, &o, &r);
        for (uint32_t k = 0; k < o.count; k++)
            take_hit(s, t.nodes, &o.hits[k], negated, sum);
    }
    s->words = words;
    for (int k = 0; k < SENTIMENTS; k++)
        s->learned[SLOT_SENTIMENT + k] += sum[k];
}
