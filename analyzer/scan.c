/* scan.c: one post through all steps: fold, cut, match, negate, rules, sums, classes. */
#include "analyzer/scan.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/scan_rule.h"
#include "analyzer/score.h"
#include "core/limits.h"

void *scan_grow(void *items, size_t need, size_t *cap, size_t size)
{
    size_t n = *cap ? *cap : 64;
    while (n < need)
        n *= 2;
    items = realloc(items, n * size);
    if (!items)
        abort();
    *cap = n;
    return items;
}

static void *zeroed(size_t count, size_t size)
{
    void *p = calloc(count + 1, size);
    if (!p)
        abort();
    return p;
}

struct scanner *scan_new(const struct ruleset *rs)
{
    const struct image *m = rs->image;
    struct scanner *s = zeroed(1, sizeof *s);
    s->rs = rs;
    s->m = m;
    s->run = regex_run_new();
    s->add_rows = rows_adder();
    s->chains = zeroed(m->sets, sizeof *s->chains);
    s->once = zeroed(m->sections[SEC_NODES].count / 32 + 1, sizeof *s->once);
    s->awake_words = m->sections[SEC_RULES].count / 64 + 1;
    s->awake = zeroed(s->awake_words, sizeof *s->awake);
    s->regex_states = zeroed(m->sections[SEC_REGEXES].count, sizeof *s->regex_states);
    s->known = zeroed(m->known_words, sizeof *s->known);
    s->group_fired = zeroed(m->groups, sizeof *s->group_fired);
    for (const char *b = m->breaks; *b; b++)
        s->breaks[*b & 127] = true;
    const struct image_source *src = IMAGE(m, SOURCES, struct image_source);
    for (uint32_t i = 0; i < m->sections[SEC_SOURCES].count; i++)
        s->contrast_weighs = s->contrast_weighs || src[i].before != 256 || src[i].after != 256;
    return s;
}

void scan_free(struct scanner **at)
{
    struct scanner *s = *at;
    if (!s)
        return;
    regex_run_free(&s->run);
    arena_free(&s->own);
    void *owned[] = {s->text, s->units, s->met, s->kept, s->odd, s->hits, s->grammar, s->links, s->touched,
                     s->chains, s->once, s->awake, s->clause_of, s->negation, s->negator,
                     s->clauses, s->regex_states, s->regexes_done, s->matches, s->places,
                     s->fired, s->known, s->group_fired, s->map, s};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free(owned[i]);
    *at = NULL;
}

/* Only what the last post touched is cleaned: most of the tables it never saw. */
static void reset(struct scanner *s)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    score_forget(s);
    for (size_t i = 0; i < s->touched_count; i++)
        s->chains[s->touched[i]] = (struct chain){0, 0};
    for (size_t i = 0; i < s->regexes_done_count; i++)
        s->regex_states[s->regexes_done[i]].done = false;
    for (size_t i = 0; i < s->fired_count; i++)
        s->group_fired[rules[s->fired[i].rule].group_number] = 0;
    memset(s->known, 0, s->m->known_words * sizeof *s->known);
    s->met_count = s->hits_count = s->grammar_count = s->links_count = s->touched_count = 0;
    s->clauses_count = s->regexes_done_count = 0;
    s->matches_count = s->places_count = s->fired_count = 0;
    s->judged = false;
    s->english = s->foreign = s->roles = s->seen = 0;
    memset(&s->fold, 0, sizeof s->fold);
}

static void fold_fields(struct scanner *s)
{
    const struct post *p = s->post;
    size_t need = fold_bound(p->title.len) + fold_bound(p->text.len) + UNITS_PAD + 1;
    if (need > s->text_cap) {
        free(s->text); /* nothing in it is worth copying */
        s->text = NULL;
        s->text_cap = 0;
        s->text = scan_grow(NULL, need, &s->text_cap, 1);
    }
    size_t n = 0;
    if (p->title.len) {
        n = fold_text(p->title, s->text, &s->fold);
        s->text[n++] = '\n';
    }
    s->title_len = n;
    n += fold_text(p->text, s->text + n, &s->fold);
    s->text_len = n;
    memset(s->text + n, ' ', UNITS_PAD);
    if (n + UNITS_BEHIND > s->unit_cap) {
        free(s->units);
        s->unit_cap = 0;
        s->units = scan_grow(NULL, n + UNITS_BEHIND, &s->unit_cap, sizeof *s->units);
    }
    s->title_units = s->title_len ? units_cut(s->text, s->title_len, s->units, s->title_len) : 0;
    s->unit_count = s->title_units;
    size_t more = units_cut(s->text + s->title_len, n - s->title_len,
                            s->units + s->title_units, n - s->title_len);
    if (s->title_len)
        for (size_t i = 0; i < more; i++)
            s->units[s->title_units + i].start += (uint32_t)s->title_len;
    s->unit_count += more;
    memset(s->units + s->unit_count, 0, UNITS_BEHIND * sizeof *s->units);
    if (s->unit_count + CLAUSE_PAD > s->structure_cap) {
        size_t cap = 0, want = s->unit_count + CLAUSE_PAD;
        s->clause_of = scan_grow(s->clause_of, want, &cap, sizeof *s->clause_of);
        cap = 0;
        s->negation = scan_grow(s->negation, want, &cap, sizeof *s->negation);
        cap = 0;
        s->negator = scan_grow(s->negator, want, &cap, sizeof *s->negator);
        s->structure_cap = want;
    }
}

static void find_language(struct scanner *s)
{
    struct lang_evidence e = {&s->fold, s->words, s->english, s->foreign, s->post->lang};
    s->lang = lang_detect(&e);
    uint32_t han = 0;
    for (int t = FOLD_HAN; t <= FOLD_KANA; t++)
        han += s->fold.tags[t];
    s->chars = (uint32_t)s->text_len - han * 2;
}

static bool mostly_capitals(const struct scanner *s)
{
    if (s->fold.upper < 8)
        return false;
    uint32_t letters = 0;
    for (size_t i = 0; i < s->unit_count; i++)
        if (s->units[i].kind == UNIT_WORD)
            letters += s->units[i].len;
    return s->fold.upper * 10 >= letters * 6;
}

static void add_gate(struct scanner *s, uint32_t node, uint32_t unit)
{
    if (node == IMAGE_NONE)
        return;
    struct hit h = {.node = node, .first = unit, .units = 1};
    h.negated = s->unit_count && s->negation[unit];
    score_add_hit(s, &h);
    SCAN_PUSH(s, hits) = h;
}

/* Signs that are true of the whole post stand at its first unit. */
static void add_gates(struct scanner *s)
{
    static const enum gate of_lang[LANGS] = {GATE_EN, GATE_HANS, GATE_HANT, GATE_YUE, GATE_OTHER};
    uint32_t whole = 1u << of_lang[s->lang];
    double stars = s->post->stars;
    if (stars >= 0.5 && stars < 5.5)
        whole |= 1u << (GATE_STARS1 + (int)(stars + 0.5) - 1);
    if (mostly_capitals(s))
        whole |= 1u << GATE_CAPS;
    if (s->unit_count <= 8)
        whole |= 1u << GATE_SHORT;
    if (s->unit_count >= 120)
        whole |= 1u << GATE_TALL;
    if (s->roles & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER))
        whole |= 1u << GATE_NEGATED;
    uint32_t all = s->seen | whole;
    enum lang_family family = lang_family(s->lang);
    for (uint32_t left = all; left; left &= left - 1) {
        unsigned g = (unsigned)__builtin_ctz(left);
        uint32_t unit = s->seen >> g & 1 ? s->gate_unit[g] : 0;
        add_gate(s, s->m->gates[FAMILY_BOTH][g], unit);
        if (family != FAMILY_BOTH)
            add_gate(s, s->m->gates[family][g], unit);
    }
    s->seen = all;
}

/* Plain words, and the units that are neither words nor characters. */
static void survey(struct scanner *s)
{
    if (s->unit_count + 1 > s->odd_cap)
        s->odd = scan_grow(s->odd, s->unit_count + 1, &s->odd_cap, sizeof *s->odd);
    uint32_t words = 0;
    size_t odd = 0;
    for (size_t i = 0; i < s->unit_count; i++) {
        words += s->units[i].kind == UNIT_WORD;
        s->odd[odd] = (uint32_t)i;
        odd += unit_is_odd(&s->units[i]);
    }
    s->words = words;
    s->odd_count = odd;
}

enum df_rc scan_post(struct scanner *s, const struct post *p, unsigned flags, struct arena *a,
                     struct verdict *out, struct err *err)
{
    *out = (struct verdict){.id = p->id, .ruleset = ruleset_digest(s->rs),
                            .sentiment = SENTIMENT_NEUTRAL, .urgency = URGENCY_P4,
                            .category = CATEGORY_OTHER, .ask = ASK_NONE, .motive = MOTIVE_NONE};
    if (p->text.len > DF_MAX_POST_TEXT)
        return err_set(err, DF_REJECT, "text is over DF_MAX_POST_TEXT (%zu bytes)",
                       DF_MAX_POST_TEXT);
    if (p->title.len > DF_MAX_POST_TITLE)
        return err_set(err, DF_REJECT, "title is over DF_MAX_POST_TITLE (%zu bytes)",
                       DF_MAX_POST_TITLE);
    reset(s);
    s->post = p;
    s->brief = flags & SCAN_BRIEF;
    fold_fields(s);
    survey(s);
    match_units(s);
    find_clauses(s);
    score_met(s);
    find_language(s);
    const int32_t *bias = s->m->bias[lang_family(s->lang)];
    for (int i = 0; i < SLOTS; i++)
        s->learned[i] += bias[i];
    add_gates(s);
    join_sets(s);
    rules_run(s);
    composites_run(s, false);
    silences_apply(s);
    score_sum(s, 0);
    size_t before = s->fired_count;
    if (s->m->has_late)
        composites_run(s, true);
    if (s->fired_count > before)
        score_sum(s, silences_apply(s) ? 0 : before);
    score_verdict(s, out);
    out->lang = str_of(lang_name(s->lang));
    if (!s->brief)
        explain_post(s, a, out);
    return DF_OK;
}
