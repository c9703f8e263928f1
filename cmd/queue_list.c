/* queue_list.c: `defuse queue list`: one case, two lines; by due time, then urgency. */
#include <stdio.h>

#include "cmd/queue.h"
#include "cmd/reasons.h"
#include "core/json.h"
#include "core/limits.h"

static const enum term_style urgency_style[URGENCIES] = {TERM_RED, TERM_YELLOW, TERM_PLAIN,
                                                         TERM_DIM};

static void put_span(struct buf *b, int64_t ms)
{
    int64_t minutes = ms / DF_MINUTE, hours = minutes / 60, days = hours / 24;
    if (days)
        buf_printf(b, "%lldd%lldh", (long long)days, (long long)(hours % 24));
    else if (hours)
        buf_printf(b, "%lldh%02lldm", (long long)hours, (long long)(minutes % 60));
    else
        buf_printf(b, "%lldm", (long long)minutes);
}

void queue_put_due(struct queue_cmd *q, struct buf *b, int64_t due)
{
    struct buf span = BUF_INIT(64);
    if (due == DF_NO_TIME)
        return;
    put_span(&span, due < q->now ? q->now - due : due - q->now);
    const struct str args[] = {buf_view(&span)};
    msg_put(b, q->cmd->lang, due < q->now ? "queue.late" : "queue.in", args, 1);
    buf_free(&span);
}

void queue_flush(struct queue_cmd *q)
{
    if (q->out.len)
        fwrite(q->out.ptr, 1, q->out.len, stdout);
    buf_reset(&q->out);
}

enum df_rc queue_newest_draft(struct queue_cmd *q, int64_t id, struct arena *a,
                              struct draft_row *out, struct err *err)
{
    struct draft_row *rows;
    int count = 0;
    enum df_rc rc = q->cw.store->drafts->list(q->cw.store, id, 1, a, &rows, &count, err);
    *out = rc == DF_OK && count ? rows[0] : (struct draft_row){0};
    return rc;
}

static enum df_rc read_filter(struct queue_cmd *q, const struct queue_list_options *o,
                              struct queue_filter *f, struct err *err)
{
    int state = o->state ? case_state_of(str_of(o->state)) : -1;
    int urgency = o->urgency ? urgency_of(str_of(o->urgency)) : -1;
    if (o->state && state < 0)
        return err_set(err, DF_REJECT, "--state: no such state '%s'", o->state);
    if (o->urgency && urgency < 0)
        return err_set(err, DF_REJECT, "--urgency should be P1, P2, P3 or P4, not '%s'",
                       o->urgency);
    *f = (struct queue_filter){
        .by_state = o->state != NULL,
        .by_urgency = o->urgency != NULL,
        .closed_too = o->all || state == CASE_CLOSED,
        .asleep_too = o->asleep || o->all,
        .channel = str_of(o->channel),
        .lang = str_of(o->lang),
        .owner = str_of(o->mine ? o->who : o->owner),
        .text = str_of(o->text),
        .now = q->now,
        .limit = DF_MAX_QUEUE_PAGE,
    };
    if (o->state)
        f->state = (enum case_state)state;
    if (o->urgency)
        f->urgency = (enum urgency)urgency;
    return DF_OK;
}

/* The case a page ended with names where the next one begins. */
static enum df_rc page_after(struct queue_cmd *q, const char *after, struct queue_filter *f,
                             struct arena *a, struct err *err)
{
    struct case_row c;
    long long id;
    if (!after)
        return DF_OK;
    if (!str_i64(str_of(after), &id))
        return err_set(err, DF_REJECT, "--after takes the number of a case, not '%s'", after);
    enum df_rc rc = q->cw.store->cases->get(q->cw.store, id, a, &c, err);
    if (rc == DF_NONE)
        return err_set(err, DF_REJECT, "--after: there is no case %lld", id);
    f->paged = true;
    f->after = (struct queue_key){c.due, c.urgency, c.id};
    return rc;
}

/* In the reader's language where the rules still know it; else as it was written down. */
static struct str reason_for(struct queue_cmd *q, const struct case_row *c, struct arena *a)
{
    struct store *st = q->cw.store;
    struct verdict v;
    struct str doc, line = STR_NONE;
    json_t *obj = NULL;
    if (q->cmd->lang == UI_EN ||
        st->posts->verdict(st, c->post_id, c->version, a, &doc, NULL) != DF_OK ||
        json_parse(doc, "verdict", &obj, NULL) != DF_OK)
        return c->reason;
    if (verdict_from_json(obj, a, &v, NULL) == DF_OK)
        line = reason_line(q->session->rules, &v, q->cmd->lang, a);
    json_decref(obj);
    return line.len ? line : c->reason;
}

static void put_rows(struct queue_cmd *q, const struct case_row *c, const struct post *p,
                     struct arena *a)
{
    const struct term *t = &q->cmd->out;
    struct buf *b = &q->out, due = BUF_INIT(64), text = BUF_INIT(4 * DF_KIB(1));
    size_t used;
    bool late = c->due != DF_NO_TIME && c->due < q->now;
    queue_put_due(q, &due, c->due);
    if (p->author_name.len) {
        buf_str(&text, str_sub(p->author_name, 0, 64));
        buf_puts(&text, ": ");
    }
    buf_str(&text, str_sub(p->title.len ? p->title : p->text, 0, 1000));

    buf_printf(b, "%5lld ", (long long)c->id);
    term_put(b, t, urgency_style[c->urgency], str_of(urgency_name(c->urgency)));
    buf_puts(b, " ");
    buf_puts(b, late ? term_on(t, TERM_RED) : "");
    term_fit(b, buf_view(&due), 11, true);
    buf_puts(b, late ? term_off(t) : "");
    buf_puts(b, " ");
    struct buf state = BUF_INIT(64);
    buf_printf(&state, "state.%s", case_state_name(c->state));
    term_fit(b, str_of(msg(q->cmd->lang, state.ptr)), 9, true);
    buf_puts(b, " ");
    term_fit(b, p->source.len ? p->source : c->channel, 10, true);
    buf_puts(b, " ");
    used = 5 + 1 + 2 + 1 + 11 + 1 + 9 + 1 + 10 + 1;
    term_fit(b, buf_view(&text), (size_t)t->width > used + 10 ? (size_t)t->width - used : 10,
             false);
    buf_puts(b, "\n         ");
    buf_puts(b, term_on(t, TERM_DIM));
    buf_reset(&text);
    buf_str(&text, reason_for(q, c, a));
    if (c->owner.len)
        buf_printf(&text, " · %.*s", STR_FMT(c->owner));
    term_fit(b, buf_view(&text), (size_t)t->width - 9, false);
    buf_puts(b, term_off(t));
    buf_putc(b, '\n');
    buf_free(&state);
    buf_free(&due);
    buf_free(&text);
}

static void put_json(struct queue_cmd *q, const struct case_row *c, const struct post *p)
{
    struct buf row = BUF_INIT(DF_KIB(64)), post = BUF_INIT(DF_MAX_LINE);
    struct json_out w = {.buf = &row};
    case_put_json(&w, c);
    post_put_json(&post, p);
    row.len--; /* the post goes into the same object: over its closing bracket */
    buf_str(&q->out, buf_view(&row));
    buf_puts(&q->out, ",\"post\":");
    buf_str(&q->out, buf_view(&post));
    buf_puts(&q->out, "}\n");
    buf_free(&row);
    buf_free(&post);
}

static enum df_rc put_case(struct queue_cmd *q, const struct case_row *c, bool replies,
                           struct arena *a, struct err *err)
{
    struct post_row post;
    struct draft_row draft;
    enum df_rc rc = q->cw.store->posts->get(q->cw.store, c->post_id, 0, a, &post, err);
    if (rc != DF_OK)
        return rc;
    if (q->json) {
        put_json(q, c, &post.post);
        return DF_OK;
    }
    put_rows(q, c, &post.post, a);
    if (!replies)
        return DF_OK;
    rc = queue_newest_draft(q, c->id, a, &draft, err);
    if (rc == DF_OK && draft.text.len) {
        buf_puts(&q->out, term_on(&q->cmd->out, TERM_CYAN));
        term_wrap(&q->out, draft.text, (size_t)q->cmd->out.width, "         | ");
        buf_puts(&q->out, term_off(&q->cmd->out));
        buf_putc(&q->out, '\n');
    }
    return rc;
}

/* "12 open · 3 overdue · 1 asleep" */
static enum df_rc put_head(struct queue_cmd *q, struct arena *a, struct err *err)
{
    struct queue_count n[URGENCIES];
    int64_t total[3] = {0};
    static const char *const ids[] = {"queue.head", "queue.overdue", "queue.asleep"};
    enum df_rc rc = q->cw.store->cases->count(q->cw.store, q->now, n, err);
    if (rc != DF_OK)
        return rc;
    for (int u = 0; u < URGENCIES; u++) {
        total[0] += n[u].open;
        total[1] += n[u].overdue;
        total[2] += n[u].asleep;
    }
    for (int i = 0; i < 3; i++) {
        const struct str args[] = {arena_printf(a, "%lld", (long long)total[i])};
        if (i > 0 && total[i] == 0)
            continue;
        buf_puts(&q->out, i ? " · " : "");
        msg_put(&q->out, q->cmd->lang, ids[i], args, 1);
    }
    buf_puts(&q->out, "\n");
    return DF_OK;
}

int queue_list(struct queue_cmd *q, const struct queue_list_options *o)
{
    struct err err = {0};
    struct queue_filter f;
    struct arena *a = arena_new();
    long long left = o->limit ? o->limit : o->all || q->json ? INT64_MAX : 50;
    struct case_row *rows, last = {0};
    int count = 0;
    bool more = true;
    enum df_rc rc = read_filter(q, o, &f, &err);
    if (rc == DF_OK)
        rc = page_after(q, o->after, &f, a, &err);
    if (rc == DF_OK && !q->json)
        rc = put_head(q, a, &err);
    while (rc == DF_OK && left > 0 && more) {
        f.limit = left < DF_MAX_QUEUE_PAGE ? (int)left : DF_MAX_QUEUE_PAGE;
        arena_reset(a);
        rc = q->cw.store->cases->list(q->cw.store, &f, a, &rows, &count, &err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            rc = put_case(q, &rows[i], o->replies, a, &err);
            queue_flush(q);
            last = rows[i];
        }
        more = count == f.limit;
        left -= count;
        f.paged = true;
        f.after = (struct queue_key){last.due, last.urgency, last.id};
    }
    if (rc == DF_OK && !q->json && last.id == 0)
        buf_printf(&q->out, "%s\n", msg(q->cmd->lang, "queue.empty"));
    if (rc == DF_OK && !q->json && more && left == 0) {
        const struct str args[] = {arena_printf(a, "%lld", (long long)last.id)};
        msg_put(&q->out, q->cmd->lang, "queue.more", args, 1);
        buf_putc(&q->out, '\n');
    }
    queue_flush(q);
    arena_free(&a);
    return rc == DF_OK       ? cmd_finish(EXIT_DONE)
           : rc == DF_REJECT ? cmd_fail(EXIT_USAGE, &err)
                             : cmd_fail(EXIT_PROBLEM, &err);
}
