/* store_sqlite_db.h: the little that is needed of SQLite: prepared statements by number, typed
 * values, one place that turns its errors into sentences. Included by store_sqlite*.c only; they
 * are the only files that may include sqlite3.h.
 *
 *     struct sq q;
 *     if ((rc = sq_start(db, &q, SQL_post_get, SQ(sq_int(id)), err)) == DF_OK)
 *         while ((rc = sq_row(&q, err)) == DF_OK) … sq_get_int(&q, 0) …   // DF_NONE: no more
 *     sq_end(&q);
 *
 * Values are borrowed until sq_end. Statements are compiled once, on first use. */
#ifndef DF_STORAGE_STORE_SQLITE_DB_H
#define DF_STORAGE_STORE_SQLITE_DB_H

#include <sqlite3.h>

#include "storage/sql_file.h"
#include "storage/store.h"

enum sql_id {
#define SQL(name) SQL_##name,
#include "storage/store_sqlite_sql.def"
#undef SQL
    SQL_COUNT
};

struct sq_stmt {
    sqlite3_stmt *st;
    unsigned char place[SQL_MAX_PARAMS]; /* position in the header → SQLite's parameter number */
};

struct sq_db {
    struct store store; /* first: a struct store * of this driver is a struct sq_db * */
    sqlite3 *db;
    char *path;
    struct arena *arena; /* statement texts; lives as long as the handle */
    bool unhurried;      /* as last told to SQLite */
    struct sql_set set;
    const struct sql_text *text[SQL_COUNT];
    struct sq_stmt stmts[SQL_COUNT];
};

static inline struct sq_db *sq_of(struct store *st)
{
    return (struct sq_db *)st;
}

struct sq_val {
    enum { SQ_NULL, SQ_INT, SQ_REAL, SQ_TEXT, SQ_BLOB } type;
    int64_t i;
    double r;
    struct str s;
};

struct sq_val sq_null(void);
struct sq_val sq_int(int64_t v);
struct sq_val sq_time(int64_t ms);      /* NULL for DF_NO_TIME */
struct sq_val sq_due(int64_t ms);       /* the largest integer for DF_NO_TIME: sorts last */
struct sq_val sq_count(int64_t n);      /* NULL for a negative one: not told */
struct sq_val sq_text(struct str s);    /* "" for an empty one */
struct sq_val sq_opt(struct str s);     /* NULL for an empty one */
struct sq_val sq_z(const char *z);
struct sq_val sq_real(double v);        /* NULL for NaN */
struct sq_val sq_blob(const void *p, size_t n);

struct sq {
    struct sq_db *db;
    sqlite3_stmt *st;
    enum sql_id id;
};

#define SQ(...)                                                                               \
    (const struct sq_val[]){__VA_ARGS__},                                                     \
        (int)(sizeof((const struct sq_val[]){__VA_ARGS__}) / sizeof(struct sq_val))
#define SQ_NO_VALUES NULL, 0

DF_CHECKED enum df_rc sq_start(struct sq_db *db, struct sq *q, enum sql_id id,
                               const struct sq_val *vals, int count, struct err *err);
DF_CHECKED enum df_rc sq_row(struct sq *q, struct err *err); /* DF_OK a row · DF_NONE no more */
void sq_end(struct sq *q);                                   /* safe on a q that never started */
/* Runs a statement that gives no rows. *changed_out (may be NULL): rows it wrote. */
DF_CHECKED enum df_rc sq_exec(struct sq_db *db, enum sql_id id, const struct sq_val *vals,
                              int count, int *changed_out, struct err *err);
/* Runs one that gives at most one row of one integer. DF_NONE: it gave none. */
DF_CHECKED enum df_rc sq_one(struct sq_db *db, enum sql_id id, const struct sq_val *vals,
                             int count, int64_t *out, struct err *err);

bool sq_get_null(const struct sq *q, int col);
int64_t sq_get_int(const struct sq *q, int col);
int64_t sq_get_time(const struct sq *q, int col); /* DF_NO_TIME for NULL */
int64_t sq_get_due(const struct sq *q, int col);
int64_t sq_get_count(const struct sq *q, int col); /* -1 for NULL */
double sq_get_real(const struct sq *q, int col); /* NaN for NULL */
struct str sq_get_str(const struct sq *q, int col, struct arena *a); /* copied */
struct str sq_peek(const struct sq *q, int col); /* valid until the next row */

/* What SQLite says, as one sentence about the file, with the result that fits. */
enum df_rc sq_fail(struct sq_db *db, int code, const char *doing, struct err *err);

/* store_sqlite_open.c */
DF_CHECKED enum df_rc sq_connect(struct sq_db *db, struct err *err);
DF_CHECKED enum df_rc sq_migrate(struct sq_db *db, struct err *err);
DF_CHECKED enum df_rc sq_load_statements(struct sq_db *db, struct err *err);

/* the groups, one file each */
extern const struct store_posts sq_posts;
extern const struct store_cases sq_cases;
extern const struct store_links sq_links;
extern const struct store_ledger sq_ledger;
extern const struct store_drafts sq_drafts;
extern const struct store_outbox sq_outbox;
extern const struct store_sources sq_sources;
extern const struct store_ratings sq_ratings;
extern const struct store_robots sq_robots;
extern const struct store_meta sq_meta;

#endif
