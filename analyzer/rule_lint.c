/* rule_lint.c: what is probably a mistake in rules that load without error. */
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/rule_check.h"
#include "analyzer/scan.h"

static void warn(struct src *s, struct src_place at, const char *what, struct str name)
{
    src_fault(s, DIAG_WARNING, at, what, STR_FMT(name));
}

/* --- patterns --- */

/* A repeated group that itself ends in a repetition, (a+)+ or (\w*\s?)*: many ways to match the
 * same text. Depth-first over the brackets; escapes and classes are stepped over. */
static bool nested_repeat(struct str p)
{
    bool inner[64] = {false};
    int depth = 0;
    bool in_class = false;
    for (size_t i = 0; i < p.len; i++) {
        char c = p.ptr[i];
        if (c == '\\') {
            i++;
        } else if (in_class) {
            in_class = c != ']';
        } else if (c == '[') {
            in_class = true;
            i += i + 1 < p.len && p.ptr[i + 1] == ']';
        } else if (c == '(' && depth < 63) {
            inner[++depth] = false;
        } else if (c == ')' && depth > 0) {
            bool repeated = i + 1 < p.len && (p.ptr[i + 1] == '*' || p.ptr[i + 1] == '+');
            if (repeated && inner[depth])
                return true;
            bool was = inner[depth--];
            inner[depth] = inner[depth] || was || repeated;
        } else if (c == '*' || c == '+') {
            inner[depth] = true;
        }
    }
    return false;
}

static void lint_pattern(struct src *s, const struct src_item *it, struct str p)
{
    if (str_find(p, STR("(i?)")) >= 0 || str_find(p, STR("(?i)")) >= 0)
        warn(s, it->at, "'%.*s': text is folded to small letters already; (i?) matches an i",
             p);
    bool in_class = false, wide_class = false;
    size_t opened = 0;
    for (size_t i = 0; i < p.len; i++) {
        char c = p.ptr[i];
        if (c == '\\') {
            i++;
            continue;
        }
        if (!in_class && c == '[') {
            in_class = true;
            opened = i;
        } else if (in_class && c == ']' && i > opened + 1) {
            in_class = false;
            wide_class = wide_class || i - opened > 60;
        } else if (in_class && (c == '(' || c == '|')) {
            wide_class = true;
        }
        if (c >= 'A' && c <= 'Z' && !(i > 0 && p.ptr[i - 1] == '\\') && !in_class) {
            warn(s, it->at, "'%.*s': a capital never matches folded text", p);
            break;
        }
    }
    if (wide_class)
        warn(s, it->at, "'%.*s': a [ swallows ( or |; did you mean (?:…|…)?", p);
    if (nested_repeat(p))
        warn(s, it->at, "'%.*s': a repeated group that repeats inside may take very long", p);
}

/* --- phrases --- */

static bool looks_like_regex(struct str t)
{
    return str_find(t, STR("\\b")) >= 0 || str_find(t, STR(".*")) >= 0 ||
           str_find(t, STR("(?:")) >= 0 || str_find(t, STR("\\d")) >= 0 ||
           str_find(t, STR("|")) >= 0;
}

/* The phrase as matching sees it; NULL memory when it has none. */
struct folded_phrase {
    uint64_t hash[16];
    int n;
    const struct src_item *item;
};

static bool contains(const struct folded_phrase *longer, const struct folded_phrase *shorter)
{
    for (int i = 0; i + shorter->n <= longer->n; i++)
        if (memcmp(longer->hash + i, shorter->hash, (size_t)shorter->n * sizeof(uint64_t)) == 0)
            return true;
    return false;
}

/* A phrase that holds another phrase of the same list adds nothing. */
static void lint_shadows(struct src *s, const struct src_items *items)
{
    struct folded_phrase *all = calloc(items->count + 1, sizeof *all);
    size_t n = 0;
    if (!all || items->count > 3000) { /* quadratic; nobody reads such a list for beauty */
        free(all);
        return;
    }
    for (size_t i = 0; i < items->count; i++) {
        struct str stem_text[16];
        uint32_t stems;
        struct str t = items->items[i].text;
        if (t.ptr[0] == '$' || t.ptr[0] == '/' || t.ptr[0] == '<')
            continue;
        all[n].item = &items->items[i];
        all[n].n = phrase_units(s->arena, t, all[n].hash, &stems, stem_text);
        n += all[n].n > 0;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (i != k && all[k].n <= all[i].n && contains(&all[i], &all[k]) &&
                (all[k].n < all[i].n || k < i)) {
                src_fault(s, DIAG_WARNING, all[i].item->at,
                          "'%.*s' is matched by '%.*s' of the same list already",
                          STR_FMT(all[i].item->text), STR_FMT(all[k].item->text));
                break;
            }
    free(all);
}

static void lint_items(struct src *s, const struct src_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct src_item *it = &items->items[i];
        bool slashes = it->text.len > 2 && it->text.ptr[0] == '/' &&
                       it->text.ptr[it->text.len - 1] == '/';
        if (slashes)
            lint_pattern(s, it, str_sub(it->text, 1, it->text.len - 2));
        else if (looks_like_regex(it->text))
            warn(s, it->at, "'%.*s' looks like a pattern but stands among phrases", it->text);
    }
    lint_shadows(s, items);
}

static void lint_rule(struct src *s, const struct src_rule *r)
{
    lint_items(s, &r->any);
    lint_items(s, &r->unless);
    lint_items(s, &r->never);
    for (int i = 0; i < r->all_count; i++)
        lint_items(s, &r->all[i]);
    for (int i = 0; i < r->near_count; i++)
        lint_items(s, &r->near[i]);
    for (size_t i = 0; i < r->regex.count; i++)
        lint_pattern(s, &r->regex.items[i], r->regex.items[i].text);
    bool yes = false, no = false;
    for (size_t i = 0; i < r->example_count; i++) {
        yes = yes || r->examples[i].yes;
        no = no || !r->examples[i].yes;
    }
    if (!yes || !no)
        warn(s, r->at, yes ? "rule %.*s has no `no` example" : "rule %.*s has no `yes` example",
             r->id);
}

/* --- dead rules: nothing comes of them --- */

static bool referred(const struct image *m, uint32_t number)
{
    return (IMAGE(m, RULES, struct image_rule) + number)->referred;
}

static void lint_dead(struct src *s, const struct image *m)
{
    const struct image_rule *rules = IMAGE(m, RULES, struct image_rule);
    for (uint32_t i = 0; i < m->sections[SEC_RULES].count; i++) {
        const struct image_rule *r = &rules[i];
        struct str file = image_str(m, r->file);
        struct src_place at = {arena_strz(s->arena, file), (int)r->line, 1};
        bool effect = r->weight_count || r->fact.len || r->silences.count || r->severity.len;
        if (!effect && !referred(m, i))
            warn(s, at, "rule %.*s sets nothing, states no fact, and no rule refers to it",
                 image_str(m, r->id));
    }
}

void rule_lint(const struct ruleset_spec *spec, struct diags *diags)
{
    struct arena *a = arena_new();
    struct src *s = ruleset_read(spec, a, diags);
    struct image *m = image_compile(s);
    if (m) {
        for (size_t i = 0; i < s->rule_count; i++)
            if (!s->rules[i].disabled)
                lint_rule(s, &s->rules[i]);
        for (size_t i = 0; i < s->list_count; i++) {
            lint_items(s, &s->lists[i].items);
            if (!s->lists[i].used)
                warn(s, s->lists[i].at, "list $%.*s is used nowhere", s->lists[i].name);
        }
        lint_dead(s, m);
    }
    free(m);
    arena_free(&a);
}
