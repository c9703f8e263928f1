/* score.c: every slot's sum, and the classes that follow. Linear throughout: what a finding says
 * it added is what it added. */
#include "analyzer/score.h"

#include <math.h>
#include <stdlib.h>

/* A phrase's weights in this post: its row, or the one it has in a negation, times a factor. */
struct weighing {
    const int16_t *row;
    int32_t factor; /* of 256 */
};

static const struct image_source *source_of(const struct scanner *s, const struct image_record *r)
{
    return IMAGE(s->m, SOURCES, struct image_source) +
           IMAGE(s->m, PHRASES, struct image_phrase)[r->phrase].source;
}

static struct weighing weigh(const struct scanner *s, const struct hit *h)
{
    const struct image_record *r = hit_record(s, h);
    const struct image_node *n = IMAGE(s->m, NODES, struct image_node) + h->node;
    bool by_factor = h->negated && r->negated == ROW_BY_FACTOR;
    uint32_t row = h->negated && !by_factor ? r->negated : n->row;
    struct weighing g = {IMAGE(s->m, ROWS, int16_t) + (size_t)row * ROW_GROUP,
                         by_factor ? source_of(s, r)->negate : 256};
    if (!s->weigh_contrast || row == 0)
        return g;
    uint16_t clause = s->clause_of[h->first];
    bool after = s->clauses[clause].contrast;
    bool before = !after && (size_t)clause + 1 < s->clauses_count && s->clauses[clause + 1].contrast;
    if (after || before)
        g.factor = g.factor * (after ? source_of(s, r)->after : source_of(s, r)->before) / 256;
    return g;
}

static int row_width(const struct scanner *s)
{
    int n = (int)s->m->row_groups * ROW_GROUP;
    return n < SLOTS ? n : SLOTS;
}

bool score_alarms(const struct scanner *s)
{
    return s->leads[ATTR_URGENCY] == SLOT_ALARM - SLOT_URGENCY;
}

int score_heaviest(const struct scanner *s, const struct hit *h, int32_t *weight)
{
    struct weighing g = weigh(s, h);
    int width = row_width(s), slot = -1;
    int32_t most = 0;
    for (int k = 0; k < width; k++)
        if (abs(g.row[k]) > most && (k != SLOT_ALARM || score_alarms(s))) {
            most = abs(g.row[k]);
            slot = k;
        }
    *weight = slot < 0 ? 0 : g.row[slot] * g.factor / 256;
    return *weight ? slot : -1;
}

/* One by one: in a post with a contrast, or for a phrase that a factor weighs. */
void score_add_hit(struct scanner *s, const struct hit *h)
{
    struct weighing g = weigh(s, h);
    for (int k = 0; k < row_width(s); k++)
        s->learned[k] += g.row[k] * g.factor / 256;
}

/* True the first time in a post that the phrase is met, plain or negated. */
static inline bool first_time(uint64_t *once, uint32_t bit)
{
    uint64_t old = once[bit / 64], mask = 1ull << bit % 64;
    once[bit / 64] = old | mask;
    return !(old & mask);
}

void score_forget(struct scanner *s)
{
    for (size_t i = 0; i < s->met_count; i++)
        s->once[once_bit(met_node(s->met[i]), 0) / 64] = 0;
}

/* The row of a phrase in a negation; one that a factor weighs is added here and now. */
static __attribute__((noinline)) uint32_t negated_row(struct scanner *s, met_key m, bool first)
{
    struct hit h = {.node = met_node(m) / NODE_BYTES, .first = met_first(m), .negated = true};
    uint32_t row = hit_record(s, &h)->negated;
    if (row != ROW_BY_FACTOR)
        return row;
    if (first)
        score_add_hit(s, &h);
    return 0;
}

enum { ROWS_AT_ONCE = 128 };

/* The rows of a part of the phrases met are chosen, asked for, and then added up: by then they
 * have come nearer. Returns how many are in which[]. */
static size_t choose_rows(struct scanner *s, const met_key *met, size_t count, uint32_t *which)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    const int16_t *rows = IMAGE(s->m, ROWS, int16_t);
    const uint8_t *negation = s->negation;
    uint64_t *once = s->once;
    uint32_t language = 0; /* 128 times 1 or 256: both fit */
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        met_key m = met[i];
        uint32_t negated = negation[met_first(m)];
        const struct image_node *node = node_at(nodes, met_node(m));
        bool first = first_time(once, once_bit(met_node(m), negated));
        uint32_t row = node->row;
        if (negated)
            row = negated_row(s, m, first);
        __builtin_prefetch(rows + (size_t)row * ROW_GROUP);
        language += node->more & NODE_LANGUAGE;
        which[n] = row;
        n += first;
    }
    s->english += language & 255;
    s->foreign += language >> 8;
    return n;
}

/* Where a contrast weighs, one by one. */
static void weigh_each(struct scanner *s)
{
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    for (size_t i = 0; i < s->met_count; i++) {
        met_key m = s->met[i];
        const struct image_node *node = node_at(nodes, met_node(m));
        struct hit h = {.node = met_node(m) / NODE_BYTES, .first = met_first(m)};
        h.negated = s->negation[h.first];
        if (first_time(s->once, once_bit(met_node(m), h.negated)) && (node->more & NODE_LEARNED))
            score_add_hit(s, &h);
        s->english += (node->more & NODE_ENGLISH) != 0;
        s->foreign += (node->more & NODE_FOREIGN) != 0;
    }
}

/* For findings: which hits are negated, and which only repeat a phrase. */
static void note_repeats(struct scanner *s)
{
    score_forget(s);
    for (size_t i = 0; i < s->hits_count; i++) {
        struct hit *h = &s->hits[i];
        h->negated = s->negation[h->first];
        h->again = !first_time(s->once, once_bit(h->node * NODE_BYTES, h->negated));
    }
}

void score_met(struct scanner *s)
{
    memset(s->learned, 0, sizeof s->learned);
    s->weigh_contrast = s->contrast_weighs && (s->roles & ROLE_CONTRAST);
    if (s->weigh_contrast)
        weigh_each(s);
    for (size_t from = 0; from < s->met_count && !s->weigh_contrast; from += ROWS_AT_ONCE) {
        uint32_t which[ROWS_AT_ONCE];
        size_t count = s->met_count - from < ROWS_AT_ONCE ? s->met_count - from : ROWS_AT_ONCE;
        size_t n = choose_rows(s, s->met + from, count, which);
        s->add_rows(s->learned, IMAGE(s->m, ROWS, int16_t), which, n, s->m->row_groups);
    }
    if (!s->brief)
        note_repeats(s);
}

int32_t score_rule(const struct scanner *s, const struct fired *f, uint32_t weight)
{
    const struct image_rule *r = IMAGE(s->m, RULES, struct image_rule) + f->rule;
    const struct image_weight *w = IMAGE(s->m, WEIGHTS, struct image_weight) + r->weights + weight;
    bool sentiment = w->slot < SLOT_SENTIMENT + SENTIMENTS;
    return sentiment ? (int32_t)((int64_t)w->weight * f->factor / 256) : w->weight;
}

/* The heaviest of `count` slots; `otherwise` when none is heavier than that. */
static inline __attribute__((always_inline)) int heaviest(const int32_t *v, int count, int otherwise)
{
    int best = otherwise;
    int32_t most = v[otherwise];
    for (int i = 0; i < count; i++) {
        best = v[i] > most ? i : best;
        most = v[i] > most ? v[i] : most;
    }
    return best;
}

static void find_leaders(struct scanner *s)
{
    /* with the counts known the loops are unrolled */
#define LEADER(attr, slot, count)                                                              \
    s->leads[attr] = (uint8_t)heaviest(s->sums + (slot), count, slot_attrs[attr].otherwise)
    LEADER(ATTR_SENTIMENT, SLOT_SENTIMENT, SENTIMENTS);
    LEADER(ATTR_URGENCY, SLOT_URGENCY, URGENCIES);
    LEADER(ATTR_CATEGORY, SLOT_CATEGORY, CATEGORIES);
    LEADER(ATTR_ASK, SLOT_ASK, ASKS);
    LEADER(ATTR_NEEDS_REPLY, SLOT_NEEDS_REPLY, 2);
    LEADER(ATTR_MOTIVE, SLOT_MOTIVE, MOTIVES);
#undef LEADER
}

void score_sum(struct scanner *s, size_t from)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    const struct image_weight *weights = IMAGE(s->m, WEIGHTS, struct image_weight);
    int32_t *by_rules = s->by_rules;
    if (from == 0)
        memset(s->by_rules, 0, sizeof s->by_rules);
    for (size_t i = from; i < s->fired_count; i++) {
        const struct fired *f = &s->fired[i];
        if (f->silenced)
            continue;
        const struct image_rule *r = &rules[f->rule];
        for (uint32_t k = 0; k < r->weight_count; k++)
            by_rules[weights[r->weights + k].slot] += score_rule(s, f, k);
    }
    for (int i = 0; i < SLOTS; i++)
        s->sums[i] = (s->learned[i] > s->m->least[i] ? s->learned[i] : s->m->least[i]) +
                     (by_rules[i] < s->m->cap[i] ? by_rules[i] : s->m->cap[i]);
    find_leaders(s);
}

enum { FEELING_FROM = SLOT_ONE }; /* weight that makes a feeling felt */

bool score_felt(const struct scanner *s, int slot)
{
    return s->sums[slot] >= FEELING_FROM;
}

void score_verdict(const struct scanner *s, struct verdict *out)
{
    out->sentiment = (enum sentiment)s->leads[ATTR_SENTIMENT];
    out->urgency = (enum urgency)s->leads[ATTR_URGENCY];
    out->category = (enum category)s->leads[ATTR_CATEGORY];
    out->ask = (enum ask)s->leads[ATTR_ASK];
    out->needs_reply = s->leads[ATTR_NEEDS_REPLY] == 0;
    out->motive = (enum motive)s->leads[ATTR_MOTIVE];
    out->feelings = 0;
    for (int i = 0; i < FEELINGS; i++)
        if (s->sums[SLOT_FEELING + i] >= FEELING_FROM)
            out->feelings |= 1u << i;
    const int32_t *v = s->sums + SLOT_SENTIMENT;
    double neg = (double)v[SENTIMENT_NEGATIVE] / SLOT_ONE;
    double neu = (double)v[SENTIMENT_NEUTRAL] / SLOT_ONE;
    double pos = (double)v[SENTIMENT_POSITIVE] / SLOT_ONE;
    double top = fmax(neg, fmax(neu, pos));
    neg = exp(neg - top);
    neu = exp(neu - top);
    pos = exp(pos - top);
    double score = (pos - neg) / (neg + neu + pos);
    out->score = nearbyint(score * 10000) / 10000;
}
