/* The outbox group of the SQLite driver. */
#include <stdlib.h>

#include "storage/store_sqlite_db.h"

static const char *const state_words[OUTBOX_STATE_COUNT] = {
    [OUTBOX_WAITING] = "waiting", [OUTBOX_SENT] = "sent", [OUTBOX_DEAD] = "dead"};

static void read_row(const struct sq *q, struct arena *a, struct outbox_row *r)
{
    *r = (struct outbox_row){
        .id = sq_get_int(q, 0),
        .dedup = sq_get_str(q, 1, a),
        .alert_id = sq_get_str(q, 2, a),
        .sink = sq_get_str(q, 3, a),
        .kind = sq_get_str(q, 4, a),
        .case_id = sq_get_int(q, 5),
        .payload = sq_get_str(q, 6, a),
        .created = sq_get_int(q, 7),
        .attempt = (int)sq_get_int(q, 9),
        .next_at = sq_get_int(q, 10),
        .sent_at = sq_get_time(q, 12),
        .last_code = (int)sq_get_int(q, 13),
        .last_text = sq_get_str(q, 14, a),
    };
    for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
        if (str_is(sq_peek(q, 8), state_words[i]))
            r->state = (enum outbox_state)i;
}

static enum df_rc read_all(struct sq *q, struct arena *a, struct outbox_row **out, int *count_out,
                           struct err *err)
{
    struct outbox_row *rows = NULL;
    size_t count = 0, cap = 0;
    enum df_rc rc;
    while ((rc = sq_row(q, err)) == DF_OK)
        read_row(q, a, ARENA_PUSH(a, rows, count, cap));
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc add(struct store *st, const struct outbox_row *r, struct err *err)
{
    int changed;
    enum df_rc rc = sq_exec(sq_of(st), SQL_outbox_add,
                            SQ(sq_text(r->dedup), sq_text(r->alert_id), sq_text(r->sink),
                               sq_text(r->kind), r->case_id ? sq_int(r->case_id) : sq_null(),
                               sq_text(r->payload), sq_int(r->created)),
                            &changed, err);
    return rc == DF_OK && !changed ? DF_NONE : rc;
}

static int by_next(const void *a, const void *b)
{
    const struct outbox_row *x = a, *y = b;
    if (x->next_at != y->next_at)
        return x->next_at < y->next_at ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static enum df_rc lease(struct store *st, struct str sink, struct str holder, int64_t now,
                        int64_t until, int limit, struct arena *a, struct outbox_row **out,
                        int *count_out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_outbox_lease,
                             SQ(sq_text(sink), sq_int(now), sq_text(holder), sq_int(until),
                                sq_int(limit)),
                             err);
    if (rc == DF_OK)
        rc = read_all(&q, a, out, count_out, err);
    sq_end(&q);
    if (rc == DF_OK && *count_out) /* RETURNING promises no order */
        qsort(*out, (size_t)*count_out, sizeof **out, by_next);
    return rc;
}

static enum df_rc settle(struct store *st, const struct outbox_row *r, struct str holder,
                         struct err *err)
{
    int changed;
    enum df_rc rc = sq_exec(sq_of(st), SQL_outbox_settle,
                            SQ(sq_int(r->id), sq_text(holder), sq_z(state_words[r->state]),
                               sq_int(r->next_at), sq_time(r->sent_at), sq_int(r->last_code),
                               sq_opt(r->last_text)),
                            &changed, err);
    return rc == DF_OK && !changed ? DF_NONE : rc;
}

static enum df_rc hold(struct store *st, struct str sink, int64_t until, int64_t now,
                       struct err *err)
{
    return sq_exec(sq_of(st), SQL_outbox_hold, SQ(sq_text(sink), sq_int(now), sq_int(until)),
                   NULL, err);
}

static enum df_rc holders(struct store *st, struct arena *a, struct str **out, int *count_out,
                          struct err *err)
{
    struct str *list = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_outbox_holders, SQ_NO_VALUES, err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *ARENA_PUSH(a, list, count, cap) = sq_get_str(&q, 0, a);
    sq_end(&q);
    *out = list;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc release(struct store *st, struct str holder, struct err *err)
{
    return sq_exec(sq_of(st), SQL_outbox_release, SQ(sq_text(holder)), NULL, err);
}

static enum df_rc spent(struct store *st, struct str sink, int64_t since, int64_t *out,
                        struct err *err)
{
    return sq_one(sq_of(st), SQL_outbox_spent, SQ(sq_text(sink), sq_int(since)), out, err);
}

static enum df_rc list(struct store *st, enum outbox_state state, struct str sink, int64_t after,
                       int limit, struct arena *a, struct outbox_row **out, int *count_out,
                       struct err *err)
{
    struct sq q;
    bool any = state == OUTBOX_STATE_COUNT;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_outbox_list,
                             SQ(any ? sq_null() : sq_z(state_words[state]), sq_opt(sink),
                                sq_int(after), sq_int(limit)),
                             err);
    if (rc == DF_OK)
        rc = read_all(&q, a, out, count_out, err);
    sq_end(&q);
    return rc;
}

static enum df_rc count(struct store *st, struct arena *a, struct outbox_count **out,
                        int *count_out, struct err *err)
{
    struct outbox_count *list = NULL;
    size_t n = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_outbox_count, SQ_NO_VALUES, err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *ARENA_PUSH(a, list, n, cap) = (struct outbox_count){
            .sink = sq_get_str(&q, 0, a),
            .waiting = sq_get_int(&q, 1),
            .sent = sq_get_int(&q, 2),
            .dead = sq_get_int(&q, 3),
            .oldest = sq_get_time(&q, 4),
        };
    sq_end(&q);
    *out = list;
    *count_out = (int)n;
    return rc == DF_NONE ? DF_OK : rc;
}

const struct store_outbox sq_outbox = {
    .add = add,
    .lease = lease,
    .settle = settle,
    .hold = hold,
    .holders = holders,
    .release = release,
    .spent = spent,
    .list = list,
    .count = count,
};
