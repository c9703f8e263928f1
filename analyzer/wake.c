/* wake.c: which composites to look at when which rule fires. An expression that asks for A & B need
 * only be looked at when the rarer of the two fired; one that asks for A | B when any did. What may
 * hold with no rule fired at all (only classes, or a !) is looked at for every post. */
#include "analyzer/compile.h"

/* Rules of which one must have fired for an expression to hold. */
struct cover {
    uint64_t *rules; /* a bit each */
    uint64_t often;  /* how often that happens, roughly: posts of those the lexicons were learned from */
    bool always;     /* it may hold with none of them */
};

struct waker {
    struct compiler *c;
    struct cover *of; /* per rule: of its expression, or itself when it looks at the text */
    bool *found;
    size_t words;
};

enum { OFTEN_UNKNOWN = 1 << 20 };

static struct cover cover_new(struct waker *w, bool always)
{
    return (struct cover){arena_array(w->c->arena, w->words, sizeof(uint64_t)), 0, always};
}

static struct cover cover_or(struct waker *w, struct cover a, struct cover b)
{
    for (size_t i = 0; i < w->words; i++)
        a.rules[i] |= b.rules[i];
    a.often += b.often;
    a.always = a.always || b.always;
    return a;
}

static struct cover cover_and(struct cover a, struct cover b)
{
    if (a.always || b.always)
        return a.always ? b : a;
    return b.often < a.often ? b : a;
}

static void find_cover(struct waker *w, uint32_t number);

static void cover_add(struct waker *w, struct cover *to, uint32_t rule)
{
    find_cover(w, rule);
    to->rules[rule / 64] |= 1ull << rule % 64;
    to->often += w->of[rule].often;
}

static struct cover cover_leaf(struct waker *w, uint32_t e)
{
    struct cover v = cover_new(w, e >> 24 == EXPR_CLASS);
    uint32_t number = e & 0xFFFFFF;
    if (e >> 24 == EXPR_RULE)
        cover_add(w, &v, number);
    for (uint32_t i = 0; e >> 24 == EXPR_GROUP && i < w->c->rules_count; i++)
        if (w->c->rules[i].group_number == number)
            cover_add(w, &v, i);
    return v;
}

static struct cover cover_of_expr(struct waker *w, const struct image_rule *r)
{
    struct cover stack[64];
    int n = 0;
    for (uint32_t i = 0; i < r->expr_len; i++) {
        uint32_t e = w->c->exprs[r->expr + i];
        switch ((enum expr_op)(e >> 24)) {
        case EXPR_RULE:
        case EXPR_GROUP:
        case EXPR_CLASS:
            stack[n++] = cover_leaf(w, e);
            break;
        case EXPR_ANY:
            stack[n] = cover_new(w, false);
            for (uint32_t k = e & 0xFFFFFF; k; k--)
                stack[n] = cover_or(w, stack[n], cover_leaf(w, w->c->exprs[r->expr + ++i]));
            n++;
            break;
        case EXPR_NOT:
            stack[n - 1] = cover_new(w, true);
            break;
        case EXPR_AND:
            n--;
            stack[n - 1] = cover_and(stack[n - 1], stack[n]);
            break;
        case EXPR_OR:
            n--;
            stack[n - 1] = cover_or(w, stack[n - 1], stack[n]);
            break;
        case EXPR_SKIP_TRUE:
        case EXPR_SKIP_FALSE:
            break; /* only short cuts */
        }
    }
    return n == 1 ? stack[0] : cover_new(w, true);
}

/* How often a rule that looks at the text fires at most: as often as the rarest of its lists. */
static uint64_t text_often(const struct compiler *c, const struct image_rule *r)
{
    uint32_t set = rule_rarest_set(c, r);
    if (set != IMAGE_NONE)
        return set_frequency(c, set);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < r->regexes.count; i++) {
        set = c->regexes[c->numbers[r->regexes.at + i]].set;
        sum += set == IMAGE_NONE ? OFTEN_UNKNOWN : set_frequency(c, set);
    }
    return r->regexes.count ? sum : OFTEN_UNKNOWN;
}

static void find_cover(struct waker *w, uint32_t number)
{
    const struct image_rule *r = &w->c->rules[number];
    if (w->found[number])
        return;
    w->found[number] = true; /* a rule that asks for itself finds OFTEN_UNKNOWN */
    w->of[number].often = OFTEN_UNKNOWN;
    if (rule_is_composite(r))
        w->of[number] = cover_of_expr(w, r);
    else
        w->of[number].often = text_often(w->c, r);
    if (w->of[number].always)
        w->of[number].often = OFTEN_UNKNOWN;
}

static uint32_t new_row(struct compiler *c)
{
    uint32_t at = (uint32_t)c->awake_count;
    for (uint32_t i = 0; i < c->awake_words; i++)
        C_PUSH(c, awake) = 0;
    return at;
}

void wakes_compile(struct compiler *c)
{
    struct waker w = {.c = c, .words = c->rules_count / 64 + 1};
    w.of = arena_array(c->arena, c->rules_count + 1, sizeof *w.of);
    w.found = arena_array(c->arena, c->rules_count + 1, sizeof *w.found);
    c->awake_words = (c->composite_count + 63) / 64;
    c->idle[0] = new_row(c);
    c->idle[1] = new_row(c);
    c->late = new_row(c);
    for (uint32_t i = 0; i < c->rules_count; i++)
        c->rules[i].wakes = new_row(c);
    for (uint32_t k = 0; k < c->composite_count; k++) {
        uint32_t number = c->numbers[c->composites + k];
        bool late = c->rules[number].flags & RULE_LATE;
        uint64_t bit = 1ull << (k % 64);
        c->has_late = c->has_late || late;
        if (late)
            c->awake[c->late + k / 64] |= bit;
        find_cover(&w, number);
        if (w.of[number].always)
            c->awake[c->idle[late] + k / 64] |= bit;
        for (uint32_t i = 0; i < c->rules_count && !w.of[number].always; i++)
            if (w.of[number].rules[i / 64] >> (i % 64) & 1) {
                c->awake[c->rules[i].wakes + k / 64] |= bit;
                c->rules[i].woken_any = true;
            }
    }
}
