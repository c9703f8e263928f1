/* analyze_text.c: one text explained for a person: the words marked, each reason, what was
 * silenced and why; with a second rule set, what changes. */
#include <stdio.h>

#include "cmd/analyze.h"
#include "core/utf8.h"

/* How strongly each character of the text speaks, and for which side. */
static void mark_chars(const struct verdict *v, enum post_field field, size_t count, double *marks)
{
    for (int i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        for (int k = 0; k < f->span_count; k++)
            for (uint32_t c = f->spans[k].start; c < f->spans[k].end && c < count; c++)
                if (f->spans[k].field == field)
                    marks[c] += f->weight < 0 ? -f->weight : f->weight;
    }
}

static void put_marked(struct cmd *c, struct buf *b, const struct verdict *v, struct str text,
                       enum post_field field)
{
    size_t count = utf8_count(text), at = 0, n;
    double *marks = arena_array(c->arena, count + 1, sizeof *marks);
    mark_chars(v, field, count, marks);
    for (size_t i = 0; i < count; i++) {
        size_t end = i;
        bool strong = marks[i] >= 1.0;
        for (; end < count && (marks[end] >= 1.0) == strong; end++)
            ;
        size_t from = at;
        for (; i < end; i++) {
            utf8_get(text.ptr + at, text.len - at, &n);
            at += n;
        }
        i--;
        enum term_style style = v->sentiment == SENTIMENT_POSITIVE ? TERM_GREEN : TERM_YELLOW;
        struct str part = str_n(text.ptr + from, at - from);
        if (strong && !c->out.colour) {
            buf_putc(b, '[');
            term_put(b, &c->out, TERM_PLAIN, part);
            buf_putc(b, ']');
        } else {
            term_put(b, &c->out, strong ? style : TERM_PLAIN, part);
        }
    }
    buf_putc(b, '\n');
}

static void put_classes(struct buf *b, const struct verdict *v)
{
    buf_printf(b, "%s (%.2f)  %s  %s  ask %s  motive %s  reply %s  %.*s", sentiment_name(v->sentiment),
               v->score, urgency_name(v->urgency), category_name(v->category), ask_name(v->ask),
               motive_name(v->motive), v->needs_reply ? "yes" : "no", STR_FMT(v->lang));
    for (int i = 0; i < FEELINGS; i++)
        if (v->feelings >> i & 1)
            buf_printf(b, "  %s", feeling_name((enum feeling)i));
    buf_putc(b, '\n');
}

/* The words of the first span, as written. */
static struct str words(const struct post *p, const struct span *s)
{
    struct str t = s->field == FIELD_TITLE ? p->title : p->text;
    size_t from = utf8_offset(t, s->start), to = utf8_offset(t, s->end);
    return str_trim(str_sub(t, from, to - from));
}

static void put_findings(struct cmd *c, struct buf *b, const struct verdict *v,
                         const struct post *p)
{
    for (int i = 0; i < v->finding_count; i++) {
        const struct finding *f = &v->findings[i];
        buf_printf(b, "  %+6.2f  ", f->weight);
        term_put(b, &c->out, TERM_BOLD, f->rule);
        buf_printf(b, ": %.*s", STR_FMT(f->why));
        if (f->span_count) {
            buf_puts(b, " — \"");
            term_put(b, &c->out, TERM_CYAN, words(p, &f->spans[0]));
            buf_puts(b, "\"");
        }
        buf_putc(b, '\n');
    }
    for (int i = 0; i < v->silenced_count; i++) {
        const struct silenced *s = &v->silenced[i];
        buf_puts(b, "  silent  ");
        term_put(b, &c->out, TERM_DIM, s->rule);
        buf_printf(b, ": by %.*s\n", STR_FMT(s->by));
    }
    for (int i = 0; i < v->fact_count; i++)
        buf_printf(b, "  fact    %.*s: %.*s (%.*s)\n", STR_FMT(v->facts[i].kind),
                   STR_FMT(v->facts[i].value), STR_FMT(v->facts[i].text));
}

static bool has_rule(const struct verdict *v, struct str rule)
{
    for (int i = 0; i < v->finding_count; i++)
        if (str_eq(v->findings[i].rule, rule))
            return true;
    return false;
}

static void put_missing(struct cmd *c, struct buf *b, const char *sign, const struct verdict *in,
                        const struct verdict *from)
{
    for (int i = 0; i < in->finding_count; i++) {
        const struct finding *f = &in->findings[i];
        if (has_rule(from, f->rule))
            continue;
        buf_printf(b, "%s %+6.2f  ", sign, f->weight);
        term_put(b, &c->out, TERM_BOLD, f->rule);
        buf_printf(b, ": %.*s\n", STR_FMT(f->why));
    }
}

static bool scan_one(struct cmd *c, const struct ruleset *rs, const struct post *p,
                     struct verdict *v)
{
    struct scanner *s = scan_new(rs);
    struct err e = {0};
    bool ok = scan_post(s, p, SCAN_FULL, c->arena, v, &e) == DF_OK;
    if (!ok)
        cmd_fail(EXIT_PROBLEM, &e);
    scan_free(&s);
    return ok;
}

int analyze_text(struct cmd *c, const struct ruleset *rs, const struct ruleset *other,
                 const struct post *p)
{
    struct verdict v, w;
    struct buf b = BUF_INIT(64u << 20);
    if (!scan_one(c, rs, p, &v) || (other && !scan_one(c, other, p, &w)))
        return EXIT_PROBLEM;
    if (p->title.len)
        put_marked(c, &b, &v, p->title, FIELD_TITLE);
    put_marked(c, &b, &v, p->text, FIELD_TEXT);
    put_classes(&b, &v);
    if (other) {
        put_classes(&b, &w);
        put_missing(c, &b, "-", &v, &w);
        put_missing(c, &b, "+", &w, &v);
    } else {
        put_findings(c, &b, &v, p);
    }
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
    return cmd_finish(EXIT_DONE);
}
