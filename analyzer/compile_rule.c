/* compile_rule.c: rules to their records: sets, triggers, weights, references. */
#include <math.h>

#include "analyzer/compile.h"
#include "core/digest.h"
#include "core/limits.h"

struct image_text text_put(struct compiler *c, struct str s)
{
    if (s.len == 0)
        return (struct image_text){0, 0};
    uint64_t key = hash64(s);
    uint32_t at = map_find(&c->string_map, key);
    if (at && at - 1 + s.len <= c->strings_count &&
        memcmp(c->strings + at - 1, s.ptr, s.len) == 0)
        return (struct image_text){at - 1, (uint32_t)s.len};
    uint32_t pos = (uint32_t)c->strings_count;
    for (size_t i = 0; i < s.len; i++)
        C_PUSH(c, strings) = s.ptr[i];
    map_put(c->arena, &c->string_map, key, pos);
    return (struct image_text){pos, (uint32_t)s.len};
}

uint32_t numbers_begin(struct compiler *c)
{
    return (uint32_t)c->numbers_count;
}

/* Later folders replace rules of earlier ones by id; the same id twice in one folder is a fault. */
static void keep_rules(struct compiler *c)
{
    struct c_map ids = {0};
    struct src *s = c->src;
    for (size_t i = 0; i < s->rule_count; i++) {
        struct src_rule *r = &s->rules[i];
        uint32_t at = map_find(&ids, hash64(r->id));
        if (!at) {
            map_put(c->arena, &ids, hash64(r->id), (uint32_t)c->kept_count);
            C_PUSH(c, kept) = r;
        } else if (c->kept[at - 1]->layer == r->layer) {
            src_fault(s, DIAG_ERROR, r->at, "rule %.*s was already defined at %s:%d",
                      STR_FMT(r->id), c->kept[at - 1]->at.file, c->kept[at - 1]->at.line);
        } else {
            c->kept[at - 1] = r;
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < c->kept_count; i++)
        if (!c->kept[i]->disabled)
            c->kept[n++] = c->kept[i];
    c->kept_count = n;
    if (n > DF_MAX_RULES)
        src_fault(s, DIAG_ERROR, c->kept[DF_MAX_RULES]->at, "more than DF_MAX_RULES (%d) rules",
                  DF_MAX_RULES);
}

static uint32_t group_number(struct compiler *c, struct str group)
{
    for (size_t i = 0; i < c->groups_count; i++)
        if (str_eq(c->groups[i], group))
            return (uint32_t)i;
    C_PUSH(c, groups) = group;
    return (uint32_t)c->groups_count - 1;
}

static struct image_list sets_of(struct compiler *c, const struct src_items *groups, int count)
{
    uint32_t ids[RULE_GROUPS];
    int n = 0;
    for (int i = 0; i < count; i++)
        if ((ids[n] = set_of(c, &groups[i], NULL)) != IMAGE_NONE)
            n++;
    struct image_list l = {numbers_begin(c), (uint32_t)n};
    for (int i = 0; i < n; i++)
        C_PUSH(c, numbers) = ids[i];
    return l;
}

static struct image_list one_set(struct compiler *c, uint32_t set)
{
    struct image_list l = {numbers_begin(c), set != IMAGE_NONE};
    if (set != IMAGE_NONE)
        C_PUSH(c, numbers) = set;
    return l;
}

static void consider(const struct compiler *c, uint32_t set, uint32_t *best)
{
    if (set != IMAGE_NONE &&
        (*best == IMAGE_NONE || set_frequency(c, set) < set_frequency(c, *best)))
        *best = set;
}

uint32_t rule_rarest_set(const struct compiler *c, const struct image_rule *r)
{
    uint32_t best = IMAGE_NONE;
    consider(c, r->any, &best);
    for (uint32_t i = 0; i < r->all.count; i++)
        consider(c, c->numbers[r->all.at + i], &best);
    for (uint32_t i = 0; i < r->near.count; i++)
        consider(c, c->numbers[r->near.at + i], &best);
    return best;
}

static void put_triggers(struct compiler *c, const struct image_rule *r, uint32_t number,
                         uint32_t *gated)
{
    uint32_t best = rule_rarest_set(c, r);
    if (best != IMAGE_NONE) {
        set_trigger(c, best, number);
        return;
    }
    bool gate = false;
    for (uint32_t i = 0; i < r->regexes.count; i++) {
        const struct image_regex *re = &c->regexes[c->numbers[r->regexes.at + i]];
        if (re->set == IMAGE_NONE)
            gate = true;
        else
            set_trigger(c, re->set, number);
    }
    *gated = gate;
}

static double named_weight(struct compiler *c, const struct src_weight *w)
{
    for (size_t i = c->src->named_count; i-- > 0;)
        if (str_eq(c->src->named[i].name, w->name))
            return c->src->named[i].weight;
    src_fault(c->src, DIAG_ERROR, w->at, "no weight is called '%.*s' (see `weights:`)",
              STR_FMT(w->name));
    return 0;
}

static void put_weights(struct compiler *c, const struct src_rule *s, struct image_rule *r)
{
    r->weights = (uint32_t)c->weights_count;
    for (size_t i = 0; i < s->sets.count; i++) {
        struct src_weight w = s->sets.items[i];
        double v = w.name.len         ? named_weight(c, &w)
                   : isnan(w.weight) ? c->src->rule_weight[slot_attr_of(w.slot)]
                                     : w.weight;
        C_PUSH(c, weights) =
            (struct image_weight){(uint16_t)w.slot, 0, (int32_t)lround(v * SLOT_ONE)};
    }
    r->weight_count = (uint32_t)c->weights_count - r->weights;
}

static void put_regexes(struct compiler *c, const struct src_rule *s, struct image_rule *r)
{
    uint32_t ids[64];
    uint32_t n = 0;
    for (size_t i = 0; i < s->regex.count && n < 64; i++)
        if ((ids[n] = regex_add(c, s->regex.items[i].text, s->regex.items[i].at)) != IMAGE_NONE)
            n++;
    r->regexes = (struct image_list){numbers_begin(c), n};
    for (uint32_t i = 0; i < n; i++)
        C_PUSH(c, numbers) = ids[i];
}

static void put_rule(struct compiler *c, const struct src_rule *s, struct image_rule *r)
{
    *r = (struct image_rule){
        .id = text_put(c, s->id), .group = text_put(c, s->group), .why = text_put(c, s->why),
        .why_hant = text_put(c, s->why_hant), .why_hans = text_put(c, s->why_hans),
        .severity = text_put(c, s->severity), .fix = text_put(c, s->fix),
        .fix_hant = text_put(c, s->fix_hant), .fix_hans = text_put(c, s->fix_hans),
        .fact = text_put(c, s->fact), .flags = s->flags, .langs = s->langs,
        .min_len = s->min_len, .cap = s->cap, .near_words = (uint16_t)s->near_within,
        .near_chars = (uint16_t)(s->near_within * 2),
        .stars_min = isnan(s->stars_min) ? -1 : (int16_t)lround(s->stars_min * 10),
        .stars_max = isnan(s->stars_max) ? -1 : (int16_t)lround(s->stars_max * 10),
        .line = (uint32_t)s->at.line};
    r->file = text_put(c, str_of(s->at.file));
    r->group_number = group_number(c, s->group);
    r->any = set_of(c, &s->any, NULL);
    r->all = sets_of(c, s->all, s->all_count);
    r->near = sets_of(c, s->near, s->near_count);
    put_regexes(c, s, r);
    r->unless = one_set(c, set_of(c, &s->unless, &r->unless_regex));
    r->never = one_set(c, set_of(c, &s->never, &r->never_regex));
    r->channels.at = numbers_begin(c);
    struct image_text names[32];
    for (size_t i = 0; i < s->channels.count && i < 32; i++)
        names[i] = text_put(c, s->channels.items[i].text);
    for (size_t i = 0; i < s->channels.count && i < 32; i++) {
        C_PUSH(c, numbers) = names[i].at;
        C_PUSH(c, numbers) = names[i].len;
        r->channels.count++;
    }
    put_weights(c, s, r);
    if (r->all.count || r->near.count || r->regexes.count)
        r->flags |= RULE_PARTS;
    if (r->langs || r->min_len || r->stars_min >= 0 || r->stars_max >= 0 || r->channels.count)
        r->flags |= RULE_WHERE;
}

static bool put_expr(struct compiler *c, const struct src_rule *s, struct image_rule *r)
{
    struct str text = s->expr;
    for (size_t i = 0; i < s->needs.count; i++)
        text = arena_printf(c->arena, "%.*s%s%.*s", STR_FMT(text), text.len ? " & " : "",
                            STR_FMT(s->needs.items[i].text));
    return text.len == 0 ||
           expr_compile(c, text, s->expr.len ? s->expr_at : s->needs.items[0].at, r);
}

static void put_silences(struct compiler *c, const struct src_rule *s, struct image_rule *r)
{
    r->silences.at = numbers_begin(c);
    for (size_t i = 0; i < s->silences.count; i++) {
        struct str name = s->silences.items[i].text;
        bool all = str_ends(name, STR(".*"));
        struct str group = all ? str_sub(name, 0, name.len - 2) : name;
        uint32_t before = r->silences.count;
        for (size_t k = 0; k < c->kept_count; k++)
            if (c->kept[k] != s && (str_eq(c->kept[k]->id, name) ||
                                    (all && str_eq(c->kept[k]->group, group)))) {
                C_PUSH(c, numbers) = (uint32_t)k;
                r->silences.count++;
            }
        if (r->silences.count == before)
            src_fault(c->src, DIAG_ERROR, s->silences.items[i].at, "no rule is called %.*s",
                      STR_FMT(name));
    }
}

/* Which rules are looked at how: by a trigger, by the digit gate, by their `where` alone, or as
 * composites in the first or the late round. */
static void list_rules(struct compiler *c, const bool *gated, uint32_t *at, uint32_t *count,
                       bool (*wanted)(const struct image_rule *, bool))
{
    *at = numbers_begin(c);
    for (size_t i = 0; i < c->rules_count; i++)
        if (wanted(&c->rules[i], gated[i])) {
            C_PUSH(c, numbers) = (uint32_t)i;
            ++*count;
        }
}

static bool matches_text(const struct image_rule *r)
{
    return r->any != IMAGE_NONE || r->all.count || r->near.count || r->regexes.count;
}

static bool is_gated(const struct image_rule *r, bool gated)
{
    (void)r;
    return gated;
}

static bool is_bare(const struct image_rule *r, bool gated)
{
    return !gated && !matches_text(r) && !r->expr_len;
}

bool rule_is_composite(const struct image_rule *r)
{
    return !matches_text(r) && r->expr_len;
}

static bool leaf_is(const struct compiler *c, uint32_t e, uint32_t number)
{
    uint32_t v = e & 0xFFFFFF;
    return (e >> 24 == EXPR_RULE && v == number) ||
           (e >> 24 == EXPR_GROUP && v == c->rules[number].group_number);
}

static bool any_composite(const struct image_rule *r, bool gated)
{
    (void)gated;
    return rule_is_composite(r);
}

/* What rules do beside answering for themselves. */
static void find_effects(struct compiler *c)
{
    for (uint32_t i = 0; i < c->rules_count; i++) {
        struct image_rule *r = &c->rules[i];
        bool expr = r->expr_len && matches_text(r);
        for (uint32_t k = 0; k < c->exprs_count && !r->referred; k++)
            r->referred = leaf_is(c, c->exprs[k], i);
        if (r->silences.count || r->cap || expr)
            r->flags |= RULE_JUDGES;
        if (!r->weight_count && !r->referred && !r->silences.count && !r->cap && !expr)
            r->flags |= RULE_SHOWN;
    }
}

static void need(struct compiler *c, uint32_t set)
{
    if (set != IMAGE_NONE)
        c->set_needed[set] = true;
}

static void need_sets(struct compiler *c, struct image_list l)
{
    for (uint32_t i = 0; i < l.count; i++)
        need(c, c->numbers[l.at + i]);
}

static void need_regexes(struct compiler *c, struct image_list l)
{
    for (uint32_t i = 0; i < l.count; i++)
        need(c, c->regexes[c->numbers[l.at + i]].set);
}

/* Sets that only rules for findings ask for need not be kept in brief. */
static void find_needed(struct compiler *c)
{
    c->set_needed = arena_array(c->arena, c->set_members_count + 1, sizeof *c->set_needed);
    for (size_t i = 0; i < c->rules_count; i++) {
        const struct image_rule *r = &c->rules[i];
        if (r->flags & RULE_SHOWN)
            continue;
        need(c, r->any);
        need_sets(c, r->all);
        need_sets(c, r->near);
        need_sets(c, r->unless);
        need_sets(c, r->never);
        need_regexes(c, r->regexes);
        need_regexes(c, r->unless_regex);
        need_regexes(c, r->never_regex);
    }
}

void rules_compile(struct compiler *c)
{
    keep_rules(c);
    for (size_t i = 0; i < c->kept_count; i++) {
        struct image_rule r;
        put_rule(c, c->kept[i], &r);
        C_PUSH(c, rules) = r;
    }
    bool *gated = arena_array(c->arena, c->rules_count + 1, sizeof *gated);
    for (size_t i = 0; i < c->rules_count; i++) {
        struct image_rule *r = &c->rules[i];
        if (!put_expr(c, c->kept[i], r))
            continue;
        c->kept[i]->flags |= r->flags & RULE_LATE; /* who refers to it is late too */
        put_silences(c, c->kept[i], r);
        uint32_t gate = 0;
        put_triggers(c, r, (uint32_t)i, &gate);
        gated[i] = gate;
    }
    list_rules(c, gated, &c->gate_rules, &c->gate_rule_count, is_gated);
    list_rules(c, gated, &c->bare_rules, &c->bare_count, is_bare);
    list_rules(c, gated, &c->composites, &c->composite_count, any_composite);
    wakes_compile(c);
    find_effects(c);
    find_needed(c);
}
