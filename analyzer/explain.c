/* explain.c: what was found, as findings people can read: rule or phrase, why, weight, and the
 * characters of the ORIGINAL text; and what was silenced, by what. Runs only when asked for. */
#include <stdlib.h>

#include "analyzer/facts.h"
#include "analyzer/scan_rule.h"
#include "analyzer/score.h"
#include "core/limits.h"

enum { MAX_PHRASES_SHOWN = 16 }; /* the heaviest; the others only add up */

void map_need(struct scanner *s)
{
    size_t need = s->text_len + 2;
    if (need > s->map_cap) {
        free(s->map);
        s->map_cap = 0;
        s->map = scan_grow(NULL, fold_bound(s->text_len), &s->map_cap, sizeof *s->map);
    }
    /* The same pass again, now with the map; it writes the text it wrote before. */
    if (s->title_len) {
        fold_map(s->post->title, s->text, s->map);
        s->text[s->title_len - 1] = '\n';
    }
    fold_map(s->post->text, s->text + s->title_len, s->map + s->title_len);
    memset(s->text + s->text_len, ' ', UNITS_PAD);
}

struct span scan_span(const struct scanner *s, uint32_t from, uint32_t to)
{
    bool title = from < s->title_len;
    if (title && to >= s->title_len)
        to = (uint32_t)s->title_len - 1;
    /* The title's map ends where its line break stands: that entry is its length. */
    return (struct span){title ? FIELD_TITLE : FIELD_TEXT, s->map[from], s->map[to]};
}

static struct span unit_span(const struct scanner *s, uint32_t first, uint32_t end)
{
    const struct unit *a = &s->units[first], *b = &s->units[end - 1];
    return scan_span(s, a->start, b->start + b->len);
}

static void add_span(const struct scanner *s, struct span *spans, int *n, uint32_t first,
                     uint32_t end)
{
    if (*n == DF_MAX_SPANS || first >= s->unit_count)
        return;
    struct span sp = unit_span(s, first, end > s->unit_count ? (uint32_t)s->unit_count : end);
    for (int i = 0; i < *n; i++)
        if (spans[i].field == sp.field && spans[i].start == sp.start && spans[i].end == sp.end)
            return;
    spans[(*n)++] = sp;
}

static struct str phrase_text(const struct scanner *s, const struct hit *h)
{
    const struct image_phrase *p = IMAGE(s->m, PHRASES, struct image_phrase) +
                                   hit_record(s, h)->phrase;
    return image_str(s->m, (struct image_text){p->text, p->len});
}

/* What a finding is made of, before the heaviest are chosen and put in order. */
struct item {
    uint64_t rank; /* falling weight; rules before phrases; as they stand in the text */
    int32_t weight;
    uint32_t at;   /* in fired[] or hits[] */
    int16_t slot;  /* of a phrase; −1: a rule */
};

static struct item item_of(int32_t weight, uint32_t at, int16_t slot)
{
    uint64_t rank = (uint64_t)abs(weight) << 33 | (uint64_t)(slot < 0) << 32 | (UINT32_MAX - at);
    return (struct item){rank, weight, at, slot};
}

/* Keeps the first `max` of all that are offered, in order. */
static void offer(struct item *top, size_t *n, size_t max, struct item it)
{
    if (*n == max && it.rank < top[max - 1].rank)
        return;
    size_t k = *n < max ? (*n)++ : max - 1;
    for (; k > 0 && it.rank > top[k - 1].rank; k--)
        top[k] = top[k - 1];
    top[k] = it;
}

static struct str joined(struct arena *a, struct str x, const char *mid, struct str y)
{
    size_t m = strlen(mid);
    char *p = arena_alloc(a, x.len + m + y.len + 1);
    memcpy(p, x.ptr, x.len);
    memcpy(p + x.len, mid, m);
    memcpy(p + x.len + m, y.ptr, y.len);
    return str_n(p, x.len + m + y.len);
}

/* "learned phrase, negated: speaks against sentiment positive": few different ones, made once. */
static struct str phrase_why(struct scanner *s, int slot, bool against, bool negated)
{
    struct str *w = &s->phrase_why[slot][against][negated];
    if (!w->ptr) {
        if (!s->own)
            s->own = arena_new();
        *w = arena_printf(s->own, "learned phrase%s: speaks %s %s %s", negated ? ", negated" : "",
                          against ? "against" : "for", slot_attrs[slot_attr_of(slot)].name,
                          slot_class(slot));
    }
    return *w;
}

/* The hits that only repeat a phrase. */
struct repeats {
    const uint32_t *hits;
    size_t count;
};

static struct finding phrase_finding(struct scanner *s, struct arena *a, const struct item *it,
                                     const struct repeats *again)
{
    const struct hit *h = &s->hits[it->at];
    const struct image_phrase *p = IMAGE(s->m, PHRASES, struct image_phrase) +
                                   hit_record(s, h)->phrase;
    const char *text = IMAGE(s->m, STRINGS, char) + p->text;
    struct span found[DF_MAX_SPANS];
    int n = 0;
    add_span(s, found, &n, h->first, h->first + h->units);
    for (size_t i = 0; i < again->count && n < DF_MAX_SPANS; i++) {
        const struct hit *o = &s->hits[again->hits[i]];
        if (o->node == h->node && o->negated == h->negated)
            add_span(s, found, &n, o->first, o->first + o->units);
    }
    struct span *spans = arena_array(a, (size_t)n, sizeof *spans);
    memcpy(spans, found, (size_t)n * sizeof *spans);
    struct str prefix = {text - p->prefix, p->prefix}, phrase = {text, p->len};
    return (struct finding){
        .rule = h->negated ? joined(a, prefix, "!", phrase)
                           : str_n(text - p->prefix, p->prefix + (size_t)p->len),
        .why = phrase_why(s, it->slot, it->weight < 0, h->negated),
        .weight = (double)it->weight / SLOT_ONE,
        .spans = spans,
        .span_count = n};
}

/* The heaviest phrases, in order. */
static size_t phrase_items(struct scanner *s, struct arena *a, struct item *out,
                           struct repeats *again)
{
    size_t n = 0;
    uint32_t *repeated = arena_array(a, s->hits_count + 1, sizeof *repeated);
    const struct image_node *nodes = IMAGE(s->m, NODES, struct image_node);
    bool alarms = score_alarms(s);
    for (uint32_t i = 0; i < s->hits_count; i++) {
        const struct hit *h = &s->hits[i];
        const struct image_node *node = &nodes[h->node];
        int32_t least = n < MAX_PHRASES_SHOWN ? SLOT_ONE / 50 : abs(out[n - 1].weight) + 1;
        if (!(node->more & NODE_LEARNED))
            continue;
        if (h->again) {
            repeated[again->count++] = i;
            continue;
        }
        int32_t weight = node->top;
        int slot = -1;
        if (h->negated || s->weigh_contrast || alarms)
            slot = score_heaviest(s, h, &weight);
        if (abs(weight) < least)
            continue;
        if (slot < 0)
            slot = hit_record(s, h)->top_slot;
        offer(out, &n, MAX_PHRASES_SHOWN, item_of(weight, i, (int16_t)slot));
    }
    again->hits = repeated;
    return n;
}

static const struct span *place_spans(struct scanner *s, struct arena *a, const struct fired *f,
                                      int *count)
{
    struct span spans[DF_MAX_SPANS];
    int n = 0;
    for (uint32_t i = 0; i < f->place_count; i++) {
        struct place p = s->places[f->places + i];
        add_span(s, spans, &n, p.first, p.end);
    }
    struct span *kept = arena_array(a, (size_t)n + 1, sizeof *kept);
    memcpy(kept, spans, (size_t)n * sizeof *kept);
    *count = n;
    return kept;
}

static int32_t rule_weight(const struct scanner *s, const struct fired *f, uint32_t count)
{
    int32_t most = 0;
    for (uint32_t k = 0; k < count; k++) {
        int32_t w = score_rule(s, f, k);
        if (abs(w) > abs(most))
            most = w;
    }
    return most;
}

static struct str silenced_by(const struct scanner *s, struct arena *a, const struct fired *f)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    switch (f->how) {
    case SILENCE_NEGATED:
        return arena_printf(a, "negator: %.*s", STR_FMT(phrase_text(s, &s->grammar[f->by])));
    case SILENCE_UNLESS:
    case SILENCE_NEVER:
        if (f->by == IMAGE_NONE)
            return STR("exception: a pattern of the rule");
        return arena_printf(a, "exception: %.*s", STR_FMT(phrase_text(s, &s->hits[f->by])));
    case SILENCE_RULE:
    case SILENCE_CAP:
        return image_str(s->m, rules[f->by].id);
    case SILENCE_NOT_NEGATED:
    case SILENCE_QUESTION:
    case SILENCE_HYPOTHETIC:
    case SILENCE_QUOTED:
        break;
    }
    return f->how == SILENCE_QUOTED       ? STR("somebody else's words")
           : f->how == SILENCE_HYPOTHETIC ? STR("hypothetical clause")
           : f->how == SILENCE_QUESTION   ? STR("question or not")
                                          : STR("not negated");
}

static struct finding rule_finding(struct scanner *s, struct arena *a, const struct item *it)
{
    const struct fired *f = &s->fired[it->at];
    const struct image_rule *r = IMAGE(s->m, RULES, struct image_rule) + f->rule;
    struct finding out = {.rule = image_str(s->m, r->id), .why = image_str(s->m, r->why),
                          .weight = (double)it->weight / SLOT_ONE};
    out.spans = place_spans(s, a, f, &out.span_count);
    return out;
}

static void rule_items(struct scanner *s, struct arena *a, struct item *out, size_t *n,
                       struct silenced *quiet, int *quiet_n)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    for (uint32_t i = 0; i < s->fired_count; i++) {
        const struct fired *f = &s->fired[i];
        const struct image_rule *r = &rules[f->rule];
        if (r->flags & RULE_SILENT)
            continue;
        if (!f->silenced) {
            offer(out, n, s->fired_count,
                  item_of(rule_weight(s, f, r->weight_count), i, -1));
            continue;
        }
        struct silenced *q = &quiet[(*quiet_n)++];
        *q = (struct silenced){.rule = image_str(s->m, r->id), .by = silenced_by(s, a, f),
                               .why = image_str(s->m, r->why)};
        q->spans = place_spans(s, a, f, &q->span_count);
    }
}

void explain_post(struct scanner *s, struct arena *a, struct verdict *out)
{
    if (s->unit_count == 0 && s->fired_count == 0)
        return;
    map_need(s);
    size_t max = s->fired_count + MAX_PHRASES_SHOWN, n = 0;
    struct item *items = arena_array(a, max + 1, sizeof *items), phrases[MAX_PHRASES_SHOWN];
    struct silenced *quiet = arena_array(a, s->fired_count + 1, sizeof *quiet);
    struct repeats again = {NULL, 0};
    rule_items(s, a, items, &n, quiet, &out->silenced_count);
    size_t heavy = phrase_items(s, a, phrases, &again);
    for (size_t i = 0; i < heavy; i++)
        offer(items, &n, max, phrases[i]);
    struct finding *found = arena_array(a, n + 1, sizeof *found);
    for (size_t i = 0; i < n; i++)
        found[i] = items[i].slot < 0 ? rule_finding(s, a, &items[i])
                                     : phrase_finding(s, a, &items[i], &again);
    out->findings = found;
    out->finding_count = (int)n;
    out->silenced = quiet;
    facts_find(s, a, out);
}
