/* rule_lint.c: what is probably a mistake in rules, whether or not they load. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/rule_check.h"
#include "analyzer/rule_lint.h"

static void warn(struct src *s, struct src_place at, const char *what, struct str name)
{
    src_fault(s, DIAG_WARNING, at, what, STR_FMT(name));
}

static bool looks_like_regex(struct str t)
{
    return str_find(t, STR("\\b")) >= 0 || str_find(t, STR(".*")) >= 0 ||
           str_find(t, STR("(?:")) >= 0 || str_find(t, STR("\\d")) >= 0 ||
           str_find(t, STR("|")) >= 0;
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

static bool same_post(const struct post *a, const struct post *b)
{
    return str_eq(a->text, b->text) && str_eq(a->title, b->title) &&
           str_eq(a->channel, b->channel) &&
           (a->stars == b->stars || (isnan(a->stars) && isnan(b->stars)));
}

static void lint_examples(struct src *s, const struct src_rule *r)
{
    bool yes = false, no = false;
    for (size_t i = 0; i < r->example_count; i++) {
        const struct src_example *x = &r->examples[i];
        yes = yes || x->yes;
        no = no || !x->yes;
        for (size_t k = 0; k < i; k++) {
            const struct src_example *y = &r->examples[k];
            if (x->yes != y->yes && same_post(&x->post, &y->post))
                warn(s, x->at, "'%.*s' stands under both `yes` and `no`", x->post.text);
        }
    }
    if (!yes || !no)
        warn(s, r->at, yes ? "rule %.*s has no `no` example" : "rule %.*s has no `yes` example",
             r->id);
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
    bool any_alone = r->any.count && !r->all_count && !r->near_count && !r->regex.count;
    if (any_alone && !r->expr.len) {
        lint_cancelled(s, &r->any, &r->unless, "unless");
        lint_cancelled(s, &r->any, &r->never, "unless_anywhere");
    }
    lint_examples(s, r);
}

static bool in_pack(struct src_place at, const char *pack)
{
    return !pack || str_is(rule_pack(str_of(at.file)), pack);
}

/* --- dead rules: nothing comes of them --- */

static struct src_place place_of(const struct src *s, struct str id)
{
    for (size_t i = s->rule_count; i-- > 0;)
        if (str_eq(s->rules[i].id, id))
            return s->rules[i].at;
    return (struct src_place){0};
}

static void lint_dead(struct src *s, const struct image *m, const char *pack)
{
    const struct image_rule *rules = IMAGE(m, RULES, struct image_rule);
    for (uint32_t i = 0; i < m->sections[SEC_RULES].count; i++) {
        const struct image_rule *r = &rules[i];
        struct str id = image_str(m, r->id);
        bool effect = r->weight_count || r->fact.len || r->silences.count || r->severity.len;
        struct src_place at = place_of(s, id);
        if (!effect && !r->referred && in_pack(at, pack))
            warn(s, at,
                 "rule %.*s sets nothing, states no fact, and no rule refers to it", id);
    }
}

void rule_lint(const struct ruleset_spec *spec, const char *pack, struct diags *diags)
{
    struct arena *a = arena_new();
    struct src *s = ruleset_read(spec, a, diags);
    struct image *m = image_compile(s);
    for (size_t i = 0; i < s->rule_count; i++)
        if (!s->rules[i].disabled && in_pack(s->rules[i].at, pack))
            lint_rule(s, &s->rules[i]);
    for (size_t i = 0; i < s->list_count; i++) {
        if (!in_pack(s->lists[i].at, pack))
            continue;
        lint_items(s, &s->lists[i].items);
        if (m && !s->lists[i].used) /* a rule with a fault may not have asked for its own */
            warn(s, s->lists[i].at, "list $%.*s is used nowhere", s->lists[i].name);
    }
    if (m)
        lint_dead(s, m, pack);
    free(m);
    arena_free(&a);
}
