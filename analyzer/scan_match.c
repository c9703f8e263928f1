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

/* The negators that still reach the unit being looked at. */
struct reach {
    int left[8]; /* what each can still use up: see cost() */
    uint32_t by[8], own_end[8]; /* grammar hit; where its own units end */
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

/* The walk's own state, apart from the scanner so that the compiler may keep it in registers. */
struct walk {
    struct scanner *s;
    struct tree t;
    uint32_t *met;
    size_t met_count, met_limit;
    uint32_t keep;    /* what makes a phrase met a hit to be kept: NODE_ bits */
    uint32_t negated; /* the unit being looked at: 0, 1 */
    uint32_t roles;   /* grammar met at the unit */
    size_t grammar;   /* its hits begin here */
};

/* A phrase that rules wait for or that has a role in grammar; when findings are shown, any. */
static void keep(struct walk *w, const struct image_node *n, size_t first, size_t end)
{
    struct scanner *s = w->s;
    struct hit h = {.node = (uint32_t)(n - w->t.nodes), .first = (uint32_t)first,
                    .units = (uint16_t)(end - first), .negated = w->negated};
    if (n->next & NODE_GRAMMAR) {
        w->roles |= n->more >> NODE_ROLES;
        SCAN_PUSH(s, grammar) = h;
    }
    if ((n->next & w->keep & ~NODE_GRAMMAR) && s->hits_count < DF_MAX_HITS) {
        if (n->next & NODE_NEEDED)
            __builtin_prefetch(hit_record(s, &h));
        SCAN_PUSH(s, hits) = h;
    }
}

/* Nearly all phrases only weigh: it is enough to know that they were met. */
static inline __attribute__((always_inline)) void take(struct walk *w, const struct image_node *n,
                                                       size_t first, size_t end)
{
    w->met[w->met_count] = (uint32_t)(n - w->t.nodes) * 2 | w->negated;
    w->met_count += (n->next & NODE_RECORD) != 0;
    if (n->next & w->keep)
        keep(w, n, first, end);
}

static void follow(struct walk *w, size_t first, size_t j, uint64_t state,
                   const struct image_node *n);

static inline uint64_t step_from(size_t first, size_t j, uint64_t state, uint64_t unit)
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

/* Phrases that go on with `word*` where unit j is a word. */
static void try_stems(struct walk *w, size_t first, size_t j, uint64_t state, uint32_t lengths)
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
static void try_short(struct walk *w, size_t first, size_t j, uint64_t state)
{
    const struct unit *u = &w->s->units[j];
    uint64_t to = step_from(first, j, state, unit_hash_short(w->s->text + u->start, u->len));
    const struct image_node *n = may_be(&w->t, to) ? find(&w->t, to) : NULL;
    if (n)
        follow(w, first, j + 1, to, n);
}

/* What this node ends, and everything that goes on from it. A unit can start at most a few dozen
 * phrases (stems of one word times what follows); there is room for HITS_A_UNIT. */
static void follow(struct walk *w, size_t first, size_t j, uint64_t state,
                   const struct image_node *n)
{
    const struct scanner *s = w->s;
    while (w->met_count < w->met_limit) {
        take(w, n, first, j);
        if (!(n->next & NODE_MORE) || j >= s->unit_count)
            return;
        const struct unit *u = &s->units[j];
        if ((n->next & NODE_STEMS) && u->kind == UNIT_WORD)
            try_stems(w, first, j, state, stem_lengths(&w->t, s->text + u->start, u->len));
        if (u->flags & UNIT_LONG)
            try_short(w, first, j, state);
        state = node_step(state, u->hash);
        n = may_be(&w->t, state) ? find(&w->t, state) : NULL;
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
 * for memory each time. Before a window of units is walked, the places its one- and two-unit
 * beginnings would be found at are asked for, all at once. */
enum { WINDOW = 64, HITS_A_UNIT = 512 };

struct window {
    const struct image_node *one[WINDOW]; /* the unit's node; NULL = no phrase begins with it */
    uint64_t two[WINDOW]; /* the state after two units; 0 = no phrase begins with both */
};

static void look_ahead(const struct scanner *s, const struct tree *t, size_t from, size_t n,
                       struct window *v)
{
    const struct unit *u = s->units + from;
    for (size_t i = 0; i < n; i++) {
        /* an empty unit stands behind the last one */
        v->two[i] = node_step(u[i].hash, u[i + 1].hash);
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->size));
        __builtin_prefetch(t->filter + node_bit(v->two[i], t->filter_bits) / 64);
    }
    if (from + n == s->unit_count)
        v->two[n - 1] = 0;
    for (size_t i = 0; i < n; i++) {
        const struct image_node *node = find(t, u[i].hash);
        v->one[i] = node;
        if (node && (node->next & NODE_MORE) && may_be(t, v->two[i]))
            __builtin_prefetch(t->nodes + node_place(v->two[i], t->size));
        else
            v->two[i] = 0;
    }
}

/* Everything that starts at unit i. */
static inline __attribute__((always_inline)) void find_starts(struct walk *w, const struct unit *u,
                                                              size_t i,
                                                              const struct image_node *n,
                                                              uint64_t two)
{
    if (n) {
        if ((n->next & NODE_STEMS) || (u[1].flags & UNIT_LONG)) {
            follow(w, i, i + 1, u->hash, n);
        } else {
            take(w, n, i, i + 1);
            if (two && (n = find(&w->t, two)))
                follow(w, i, i + 2, two, n);
        }
    }
    if (u->kind == UNIT_WORD) {
        uint32_t stems = stem_lengths(&w->t, w->s->text + u->start, u->len);
        if (stems)
            try_stems(w, i, i, 0, stems);
        if (u->flags & UNIT_LONG)
            try_short(w, i, i, 0);
    }
}

/* What a unit uses up of a negator's reach: a word as much as scope_chars/scope_words characters. */
static inline int cost(const struct scanner *s, const struct unit *u)
{
    return u->kind == UNIT_CHAR ? s->m->scope_words : u->kind == UNIT_SIGN ? 0
                                                                         : s->m->scope_chars;
}

/* Two negators that reach the same unit cancel out. */
static bool reached(const struct scanner *s, struct reach *r, const struct unit *u, uint32_t i)
{
    int n = 0, c = cost(s, u), reaching = 0;
    for (int k = 0; k < r->count; k++) {
        if ((r->left[k] -= c) < 0)
            continue;
        r->left[n] = r->left[k];
        r->own_end[n] = r->own_end[k];
        r->by[n] = r->by[k];
        if (i >= r->own_end[n++]) {
            reaching++;
            s->negator[i] = r->by[n - 1];
        }
    }
    r->count = n;
    return reaching & 1;
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
 * negators hide them, "if" marks the clause. */
static void read_grammar(struct scanner *s, size_t from, struct reach *r)
{
    const struct hit *longest = NULL;
    for (size_t k = from; k < s->grammar_count; k++) {
        const struct hit *h = &s->grammar[k];
        uint32_t roles = hit_roles(s, h);
        if ((roles & ROLE_PSEUDO) && h->first + h->units > r->covered)
            r->covered = h->first + h->units;
        if ((roles & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER)) &&
            (!longest || h->units > longest->units))
            longest = h;
        if (roles & ROLE_HYPOTHETIC)
            s->clauses[s->clauses_count - 1].hypothetic = true;
    }
    if (!longest || longest->first < r->taken || longest->first < r->covered)
        return;
    r->taken = longest->first + longest->units;
    if (hit_roles(s, longest) & ROLE_NEGATOR_AFTER) {
        s->looks_back = true;
    } else if (r->count < 8) {
        /* its own units behind the first are no part of its reach */
        int own = 0;
        for (uint32_t k = 1; k < longest->units; k++)
            own += cost(s, &s->units[longest->first + k]);
        r->left[r->count] = s->m->scope_words * s->m->scope_chars + own;
        r->own_end[r->count] = r->taken;
        r->by[r->count++] = (uint32_t)(longest - s->grammar);
    }
}

static void open_clause(struct scanner *s, size_t first, bool contrast)
{
    bool quoted = s->quoting != QUOTE_NONE;
    SCAN_PUSH(s, clauses) =
        (struct clause){.first = (uint32_t)first, .contrast = contrast, .quoted = quoted};
}

/* Somebody else's words: a line that begins with '>', and what stands behind "//@name", as reposts
 * carry it. True where such words begin. */
static bool begins_quote(struct scanner *s, const struct unit *u, size_t i)
{
    if (u->kind == UNIT_HANDLE) {
        const char *p = s->text + u->start;
        bool repost = i >= 2 && p[-1] == '/' && p[-2] == '/';
        if (repost)
            s->quoting = QUOTE_REST;
        return repost;
    }
    bool line = u->kind == UNIT_SIGN && s->text[u->start] == '>' && s->quoting == QUOTE_NONE &&
                (i == 0 || s->units[i - 1].kind == UNIT_BREAK);
    if (line)
        s->quoting = QUOTE_LINE;
    return line;
}

/* A new clause: what was negated before is over. */
static void begin_clause(struct scanner *s, struct reach *r, size_t i, bool contrast)
{
    if (s->clauses[s->clauses_count - 1].first < i && s->clauses_count < UINT16_MAX)
        open_clause(s, i, contrast);
    else if (contrast)
        s->clauses[s->clauses_count - 1].contrast = true;
    s->clauses[s->clauses_count - 1].quoted = s->quoting != QUOTE_NONE;
    r->count = 0;
}

static void walk_begin(struct walk *w, struct scanner *s)
{
    const struct image *m = s->m;
    w->s = s;
    w->t = (struct tree){IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                         IMAGE(m, STEMS, uint16_t), m->filter_bits, m->stem_min,
                         m->sections[SEC_NODES].count};
    w->met_count = 0;
    w->roles = 0;
    w->grammar = 0;
    w->keep = NODE_GRAMMAR | (s->brief ? NODE_NEEDED : NODE_RECORD);
    s->clauses_count = 0;
    s->quoting = QUOTE_NONE;
    open_clause(s, 0, false);
}

static void walk_room(struct walk *w)
{
    struct scanner *s = w->s;
    size_t need = w->met_count + WINDOW * HITS_A_UNIT;
    if (need > s->met_cap)
        s->met = scan_grow(s->met, need, &s->met_cap, sizeof *s->met);
    w->met = s->met;
    w->met_limit = s->met_cap - WINDOW;
}

/* What is not a plain word or character, or comes first after such: where clauses, quotes and the
 * title end. Returns whether the unit ends a clause. */
static bool read_border(struct scanner *s, struct reach *r, size_t i, bool ended)
{
    const struct unit *u = &s->units[i];
    bool ends = false, quote = false;
    if (u->flags & UNIT_LONG)
        see(s, GATE_LONG, i);
    if (u->kind > UNIT_CHAR) {
        see_unit(s, u, i);
        ends = (u->kind == UNIT_SIGN || u->kind == UNIT_BREAK) && ends_clause(s, u);
        quote = begins_quote(s, u, i);
        if (u->kind == UNIT_BREAK && s->quoting == QUOTE_LINE)
            s->quoting = QUOTE_NONE;
    }
    if ((ended && !ends) || i == s->title_units || quote)
        begin_clause(s, r, i, false);
    if (ends && s->text[u->start] == '?')
        s->clauses[s->clauses_count - 1].question = true;
    return ends;
}

/* Grammar met at unit i. */
static void read_roles(struct walk *w, struct reach *r, size_t i)
{
    struct scanner *s = w->s;
    s->roles |= w->roles;
    if (w->roles & ROLE_CONTRAST) {
        s->looks_back = s->looks_back || w->negated; /* taken as negated, but "but" ends it */
        w->negated = 0;
        begin_clause(s, r, i, true);
    }
    read_grammar(s, w->grammar, r);
    w->roles = 0;
    w->grammar = s->grammar_count;
}

static uint32_t count_words(const struct scanner *s)
{
    uint32_t words = 0;
    for (size_t i = 0; i < s->unit_count; i++)
        words += s->units[i].kind == UNIT_WORD;
    return words;
}

void match_units(struct scanner *s)
{
    struct walk w;
    struct window v;
    struct reach r = {.count = 0};
    const size_t n = s->unit_count, title = s->title_units;
    uint16_t clause = 0;
    bool ended = false;
    walk_begin(&w, s);
    for (size_t from = 0; from < n; from += WINDOW) {
        size_t end = n - from < WINDOW ? n : from + WINDOW;
        look_ahead(s, &w.t, from, end - from, &v);
        walk_room(&w);
        for (size_t i = from; i < end; i++) {
            const struct unit *u = &s->units[i];
            if (unit_is_odd(u) || ended || i == title) {
                ended = read_border(s, &r, i, ended);
                clause = (uint16_t)(s->clauses_count - 1);
            }
            w.negated = r.count && reached(s, &r, u, (uint32_t)i);
            find_starts(&w, u, i, v.one[i - from], v.two[i - from]);
            if (w.roles) {
                read_roles(&w, &r, i);
                clause = (uint16_t)(s->clauses_count - 1);
            }
            s->clause_of[i] = clause;
            s->negation[i] = (uint8_t)w.negated;
        }
    }
    s->met_count = w.met_count;
    s->words = count_words(s);
}
