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

enum { WAITING_MAX = 64 };

/* The walk's own state, apart from the scanner so that the compiler may keep it in registers. */
struct walk {
    struct scanner *s;
    struct tree t;
    const int16_t *rows;
    uint32_t row_width, row_groups;
    uint64_t *once;
    uint32_t *used; /* words of `once` that are not 0 */
    size_t used_count;
    uint32_t waiting[WAITING_MAX]; /* rows to be added up: by then they have come nearer */
    uint32_t waiting_count;
    uint32_t slow;    /* a phrase with one of these bits in `more` is more than a weight */
    bool negated;     /* the unit being looked at */
    bool shown;       /* findings are: all hits are kept */
    uint32_t roles;   /* grammar met at the unit */
    uint32_t english, foreign;
    size_t grammar;   /* its hits begin here */
};

static void add_waiting(struct walk *w)
{
    w->s->add_rows(w->s->learned, w->rows, w->waiting, w->waiting_count, w->row_groups);
    w->waiting_count = 0;
}

static inline void add_row(struct walk *w, uint32_t row)
{
    __builtin_prefetch(w->rows + (size_t)row * w->row_width);
    w->waiting[w->waiting_count++] = row;
    if (w->waiting_count == WAITING_MAX)
        add_waiting(w);
}

/* True the first time in a post that the phrase is met, plain or negated. */
static inline bool first_time(struct walk *w, uint32_t node, bool negated)
{
    uint64_t bit = 1ull << (node % 32 * 2 + negated), *word = &w->once[node / 32], old = *word;
    w->used[w->used_count] = node / 32;
    w->used_count += old == 0;
    *word = old | bit;
    return !(old & bit);
}

/* A phrase that rules wait for, that is negated, or that has a role in grammar. */
static void take_slow(struct walk *w, const struct image_node *n, size_t first, size_t end)
{
    struct scanner *s = w->s;
    struct hit h = {.node = (uint32_t)(n - w->t.nodes), .first = (uint32_t)first,
                    .units = (uint16_t)(end - first), .negated = w->negated};
    uint32_t roles = n->more >> NODE_ROLES;
    w->roles |= roles;
    if (roles & ~(uint32_t)(ROLE_ENGLISH | ROLE_FOREIGN))
        SCAN_PUSH(s, grammar) = h;
    h.again = !first_time(w, h.node, h.negated);
    if (!h.again && (n->more & NODE_LEARNED)) {
        uint32_t row = h.negated ? hit_record(s, &h)->negated : n->row;
        if (row == ROW_BY_FACTOR)
            score_add_hit(s, &h);
        else
            add_row(w, row);
    }
    if ((w->shown || (n->more & NODE_SETS)) && s->hits_count < DF_MAX_HITS) {
        if (n->more & NODE_SETS)
            __builtin_prefetch(hit_record(s, &h));
        SCAN_PUSH(s, hits) = h;
    }
}

static inline __attribute__((always_inline)) void take(struct walk *w, const struct image_node *n,
                                                       size_t first, size_t end)
{
    w->english += n->more >> NODE_ROLES & ROLE_ENGLISH ? 1 : 0;
    w->foreign += n->more >> NODE_ROLES & ROLE_FOREIGN ? 1 : 0;
    if (w->negated || (n->more & w->slow)) {
        take_slow(w, n, first, end);
        return;
    }
    uint32_t node = (uint32_t)(n - w->t.nodes);
    bool again = !first_time(w, node, false);
    if (w->shown && w->s->hits_count < DF_MAX_HITS)
        SCAN_PUSH(w->s, hits) = (struct hit){.node = node, .first = (uint32_t)first,
                                             .units = (uint16_t)(end - first), .again = again};
    add_row(w, again ? 0 : n->row);
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
 * phrases (stems of one word times what follows); `used` has room for HITS_A_UNIT. */
static void follow(struct walk *w, size_t first, size_t j, uint64_t state,
                   const struct image_node *n)
{
    const struct scanner *s = w->s;
    for (;;) {
        if ((n->next & NODE_RECORD) && w->used_count + 2 < s->once_used_cap)
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
 * for memory each time. Before a window of units is walked, the places its one- and
 * two-unit beginnings would be found at are asked for, all at once. */
enum { WINDOW = 64 };

static void look_ahead(const struct scanner *s, const struct tree *t, size_t from, size_t n,
                       uint64_t *two_out)
{
    const struct unit *u = s->units + from;
    for (size_t i = 0; i < n; i++) {
        /* an empty unit stands behind the last one */
        two_out[i] = node_step(u[i].hash, u[i + 1].hash);
        __builtin_prefetch(t->nodes + node_place(u[i].hash, t->size));
        __builtin_prefetch(t->filter + node_bit(two_out[i], t->filter_bits) / 64);
    }
    for (size_t i = 0; i < n; i++) {
        if (may_be(t, two_out[i]))
            __builtin_prefetch(t->nodes + node_place(two_out[i], t->size));
        else
            two_out[i] = 0;
    }
}

/* Everything that starts at unit i; `two`: the state after two units, 0 when nothing goes on. */
static inline __attribute__((always_inline)) void find_starts(struct walk *w, const struct unit *u,
                                                              size_t i, uint64_t two)
{
    const struct image_node *n = find(&w->t, u->hash);
    if (n) {
        uint32_t next = n->next;
        if ((next & NODE_STEMS) || (u[1].flags & UNIT_LONG)) {
            follow(w, i, i + 1, u->hash, n);
        } else {
            if (next & NODE_RECORD)
                take(w, n, i, i + 1);
            if ((next & NODE_MORE) && two && (n = find(&w->t, two)))
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

enum { HITS_A_UNIT = 512 };

static void walk_begin(struct walk *w, struct scanner *s)
{
    const struct image *m = s->m;
    w->s = s;
    w->t = (struct tree){IMAGE(m, NODES, struct image_node), IMAGE(m, FILTER, uint64_t),
                         IMAGE(m, STEMS, uint16_t), m->filter_bits, m->stem_min,
                         m->sections[SEC_NODES].count};
    w->rows = IMAGE(m, ROWS, int16_t);
    w->row_groups = m->row_groups;
    w->row_width = m->row_groups * ROW_GROUP;
    w->once = s->once;
    w->used_count = 0;
    w->waiting_count = 0;
    w->english = w->foreign = 0;
    w->shown = !s->brief;
    w->slow = ~(uint32_t)(NODE_LEARNED | (ROLE_ENGLISH | ROLE_FOREIGN) << NODE_ROLES);
    if (s->brief)
        w->slow &= ~(uint32_t)NODE_SHOWN;
}

void match_units(struct scanner *s)
{
    struct walk w;
    walk_begin(&w, s);
    struct reach r = {.count = 0};
    uint64_t two[WINDOW];
    uint32_t words = 0, roles = 0;
    bool ended = false;
    s->clauses_count = 0;
    s->quoting = QUOTE_NONE;
    open_clause(s, 0, false);
    for (size_t i = 0, n = s->unit_count; i < n; i++) {
        const struct unit *u = &s->units[i];
        if (i % WINDOW == 0) {
            look_ahead(s, &w.t, i, n - i < WINDOW ? n - i : WINDOW, two);
            if (w.used_count + WINDOW * HITS_A_UNIT > s->once_used_cap)
                s->once_used = scan_grow(s->once_used, w.used_count + WINDOW * HITS_A_UNIT,
                                         &s->once_used_cap, sizeof *s->once_used);
            w.used = s->once_used;
            two[n - i <= WINDOW ? n - i - 1 : 0] = n - i <= WINDOW ? 0 : two[0];
        }
        bool ends = false, quote = false;
        if (u->kind == UNIT_WORD) {
            words++;
            if (u->flags & UNIT_LONG)
                see(s, GATE_LONG, i);
        } else if (u->kind != UNIT_CHAR) {
            see_unit(s, u, i);
            ends = (u->kind == UNIT_SIGN || u->kind == UNIT_BREAK) && ends_clause(s, u);
            quote = begins_quote(s, u, i);
            if (u->kind == UNIT_BREAK && s->quoting == QUOTE_LINE)
                s->quoting = QUOTE_NONE;
        }
        if ((ended && !ends) || i == s->title_units || quote)
            begin_clause(s, &r, i, false);
        ended = ends;
        if (ends && s->text[u->start] == '?')
            s->clauses[s->clauses_count - 1].question = true;
        w.negated = r.count && reached(s, &r, u, (uint32_t)i);
        w.roles = 0;
        w.grammar = s->grammar_count;
        find_starts(&w, u, i, two[i % WINDOW]);
        if (w.roles) {
            roles |= w.roles;
            if (w.roles & ROLE_CONTRAST) {
                s->looks_back = s->looks_back || w.negated; /* taken as negated, but "but" ends it */
                w.negated = false;
                begin_clause(s, &r, i, true);
            }
            read_grammar(s, w.grammar, &r);
        }
        s->clause_of[i] = (uint16_t)(s->clauses_count - 1);
        s->negation[i] = w.negated;
    }
    add_waiting(&w);
    s->words = words;
    s->english += w.english;
    s->foreign += w.foreign;
    s->roles = roles;
    s->once_used_count = w.used_count;
}
