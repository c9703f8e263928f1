#include "storage/store_sqlite_db.h"

#include <assert.h>
#include <math.h>

#include "core/clock.h"

struct sq_val sq_null(void)
{
    return (struct sq_val){.type = SQ_NULL};
}

struct sq_val sq_int(int64_t v)
{
    return (struct sq_val){.type = SQ_INT, .i = v};
}

struct sq_val sq_time(int64_t ms)
{
    return ms == DF_NO_TIME ? sq_null() : sq_int(ms);
}

struct sq_val sq_due(int64_t ms)
{
    return sq_int(ms == DF_NO_TIME ? INT64_MAX : ms);
}

struct sq_val sq_count(int64_t n)
{
    return n < 0 ? sq_null() : sq_int(n);
}

struct sq_val sq_text(struct str s)
{
    return (struct sq_val){.type = SQ_TEXT, .s = {s.ptr ? s.ptr : "", s.len}};
}

struct sq_val sq_opt(struct str s)
{
    return s.len ? sq_text(s) : sq_null();
}

struct sq_val sq_z(const char *z)
{
    return sq_text(str_of(z));
}

struct sq_val sq_real(double v)
{
    return isnan(v) ? sq_null() : (struct sq_val){.type = SQ_REAL, .r = v};
}

struct sq_val sq_blob(const void *p, size_t n)
{
    return (struct sq_val){.type = SQ_BLOB, .s = {p, n}};
}

enum df_rc sq_fail(struct sq_db *db, int code, const char *doing, struct err *err)
{
    static const struct {
        int code;
        enum df_rc rc;
        const char *text;
    } table[] = {
        {SQLITE_BUSY, DF_RETRY, "the database is busy: another program is writing"},
        {SQLITE_LOCKED, DF_RETRY, "the database is busy: another program is writing"},
        {SQLITE_INTERRUPT, DF_RETRY, "the question took longer than it may"},
        {SQLITE_FULL, DF_FATAL, "the disk is full"},
        {SQLITE_CORRUPT, DF_FATAL, "the database file is damaged; restore it from a backup"},
        {SQLITE_NOTADB, DF_FATAL, "this file is not a database, or it is damaged"},
        {SQLITE_READONLY, DF_FATAL, "the database cannot be written: it is read-only for us"},
        {SQLITE_PERM, DF_FATAL, "no permission to use the database file"},
        {SQLITE_CANTOPEN, DF_FATAL, "the database file cannot be opened or created"},
        {SQLITE_IOERR, DF_FATAL, "the disk could not be read or written"},
        {SQLITE_NOMEM, DF_FATAL, "out of memory"},
        {SQLITE_TOOBIG, DF_REJECT, "a value is too large for the database"},
        {SQLITE_CONSTRAINT, DF_REJECT, "the row breaks a rule of the data"},
    };
    const char *detail = db->db ? sqlite3_errmsg(db->db) : sqlite3_errstr(code);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].code == (code & 0xff))
            return err_set(err, table[i].rc, "%s: %s (%s: %s)", db->path, table[i].text, doing,
                           detail);
    return err_set(err, DF_FATAL, "%s: %s failed: %s", db->path, doing, detail);
}

/* Compiles once and works out which value goes where. */
static enum df_rc prepare(struct sq_db *db, enum sql_id id, struct err *err)
{
    const struct sql_text *t = db->text[id];
    struct sq_stmt *s = &db->stmts[id];
    int code = sqlite3_prepare_v3(db->db, t->sql.ptr, (int)t->sql.len + 1,
                                  SQLITE_PREPARE_PERSISTENT, &s->st, NULL);
    if (code != SQLITE_OK) {
        enum df_rc rc = sq_fail(db, code, "preparing", err);
        err_wrap(err, "statement %.*s", STR_FMT(t->name));
        return rc;
    }
    for (int i = 0; i < t->param_count; i++)
        s->place[i] = (unsigned char)sqlite3_bind_parameter_index(s->st, t->params[i]);
    return DF_OK;
}

static int bind(sqlite3_stmt *st, int place, const struct sq_val *v)
{
    switch (v->type) {
    case SQ_INT: return sqlite3_bind_int64(st, place, v->i);
    case SQ_REAL: return sqlite3_bind_double(st, place, v->r);
    case SQ_TEXT:
        return sqlite3_bind_text64(st, place, v->s.ptr, v->s.len, SQLITE_STATIC, SQLITE_UTF8);
    case SQ_BLOB: return sqlite3_bind_blob64(st, place, v->s.ptr, v->s.len, SQLITE_STATIC);
    case SQ_NULL: break;
    }
    return sqlite3_bind_null(st, place);
}

enum df_rc sq_start(struct sq_db *db, struct sq *q, enum sql_id id, const struct sq_val *vals,
                    int count, struct err *err)
{
    struct sq_stmt *s = &db->stmts[id];
    *q = (struct sq){.db = db, .id = id};
    if (!s->st) {
        enum df_rc rc = prepare(db, id, err);
        if (rc != DF_OK)
            return rc;
    }
    assert(count == db->text[id]->param_count);
    q->st = s->st;
    for (int i = 0; i < count; i++) {
        int code = s->place[i] ? bind(s->st, s->place[i], &vals[i]) : SQLITE_OK;
        if (code != SQLITE_OK) {
            sq_end(q);
            return sq_fail(db, code, db->text[id]->name.ptr, err);
        }
    }
    return DF_OK;
}

enum df_rc sq_row(struct sq *q, struct err *err)
{
    int code = sqlite3_step(q->st);
    if (code == SQLITE_ROW)
        return DF_OK;
    if (code == SQLITE_DONE)
        return DF_NONE;
    return sq_fail(q->db, code, q->db->text[q->id]->name.ptr, err);
}

void sq_end(struct sq *q)
{
    if (!q->st)
        return;
    sqlite3_reset(q->st);
    sqlite3_clear_bindings(q->st); /* they point into the caller's memory */
    q->st = NULL;
}

enum df_rc sq_exec(struct sq_db *db, enum sql_id id, const struct sq_val *vals, int count,
                   int *changed_out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(db, &q, id, vals, count, err);
    if (rc == DF_OK)
        rc = sq_row(&q, err);
    assert(rc != DF_OK); /* a statement for sq_exec gives no rows */
    if (changed_out)
        *changed_out = rc == DF_NONE ? sqlite3_changes(db->db) : 0;
    sq_end(&q);
    return rc == DF_NONE ? DF_OK : rc;
}

enum df_rc sq_one(struct sq_db *db, enum sql_id id, const struct sq_val *vals, int count,
                  int64_t *out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(db, &q, id, vals, count, err);
    if (rc == DF_OK)
        rc = sq_row(&q, err);
    if (rc == DF_OK) {
        *out = sq_get_int(&q, 0);
        enum df_rc end = sq_row(&q, err); /* a writing statement is done only at its end */
        rc = end == DF_NONE ? DF_OK : end;
    }
    sq_end(&q);
    return rc;
}

bool sq_get_null(const struct sq *q, int col)
{
    return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

int64_t sq_get_int(const struct sq *q, int col)
{
    return sqlite3_column_int64(q->st, col);
}

int64_t sq_get_time(const struct sq *q, int col)
{
    return sq_get_null(q, col) ? DF_NO_TIME : sq_get_int(q, col);
}

int64_t sq_get_due(const struct sq *q, int col)
{
    int64_t v = sq_get_int(q, col);
    return v == INT64_MAX ? DF_NO_TIME : v;
}

int64_t sq_get_count(const struct sq *q, int col)
{
    return sq_get_null(q, col) ? -1 : sq_get_int(q, col);
}

double sq_get_real(const struct sq *q, int col)
{
    return sq_get_null(q, col) ? NAN : sqlite3_column_double(q->st, col);
}

struct str sq_peek(const struct sq *q, int col)
{
    const void *p = sqlite3_column_blob(q->st, col); /* text comes as its UTF-8 bytes */
    return str_n(p, (size_t)sqlite3_column_bytes(q->st, col));
}

struct str sq_get_str(const struct sq *q, int col, struct arena *a)
{
    struct str s = sq_peek(q, col);
    return s.len ? arena_str(a, s) : STR_NONE;
}
