/* analyze_text.c: one text explained for a person at a terminal: the words marked, each reason in
 * the reader's language, what was silenced and why; with a second rule set, what changes. */
#include <stdio.h>

#include "cmd/analyze.h"
#include "cmd/reasons.h"
#include "core/utf8.h"

enum { REASON_AT = 10 }; /* column of the reasons, behind sign and weight */

/* One rule set and what it says. */
struct view {
    const struct ruleset *rules;
    struct verdict v;
};

static bool is_learned(const struct view *w, const struct finding *f)
{
    return ruleset_find(w->rules, f->rule) < 0;
}

/* Which characters speak: those of rules; of learned phrases only when no rule has words. */
static void mark_chars(const struct view *w, enum post_field field, size_t count, bool *marks)
{
    bool rules = false;
    for (int i = 0; i < w->v.finding_count; i++)
        rules = rules || (w->v.findings[i].span_count && !is_learned(w, &w->v.findings[i]));
    for (int i = 0; i < w->v.finding_count; i++) {
        const struct finding *f = &w->v.findings[i];
        bool weak = f->weight > -1 && f->weight < 1;
        if (is_learned(w, f) ? rules || weak : false)
            continue;
        for (int k = 0; k < f->span_count; k++)
            for (uint32_t c = f->spans[k].start; c < f->spans[k].end && c < count; c++)
                if (f->spans[k].field == field)
                    marks[c] = true;
    }
}

static void put_marked(struct cmd *c, struct buf *b, const struct view *w, struct str text,
                       enum post_field field)
{
    size_t count = utf8_count(text), at = 0, n;
    bool *marks = arena_array(c->arena, count + 1, sizeof *marks);
    enum term_style style = w->v.sentiment == SENTIMENT_POSITIVE ? TERM_GREEN : TERM_YELLOW;
    mark_chars(w, field, count, marks);
    for (size_t i = 0; i < count;) {
        size_t from = at;
        bool strong = marks[i];
        for (; i < count && marks[i] == strong; i++) {
            utf8_get(text.ptr + at, text.len - at, &n);
            at += n;
        }
        bool brackets = strong && !c->out.colour;
        buf_puts(b, brackets ? "[" : "");
        term_put(b, &c->out, strong ? style : TERM_PLAIN, str_n(text.ptr + from, at - from));
        buf_puts(b, brackets ? "]" : "");
    }
    buf_putc(b, '\n');
}

static size_t width_of(const struct cmd *c)
{
    return (size_t)(c->out.width > 40 ? c->out.width : 80) - 1;
}

static void put_classes(struct cmd *c, struct buf *b, const struct verdict *v)
{
    struct str line = arena_printf(
        c->arena, "%s (%.2f)  %s  %s  ask %s  motive %s  reply %s  %.*s",
        sentiment_name(v->sentiment), v->score, urgency_name(v->urgency),
        category_name(v->category), ask_name(v->ask), motive_name(v->motive),
        v->needs_reply ? "yes" : "no", STR_FMT(v->lang));
    struct str feels = STR_NONE;
    for (int i = 0; i < FEELINGS; i++)
        if (v->feelings >> i & 1)
            feels = arena_printf(c->arena, "%.*s%s%s", STR_FMT(feels), feels.len ? ", " : "feels ",
                                 feeling_name((enum feeling)i));
    buf_printf(b, "%.*s", STR_FMT(line));
    bool fits = line.len + feels.len + 2 <= width_of(c);
    if (feels.len)
        buf_printf(b, "%s%.*s", fits ? "  " : "\n", STR_FMT(feels));
    buf_putc(b, '\n');
}

/* The words of the first span, as written. */
static struct str words(const struct post *p, const struct span *s)
{
    struct str t = s->field == FIELD_TITLE ? p->title : p->text;
    size_t from = utf8_offset(t, s->start), to = utf8_offset(t, s->end);
    return str_trim(str_sub(t, from, to - from));
}

/* Name and sentence behind what stands at the left; on lines of its own where one is too short. */
static void put_reason(struct cmd *c, struct buf *b, const char *left, enum term_style style,
                       struct str name, struct str said)
{
    buf_printf(b, "%-*s", REASON_AT, left);
    term_put(b, &c->out, style, name);
    if (REASON_AT + term_width(name) + 2 + term_width(said) <= width_of(c)) {
        buf_printf(b, ": ");
        term_put(b, &c->out, TERM_PLAIN, said);
        buf_putc(b, '\n');
    } else {
        buf_putc(b, '\n');
        term_wrap(b, said, width_of(c), "            ");
    }
}

static struct str quoted(struct arena *a, struct str sentence, const struct post *p,
                         const struct span *spans, int count)
{
    if (!count)
        return sentence;
    return arena_printf(a, "%.*s — \"%.*s\"", STR_FMT(sentence), STR_FMT(words(p, &spans[0])));
}

static bool has_rule(const struct view *in, struct str rule)
{
    for (int i = 0; in && i < in->v.finding_count; i++)
        if (str_eq(in->v.findings[i].rule, rule))
            return true;
    return false;
}

/* Findings that `without` has not got; NULL: all. */
static int put_rules(struct cmd *c, struct buf *b, const struct view *w,
                     const struct view *without, const struct post *p)
{
    int n = 0;
    for (int i = 0; i < w->v.finding_count; i++) {
        const struct finding *f = &w->v.findings[i];
        char left[24];
        if (is_learned(w, f) || has_rule(without, f->rule))
            continue;
        snprintf(left, sizeof left, "  %+6.2f  ", f->weight);
        put_reason(c, b, left, TERM_BOLD, f->rule,
                   quoted(c->arena, reason_of(w->rules, f->rule, c->lang), p, f->spans,
                          f->span_count));
        n++;
    }
    return n;
}

static bool is_negated(const struct finding *f)
{
    return str_starts(f->why, STR("learned phrase, negated"));
}

/* "learned.en:!working" → "working"; that it was negated is said in front of the list. */
static struct str learned_phrase(const struct finding *f)
{
    ptrdiff_t colon = str_chr(f->rule, ':');
    struct str t = str_sub(f->rule, (size_t)(colon + 1), f->rule.len);
    return is_negated(f) && str_starts(t, STR("!")) ? str_sub(t, 1, t.len) : t;
}

/* "learned phrase, negated: speaks for sentiment negative" → "negated, for sentiment negative" */
static struct str learned_for(struct arena *a, const struct finding *f)
{
    const struct str speaks = STR(": speaks ");
    ptrdiff_t at = str_find(f->why, speaks);
    struct str what = at < 0 ? f->why : str_sub(f->why, (size_t)at + speaks.len, f->why.len);
    return is_negated(f) ? arena_printf(a, "negated, %.*s", STR_FMT(what)) : what;
}

/* Learned phrases only add up: a line for each thing they speak for or against. */
static int put_learned(struct cmd *c, struct buf *b, const struct view *w,
                       const struct view *without)
{
    int n = 0;
    bool *done = arena_array(c->arena, (size_t)w->v.finding_count + 1, sizeof *done);
    for (int i = 0; i < w->v.finding_count; i++) {
        const struct finding *f = &w->v.findings[i];
        struct str line = STR_NONE;
        for (int k = i; k < w->v.finding_count; k++) {
            const struct finding *g = &w->v.findings[k];
            if (done[k] || !is_learned(w, g) || !str_eq(f->why, g->why) ||
                has_rule(without, g->rule))
                continue;
            line = arena_printf(c->arena, "%.*s%s%.*s %+.2f", STR_FMT(line), line.len ? ", " : "",
                                STR_FMT(learned_phrase(g)), g->weight);
            done[k] = true;
            n++;
        }
        if (line.len)
            put_reason(c, b, "  learned ", TERM_PLAIN, learned_for(c->arena, f), line);
    }
    return n;
}

static void put_rest(struct cmd *c, struct buf *b, const struct view *w, const struct post *p)
{
    for (int i = 0; i < w->v.silenced_count; i++) {
        const struct silenced *s = &w->v.silenced[i];
        struct str why = quoted(c->arena, reason_of(w->rules, s->rule, c->lang), p, s->spans,
                                s->span_count);
        put_reason(c, b, "  silent  ", TERM_DIM, s->rule,
                   arena_printf(c->arena, "%.*s; by %.*s", STR_FMT(why), STR_FMT(s->by)));
    }
    for (int i = 0; i < w->v.fact_count; i++) {
        const struct fact *f = &w->v.facts[i];
        put_reason(c, b, "  fact    ", TERM_PLAIN, f->kind,
                   arena_printf(c->arena, "%.*s — \"%.*s\"", STR_FMT(f->value), STR_FMT(f->text)));
    }
}

static bool scan_one(struct cmd *c, struct view *w, const struct post *p)
{
    struct scanner *s = scan_new(w->rules);
    struct err e = {0};
    bool ok = scan_post(s, p, SCAN_FULL, c->arena, &w->v, &e) == DF_OK;
    if (!ok)
        cmd_fail(EXIT_PROBLEM, &e);
    scan_free(&s);
    return ok;
}

static void put_side(struct cmd *c, struct buf *b, const char *name, const struct view *w)
{
    term_put(b, &c->out, TERM_BOLD, str_of(name));
    buf_puts(b, ": ");
    put_classes(c, b, &w->v);
}

static void put_difference(struct cmd *c, struct buf *b, const char *const names[2],
                           const struct view w[2], const struct post *p)
{
    int differ = 0;
    put_side(c, b, names[0], &w[0]);
    put_side(c, b, names[1], &w[1]);
    for (int i = 0; i < 2; i++) {
        size_t before = b->len;
        buf_printf(b, "only in %s:\n", names[i]);
        int n = put_rules(c, b, &w[i], &w[!i], p) + put_learned(c, b, &w[i], &w[!i]);
        if (n == 0)
            b->len = before; /* no heading without a list */
        differ += n;
    }
    if (!differ)
        buf_puts(b, "the same reasons in both\n");
}

int analyze_text(struct cmd *c, const struct ruleset *rs, const struct ruleset *other,
                 const char *const names[2], const struct post *p)
{
    struct view w[2] = {{.rules = rs}, {.rules = other}};
    struct buf b = BUF_INIT(64u << 20);
    if (!scan_one(c, &w[0], p) || (other && !scan_one(c, &w[1], p)))
        return EXIT_PROBLEM;
    if (p->title.len)
        put_marked(c, &b, &w[0], p->title, FIELD_TITLE);
    put_marked(c, &b, &w[0], p->text, FIELD_TEXT);
    if (other) {
        put_difference(c, &b, names, w, p);
    } else {
        put_classes(c, &b, &w[0].v);
        put_rules(c, &b, &w[0], NULL, p);
        put_learned(c, &b, &w[0], NULL);
        put_rest(c, &b, &w[0], p);
    }
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
    return cmd_finish(EXIT_DONE);
}
