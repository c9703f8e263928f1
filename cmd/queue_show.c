/* queue_show.c: `defuse queue show`: everything about one case, to read or as JSON. */
#include <math.h>

#include "casework/say.h"
#include "cmd/queue.h"
#include "cmd/reasons.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/utf8.h"

static void head(struct queue_cmd *q, const char *id)
{
    term_put(&q->out, &q->cmd->out, TERM_BOLD, str_of(msg(q->cmd->lang, id)));
    buf_putc(&q->out, '\n');
}

/* "  name   value", the name in a column of its own. */
static void line(struct queue_cmd *q, const char *id, struct str value)
{
    if (value.len == 0)
        return;
    buf_puts(&q->out, "  ");
    term_fit(&q->out, str_of(msg(q->cmd->lang, id)), 14, true);
    buf_puts(&q->out, " ");
    term_put(&q->out, &q->cmd->out, TERM_PLAIN, value);
    buf_putc(&q->out, '\n');
}

static void time_line(struct queue_cmd *q, const char *id, int64_t ms, const char *more)
{
    struct buf b = BUF_INIT(512);
    if (ms != DF_NO_TIME) {
        time_put_local(&b, ms, q->zone);
        buf_puts(&b, more);
        line(q, id, buf_view(&b));
    }
    buf_free(&b);
}

static void due_line(struct queue_cmd *q, const struct case_row *c)
{
    struct buf more = BUF_INIT(512);
    if (c->due != DF_NO_TIME && c->sent == DF_NO_TIME && c->state != CASE_CLOSED) {
        buf_puts(&more, "  (");
        queue_put_due(q, &more, c->due);
        buf_puts(&more, ")");
    }
    if (c->seen_late)
        buf_printf(&more, "  %s", msg(q->cmd->lang, "queue.seen_late"));
    time_line(q, "queue.due", c->due, more.ptr ? more.ptr : "");
    buf_free(&more);
}

static void put_title(struct queue_cmd *q, const struct case_view *v, struct arena *a)
{
    const struct case_row *c = &v->row;
    struct buf b = BUF_INIT(1024);
    const struct str args[] = {arena_printf(a, "%lld", (long long)c->id)};
    msg_put(&b, q->cmd->lang, "queue.case", args, 1);
    buf_printf(&b, " · %s · %s · %s · %.*s · %.*s", urgency_name(c->urgency),
               msg(q->cmd->lang, arena_printf(a, "category.%s", category_name(c->category)).ptr),
               msg(q->cmd->lang, arena_printf(a, "state.%s", case_state_name(c->state)).ptr),
               STR_FMT(c->channel), STR_FMT(c->lang));
    if (c->outcome != OUTCOME_NONE)
        buf_printf(&b, " · %s", case_outcome_name(c->outcome));
    term_put(&q->out, &q->cmd->out, TERM_BOLD, buf_view(&b));
    buf_putc(&q->out, '\n');
    buf_free(&b);
}

static void put_post(struct queue_cmd *q, const struct post_row *row, struct arena *a)
{
    const struct post *p = &row->post;
    struct buf b = BUF_INIT(1024);
    term_put(&b, &q->cmd->out, TERM_CYAN, p->author_name.len ? p->author_name : STR("?"));
    if (!isnan(p->stars))
        buf_printf(&b, "  %g/5", p->stars);
    if (row->version > 1) {
        const struct str args[] = {arena_printf(a, "%d", row->version)};
        buf_puts(&b, "  ");
        msg_put(&b, q->cmd->lang, "queue.version", args, 1);
    }
    buf_printf(&q->out, "\n  %.*s\n", STR_FMT(buf_view(&b)));
    buf_free(&b);
    if (p->title.len)
        term_wrap(&q->out, p->title, (size_t)q->cmd->out.width, "    ");
    term_wrap(&q->out, p->text, (size_t)q->cmd->out.width, "    ");
    buf_putc(&q->out, '\n');
}

/* The words themselves, in the order given, at most three. */
static void put_words(struct buf *b, const struct finding *f, const struct post *p)
{
    for (int i = 0; i < f->span_count && i < 3; i++) {
        struct str field = f->spans[i].field == FIELD_TITLE ? p->title : p->text;
        size_t from = utf8_offset(field, f->spans[i].start),
               to = utf8_offset(field, f->spans[i].end);
        buf_printf(b, "%s“%.*s”", i ? ", " : " — ", STR_FMT(str_sub(field, from, to - from)));
    }
}

static void put_reasons(struct queue_cmd *q, const struct case_view *v)
{
    enum { SHOWN = 8 };
    if (!v->has_verdict)
        return;
    head(q, "queue.why");
    for (int i = 0; i < v->verdict.finding_count && i < SHOWN; i++) {
        struct buf b = BUF_INIT(4096);
        struct str own = reason_of(q->session->rules, v->verdict.findings[i].rule, q->cmd->lang);
        buf_str(&b, own.len ? own : v->verdict.findings[i].why);
        put_words(&b, &v->verdict.findings[i], &v->post.post);
        buf_puts(&q->out, "  - ");
        term_fit(&q->out, buf_view(&b), (size_t)q->cmd->out.width - 4, false);
        buf_putc(&q->out, '\n');
        buf_free(&b);
    }
    if (v->verdict.fact_count)
        head(q, "queue.facts");
    for (int i = 0; i < v->verdict.fact_count && i < SHOWN; i++) {
        const struct fact *f = &v->verdict.facts[i];
        struct buf b = BUF_INIT(4096);
        buf_printf(&b, "%.*s: %.*s", STR_FMT(f->kind), STR_FMT(f->value));
        buf_puts(&q->out, "  - ");
        term_fit(&q->out, buf_view(&b), (size_t)q->cmd->out.width - 4, false);
        buf_putc(&q->out, '\n');
        buf_free(&b);
    }
}

static void put_draft(struct queue_cmd *q, const struct draft_row *d)
{
    struct buf b = BUF_INIT(1024);
    const struct str who[] = {d->who}, approved[] = {d->approved_by};
    if (str_eq(d->who, CASEWORK_MACHINE))
        buf_puts(&b, msg(q->cmd->lang, "queue.suggested"));
    else
        msg_put(&b, q->cmd->lang, "queue.draft", who, 1);
    buf_printf(&b, " (%.*s)", STR_FMT(d->lang));
    if (d->approved_by.len) {
        buf_puts(&b, ", ");
        msg_put(&b, q->cmd->lang, "queue.approved", approved, 1);
    }
    term_put(&q->out, &q->cmd->out, TERM_BOLD, buf_view(&b));
    buf_putc(&q->out, '\n');
    term_wrap(&q->out, d->text, (size_t)q->cmd->out.width, "  | ");
    buf_putc(&q->out, '\n');
    buf_free(&b);
}

static struct str why_for(const void *rules, struct str rule, enum ui_lang lang)
{
    return reason_of(rules, rule, lang);
}

static void put_history(struct queue_cmd *q, const struct case_view *v, struct arena *a)
{
    const enum ui_lang lang = q->cmd->lang;
    const struct ledger_reader reader = {.lang = lang, .zone = q->zone,
                                         .verdict = v->has_verdict ? &v->verdict : NULL,
                                         .why = why_for, .arg = q->session->rules};
    head(q, "queue.history");
    for (int i = 0; i < v->ledger_count; i++) {
        const struct ledger_row *r = &v->ledger[i];
        struct buf b = BUF_INIT(DF_KIB(8));
        time_put_local(&b, r->at, q->zone);
        int act = case_act_of(r->act), from = case_state_of(r->from), to = case_state_of(r->to);
        buf_printf(&b, "  %.*s  %.*s", STR_FMT(r->who),
                   STR_FMT(act < 0 ? r->act : say_act(lang, (enum case_act)act)));
        if (from >= 0 && to >= 0 && from != to)
            buf_printf(&b, "  %.*s→%.*s", STR_FMT(say_state(lang, (enum case_state)from)),
                       STR_FMT(say_state(lang, (enum case_state)to)));
        if (r->why.len)
            buf_printf(&b, "  %.*s", STR_FMT(say_step(r, &reader, a)));
        buf_puts(&q->out, "  ");
        term_fit(&q->out, buf_view(&b), (size_t)q->cmd->out.width - 2, false);
        buf_putc(&q->out, '\n');
        buf_free(&b);
    }
}

static void show_text(struct queue_cmd *q, const struct case_view *v, struct arena *a)
{
    put_title(q, v, a);
    put_post(q, &v->post, a);
    line(q, "queue.link", v->post.post.url);
    time_line(q, "queue.posted", v->row.posted, "");
    time_line(q, "queue.seen", v->row.seen, "");
    due_line(q, &v->row);
    time_line(q, "queue.sent", v->row.sent, "");
    time_line(q, "queue.asleep_until", v->row.wake > q->now ? v->row.wake : DF_NO_TIME, "");
    line(q, "queue.owner", v->row.owner);
    put_reasons(q, v);
    if (v->draft_count)
        put_draft(q, &v->drafts[0]);
    if (v->post_count > 1)
        head(q, "queue.also");
    for (int i = 0; i < v->post_count; i++)
        if (v->posts[i].id != v->post.id)
            put_post(q, &v->posts[i], a);
    put_history(q, v, a);
}

static void json_drafts(struct json_out *w, const struct case_view *v)
{
    json_key(w, "drafts");
    json_open(w, '[');
    for (int i = 0; i < v->draft_count; i++) {
        const struct draft_row *d = &v->drafts[i];
        json_open(w, '{');
        json_pair_time(w, "at", d->at);
        json_pair_str(w, "who", d->who);
        json_pair_str(w, "lang", d->lang);
        json_pair_str(w, "text", d->text);
        json_pair_raw(w, "findings", d->findings);
        json_pair_raw(w, "pieces", d->pieces);
        json_pair_str(w, "approved_by", d->approved_by);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void json_ledger(struct json_out *w, const struct case_view *v)
{
    json_key(w, "ledger");
    json_open(w, '[');
    for (int i = 0; i < v->ledger_count; i++) {
        const struct ledger_row *r = &v->ledger[i];
        json_open(w, '{');
        json_pair_int(w, "seq", r->seq);
        json_pair_time(w, "at", r->at);
        json_pair_str(w, "who", r->who);
        json_pair_str(w, "act", r->act);
        json_pair_str(w, "from", r->from);
        json_pair_str(w, "to", r->to);
        json_pair_str(w, "why", r->why);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void show_json(struct queue_cmd *q, const struct case_view *v)
{
    struct buf part = BUF_INIT(DF_MAX_LINE);
    struct json_out w = {.buf = &q->out};
    json_open(&w, '{');
    json_key(&w, "case");
    case_put_json(&w, &v->row);
    json_key(&w, "posts");
    json_open(&w, '[');
    for (int i = 0; i < v->post_count; i++) {
        buf_reset(&part);
        post_put_json(&part, &v->posts[i].post);
        json_put_raw(&w, buf_view(&part));
    }
    json_close(&w, ']');
    json_key(&w, "verdict");
    buf_reset(&part);
    if (v->has_verdict)
        verdict_put_json(&part, &v->verdict, false);
    else
        buf_puts(&part, "null");
    json_put_raw(&w, buf_view(&part));
    json_drafts(&w, v);
    json_ledger(&w, v);
    json_close(&w, '}');
    buf_putc(&q->out, '\n');
    buf_free(&part);
}

int queue_show(struct queue_cmd *q, int64_t id)
{
    struct err err = {0};
    struct case_view v;
    struct arena *a = arena_new();
    enum df_rc rc = casework_view(&q->cw, id, a, &v, &err);
    if (rc == DF_NONE)
        rc = queue_no_case(q, id, &err);
    if (rc == DF_OK && q->json)
        show_json(q, &v);
    else if (rc == DF_OK)
        show_text(q, &v, a);
    queue_flush(q);
    arena_free(&a);
    return rc == DF_OK ? cmd_finish(EXIT_DONE) : cmd_fail(EXIT_PROBLEM, &err);
}
