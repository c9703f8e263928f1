/* explain.c: what was found, as findings people can read: rule or phrase, why, weight, and the
 * characters of the ORIGINAL text; and what was silenced, by what. Runs only when asked for. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/facts.h"
#include "analyzer/scan_rule.h"
#include "analyzer/score.h"
#include "core/limits.h"

enum { MAX_PHRASES_SHOWN = 40 };

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

/* The slot a hit speaks for most; −1 when it weighs nothing. Sentiment is compared as the pull
 * away from the other side, so a phrase learned on both counts for the difference. */
static int heaviest(const struct scanner *s, const struct hit *h, int32_t *weight)
{
    int best = -1;
    *weight = 0;
    const struct image_record *r = hit_record(s, h);
    const struct image_packed *w = (const struct image_packed *)(const void *)(r + 1);
    uint32_t n = r->weights + (r->negated == NEGATED_BY_FACTOR ? 0u : r->negated);
    for (uint32_t i = 0; i < n; i++) {
        int32_t v = score_hit(s, h, w[i].slot);
        if (abs(v) > abs(*weight)) {
            *weight = v;
            best = w[i].slot;
        }
    }
    return best;
}

struct weighed {
    uint32_t hit;
    int slot;
    int32_t weight;
};

static int by_weight(const void *x, const void *y)
{
    const struct weighed *a = x, *b = y;
    int d = abs(b->weight) - abs(a->weight);
    return d ? d : (a->hit > b->hit) - (a->hit < b->hit);
}

static int finding_order(const void *x, const void *y)
{
    const struct finding *a = x, *b = y;
    double d = fabs(b->weight) - fabs(a->weight);
    return d > 0 ? 1 : d < 0 ? -1 : str_cmp(a->rule, b->rule);
}

static struct finding phrase_finding(struct scanner *s, struct arena *a, const struct weighed *w)
{
    const struct hit *h = &s->hits[w->hit];
    const struct image_phrase *p = IMAGE(s->m, PHRASES, struct image_phrase) +
                                   hit_record(s, h)->phrase;
    const struct image_source *src = IMAGE(s->m, SOURCES, struct image_source) + p->source;
    struct span spans[DF_MAX_SPANS];
    int n = 0;
    for (size_t i = w->hit; i < s->hits_count && n < DF_MAX_SPANS; i++)
        if (s->hits[i].node == h->node && s->hits[i].negated == h->negated)
            add_span(s, spans, &n, s->hits[i].first, s->hits[i].first + s->hits[i].units);
    struct span *kept = arena_array(a, (size_t)n + 1, sizeof *kept);
    memcpy(kept, spans, (size_t)n * sizeof *kept);
    struct str text = phrase_text(s, h);
    return (struct finding){
        .rule = arena_printf(a, "%.*s:%s%.*s", STR_FMT(image_str(s->m, src->group)),
                             h->negated ? "!" : "", STR_FMT(text)),
        .why = arena_printf(a, "learned phrase%s: speaks %s %s %s", h->negated ? ", negated" : "",
                            w->weight > 0 ? "for" : "against",
                            slot_attrs[slot_attr_of(w->slot)].name, slot_class(w->slot)),
        .weight = (double)w->weight / SLOT_ONE,
        .spans = kept,
        .span_count = n};
}

static size_t phrase_findings(struct scanner *s, struct arena *a, struct finding *out)
{
    struct weighed *w = arena_array(a, s->hits_count + 1, sizeof *w);
    size_t n = 0;
    for (uint32_t i = 0; i < s->hits_count; i++) {
        const struct image_record *r = hit_record(s, &s->hits[i]);
        if (s->hits[i].again || (r->weights == 0 && r->negated == 0))
            continue;
        w[n] = (struct weighed){.hit = i};
        w[n].slot = heaviest(s, &s->hits[i], &w[n].weight);
        if (w[n].slot >= 0 && abs(w[n].weight) >= SLOT_ONE / 50)
            n++;
    }
    qsort(w, n, sizeof *w, by_weight);
    if (n > MAX_PHRASES_SHOWN)
        n = MAX_PHRASES_SHOWN;
    for (size_t i = 0; i < n; i++)
        out[i] = phrase_finding(s, a, &w[i]);
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

static double rule_weight(const struct scanner *s, const struct fired *f, uint32_t count)
{
    int32_t most = 0;
    for (uint32_t k = 0; k < count; k++) {
        int32_t w = score_rule(s, f, k);
        if (abs(w) > abs(most))
            most = w;
    }
    return (double)most / SLOT_ONE;
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
        break;
    }
    return f->how == SILENCE_HYPOTHETIC ? STR("hypothetical clause")
           : f->how == SILENCE_QUESTION ? STR("question or not")
                                        : STR("not negated");
}

static void rule_results(struct scanner *s, struct arena *a, struct finding *found,
                         size_t *found_n, struct silenced *quiet, size_t *quiet_n)
{
    const struct image_rule *rules = IMAGE(s->m, RULES, struct image_rule);
    for (size_t i = 0; i < s->fired_count; i++) {
        const struct fired *f = &s->fired[i];
        const struct image_rule *r = &rules[f->rule];
        if (r->flags & RULE_SILENT)
            continue;
        int n;
        const struct span *spans = place_spans(s, a, f, &n);
        if (f->silenced)
            quiet[(*quiet_n)++] = (struct silenced){
                .rule = image_str(s->m, r->id), .by = silenced_by(s, a, f),
                .why = image_str(s->m, r->why), .spans = spans, .span_count = n};
        else
            found[(*found_n)++] = (struct finding){
                .rule = image_str(s->m, r->id), .why = image_str(s->m, r->why),
                .weight = rule_weight(s, f, r->weight_count), .spans = spans, .span_count = n};
    }
}

void explain_post(struct scanner *s, struct arena *a, struct verdict *out)
{
    if (s->unit_count == 0 && s->fired_count == 0)
        return;
    map_need(s);
    struct finding *found =
        arena_array(a, s->fired_count + MAX_PHRASES_SHOWN + 1, sizeof *found);
    struct silenced *quiet = arena_array(a, s->fired_count + 1, sizeof *quiet);
    size_t n = 0, q = 0;
    rule_results(s, a, found, &n, quiet, &q);
    n += phrase_findings(s, a, found + n);
    qsort(found, n, sizeof *found, finding_order);
    out->findings = found;
    out->finding_count = (int)n;
    out->silenced = quiet;
    out->silenced_count = (int)q;
    facts_find(s, a, out);
}
