#include "cmd/lint_case.h"

#include "cmd/session.h"

enum { RECENT = 60 }; /* cases looked at for answers that went out; a page shows fewer */

/* The newest text of every other answered case of the channel. */
static enum df_rc find_recent(struct session *s, const struct case_row *own, struct arena *a,
                              struct lint_ctx *ctx, struct err *err)
{
    struct queue_filter filter = {.closed_too = true, .channel = own->channel, .limit = RECENT};
    struct case_row *rows;
    struct str *texts = arena_array(a, RECENT, sizeof *texts);
    int count = 0, drafts;
    enum df_rc rc = s->store->cases->list(s->store, &filter, a, &rows, &count, err);
    for (int i = 0; (rc == DF_OK || rc == DF_NONE) && i < count; i++) {
        struct draft_row *d;
        if (rows[i].sent == DF_NO_TIME || rows[i].id == own->id)
            continue;
        rc = s->store->drafts->list(s->store, rows[i].id, 1, a, &d, &drafts, err);
        if (rc == DF_OK && drafts > 0)
            texts[ctx->recent_count++] = d[0].text;
    }
    ctx->recent = texts;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc use_row(struct session *s, struct cmd *c, long long id, struct lint_ctx *ctx,
                          struct err *err)
{
    struct case_row row;
    enum df_rc rc = s->store->cases->get(s->store, id, c->arena, &row, err);
    if (rc == DF_NONE)
        return err_set(err, DF_REJECT, "there is no case %lld", id);
    if (rc != DF_OK)
        return rc;
    struct reply_ctx reply = session_reply_ctx(s, row.channel);
    ctx->channel = row.channel;
    ctx->lang = reply_lang_of(row.lang) >= 0 ? row.lang : STR_NONE;
    ctx->limit = reply.limit;
    ctx->unit = reply.unit;
    ctx->now = reply.now;
    ctx->offset_minutes = reply.offset_minutes;
    ctx->own = arena_str(c->arena, s->config.brand.contact);
    ctx->thanks = row.category == CATEGORY_PRAISE;
    return find_recent(s, &row, c->arena, ctx, err);
}

int lint_use_case(struct cmd *c, long long id, struct lint_ctx *ctx)
{
    struct session s;
    struct err e = {0};
    int status = session_open(c, SESSION_CHANNELS | SESSION_STORE, &s);
    if (status == EXIT_DONE && use_row(&s, c, id, ctx, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    session_close(&s);
    return status;
}
