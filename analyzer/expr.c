/* expr.c: the expressions of composites, "billing.* & !billing.settled & sentiment.negative", to
 * a short program in reverse Polish: precedence ! over & over |. */
#include "analyzer/compile.h"

struct parse {
    struct compiler *c;
    struct str rest;
    struct src_place at;
    struct image_rule *rule;
    bool bad;
    int depth, stack, most;
};

static void skip_blank(struct parse *p)
{
    p->rest = str_trim(p->rest);
}

static bool accept(struct parse *p, char ch)
{
    skip_blank(p);
    if (p->rest.len == 0 || p->rest.ptr[0] != ch)
        return false;
    size_t n = (ch == '&' || ch == '|') && p->rest.len > 1 && p->rest.ptr[1] == ch ? 2 : 1;
    p->rest = str_sub(p->rest, n, p->rest.len);
    return true;
}

static void emit(struct parse *p, enum expr_op op, uint32_t value)
{
    C_PUSH(p->c, exprs) = (uint32_t)op << 24 | value;
    p->stack += op <= EXPR_CLASS ? 1 : op == EXPR_AND || op == EXPR_OR ? -1 : 0;
    if (p->stack > p->most)
        p->most = p->stack;
}

static void fault(struct parse *p, const char *what, struct str name)
{
    if (!p->bad)
        src_fault(p->c->src, DIAG_ERROR, p->at, "%s '%.*s' in 'rules'", what, STR_FMT(name));
    p->bad = true;
}

static uint32_t rule_number(struct compiler *c, struct str id)
{
    for (size_t i = 0; i < c->kept_count; i++)
        if (str_eq(c->kept[i]->id, id))
            return (uint32_t)i;
    return IMAGE_NONE;
}

static void parse_name(struct parse *p)
{
    size_t n = 0;
    while (n < p->rest.len && (strchr(".-_*", p->rest.ptr[n]) ||
                               (p->rest.ptr[n] >= 'a' && p->rest.ptr[n] <= 'z') ||
                               (p->rest.ptr[n] >= '0' && p->rest.ptr[n] <= '9') ||
                               p->rest.ptr[n] == 'P'))
        n++;
    struct str name = str_sub(p->rest, 0, n);
    if (n == 0) {
        fault(p, "expected a rule id before", p->rest);
        return;
    }
    p->rest = str_sub(p->rest, n, p->rest.len);
    uint32_t r = rule_number(p->c, name);
    if (r != IMAGE_NONE) {
        if (p->c->kept[r]->flags & RULE_LATE)
            p->rule->flags |= RULE_LATE;
        emit(p, EXPR_RULE, r);
        return;
    }
    int slot = slot_of_dotted(name);
    if (slot >= 0) {
        p->rule->flags |= RULE_LATE;
        emit(p, EXPR_CLASS, (uint32_t)slot);
        return;
    }
    if (str_ends(name, STR(".*"))) {
        struct str group = str_sub(name, 0, name.len - 2);
        for (size_t g = 0; g < p->c->groups_count; g++)
            if (str_eq(p->c->groups[g], group)) {
                emit(p, EXPR_GROUP, (uint32_t)g);
                return;
            }
    }
    fault(p, "no rule, group or class is called", name);
}

static void parse_or(struct parse *p);

static void parse_not(struct parse *p)
{
    if (accept(p, '!')) {
        if (++p->depth > 30) {
            fault(p, "too deep at", p->rest);
            return;
        }
        parse_not(p);
        emit(p, EXPR_NOT, 0);
    } else if (accept(p, '(')) {
        if (++p->depth > 30) {
            fault(p, "too deep at", p->rest);
            return;
        }
        parse_or(p);
        if (!accept(p, ')'))
            fault(p, "missing ) before", p->rest);
    } else {
        skip_blank(p);
        parse_name(p);
    }
}

/* The right side with its operator, and before it the skip over both. */
static void parse_right(struct parse *p, void (*side)(struct parse *), enum expr_op op)
{
    size_t at = p->c->exprs_count;
    emit(p, op == EXPR_AND ? EXPR_SKIP_FALSE : EXPR_SKIP_TRUE, 0);
    side(p);
    emit(p, op, 0);
    p->c->exprs[at] |= (uint32_t)(p->c->exprs_count - at - 1);
}

static void parse_and(struct parse *p)
{
    parse_not(p);
    while (!p->bad && accept(p, '&'))
        parse_right(p, parse_not, EXPR_AND);
}

/* a | b | c of plain names becomes one entry with its names behind it. */
static void flatten(struct parse *p, size_t from)
{
    struct compiler *c = p->c;
    size_t n = c->exprs_count - from;
    if (n < 4 || (n - 1) % 3 != 0)
        return;
    for (size_t i = 0; i < n; i++) {
        enum expr_op op = (enum expr_op)(c->exprs[from + i] >> 24);
        if (i % 3 == 0 ? (i ? op != EXPR_OR : op > EXPR_CLASS)
                       : i % 3 == 1 ? op != EXPR_SKIP_TRUE : op > EXPR_CLASS)
            return;
    }
    size_t leaves = (n - 1) / 3 + 1;
    uint32_t first = c->exprs[from];
    for (size_t i = 1; i < leaves; i++) /* forwards: leaf i moves down, from 3i − 1 to i + 1 */
        c->exprs[from + i + 1] = c->exprs[from + 3 * i - 1];
    c->exprs[from + 1] = first;
    c->exprs[from] = (uint32_t)EXPR_ANY << 24 | (uint32_t)leaves;
    c->exprs_count = from + leaves + 1;
}

static void parse_or(struct parse *p)
{
    size_t from = p->c->exprs_count;
    parse_and(p);
    while (!p->bad && accept(p, '|'))
        parse_right(p, parse_and, EXPR_OR);
    flatten(p, from);
}

bool expr_compile(struct compiler *c, struct str text, struct src_place at, struct image_rule *r)
{
    struct parse p = {.c = c, .rest = text, .at = at, .rule = r};
    r->expr = (uint32_t)c->exprs_count;
    parse_or(&p);
    skip_blank(&p);
    if (!p.bad && p.rest.len)
        fault(&p, "cannot read", p.rest);
    if (!p.bad && p.most > 60)
        fault(&p, "too many parts in", text);
    r->expr_len = p.bad ? 0 : (uint32_t)c->exprs_count - r->expr; /* half a program is none */
    return !p.bad;
}

/* What is asked for with & at the top of an expression, as far as masks can say it. */
struct demand {
    uint64_t *all, *none;
    uint64_t *choices[32]; /* one of each */
    int count;
    bool leaves; /* `all` is one leaf, or the only choice holds plain names: may be negated */
    bool plain;  /* nothing is left out */
};

static uint64_t *mask_new(struct compiler *c)
{
    return arena_array(c->arena, c->known_words, sizeof(uint64_t));
}

static void mask_set(uint64_t *mask, uint32_t e)
{
    mask[(e & 0xFFFFFF) / 64] |= 1ull << (e & 0xFFFFFF) % 64;
}

static void mask_join(const struct compiler *c, uint64_t *to, const uint64_t *from)
{
    for (uint32_t i = 0; i < c->known_words; i++)
        to[i] |= from[i];
}

static struct demand demand_new(struct compiler *c, bool plain)
{
    return (struct demand){.all = mask_new(c), .none = mask_new(c), .plain = plain};
}

static struct demand demand_not(struct compiler *c, const struct demand *a)
{
    struct demand n = demand_new(c, a->leaves);
    if (a->leaves)
        mask_join(c, n.none, a->count ? a->choices[0] : a->all);
    return n;
}

static struct demand demand_and(struct compiler *c, const struct demand *a, const struct demand *b)
{
    struct demand n = *a;
    n.plain = a->plain && b->plain;
    n.leaves = false;
    mask_join(c, n.all, b->all);
    mask_join(c, n.none, b->none);
    for (int i = 0; i < b->count; i++) {
        if (n.count < 32)
            n.choices[n.count++] = b->choices[i];
        else
            n.plain = false;
    }
    return n;
}

static void put_demands(struct compiler *c, struct image_rule *r)
{
    struct demand stack[64];
    int n = 0;
    for (uint32_t i = 0; i < r->expr_len; i++) {
        uint32_t e = c->exprs[r->expr + i];
        switch ((enum expr_op)(e >> 24)) {
        case EXPR_RULE:
        case EXPR_GROUP:
        case EXPR_CLASS:
            stack[n] = demand_new(c, true);
            stack[n].leaves = true;
            mask_set(stack[n++].all, e);
            break;
        case EXPR_ANY:
            stack[n] = demand_new(c, true);
            stack[n].leaves = true;
            stack[n].choices[0] = mask_new(c);
            stack[n].count = 1;
            for (uint32_t k = e & 0xFFFFFF; k; k--)
                mask_set(stack[n].choices[0], c->exprs[r->expr + ++i]);
            n++;
            break;
        case EXPR_NOT:
            stack[n - 1] = demand_not(c, &stack[n - 1]);
            break;
        case EXPR_AND:
            n--;
            stack[n - 1] = demand_and(c, &stack[n - 1], &stack[n]);
            break;
        case EXPR_OR:
            n--;
            stack[n - 1] = demand_new(c, false);
            break;
        case EXPR_SKIP_TRUE:
        case EXPR_SKIP_FALSE:
            break;
        }
    }
    if (n != 1)
        return;
    const struct demand *a = &stack[0];
    r->plain = a->plain;
    r->demands.at = (uint32_t)c->demands_count;
    for (uint32_t w = 0; w < c->known_words; w++)
        if (a->all[w] | a->none[w])
            C_PUSH(c, demands) = (struct image_demand){a->all[w], a->none[w], w, 0};
    r->demands.count = (uint32_t)c->demands_count - r->demands.at;
    r->choices.at = (uint32_t)c->demands_count;
    for (int k = 0; k < a->count; k++) {
        for (uint32_t w = 0; w < c->known_words; w++)
            if (a->choices[k][w])
                C_PUSH(c, demands) = (struct image_demand){a->choices[k][w], 0, w, 0};
        c->demands[c->demands_count - 1].last = true;
    }
    r->choices.count = (uint32_t)c->demands_count - r->choices.at;
}

/* What each composite asks of the first word of all, where the classes are: most fail there. */
static void put_classes(struct compiler *c)
{
    for (uint32_t k = 0; k < c->composite_count; k++) {
        struct image_list l = c->rules[c->numbers[c->composites + k]].demands;
        const struct image_demand *first = c->demands + l.at;
        C_PUSH(c, classes) = l.count && first->word == 0 ? *first : (struct image_demand){0};
    }
}

void expr_finish(struct compiler *c)
{
    uint32_t rules = (uint32_t)c->rules_count, groups = (uint32_t)c->groups_count;
    for (size_t i = 0; i < c->exprs_count; i++) {
        enum expr_op op = (enum expr_op)(c->exprs[i] >> 24);
        c->exprs[i] += op == EXPR_GROUP ? SLOTS : op == EXPR_RULE ? SLOTS + groups : 0;
    }
    c->known_words = (rules + groups + SLOTS + 63) / 64;
    for (size_t i = 0; i < c->rules_count; i++)
        if (c->rules[i].expr_len)
            put_demands(c, &c->rules[i]);
    put_classes(c);
}
