/* case_why.c: what was said and why it is here: marks, reasons, facts. */
#include <math.h>

#include "core/limits.h"
#include "dashboard/case.h"
#include "dashboard/marks.h"

/* Below it a finding moved nothing: a fact that was found, a rule that only silences. */
#define LEAST_WEIGHT 0.005

/* What people should read first: rules, which somebody wrote a sentence for. Learned phrases are
 * many and small; they come first only where no rule spoke. */
static bool is_learned(const struct finding *f)
{
    return str_starts(f->rule, STR("learned."));
}

/* The rule's own sentence; verdicts are stored with the English one. */
static struct str why_of(const struct page *p, struct str rule, struct str english)
{
    const struct site_rules *rules = &p->site->rules;
    struct str own = rules->why && p->words.lang != UI_EN
                         ? rules->why(rules->arg, rule, p->words.lang) : STR_NONE;

    return own.len ? own : english;
}

static struct view_reason reason_of(struct page *p, const struct finding *f)
{
    ptrdiff_t colon = str_chr(f->rule, ':');
    struct str phrase = str_sub(f->rule, (size_t)(colon + 1), f->rule.len);

    return (struct view_reason){
        .why = {is_learned(f) && colon > 0 ? WORDS(&p->words, "case.learned", phrase)
                                           : why_of(p, f->rule, f->why)},
        .rule = f->rule,
        .weight = arena_printf(p->arena, "%+.2f", f->weight),
    };
}

/* Splits the findings into main and smaller reasons; those of the main ones that point at words
 * are numbered and handed to marked[], in that order. Returns how many. */
static size_t fill_reasons(struct page *p, const struct verdict *d, struct finding *marked,
                           struct view_case *v)
{
    size_t n = (size_t)d->finding_count, numbers = 0;
    bool ruled = false;

    v->reasons = arena_array(p->arena, n + 1, sizeof *v->reasons);
    v->minor = arena_array(p->arena, n + 1, sizeof *v->minor);
    for (size_t i = 0; i < n; i++)
        ruled |= !is_learned(&d->findings[i]);
    for (size_t i = 0; i < n; i++) {
        const struct finding *f = &d->findings[i];
        struct view_reason r = reason_of(p, f);

        if (v->reason_count == DF_MAX_MARKED_REASONS || (ruled && is_learned(f)) ||
            fabs(f->weight) < LEAST_WEIGHT) {
            v->minor[v->minor_count++] = r;
            continue;
        }
        if (f->span_count) {
            marked[numbers++] = *f;
            r.number = numbers;
        }
        v->reasons[v->reason_count++] = r;
    }
    return numbers;
}

static void fill_silenced(struct page *p, const struct verdict *d, struct view_case *v)
{
    v->silenced = arena_array(p->arena, (size_t)d->silenced_count + 1, sizeof *v->silenced);
    v->silenced_count = (size_t)d->silenced_count;
    for (int i = 0; i < d->silenced_count; i++)
        v->silenced[i] = (struct view_reason){
            .why = {why_of(p, d->silenced[i].rule, d->silenced[i].why)},
            .rule = WORDS(&p->words, "case.silenced-by", d->silenced[i].rule, d->silenced[i].by),
        };
}

static void fill_facts(struct page *p, const struct verdict *d, struct view_case *v)
{
    v->facts = arena_array(p->arena, (size_t)d->fact_count + 1, sizeof *v->facts);
    v->fact_count = (size_t)d->fact_count;
    for (int i = 0; i < d->fact_count; i++)
        v->facts[i] = (struct view_fact){
            .kind = words_label(&p->words, "fact", arena_strz(p->arena, d->facts[i].kind)),
            .text = {d->facts[i].text.len ? d->facts[i].text : d->facts[i].value},
        };
}

/* What else was said about the same matter. */
static void fill_said(struct page *p, const struct case_view *c, struct view_case *v)
{
    v->said = arena_array(p->arena, (size_t)c->post_count + 1, sizeof *v->said);
    for (int i = 0; i < c->post_count; i++) {
        const struct post *post = &c->posts[i].post;

        if (c->posts[i].id != c->row.post_id)
            v->said[v->said_count++] = (struct view_said){
                .author = {post->author_name},
                .text = {post->text},
                .lang = page_lang(post->lang),
                .url = post->url,
                .posted = words_past(&p->words, post->created != DF_NO_TIME ? post->created
                                                                            : post->seen),
            };
    }
}

void case_fill_post(struct page *p, const struct case_view *c, struct view_case *v)
{
    const struct post *post = &c->post.post;
    const struct words *w = &p->words;
    struct finding marked[DF_MAX_MARKED_REASONS];
    size_t count = fill_reasons(p, &c->verdict, marked, v);

    v->author.text = post->author_name;
    v->url = post->url;
    v->lang = page_lang(c->has_verdict ? c->verdict.lang : post->lang);
    v->posted = words_past(w, post->created != DF_NO_TIME ? post->created : post->seen);
    v->seen = words_past(w, post->seen);
    v->edited = words_past(w, post->edited);
    v->sentiment = words_label(w, "sentiment", sentiment_name(c->row.sentiment));
    marks_cut(p->arena, post->title, FIELD_TITLE, marked, count, &v->title_pieces,
              &v->title_piece_count);
    marks_cut(p->arena, post->text, FIELD_TEXT, marked, count, &v->pieces, &v->piece_count);
    fill_silenced(p, &c->verdict, v);
    fill_facts(p, &c->verdict, v);
    fill_said(p, c, v);
}
