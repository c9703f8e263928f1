/* Opening a database file: settings of the connection, schema migrations, statements. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/data.h"
#include "storage/store_sqlite_db.h"

enum {
    APPLICATION_ID = 0x64667573, /* "dfus": tells our files from other programs' */
    BUSY_TIMEOUT_MS = 10000,     /* a batch of another process is done well before */
};

enum {
    OPS_BETWEEN_LOOKS = 4000, /* of SQLite's machine: well under a millisecond */
    BUSY_STEP_MS = 10,
};

static bool is_late(const struct sq_db *db)
{
    return db->store.deadline && clock_ticks_ms() > db->store.deadline;
}

static int on_progress(void *db)
{
    return is_late(db);
}

/* Another connection writes: wait for it, as long as that is still of use to the caller. */
static int on_busy(void *db, int tries)
{
    int ms = tries < BUSY_STEP_MS ? 1 : BUSY_STEP_MS;
    if (is_late(db) || tries > BUSY_TIMEOUT_MS / BUSY_STEP_MS)
        return 0;
    sqlite3_sleep(ms);
    return 1;
}

static enum df_rc sql(struct sq_db *db, const char *text, const char *doing, struct err *err)
{
    int code = sqlite3_exec(db->db, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? DF_OK : sq_fail(db, code, doing, err);
}

static enum df_rc pragma_get(struct sq_db *db, const char *text, int64_t *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(db->db, text, -1, &st, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(st);
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return code == SQLITE_ROW ? DF_OK : sq_fail(db, code, text, err);
}

/* SQLite only says "unable to open": look for the reason a person can act on. */
static enum df_rc explain_open(struct sq_db *db, int code, struct err *err)
{
    char dir[4096];
    const char *slash = strrchr(db->path, '/');
    size_t n = slash ? (size_t)(slash - db->path) : 0;
    if (n >= sizeof dir)
        return err_set(err, DF_FATAL, "%s: the path is too long", db->path);
    memcpy(dir, slash ? db->path : ".", slash ? n : 1);
    dir[slash ? n : 1] = '\0';
    if (slash == db->path)
        strncpy(dir, "/", sizeof dir);
    if (access(dir, F_OK) != 0)
        return err_set(err, DF_FATAL, "%s: the directory %s does not exist", db->path, dir);
    if (access(dir, W_OK) != 0)
        return err_set(err, DF_FATAL, "%s: cannot write in the directory %s: %s", db->path, dir,
                       strerror(errno));
    return sq_fail(db, code, "opening", err);
}

enum df_rc sq_connect(struct sq_db *db, struct err *err)
{
    int code = sqlite3_open_v2(db->path, &db->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               NULL);
    if (code != SQLITE_OK)
        return explain_open(db, code, err);
    sqlite3_extended_result_codes(db->db, 1);
    sqlite3_busy_handler(db->db, on_busy, db);
    sqlite3_progress_handler(db->db, OPS_BETWEEN_LOOKS, on_progress, db);
    sqlite3_db_config(db->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* FULL: an answer that was reported as kept survives a power cut, not only a kill; in batches
     * it costs nothing measurable. The larger cache and the rarer checkpoint are what keeps
     * ingest steady when the file has outgrown the default 2 MB. */
    enum df_rc rc = sql(db,
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
                        "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536;"
                        "PRAGMA wal_autocheckpoint = 8000;",
                        "opening", err);
    if (rc == DF_FATAL && access(db->path, F_OK) == 0 && access(db->path, W_OK) != 0)
        return err_set(err, DF_FATAL, "%s: no permission to write this file", db->path);
    return rc;
}

/* Number at the front of "…/0001_init.sql". */
static int migration_number(struct str path)
{
    struct str part, last = path;
    long long number = 0;
    while (str_split(&path, '/', &part))
        last = part;
    str_split(&last, '_', &part);
    return str_i64(part, &number) ? (int)number : 0;
}

static enum df_rc apply(struct sq_db *db, struct str path, int number, struct err *err)
{
    struct str text;
    char stamp[96];
    enum df_rc rc = data_read(db->arena, path.ptr, &text, err);
    if (rc != DF_OK)
        return rc;
    rc = sql(db, arena_strz(db->arena, text), path.ptr, err);
    if (rc != DF_OK)
        return rc;
    snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d; PRAGMA application_id = %d;", number,
             APPLICATION_ID);
    return sql(db, stamp, path.ptr, err);
}

static enum df_rc check_owner(struct sq_db *db, int64_t version, struct err *err)
{
    int64_t owner = 0, tables = 0;
    enum df_rc rc = pragma_get(db, "PRAGMA application_id", &owner, err);
    if (rc == DF_OK)
        rc = pragma_get(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (rc == DF_OK && owner != APPLICATION_ID && (tables || version))
        return err_set(err, DF_FATAL, "%s: this is another program's database, not defuse's",
                       db->path);
    return rc;
}

enum df_rc sq_migrate(struct sq_db *db, struct err *err)
{
    struct str *paths = NULL;
    size_t count = 0;
    int64_t version = 0;
    enum df_rc rc = data_list(db->arena, "storage/schema/sqlite/", ".sql", &paths, &count, err);
    if (rc != DF_OK)
        return err_set(err, DF_FATAL, "the schema files of the program are missing");
    rc = pragma_get(db, "PRAGMA user_version", &version, err);
    if (rc == DF_OK)
        rc = check_owner(db, version, err);
    if (rc != DF_OK)
        return rc;
    int newest = migration_number(paths[count - 1]);
    if (version > newest)
        return err_set(err, DF_FATAL,
                       "%s: written by a newer defuse (schema %lld; this one knows up to %d)",
                       db->path, (long long)version, newest);
    if (version == newest)
        return DF_OK;
    rc = sql(db, "BEGIN EXCLUSIVE", "migrating", err);
    if (rc != DF_OK)
        return rc;
    rc = pragma_get(db, "PRAGMA user_version", &version, err); /* another process was faster? */
    for (size_t i = 0; rc == DF_OK && i < count; i++)
        if (migration_number(paths[i]) > version)
            rc = apply(db, paths[i], migration_number(paths[i]), err);
    if (rc == DF_OK)
        rc = sql(db, "COMMIT", "migrating", err);
    if (rc != DF_OK)
        sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

enum df_rc sq_load_statements(struct sq_db *db, struct err *err)
{
    static const char *const names[SQL_COUNT] = {
#define SQL(name) #name,
#include "storage/store_sqlite_sql.def"
#undef SQL
    };
    struct str *paths = NULL, text;
    size_t count = 0;
    enum df_rc rc = data_list(db->arena, "storage/sql/sqlite/", ".sql", &paths, &count, err);
    db->set.arena = db->arena;
    for (size_t i = 0; rc == DF_OK && i < count; i++) {
        rc = data_read(db->arena, paths[i].ptr, &text, err);
        if (rc == DF_OK)
            rc = sql_file_read(&db->set, text, paths[i].ptr, err);
    }
    for (int i = 0; rc == DF_OK && i < SQL_COUNT; i++) {
        db->text[i] = sql_find(&db->set, str_of(names[i]));
        if (!db->text[i])
            return err_set(err, DF_FATAL, "storage/sql/sqlite lacks the statement %s", names[i]);
    }
    return rc == DF_NONE ? err_set(err, DF_FATAL, "the SQL files of the program are missing") : rc;
}
