/* rules_decisions.c: what the team decided, as labelled lines to learn from: one closed case a
 * line, `yes` when its post was answered, `no` when people chose not to, and the text. The classes
 * the program itself gave are no evidence and are left out; so are duplicates, which say nothing
 * of their text. */
#include <stdio.h>

#include "cmd/rules.h"
#include "cmd/session.h"
#include "core/limits.h"

enum { PAGE = 500 };

static const char *const answers[CASE_OUTCOME_COUNT] = {
    [OUTCOME_RESOLVED] = "yes",    [OUTCOME_WATCHED] = "no",
    [OUTCOME_NO_REPLY] = "no",     [OUTCOME_OUT_OF_SCOPE] = "no",
    [OUTCOME_SUSPECTED_FALSE] = "no",
};

/* Tabs and line breaks would end a column or a line. */
static void put_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_putc(b, (unsigned char)s.ptr[i] < ' ' ? ' ' : s.ptr[i]);
}

static enum df_rc put_case(struct store *store, const struct case_row *c, struct arena *a,
                           struct err *err)
{
    struct post_row row;
    const char *answer = answers[c->outcome];
    if (c->state != CASE_CLOSED || !answer)
        return DF_OK;
    enum df_rc rc = store->posts->get(store, c->post_id, c->version, a, &row, err);
    if (rc == DF_NONE) /* removed on request */
        return DF_OK;
    if (rc != DF_OK)
        return rc;
    struct buf b = BUF_INIT(DF_MAX_LINE);
    buf_printf(&b, "%s\t", answer);
    if (row.post.title.len) {
        put_text(&b, row.post.title);
        buf_puts(&b, ". ");
    }
    put_text(&b, row.post.text);
    buf_putc(&b, '\n');
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
    return DF_OK;
}

int rules_decisions(struct cmd *c)
{
    struct session s;
    struct err err = {0};
    int status = session_open(c, SESSION_STORE, &s);
    if (status == EXIT_DONE) {
        struct arena *a = arena_new();
        struct queue_filter f = {.closed_too = true, .asleep_too = true, .limit = PAGE,
                                 .now = clock_now(&s.clock)};
        enum df_rc rc = DF_OK;
        for (int count = PAGE; rc == DF_OK && count == PAGE;) {
            struct case_row *rows;
            arena_reset(a);
            rc = s.store->cases->list(s.store, &f, a, &rows, &count, &err);
            for (int i = 0; rc == DF_OK && i < count; i++) {
                rc = put_case(s.store, &rows[i], a, &err);
                f.paged = true;
                f.after.id = rows[i].id;
            }
        }
        status = rc == DF_OK ? cmd_finish(EXIT_DONE) : cmd_fail(EXIT_PROBLEM, &err);
        arena_free(&a);
    }
    session_close(&s);
    return status;
}
