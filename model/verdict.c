#include "model/verdict.h"

#define NAME(e, n) n,
static const char *const sentiments[] = {VERDICT_SENTIMENTS(NAME) NULL};
static const char *const urgencies[] = {VERDICT_URGENCIES(NAME) NULL};
static const char *const categories[] = {VERDICT_CATEGORIES(NAME) NULL};
static const char *const asks[] = {VERDICT_ASKS(NAME) NULL};
static const char *const motives[] = {VERDICT_MOTIVES(NAME) NULL};
static const char *const feelings[] = {VERDICT_FEELINGS(NAME) NULL};
static const char *const field_names[] = {[FIELD_TEXT] = "text", [FIELD_TITLE] = "title", NULL};
#undef NAME

static int index_of(const char *const *names, struct str name)
{
    for (int i = 0; names[i]; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}

#define LABEL(label, names)                                                                    \
    const char *label##_name(enum label v)                                                     \
    {                                                                                          \
        return names[v];                                                                       \
    }                                                                                          \
    int label##_of(struct str name)                                                            \
    {                                                                                          \
        return index_of(names, name);                                                          \
    }

LABEL(sentiment, sentiments)
LABEL(urgency, urgencies)
LABEL(category, categories)
LABEL(ask, asks)
LABEL(motive, motives)
LABEL(feeling, feelings)

static void put_pair(struct json_out *w, const char *key, const char *value)
{
    json_pair_str(w, key, str_of(value));
}

static void put_spans(struct json_out *w, const struct span *spans, int count)
{
    json_key(w, "spans");
    json_open(w, '[');
    for (int i = 0; i < count; i++) {
        json_open(w, '{');
        put_pair(w, "field", field_names[spans[i].field]);
        json_pair_int(w, "start", spans[i].start);
        json_pair_int(w, "end", spans[i].end);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_evidence(struct json_out *w, const struct verdict *v)
{
    json_key(w, "facts");
    json_open(w, '[');
    for (int i = 0; i < v->fact_count; i++) {
        const struct fact *f = &v->facts[i];
        json_open(w, '{');
        json_pair_str(w, "kind", f->kind);
        json_pair_str(w, "value", f->value);
        json_pair_str(w, "text", f->text);
        put_spans(w, &f->span, 1);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_key(w, "findings");
    json_open(w, '[');
    for (int i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        json_open(w, '{');
        json_pair_str(w, "rule", f->rule);
        json_pair_str(w, "why", f->why);
        json_pair_num(w, "weight", f->weight);
        put_spans(w, f->spans, f->span_count);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_key(w, "silenced");
    json_open(w, '[');
    for (int i = 0; i < v->silenced_count; i++) {
        const struct silenced *s = &v->silenced[i];
        json_open(w, '{');
        json_pair_str(w, "rule", s->rule);
        json_pair_str(w, "by", s->by);
        json_pair_str(w, "why", s->why);
        put_spans(w, s->spans, s->span_count);
        json_close(w, '}');
    }
    json_close(w, ']');
}

void verdict_put_json(struct buf *b, const struct verdict *v, bool brief)
{
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_pair_str(&w, "id", v->id);
    json_pair_str(&w, "lang", v->lang);
    put_pair(&w, "sentiment", sentiment_name(v->sentiment));
    json_pair_num(&w, "score", v->score);
    put_pair(&w, "urgency", urgency_name(v->urgency));
    put_pair(&w, "category", category_name(v->category));
    put_pair(&w, "ask", ask_name(v->ask));
    put_pair(&w, "motive", motive_name(v->motive));
    json_key(&w, "feelings");
    json_open(&w, '[');
    for (int i = 0; i < FEELINGS; i++)
        if (v->feelings & 1u << i)
            json_put_str(&w, str_of(feelings[i]));
    json_close(&w, ']');
    put_pair(&w, "needs_reply", v->needs_reply ? "yes" : "no");
    if (!brief)
        put_evidence(&w, v);
    json_pair_str(&w, "ruleset", v->ruleset);
    json_close(&w, '}');
}

/* --- reading --- */

static enum df_rc label(const json_t *obj, const char *key, const char *const *names, int *out,
                        struct err *err)
{
    *out = index_of(names, json_get_str(obj, key));
    if (*out < 0)
        return err_set(err, DF_REJECT, "verdict: '%s' is missing or not a known label", key);
    return DF_OK;
}

static struct str text_of(const json_t *obj, const char *key, struct arena *a)
{
    return arena_str(a, json_get_str(obj, key));
}

static const struct span *spans_of(const json_t *obj, struct arena *a, int *count_out)
{
    const json_t *list = json_object_get(obj, "spans");
    size_t n = json_array_size(list);
    struct span *spans = arena_array(a, n, sizeof *spans);
    for (size_t i = 0; i < n; i++) {
        const json_t *s = json_array_get(list, i);
        int field = index_of(field_names, json_get_str(s, "field"));
        spans[i] = (struct span){
            .field = field < 0 ? FIELD_TEXT : (enum post_field)field,
            .start = (uint32_t)json_get_int(s, "start", 0),
            .end = (uint32_t)json_get_int(s, "end", 0),
        };
    }
    *count_out = (int)n;
    return spans;
}

static void read_evidence(const json_t *obj, struct arena *a, struct verdict *v)
{
    const json_t *list = json_object_get(obj, "facts");
    v->fact_count = (int)json_array_size(list);
    struct fact *facts = arena_array(a, (size_t)v->fact_count, sizeof *facts);
    for (int i = 0; i < v->fact_count; i++) {
        const json_t *f = json_array_get(list, (size_t)i);
        int n;
        const struct span *spans = spans_of(f, a, &n);
        facts[i] = (struct fact){text_of(f, "kind", a), text_of(f, "value", a),
                                 text_of(f, "text", a), n ? spans[0] : (struct span){0}};
    }
    v->facts = facts;

    list = json_object_get(obj, "findings");
    v->finding_count = (int)json_array_size(list);
    struct finding *findings = arena_array(a, (size_t)v->finding_count, sizeof *findings);
    for (int i = 0; i < v->finding_count; i++) {
        const json_t *f = json_array_get(list, (size_t)i);
        findings[i] = (struct finding){.rule = text_of(f, "rule", a), .why = text_of(f, "why", a),
                                       .weight = json_get_num(f, "weight", 0)};
        findings[i].spans = spans_of(f, a, &findings[i].span_count);
    }
    v->findings = findings;

    list = json_object_get(obj, "silenced");
    v->silenced_count = (int)json_array_size(list);
    struct silenced *silenced = arena_array(a, (size_t)v->silenced_count, sizeof *silenced);
    for (int i = 0; i < v->silenced_count; i++) {
        const json_t *s = json_array_get(list, (size_t)i);
        silenced[i] = (struct silenced){.rule = text_of(s, "rule", a), .by = text_of(s, "by", a),
                                        .why = text_of(s, "why", a)};
        silenced[i].spans = spans_of(s, a, &silenced[i].span_count);
    }
    v->silenced = silenced;
}

enum df_rc verdict_from_json(const json_t *obj, struct arena *a, struct verdict *out,
                             struct err *err)
{
    *out = (struct verdict){0};
    if (!json_is_object(obj))
        return err_set(err, DF_REJECT, "a verdict should be a JSON object");
    struct {
        const char *key;
        const char *const *names;
        int value;
    } labels[] = {
        {"sentiment", sentiments, 0}, {"urgency", urgencies, 0}, {"category", categories, 0},
        {"ask", asks, 0},             {"motive", motives, 0},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        enum df_rc rc = label(obj, labels[i].key, labels[i].names, &labels[i].value, err);
        if (rc != DF_OK)
            return rc;
    }
    out->id = text_of(obj, "id", a);
    out->lang = text_of(obj, "lang", a);
    out->sentiment = (enum sentiment)labels[0].value;
    out->score = json_get_num(obj, "score", 0);
    out->urgency = (enum urgency)labels[1].value;
    out->category = (enum category)labels[2].value;
    out->ask = (enum ask)labels[3].value;
    out->motive = (enum motive)labels[4].value;
    const json_t *list = json_object_get(obj, "feelings");
    for (size_t i = 0; i < json_array_size(list); i++) {
        int f = feeling_of(json_as_str(json_array_get(list, i)));
        if (f >= 0)
            out->feelings |= 1u << f;
    }
    out->needs_reply = str_is(json_get_str(obj, "needs_reply"), "yes");
    out->ruleset = text_of(obj, "ruleset", a);
    read_evidence(obj, a, out);
    return DF_OK;
}
