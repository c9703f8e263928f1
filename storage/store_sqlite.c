#include "storage/store_sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "storage/store_sqlite_db.h"

static void close_sqlite(struct store *st)
{
    struct sq_db *db = sq_of(st);
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->stmts[i].st);
    sqlite3_close(db->db);
    arena_free(&db->arena);
    free(db->path);
    free(db);
}

static enum df_rc open_sqlite(const char *rest, struct store **out, struct err *err)
{
    struct sq_db *db = calloc(1, sizeof *db);
    char *path = strdup(rest);
    if (!db || !path)
        abort();
    db->path = path;
    db->arena = arena_new();
    db->store = (struct store){
        .driver = &store_sqlite_ops,
        .posts = &sq_posts,
        .cases = &sq_cases,
        .links = &sq_links,
        .ledger = &sq_ledger,
        .drafts = &sq_drafts,
        .outbox = &sq_outbox,
        .sources = &sq_sources,
        .ratings = &sq_ratings,
        .robots = &sq_robots,
        .meta = &sq_meta,
    };
    enum df_rc rc = sq_connect(db, err);
    if (rc == DF_OK)
        rc = sq_migrate(db, err);
    if (rc == DF_OK)
        rc = sq_load_statements(db, err);
    if (rc == DF_OK)
        *out = &db->store;
    else
        close_sqlite(&db->store);
    return rc;
}

static enum df_rc run(struct store *st, enum sql_id id, struct err *err)
{
    return sq_exec(sq_of(st), id, SQ_NO_VALUES, NULL, err);
}

/* One file holds what all handles commit, in its order: a sync for one is a sync for all before. */
static enum df_rc set_hurry(struct store *st, struct err *err)
{
    struct sq_db *db = sq_of(st);
    if (st->unhurried == db->unhurried)
        return DF_OK;
    int code = sqlite3_exec(db->db, st->unhurried ? "PRAGMA synchronous = NORMAL"
                                                  : "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return sq_fail(db, code, "beginning", err);
    db->unhurried = st->unhurried;
    return DF_OK;
}

static enum df_rc begin(struct store *st, int depth, struct err *err)
{
    enum df_rc rc = depth ? DF_OK : set_hurry(st, err);
    if (rc != DF_OK)
        return rc;
    return run(st, depth ? SQL_mark_set : SQL_tx_begin, err);
}

static enum df_rc commit(struct store *st, int depth, struct err *err)
{
    return run(st, depth ? SQL_mark_release : SQL_tx_commit, err);
}

static void rollback(struct store *st, int depth)
{
    /* A full disk or a damaged file may have ended the transaction already. */
    if (sqlite3_get_autocommit(sq_of(st)->db))
        return;
    struct err ignored = {0};
    enum df_rc rc = run(st, depth ? SQL_mark_rollback : SQL_tx_rollback, &ignored);
    if (rc == DF_OK && depth)
        rc = run(st, SQL_mark_release, &ignored);
    (void)rc; /* what is left is undone when the handle is closed */
}

const struct store_ops store_sqlite_ops = {
    .name = "sqlite",
    .open = open_sqlite,
    .close = close_sqlite,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
};
