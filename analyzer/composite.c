/* composite.c: rules about rules: expressions over what fired, what a rule takes back of others,
 * and group caps, so that one topic cannot shout. */
#include "analyzer/scan_rule.h"
#include "analyzer/score.h"

#include <stdlib.h>

static bool holds(struct scanner *s, const struct image_rule *r)
{
    bool stack[64];
    int n = 0;
    const uint32_t *e = IMAGE(s->m, EXPRS, uint32_t) + r->expr;
    for (uint32_t i = 0; i < r->expr_len; i++) {
        uint32_t v = e[i] & 0xFFFFFF;
        switch ((enum expr_op)(e[i] >> 24)) {
        case EXPR_RULE:
            stack[n++] = s->rule_fired[v];
            break;
        case EXPR_GROUP:
            stack[n++] = s->group_fired[v] > 0;
            break;
        case EXPR_CLASS:
            stack[n++] = score_leads(s, (int)v);
            break;
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

/* Adds the composites a fired rule is mentioned in, behind `done`, in the order of the rules. */
static void wake(struct scanner *s, const uint32_t *n, uint32_t count, size_t done, bool late)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t r = n[i];
        if ((s->candidate[r / 64] >> (r % 64) & 1) || !(rules[r].flags & RULE_LATE) == late ||
            rule_matches_text(&rules[r]))
            continue;
        s->candidate[r / 64] |= 1ull << (r % 64);
        SCAN_PUSH(s, candidates) = r;
        size_t k = s->candidates_count - 1;
        for (; k > done && s->candidates[k - 1] > r; k--)
            s->candidates[k] = s->candidates[k - 1];
        s->candidates[k] = r;
    }
}

void composites_run(struct scanner *s, bool late)
{
    const uint32_t *n = IMAGE(s->m, NUMBERS, uint32_t);
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    size_t done = s->candidates_count;
    wake(s, n + (late ? s->m->late_rules : s->m->first_rules),
         late ? s->m->late_count : s->m->first_count, done, late);
    for (size_t i = 0; i < s->fired_count; i++) {
        const struct image_list *l = &rules[s->fired[i].rule].wakes;
        if (!s->fired[i].silenced)
            wake(s, n + l->at, l->count, done, late);
    }
    for (; done < s->candidates_count; done++) {
        uint32_t r = s->candidates[done];
        if (!holds(s, &rules[r]))
            continue;
        rule_look(s, r);
        wake(s, n + rules[r].wakes.at, rules[r].wakes.count, done + 1, late);
    }
}

/* A rule with both phrases and an expression fires only when the expression holds too. */
static void drop_unmet(struct scanner *s)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    for (size_t i = 0; i < s->fired_count; i++) {
        struct fired *f = &s->fired[i];
        const struct image_rule *r = &rules[f->rule];
        if (f->silenced || !r->expr_len || !rule_matches_text(r) || holds(s, r))
            continue;
        f->silenced = true;
        f->how = SILENCE_RULE;
        f->by = f->rule;
        s->rule_fired[f->rule] = 0;
        s->group_fired[r->group_number]--;
    }
}

static void silence(struct scanner *s, uint32_t rule, uint32_t by)
{
    if (!s->rule_fired[rule])
        return;
    for (size_t i = 0; i < s->fired_count; i++)
        if (s->fired[i].rule == rule && !s->fired[i].silenced) {
            s->fired[i].silenced = true;
            s->fired[i].how = SILENCE_RULE;
            s->fired[i].by = by;
        }
    s->rule_fired[rule] = 0;
    s->group_fired[IMAGE(s->m, RULES, struct image_rule)[rule].group_number]--;
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
static void apply_cap(struct scanner *s, const struct fired *of, const struct image_rule *r)
{
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
            return;
        least->silenced = true;
        least->how = SILENCE_CAP;
        least->by = of->rule;
        s->rule_fired[least->rule] = 0;
        s->group_fired[r->group_number]--;
    }
}

void silences_apply(struct scanner *s)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    const uint32_t *n = IMAGE(s->m, NUMBERS, uint32_t);
    drop_unmet(s);
    for (size_t i = 0; i < s->fired_count; i++) {
        const struct image_rule *r = &rules[s->fired[i].rule];
        for (uint32_t k = 0; k < r->silences.count && !s->fired[i].silenced; k++)
            silence(s, n[r->silences.at + k], s->fired[i].rule);
    }
    for (size_t i = 0; i < s->fired_count; i++)
        if (rules[s->fired[i].rule].cap && !s->fired[i].silenced)
            apply_cap(s, &s->fired[i], &rules[s->fired[i].rule]);
}
