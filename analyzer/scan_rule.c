/* scan_rule.c: the rules whose trigger was hit, looked at closely: places where all parts of the
 * match hold, minus those a negation or an exception silences. */
#include "analyzer/scan_rule.h"

#include <stdlib.h>

#include "core/limits.h"

struct look {
    struct scanner *s;
    const struct image_rule *r;
    uint32_t number;
    uint32_t from; /* first place of this rule in s->places */
    bool limited;
};

static const uint32_t *numbers(const struct scanner *s, struct image_list l)
{
    return IMAGE(s->m, NUMBERS, uint32_t) + l.at;
}

bool set_hit(const struct scanner *s, uint32_t set)
{
    return s->chains[set].head != 0;
}

static bool where_holds(const struct scanner *s, const struct image_rule *r)
{
    const struct post *p = s->post;
    if (!(r->flags & RULE_WHERE))
        return true;
    if (r->langs && !(r->langs >> s->lang & 1))
        return false;
    if (r->min_len && s->chars < r->min_len)
        return false;
    if (r->stars_min >= 0 && !(p->stars * 10 >= r->stars_min - 0.01))
        return false; /* NaN, no stars, fails too */
    if (r->stars_max >= 0 && !(p->stars * 10 <= r->stars_max + 0.01))
        return false;
    if (r->channels.count == 0)
        return true;
    const uint32_t *n = numbers(s, r->channels);
    for (uint32_t i = 0; i < r->channels.count; i++)
        if (str_eq(p->channel, image_str(s->m, (struct image_text){n[2 * i], n[2 * i + 1]})))
            return true;
    return false;
}

/* --- regular expressions: each runs at most once a post --- */

static const struct regex *regex_get(const struct scanner *s, uint32_t number)
{
    struct regex **at = &s->rs->regexes[number];
    struct regex *re = __atomic_load_n(at, __ATOMIC_ACQUIRE);
    if (re)
        return re;
    const struct image_regex *ir = IMAGE(s->m, REGEXES, struct image_regex) + number;
    struct regex *fresh;
    if (regex_new(image_str(s->m, ir->pattern), &fresh, NULL) != DF_OK)
        abort(); /* it compiled when the rules were loaded */
    if (!__atomic_compare_exchange_n(at, &re, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        regex_free(&fresh);
        return re;
    }
    return fresh;
}

const struct regex_state *regex_run_once(struct scanner *s, uint32_t number)
{
    struct regex_state *st = &s->regex_states[number];
    if (st->done)
        return st;
    *st = (struct regex_state){.first = (uint32_t)s->matches_count, .done = true};
    SCAN_PUSH(s, regexes_done) = number;
    const struct image_regex *ir = IMAGE(s->m, REGEXES, struct image_regex) + number;
    if ((ir->set != IMAGE_NONE && !set_hit(s, ir->set)) || (ir->gate & ~s->seen))
        return st;
    struct str text = {s->text, s->text_len};
    if (text.len > DF_MAX_REGEX_TEXT) {
        text.len = DF_MAX_REGEX_TEXT;
        while (text.len && (text.ptr[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    struct regex_match m;
    uint32_t from = 0;
    while (st->count < 8 && regex_find(regex_get(s, number), s->run, text, from, &m) == DF_OK) {
        SCAN_PUSH(s, matches) = m;
        st->count++;
        from = m.end;
    }
    return st;
}

uint32_t unit_at(const struct scanner *s, uint32_t byte)
{
    size_t lo = 0, hi = s->unit_count; /* the last unit that starts at or before byte */
    while (lo + 1 < hi) {
        size_t mid = (lo + hi) / 2;
        if (s->units[mid].start <= byte)
            lo = mid;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static struct place match_place(const struct scanner *s, const struct regex_match *m)
{
    return (struct place){unit_at(s, m->start), unit_at(s, m->end - 1) + 1};
}

/* --- places --- */

static void add_place(struct look *k, struct place p)
{
    if (k->s->places_count - k->from < DF_MAX_INSTANCES)
        SCAN_PUSH(k->s, places) = p;
}

static struct place hit_place(const struct scanner *s, uint32_t link)
{
    const struct hit *h = &s->hits[s->links[link - 1].hit];
    return (struct place){h->first, h->first + h->units};
}

static void places_of_set(struct look *k, uint32_t set)
{
    for (uint32_t l = k->s->chains[set].head; l; l = k->s->links[l - 1].next)
        add_place(k, hit_place(k->s, l));
}

static void places_of_regexes(struct look *k)
{
    const uint32_t *n = numbers(k->s, k->r->regexes);
    for (uint32_t i = 0; i < k->r->regexes.count; i++) {
        const struct regex_state *st = regex_run_once(k->s, n[i]);
        for (uint32_t j = 0; j < st->count; j++)
            add_place(k, match_place(k->s, &k->s->matches[st->first + j]));
    }
}

static uint32_t distance(const struct scanner *s, struct place a, struct place b)
{
    uint32_t from = a.end <= b.first ? a.end : b.end, to = a.end <= b.first ? b.first : a.first;
    uint32_t d = 0;
    for (uint32_t i = from; i < to; i++)
        d += s->units[i].kind == UNIT_CHAR ? 1 : s->units[i].kind == UNIT_SIGN ? 0 : 2;
    return d;
}

/* From every hit of the first list, the nearest hit of each further one. */
static void places_near(struct look *k)
{
    struct scanner *s = k->s;
    const uint32_t *sets = numbers(s, k->r->near);
    uint32_t limit = (uint32_t)k->r->near_words * 2;
    int tried = 0;
    for (uint32_t l = s->chains[sets[0]].head; l && tried < DF_MAX_INSTANCES;
         l = s->links[l - 1].next, tried++) {
        struct place whole = hit_place(s, l);
        bool all = true;
        for (uint32_t g = 1; g < k->r->near.count && all; g++) {
            struct place best = {0, 0};
            uint32_t least = limit + 1;
            int seen = 0;
            for (uint32_t h = s->chains[sets[g]].head; h && seen < DF_MAX_INSTANCES;
                 h = s->links[h - 1].next, seen++) {
                struct place p = hit_place(s, h);
                bool before = p.end <= whole.first, after = p.first >= whole.end;
                if ((!before && !after) || (before && (k->r->flags & RULE_ORDERED)))
                    continue;
                uint32_t gap = before ? whole.first - p.end : p.first - whole.end;
                uint32_t d = gap > limit * 2 ? limit + 1 : distance(s, whole, p);
                if (d < least) {
                    least = d;
                    best = p;
                }
            }
            all = best.end != 0;
            if (all && best.first < whole.first)
                whole.first = best.first;
            if (all && best.end > whole.end)
                whole.end = best.end;
        }
        if (all)
            add_place(k, whole);
    }
}

/* --- conditions on a place --- */

static bool in_clauses(const struct scanner *s, struct place p, struct place of)
{
    return s->clause_of[p.first] >= s->clause_of[of.first] &&
           s->clause_of[p.first] <= s->clause_of[of.end - 1];
}

static bool set_in_clause(const struct scanner *s, uint32_t set, struct place of, uint32_t *hit)
{
    for (uint32_t l = s->chains[set].head; l; l = s->links[l - 1].next)
        if (in_clauses(s, hit_place(s, l), of)) {
            *hit = s->links[l - 1].hit;
            return true;
        }
    return false;
}

static bool others_in_clause(struct look *k, struct place p)
{
    struct scanner *s = k->s;
    uint32_t ignored;
    if (k->r->any != IMAGE_NONE && !set_in_clause(s, k->r->any, p, &ignored))
        return false;
    const uint32_t *all = numbers(s, k->r->all);
    for (uint32_t i = 0; i < k->r->all.count; i++)
        if (!set_in_clause(s, all[i], p, &ignored))
            return false;
    if (k->r->regexes.count == 0)
        return true;
    const uint32_t *n = numbers(s, k->r->regexes);
    for (uint32_t i = 0; i < k->r->regexes.count; i++) {
        const struct regex_state *st = regex_run_once(s, n[i]);
        for (uint32_t j = 0; j < st->count; j++)
            if (in_clauses(s, match_place(s, &s->matches[st->first + j]), p))
                return true;
    }
    return false;
}

/* True when the place counts; else how and by what it is silenced. */
static bool place_holds(struct look *k, struct place p, enum silence *how, uint32_t *by)
{
    struct scanner *s = k->s;
    const struct image_rule *r = k->r;
    bool negated = s->negation[p.first];
    *by = s->negator[p.first];
    if (negated && (r->flags & RULE_NEGATABLE)) {
        *how = SILENCE_NEGATED;
        return false;
    }
    *how = SILENCE_NOT_NEGATED;
    if (!negated && (r->flags & RULE_ONLY_NEGATED))
        return false;
    const struct clause *c = &s->clauses[s->clause_of[p.end - 1]];
    *how = SILENCE_QUOTED;
    if (c->quoted && !(r->flags & RULE_QUOTED))
        return false;
    *how = SILENCE_QUESTION;
    if (((r->flags & RULE_QUESTION) && !c->question) ||
        ((r->flags & RULE_NO_QUESTION) && c->question))
        return false;
    *how = SILENCE_HYPOTHETIC;
    if ((r->flags & RULE_STATED) &&
        (c->hypothetic || s->clauses[s->clause_of[p.first]].hypothetic))
        return false;
    *how = SILENCE_UNLESS;
    for (uint32_t i = 0; i < r->unless.count; i++)
        if (set_in_clause(s, numbers(s, r->unless)[i], p, by))
            return false;
    for (uint32_t i = 0; i < r->unless_regex.count; i++) {
        const struct regex_state *st = regex_run_once(s, numbers(s, r->unless_regex)[i]);
        for (uint32_t j = 0; j < st->count; j++)
            if (in_clauses(s, match_place(s, &s->matches[st->first + j]), p)) {
                *by = IMAGE_NONE;
                return false;
            }
    }
    return true;
}

static bool cancelled(struct look *k, uint32_t *by)
{
    struct scanner *s = k->s;
    for (uint32_t i = 0; i < k->r->never.count; i++) {
        uint32_t set = numbers(s, k->r->never)[i];
        if (set_hit(s, set)) {
            *by = s->links[s->chains[set].head - 1].hit;
            return true;
        }
    }
    for (uint32_t i = 0; i < k->r->never_regex.count; i++)
        if (regex_run_once(s, numbers(s, k->r->never_regex)[i])->count) {
            *by = IMAGE_NONE;
            return true;
        }
    return false;
}

/* The strongest "very" or "a bit" right before the place (or within it), and whether the clause
 * stands after a "but". */
static int32_t factor_of(const struct scanner *s, struct place p)
{
    int32_t f = 256;
    if (!(s->roles & (ROLE_INTENSITY | ROLE_CONTRAST)))
        return f;
    for (size_t g = 0; g < s->grammar_count; g++) {
        const struct hit *h = &s->grammar[g];
        if (h->first > p.end)
            break;
        if ((hit_roles(s, h) & ROLE_INTENSITY) && h->first + h->units + 2 >= p.first &&
            h->first + h->units <= p.end)
            f = f * hit_record(s, h)->factor / 256;
    }
    uint16_t clause = s->clause_of[p.first];
    bool after = s->clauses[clause].contrast, before = false;
    if (!after && (size_t)clause + 1 < s->clauses_count)
        before = s->clauses[clause + 1].contrast;
    if (after)
        f = f * s->m->contrast_after / 256;
    else if (before)
        f = f * s->m->contrast_before / 256;
    return f < 64 ? 64 : f > 1024 ? 1024 : f;
}

static void rule_fire(struct scanner *s, uint32_t number)
{
    uint32_t group = IMAGE(s->m, RULES, struct image_rule)[number].group_number;
    s->group_fired[group]++;
    s->judged = s->judged || (IMAGE(s->m, RULES, struct image_rule)[number].flags & RULE_JUDGES);
    known_set(s, known_rule(s, number));
    known_set(s, known_group(group));
}

void rule_take_back(struct scanner *s, uint32_t number)
{
    uint32_t group = IMAGE(s->m, RULES, struct image_rule)[number].group_number;
    known_clear(s, known_rule(s, number));
    if (--s->group_fired[group] == 0)
        known_clear(s, known_group(group));
}

static void record(struct look *k, const struct fired *f)
{
    struct scanner *s = k->s;
    if (!f->silenced)
        rule_fire(s, k->number);
    SCAN_PUSH(s, fired) = *f;
}

static void judge_places(struct look *k)
{
    struct scanner *s = k->s;
    struct fired f = {.rule = k->number, .places = k->from, .factor = 64};
    size_t n = s->places_count - k->from, kept = 0;
    if (n == 0)
        return;
    if (cancelled(k, &f.by)) {
        f.silenced = true;
        f.how = SILENCE_NEVER;
        f.place_count = (uint32_t)n;
        record(k, &f);
        return;
    }
    bool field = k->r->flags & (RULE_TEXT | RULE_TITLE);
    enum silence how = SILENCE_NEGATED;
    uint32_t by = 0;
    bool silenced = false;
    struct place first_silenced = {0, 0};
    for (size_t i = 0; i < n; i++) {
        struct place p = s->places[k->from + i];
        if (field && ((p.first < s->title_units) != !(k->r->flags & RULE_TEXT)))
            continue;
        if ((k->r->flags & RULE_CLAUSE) && !others_in_clause(k, p))
            continue;
        if (!place_holds(k, p, &how, &by)) {
            if (!silenced) {
                f.how = how;
                f.by = by;
                first_silenced = p;
            }
            silenced = true;
            continue;
        }
        int32_t factor = factor_of(s, p);
        if (factor > f.factor)
            f.factor = factor;
        s->places[k->from + kept++] = p;
    }
    f.place_count = (uint32_t)kept;
    if (kept == 0) {
        if (!silenced || (k->r->flags & RULE_ONLY_NEGATED))
            return;
        s->places[k->from] = first_silenced;
        f.place_count = 1;
        f.silenced = true;
    }
    record(k, &f);
}

static bool all_present(struct look *k)
{
    struct scanner *s = k->s;
    const struct image_rule *r = k->r;
    if (r->any != IMAGE_NONE && !set_hit(s, r->any))
        return false;
    if (!(r->flags & RULE_PARTS))
        return true;
    for (uint32_t i = 0; i < r->all.count; i++)
        if (!set_hit(s, numbers(s, r->all)[i]))
            return false;
    for (uint32_t i = 0; i < r->near.count; i++)
        if (!set_hit(s, numbers(s, r->near)[i]))
            return false;
    return true;
}

bool rule_matches_text(const struct image_rule *r)
{
    return r->any != IMAGE_NONE || (r->flags & RULE_PARTS);
}

void rule_look(struct scanner *s, uint32_t number)
{
    struct look k = {.s = s, .r = IMAGE(s->m, RULES, struct image_rule) + number,
                     .number = number, .from = (uint32_t)s->places_count};
    const struct image_rule *r = k.r;
    if ((s->brief && (r->flags & RULE_SHOWN)) || !all_present(&k) || !where_holds(s, r))
        return;
    if (!rule_matches_text(r)) { /* only a `where`, or a composite */
        record(&k, &(struct fired){.rule = number, .places = k.from, .factor = 256});
        return;
    }
    if (r->regexes.count) {
        places_of_regexes(&k);
        if (s->places_count == k.from)
            return;
        if (r->near.count || r->any != IMAGE_NONE || r->all.count)
            s->places_count = k.from; /* the pattern must be there; the phrases are the places */
    }
    if (r->near.count)
        places_near(&k);
    else if (r->any != IMAGE_NONE)
        places_of_set(&k, r->any);
    else if (r->all.count)
        places_of_set(&k, numbers(s, r->all)[0]);
    judge_places(&k);
}

static void look_list(struct scanner *s, uint32_t at, uint32_t count)
{
    const uint32_t *n = IMAGE(s->m, NUMBERS, uint32_t) + at;
    for (uint32_t i = 0; i < count; i++)
        rule_look(s, n[i]);
}

void rules_run(struct scanner *s)
{
    const uint32_t *gated = IMAGE(s->m, NUMBERS, uint32_t) + s->m->gate_regexes;
    for (uint32_t i = 0; (s->seen >> GATE_NUMBER & 1) && i < s->m->gate_regex_count; i++)
        s->awake[gated[i] / 64] |= 1ull << gated[i] % 64;
    for (uint32_t w = 0; w < s->awake_words; w++) {
        for (uint64_t left = s->awake[w]; left; left &= left - 1)
            rule_look(s, w * 64 + (uint32_t)__builtin_ctzll(left));
        s->awake[w] = 0;
    }
    look_list(s, s->m->bare_rules, s->m->bare_count);
}
