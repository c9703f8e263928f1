/* The sources and meta groups of the SQLite driver. */
#include "storage/store_sqlite_db.h"

static void read_row(const struct sq *q, struct arena *a, struct source_row *r)
{
    *r = (struct source_row){
        .name = sq_get_str(q, 0, a),
        .channel = sq_get_str(q, 1, a),
        .cursor = sq_get_str(q, 2, a),
        .etag = sq_get_str(q, 3, a),
        .last_modified = sq_get_str(q, 4, a),
        .last_try = sq_get_time(q, 5),
        .last_ok = sq_get_time(q, 6),
        .last_new = sq_get_time(q, 7),
        .last_post = sq_get_time(q, 8),
        .last_error = sq_get_str(q, 9, a),
        .fails = (int)sq_get_int(q, 10),
        .told_at = sq_get_time(q, 11),
        .next_due = sq_get_int(q, 12),
        .backoff_until = sq_get_time(q, 13),
        .posts = sq_get_int(q, 14),
        .first_run_done = sq_get_int(q, 15) != 0,
    };
}

static enum df_rc get(struct store *st, struct str name, struct arena *a, struct source_row *out,
                      struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_source_get, SQ(sq_text(name)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, out);
    sq_end(&q);
    return rc;
}

static enum df_rc put(struct store *st, const struct source_row *r, struct err *err)
{
    return sq_exec(sq_of(st), SQL_source_put,
                   SQ(sq_text(r->name), sq_text(r->channel), sq_opt(r->cursor), sq_opt(r->etag),
                      sq_opt(r->last_modified), sq_time(r->last_try), sq_time(r->last_ok),
                      sq_time(r->last_new), sq_time(r->last_post), sq_opt(r->last_error),
                      sq_int(r->fails), sq_time(r->told_at), sq_int(r->next_due),
                      sq_time(r->backoff_until), sq_int(r->posts), sq_int(r->first_run_done)),
                   NULL, err);
}

static enum df_rc list(struct store *st, struct arena *a, struct source_row **out, int *count_out,
                       struct err *err)
{
    struct source_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_source_list, SQ_NO_VALUES, err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, ARENA_PUSH(a, rows, count, cap));
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc forget(struct store *st, struct str name, struct err *err)
{
    return sq_exec(sq_of(st), SQL_source_delete, SQ(sq_text(name)), NULL, err);
}

const struct store_sources sq_sources = {.get = get, .put = put, .list = list, .forget = forget};

static enum df_rc meta_get(struct store *st, const char *key, struct arena *a, struct str *out,
                           struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_meta_get, SQ(sq_z(key)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *out = sq_get_str(&q, 0, a);
    sq_end(&q);
    return rc;
}

static enum df_rc meta_put(struct store *st, const char *key, struct str value, struct err *err)
{
    return sq_exec(sq_of(st), SQL_meta_put, SQ(sq_z(key), sq_text(value)), NULL, err);
}

static enum df_rc lock_get(struct store *st, const char *name, struct arena *a,
                           struct lock_row *out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_lock_get, SQ(sq_z(name)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *out = (struct lock_row){
            .holder = sq_get_str(&q, 0, a),
            .taken = sq_get_int(&q, 1),
            .expires = sq_get_int(&q, 2),
        };
    sq_end(&q);
    return rc;
}

static enum df_rc lock_take(struct store *st, const char *name, struct str holder,
                            struct str instead_of, int64_t now, int64_t until, struct err *err)
{
    int changed;
    enum df_rc rc = sq_exec(sq_of(st), SQL_lock_take,
                            SQ(sq_z(name), sq_text(holder), sq_opt(instead_of), sq_int(now),
                               sq_int(until)),
                            &changed, err);
    return rc == DF_OK && !changed ? DF_NONE : rc;
}

static enum df_rc lock_drop(struct store *st, const char *name, struct str holder,
                            struct err *err)
{
    return sq_exec(sq_of(st), SQL_lock_drop, SQ(sq_z(name), sq_text(holder)), NULL, err);
}

const struct store_meta sq_meta = {
    .get = meta_get,
    .put = meta_put,
    .lock_get = lock_get,
    .lock_take = lock_take,
    .lock_drop = lock_drop,
};
