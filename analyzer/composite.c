/* composite.c: rules about rules: expressions over what fired, what a rule takes back of others,
 * and group caps, so that one topic cannot shout. */
#include "analyzer/scan_rule.h"
#include "analyzer/score.h"

#include <stdlib.h>

/* The whole expression, where masks cannot say it. */
static bool program_holds(const struct scanner *s, const struct image_rule *r)
{
    bool stack[64];
    int n = 0;
    const uint32_t *e = IMAGE(s->m, EXPRS, uint32_t) + r->expr;
    for (uint32_t i = 0; i < r->expr_len; i++) {
        uint32_t v = e[i] & 0xFFFFFF;
        switch ((enum expr_op)(e[i] >> 24)) {
        case EXPR_RULE:
        case EXPR_GROUP:
        case EXPR_CLASS:
            stack[n++] = known(s, v);
            break;
        case EXPR_ANY: {
            bool any = false;
            for (; v; v--)
                any = known(s, e[++i] & 0xFFFFFF) || any;
            stack[n++] = any;
            break;
        }
        case EXPR_NOT:
            stack[n - 1] = !stack[n - 1];
            break;
        case EXPR_SKIP_TRUE:
            i += stack[n - 1] ? v : 0;
            break;
        case EXPR_SKIP_FALSE:
            i += stack[n - 1] ? 0 : v;
            break;
        case EXPR_AND:
            n--;
            stack[n - 1] = stack[n - 1] && stack[n];
            break;
        case EXPR_OR:
            n--;
            stack[n - 1] = stack[n - 1] || stack[n];
            break;
        }
    }
    return n == 1 && stack[0];
}

static inline bool refused(const struct scanner *s, const struct image_demand *d)
{
    uint64_t known = s->known[d->word];
    return (d->all & ~known) | (d->none & known);
}

static bool holds(const struct scanner *s, const struct image_rule *r)
{
    const struct image_demand *d = IMAGE(s->m, DEMANDS, struct image_demand);
    for (uint32_t i = 0; i < r->demands.count; i++)
        if (refused(s, &d[r->demands.at + i]))
            return false;
    uint64_t any = 0;
    for (uint32_t i = r->choices.at; i < r->choices.at + r->choices.count; i++) {
        any |= d[i].all & s->known[d[i].word];
        if (d[i].last && !any)
            return false;
        any = d[i].last ? 0 : any;
    }
    return r->plain || program_holds(s, r);
}

static void note_classes(struct scanner *s)
{
    for (int a = 0; a < ATTR_FEELING; a++)
        known_set(s, (uint32_t)slot_attrs[a].first + s->leads[a]);
    for (uint32_t i = SLOT_FEELING; i < SLOTS; i++)
        if (score_felt(s, (int)i))
            known_set(s, i);
}

enum { AWAKE_WORDS = 64 }; /* 4,096 composites */

void composites_run(struct scanner *s, bool late)
{
    uint64_t awake[AWAKE_WORDS];
    const uint64_t *rows = IMAGE(s->m, AWAKE, uint64_t);
    const uint32_t *numbers = IMAGE(s->m, NUMBERS, uint32_t) + s->m->composites;
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    const struct image_demand *classes = IMAGE(s->m, CLASSES, struct image_demand);
    uint32_t words = s->m->awake_words < AWAKE_WORDS ? s->m->awake_words : AWAKE_WORDS;
    const uint64_t *of_round = rows + s->m->late;
    if (!words)
        return;
    if (late)
        note_classes(s);
    for (uint32_t w = 0; w < words; w++)
        awake[w] = rows[s->m->idle[late] + w];
    for (size_t i = 0; i < s->fired_count; i++) {
        const struct image_rule *r = &rules[s->fired[i].rule];
        for (uint32_t w = 0; w < words && r->woken_any && !s->fired[i].silenced; w++)
            awake[w] |= rows[r->wakes + w];
    }
    for (uint32_t w = 0; w < words; w++) {
        uint64_t done = 0; /* composites wake only those behind them */
        for (uint64_t left; (left = awake[w] & ~done & (late ? of_round[w] : ~of_round[w]));) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            uint32_t rule = numbers[w * 64 + bit];
            done = bit == 63 ? ~0ull : (2ull << bit) - 1;
            if (refused(s, &classes[w * 64 + bit]) || !holds(s, &rules[rule]))
                continue;
            rule_look(s, rule);
            for (uint32_t k = 0; k < words && rules[rule].woken_any; k++)
                awake[k] |= rows[rules[rule].wakes + k];
        }
    }
}

/* A rule with both phrases and an expression fires only when the expression holds too. */
static bool drop_unmet(struct scanner *s)
{
    bool any = false;
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    for (size_t i = 0; i < s->fired_count; i++) {
        struct fired *f = &s->fired[i];
        const struct image_rule *r = &rules[f->rule];
        if (f->silenced || !r->expr_len || !rule_matches_text(r) || holds(s, r))
            continue;
        f->silenced = true;
        f->how = SILENCE_RULE;
        f->by = f->rule;
        rule_take_back(s, f->rule);
        any = true;
    }
    return any;
}

static bool silence(struct scanner *s, uint32_t rule, uint32_t by)
{
    if (!known(s, known_rule(s, rule)))
        return false;
    for (size_t i = 0; i < s->fired_count; i++)
        if (s->fired[i].rule == rule && !s->fired[i].silenced) {
            s->fired[i].silenced = true;
            s->fired[i].how = SILENCE_RULE;
            s->fired[i].by = by;
        }
    rule_take_back(s, rule);
    return true;
}

static int32_t strength(const struct scanner *s, const struct fired *f)
{
    const struct image_rule *r = IMAGE(s->m, RULES, struct image_rule) + f->rule;
    const struct image_weight *w = IMAGE(s->m, WEIGHTS, struct image_weight) + r->weights;
    int32_t most = 0;
    for (uint32_t i = 0; i < r->weight_count; i++)
        if (abs(w[i].weight) > most)
            most = abs(w[i].weight);
    return most;
}

/* Of a group with a cap only the strongest findings count. */
static bool apply_cap(struct scanner *s, const struct fired *of, const struct image_rule *r)
{
    bool any = false;
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    while (s->group_fired[r->group_number] > r->cap) {
        struct fired *least = NULL;
        for (size_t i = 0; i < s->fired_count; i++) {
            struct fired *f = &s->fired[i];
            if (f->silenced || rules[f->rule].group_number != r->group_number)
                continue;
            if (!least || strength(s, f) <= strength(s, least))
                least = f;
        }
        if (!least)
            return any;
        least->silenced = true;
        least->how = SILENCE_CAP;
        least->by = of->rule;
        rule_take_back(s, least->rule);
        any = true;
    }
    return any;
}

bool silences_apply(struct scanner *s)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    const uint32_t *n = IMAGE(s->m, NUMBERS, uint32_t);
    if (!s->judged)
        return false;
    bool any = drop_unmet(s);
    for (size_t i = 0; i < s->fired_count; i++) {
        const struct image_rule *r = &rules[s->fired[i].rule];
        for (uint32_t k = 0; k < r->silences.count && !s->fired[i].silenced; k++)
            any = silence(s, n[r->silences.at + k], s->fired[i].rule) || any;
    }
    for (size_t i = 0; i < s->fired_count; i++)
        if (rules[s->fired[i].rule].cap && !s->fired[i].silenced)
            any = apply_cap(s, &s->fired[i], &rules[s->fired[i].rule]) || any;
    return any;
}
