/* scan_clause.c: how the sentences of a post are built, from its signs and the grammar words met:
 * where clauses begin, which ask, suppose, quote others or stand behind a "but", and which units a
 * negator reaches. Only units where something happens are looked at; between them nothing changes. */
#include <string.h>

#include "analyzer/scan.h"

/* The negators that still reach the unit being looked at. */
struct reach {
    int left[8]; /* what each can still use up: see cost() */
    uint32_t by[8], own_end[8]; /* grammar hit; where its own units end */
    int count;
    uint32_t taken;   /* units up to here belong to a negator already used */
    uint32_t covered; /* … or to a phrase that only looks like one */
};

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
 * negators hide them, "if" marks the clause. True when one negates what stands before it. */
static bool read_grammar(struct scanner *s, size_t from, size_t end, struct reach *r)
{
    const struct hit *longest = NULL;
    for (size_t k = from; k < end; k++) {
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
        return false;
    r->taken = longest->first + longest->units;
    if (hit_roles(s, longest) & ROLE_NEGATOR_AFTER)
        return true;
    if (r->count < 8) {
        /* its own units behind the first are no part of its reach */
        int own = 0;
        for (uint32_t k = 1; k < longest->units; k++)
            own += cost(s, &s->units[longest->first + k]);
        r->left[r->count] = s->m->scope_words * s->m->scope_chars + own;
        r->own_end[r->count] = r->taken;
        r->by[r->count++] = (uint32_t)(longest - s->grammar);
    }
    return false;
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

/* A unit that is no plain word or character, or the first behind such: where clauses, quotes and
 * the title end. Returns whether the unit ends a clause. */
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

/* A word behind what it negates: from the clause's beginning to it. */
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

/* Which clause each unit belongs to; in blocks, the next clause writes over what is too much. */
static void number_clauses(struct scanner *s)
{
    for (size_t c = 0; c < s->clauses_count; c++) {
        size_t end = c + 1 < s->clauses_count ? s->clauses[c + 1].first : s->unit_count;
        for (size_t i = s->clauses[c].first; i < end; i += CLAUSE_PAD)
            for (size_t k = 0; k < CLAUSE_PAD; k++)
                s->clause_of[i + k] = (uint16_t)c;
    }
}

/* The next unit at or behind i where something may happen. */
static size_t next_event(const struct scanner *s, size_t i, size_t odd, size_t grammar)
{
    size_t at = odd < s->odd_count ? s->odd[odd] : s->unit_count;
    if (grammar < s->grammar_count && s->grammar[grammar].first < at)
        at = s->grammar[grammar].first;
    if (i <= s->title_units && s->title_units < at)
        at = s->title_units;
    return at;
}

void find_clauses(struct scanner *s)
{
    struct reach r = {.count = 0};
    size_t odd = 0, g = 0;
    bool ended = false, looks_back = false;
    s->clauses_count = 0;
    s->quoting = QUOTE_NONE;
    open_clause(s, 0, false);
    memset(s->negation, 0, s->unit_count);
    for (size_t i = 0; i < s->unit_count; i++) {
        if (!ended && !r.count)
            i = next_event(s, i, odd, g);
        if (i == s->unit_count)
            break;
        bool is_odd = odd < s->odd_count && s->odd[odd] == i;
        odd += is_odd;
        if (is_odd || ended || i == s->title_units)
            ended = read_border(s, &r, i, ended);
        bool negated = r.count && reached(s, &r, &s->units[i], (uint32_t)i);
        size_t from = g;
        uint32_t roles = 0;
        while (g < s->grammar_count && s->grammar[g].first == i)
            roles |= hit_roles(s, &s->grammar[g++]);
        if (roles & ROLE_CONTRAST) {
            negated = false; /* the "but" ends it */
            begin_clause(s, &r, i, true);
        }
        if (roles)
            looks_back = read_grammar(s, from, g, &r) || looks_back;
        s->roles |= roles;
        s->negation[i] = negated;
    }
    number_clauses(s);
    for (uint32_t k = 0; looks_back && k < s->grammar_count; k++)
        if (hit_roles(s, &s->grammar[k]) & ROLE_NEGATOR_AFTER)
            reach_back(s, k);
}
