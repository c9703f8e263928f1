#include "cmd/lint_case.h"

#include "casework/recent.h"
#include "cmd/session.h"

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
    return recent_answers(s->store, &row, c->arena, &ctx->recent, &ctx->recent_count, err);
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
