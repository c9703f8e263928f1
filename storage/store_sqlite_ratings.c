/* The ratings and robots groups of the SQLite driver. */
#include "storage/store_sqlite_db.h"

static void read_row(const struct sq *q, struct arena *a, struct rating_row *r)
{
    *r = (struct rating_row){
        .id = sq_get_int(q, 0),
        .source = sq_get_str(q, 1, a),
        .at = sq_get_int(q, 3),
        .overall = {.about = sq_get_str(q, 2, a),
                    .stars = sq_get_real(q, 4),
                    .rating = sq_get_str(q, 5, a),
                    .best = sq_get_real(q, 6),
                    .ratings = sq_get_count(q, 7),
                    .reviews = sq_get_count(q, 8)},
    };
}

static enum df_rc many(struct store *st, enum sql_id id, const struct sq_val *vals, int n,
                       struct arena *a, struct rating_row **out, int *count_out, struct err *err)
{
    struct rating_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, id, vals, n, err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, ARENA_PUSH(a, rows, count, cap));
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc add(struct store *st, struct str source, const struct overall *o, int64_t at,
                      struct err *err)
{
    struct arena *a = arena_new();
    struct rating_row *rows;
    int n;
    enum df_rc rc = many(st, SQL_rating_newest, SQ(sq_text(source), sq_text(o->about)), a, &rows,
                         &n, err);
    if (rc == DF_OK && n && overall_same(&rows[0].overall, o))
        rc = DF_NONE;
    else if (rc == DF_OK)
        rc = sq_exec(sq_of(st), SQL_rating_add,
                     SQ(sq_text(source), sq_text(o->about), sq_int(at), sq_real(o->stars),
                        sq_text(o->rating), sq_real(o->best), sq_count(o->ratings),
                        sq_count(o->reviews)),
                     NULL, err);
    arena_free(&a);
    return rc;
}

static enum df_rc latest(struct store *st, struct str source, struct arena *a,
                         struct rating_row **out, int *count_out, struct err *err)
{
    return many(st, SQL_rating_latest, SQ(sq_opt(source)), a, out, count_out, err);
}

static enum df_rc list(struct store *st, int64_t after, int limit, struct arena *a,
                       struct rating_row **out, int *count_out, struct err *err)
{
    return many(st, SQL_rating_list, SQ(sq_int(after), sq_int(limit)), a, out, count_out, err);
}

const struct store_ratings sq_ratings = {.add = add, .latest = latest, .list = list};

static enum df_rc robots_list(struct store *st, int64_t now, struct arena *a,
                              struct robots_row **out, int *count_out, struct err *err)
{
    struct robots_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_robots_list, SQ(sq_int(now)), err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *ARENA_PUSH(a, rows, count, cap) =
            (struct robots_row){sq_get_str(&q, 0, a), sq_get_str(&q, 1, a), sq_get_int(&q, 2)};
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc robots_put(struct store *st, const struct robots_row *r, struct err *err)
{
    return sq_exec(sq_of(st), SQL_robots_put,
                   SQ(sq_text(r->origin), sq_text(r->body), sq_int(r->until)), NULL, err);
}

static enum df_rc robots_forget(struct store *st, int64_t now, struct err *err)
{
    return sq_exec(sq_of(st), SQL_robots_forget, SQ(sq_int(now)), NULL, err);
}

const struct store_robots sq_robots = {
    .list = robots_list, .put = robots_put, .forget = robots_forget};
