/* scan_scope.c: clauses, and which units stand within a negation. A negator reaches over the next
 * few words or characters of its clause; two negators over the same unit cancel out; "not only"
 * and 不错 are no negators at all (grammar.yaml's pseudo list). */
#include "analyzer/scan.h"

static bool ends_clause(const struct scanner *s, const struct unit *u)
{
    if (u->kind == UNIT_BREAK)
        return true;
    if (u->kind != UNIT_SIGN)
        return false;
    const char *p = s->text + u->start;
    if (u->len == 1)
        return s->breaks[p[0] & 127];
    /* 。、「」『』【】 and the like are U+3001–U+301F */
    return u->len == 3 && p[0] == '\xE3' && p[1] == '\x80';
}

static void open_clause(struct scanner *s, size_t first, bool contrast)
{
    SCAN_PUSH(s, clauses) = (struct clause){.first = (uint32_t)first, .contrast = contrast};
}

/* A clause begins after the signs that end one, at a contrast word, and where the text follows
 * the title. */
static void cut_clauses(struct scanner *s)
{
    size_t n = s->unit_count, g = 0, next_contrast;
    bool ended = false;
    s->clauses_count = 0;
    open_clause(s, 0, false);
    uint16_t now = 0;
    for (size_t i = 0; i < n;) {
        while (g < s->grammar_count && !(hit_roles(s, &s->grammar[g]) & ROLE_CONTRAST))
            g++;
        next_contrast = g < s->grammar_count ? s->grammar[g].first : n;
        for (; i < n && i <= next_contrast; i++) {
            const struct unit *u = &s->units[i];
            bool ends = (u->kind == UNIT_SIGN || u->kind == UNIT_BREAK) && ends_clause(s, u);
            bool starts = (ended && !ends) || i == next_contrast || i == s->title_units;
            ended = ends;
            if (starts && i > 0 && s->clauses_count < UINT16_MAX) {
                open_clause(s, i, i == next_contrast);
                now++;
            } else if (i == next_contrast) {
                s->clauses[now].contrast = true;
            }
            if (ends && s->text[u->start] == '?')
                s->clauses[now].question = true;
            s->clause_of[i] = now;
        }
        g++;
    }
    for (g = 0; g < s->grammar_count; g++)
        if (hit_roles(s, &s->grammar[g]) & ROLE_HYPOTHETIC)
            s->clauses[s->clause_of[s->grammar[g].first]].hypothetic = true;
}

enum { COVERED = 2 }; /* in negation[] while scopes are made: within a pseudo negator */

static void cover(struct scanner *s, const struct hit *h)
{
    for (uint32_t k = 0; k < h->units; k++)
        s->negation[h->first + k] |= COVERED;
}

/* What a unit uses up of a scope: a word as much as scope_chars/scope_words characters. */
static int cost(const struct scanner *s, const struct unit *u)
{
    switch ((enum unit_kind)u->kind) {
    case UNIT_CHAR:
        return s->m->scope_words;
    case UNIT_SIGN:
        return 0;
    default:
        return s->m->scope_chars;
    }
}

static void reach(struct scanner *s, uint32_t g, bool back)
{
    const struct hit *h = &s->grammar[g];
    int left = s->m->scope_words * s->m->scope_chars;
    uint16_t clause = s->clause_of[h->first];
    uint32_t end = h->first + h->units;
    for (uint32_t i = back ? h->first - 1 : end; i < s->unit_count; i += back ? UINT32_MAX : 1u) {
        if (s->clause_of[i] != clause || (left -= cost(s, &s->units[i])) < 0)
            return;
        s->negation[i] ^= 1;
        s->negator[i] = g;
        if (i == 0)
            return;
    }
}

static bool is_negator(const struct scanner *s, const struct hit *h)
{
    return hit_roles(s, h) & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER);
}

void scope_make(struct scanner *s)
{
    s->structured = true;
    if (s->unit_count + 1 > s->structure_cap) {
        size_t cap = 0;
        s->clause_of = scan_grow(s->clause_of, s->unit_count + 1, &cap, sizeof *s->clause_of);
        cap = 0;
        s->negation = scan_grow(s->negation, s->unit_count + 1, &cap, sizeof *s->negation);
        cap = 0;
        s->negator = scan_grow(s->negator, s->unit_count + 1, &cap, sizeof *s->negator);
        s->structure_cap = s->unit_count + 1;
    }
    memset(s->negation, 0, s->unit_count + 1);
    s->clause_of[s->unit_count] = 0;
    cut_clauses(s);
    if (!(s->roles & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER)))
        return;
    for (size_t g = 0; g < s->grammar_count; g++)
        if (hit_roles(s, &s->grammar[g]) & ROLE_PSEUDO)
            cover(s, &s->grammar[g]);
    uint32_t taken = 0; /* units up to here belong to a longer negator */
    for (uint32_t g = 0; g < s->grammar_count; g++) {
        const struct hit *h = &s->grammar[g];
        if (!is_negator(s, h) || h->first < taken || (s->negation[h->first] & COVERED))
            continue;
        uint32_t best = g; /* of those starting here the longest: 没有 rather than 没 */
        for (uint32_t k = g + 1; k < s->grammar_count && s->grammar[k].first == h->first; k++)
            if (is_negator(s, &s->grammar[k]) && s->grammar[k].units > s->grammar[best].units)
                best = k;
        taken = h->first + s->grammar[best].units;
        reach(s, best, hit_roles(s, &s->grammar[best]) & ROLE_NEGATOR_AFTER);
    }
    for (size_t i = 0; i < s->unit_count; i++)
        s->negation[i] &= 1;
}
