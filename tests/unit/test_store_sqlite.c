/* What belongs to the SQLite driver alone; what all drivers promise is in tests/contract. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/data.h"
#include "core/file.h"
#include "core/limits.h"
#include "storage/store_sqlite_db.h"

static struct err err;

static char *scratch(const char *name)
{
    static char dir[64], path[128];
    snprintf(dir, sizeof dir, "/tmp/defuse-test-XXXXXX");
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void put_file(const char *path, struct str data)
{
    cr_assert_eq(file_write_atomic(path, data, 0600, &err), DF_OK, "%s", err.text);
}

Test(store_sqlite, every_statement_compiles_and_has_the_parameters_it_names)
{
    struct store *st = NULL;
    cr_assert_eq(store_open("sqlite::memory:", &st, &err), DF_OK, "%s", err.text);
    struct sq_db *db = (struct sq_db *)st;
    for (int i = 0; i < SQL_COUNT; i++) {
        const struct sql_text *t = db->text[i];
        sqlite3_stmt *s = NULL;
        cr_assert_eq(sqlite3_prepare_v2(db->db, t->sql.ptr, -1, &s, NULL), SQLITE_OK, "%s: %s",
                     t->name.ptr, sqlite3_errmsg(db->db));
        cr_expect_eq(sqlite3_bind_parameter_count(s), t->param_count, "%s", t->name.ptr);
        for (int p = 0; p < t->param_count; p++)
            cr_expect_gt(sqlite3_bind_parameter_index(s, t->params[p]), 0, "%s %s", t->name.ptr,
                         t->params[p]);
        sqlite3_finalize(s);
    }
    size_t named = 0;
    for (size_t i = 0; i < db->set.count; i++)
        named += !db->set.items[i].fragment;
    cr_expect_eq(named, (size_t)SQL_COUNT, "a statement in the files is not in the list");
    store_close(&st);
}

static void every_column_has_a_comment(struct arena *a, const char *file)
{
    struct str text, line;
    cr_assert_eq(data_read(a, file, &text, &err), DF_OK);
    bool in_table = false;
    struct str before = STR_NONE;
    for (int n = 1; str_split(&text, '\n', &line); n++) {
        if (str_starts(line, STR("CREATE TABLE"))) {
            in_table = true;
            cr_expect(str_starts(before, STR("--")), "%s: table in line %d", file, n);
        } else if (str_starts(line, STR(")"))) {
            in_table = false;
        } else if (in_table && str_starts(line, STR("    ")) && line.len > 4 &&
                   line.ptr[4] >= 'a' && line.ptr[4] <= 'z') {
            struct str both = line; /* a long column's comment may stand on its second line */
            if (str_find(both, STR("--")) < 0)
                both = str_n(line.ptr, line.len + 1 + (size_t)str_chr(text, '\n'));
            cr_expect(str_find(both, STR("-- ")) >= 0, "%s: column in line %d", file, n);
        }
        before = line;
    }
}

Test(store_sqlite, every_table_and_column_has_a_comment)
{
    struct arena *a = arena_new();
    struct str *files;
    size_t count;
    cr_assert_eq(data_list(a, "storage/schema/sqlite/", ".sql", &files, &count, &err), DF_OK);
    cr_assert_geq(count, 2);
    for (size_t i = 0; i < count; i++)
        every_column_has_a_comment(a, files[i].ptr);
    arena_free(&a);
}

Test(store_sqlite, refuses_files_it_must_not_touch_with_one_line)
{
    static const struct {
        const char *name, *content, *says;
    } cases[] = {
        {"text.db", "this is a letter, not a database, and long enough to have a header; it goes on "
                    "a little so that it is longer than one hundred bytes.", "not a database"},
        {"missing/dir.db", NULL, "does not exist"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path = scratch(cases[i].name);
        struct store *st = NULL;
        if (cases[i].content)
            put_file(path, str_of(cases[i].content));
        err_clear(&err);
        cr_expect_eq(store_open(path, &st, &err), DF_FATAL, "%s", cases[i].name);
        cr_expect_not_null(strstr(err.text, cases[i].says), "%s", err.text);
        cr_expect_null(strchr(err.text, '\n'));
    }
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

Test(store_sqlite, a_file_of_an_older_shape_is_brought_up_to_date)
{
    struct arena *a = arena_new();
    char *path = scratch("old.db");
    struct str first;
    struct store *st = NULL;
    struct rating_row *rows;
    struct robots_row robots = {STR("https://a.example"), STR("x"), 5};
    int64_t id;
    int n;
    cr_assert_eq(data_read(a, "storage/schema/sqlite/0001_init.sql", &first, &err), DF_OK);
    run_sql(path, arena_strz(a, first));
    run_sql(path, "PRAGMA user_version = 1; PRAGMA application_id = 1684436339;"
                  "INSERT INTO posts (channel, native_id, source, version, digest, body, seen_at,"
                  " first_seen_at) VALUES ('feed', 'a', 's', 1, x'00', 'words', 1, 1)");
    cr_assert_eq(store_open(path, &st, &err), DF_OK, "%s", err.text);
    cr_expect_eq(st->posts->find(st, STR("feed"), STR("a"), &id, &err), DF_OK, "what was there stays");
    cr_expect_eq(st->ratings->list(st, 0, 9, a, &rows, &n, &err), DF_OK, "%s", err.text);
    cr_assert_eq(store_begin(st, &err), DF_OK);
    cr_expect_eq(st->robots->put(st, &robots, &err), DF_OK, "%s", err.text);
    cr_assert_eq(store_commit(st, &err), DF_OK);
    store_close(&st);
    cr_assert_eq(store_open(path, &st, &err), DF_OK, "a second time: %s", err.text);
    store_close(&st);
    arena_free(&a);
}

Test(store_sqlite, says_when_a_file_is_from_the_future_or_another_program)
{
    char *path = scratch("a.db");
    struct store *st = NULL;
    cr_assert_eq(store_open(path, &st, &err), DF_OK, "%s", err.text);
    store_close(&st);
    run_sql(path, "PRAGMA user_version = 9999");
    cr_expect_eq(store_open(path, &st, &err), DF_FATAL);
    cr_expect_not_null(strstr(err.text, "newer defuse (schema 9999"), "%s", err.text);

    path = scratch("other.db");
    run_sql(path, "CREATE TABLE songs (name TEXT)");
    cr_expect_eq(store_open(path, &st, &err), DF_FATAL);
    cr_expect_not_null(strstr(err.text, "another program's"), "%s", err.text);
}

Test(store_sqlite, a_damaged_file_is_one_line_and_not_a_crash)
{
    char *path = scratch("b.db");
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct str bytes;
    cr_assert_eq(store_open(path, &st, &err), DF_OK, "%s", err.text);
    store_close(&st);
    cr_assert_eq(file_read(a, path, DF_MIB(64), &bytes, &err), DF_OK);
    char *copy = arena_alloc(a, bytes.len);
    memcpy(copy, bytes.ptr, bytes.len);
    memset(copy + 100, 0xA5, bytes.len / 2);
    put_file(path, str_n(copy, bytes.len));
    enum df_rc rc = store_open(path, &st, &err);
    cr_expect_eq(rc, DF_FATAL);
    cr_expect_not_null(strstr(err.text, "damaged"), "%s", err.text);
    arena_free(&a);
}

static int synchronous(struct store *st)
{
    sqlite3_stmt *s = NULL;
    int level = -1;
    if (sqlite3_prepare_v2(sq_of(st)->db, "PRAGMA synchronous", -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW)
        level = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return level;
}

Test(store_sqlite, only_unhurried_transactions_do_not_wait_for_the_disk)
{
    enum { NORMAL = 1, FULL = 2 };
    struct store *st = NULL;
    cr_assert_eq(store_open(scratch("t.db"), &st, &err), DF_OK, "%s", err.text);
    static const bool unhurried[] = {false, true, true, false, true, false};
    for (size_t i = 0; i < sizeof unhurried; i++) {
        st->unhurried = unhurried[i];
        cr_assert_eq(store_begin(st, &err), DF_OK);
        cr_expect_eq(synchronous(st), unhurried[i] ? NORMAL : FULL, "transaction %zu", i);
        st->unhurried = !unhurried[i]; /* one that is open stays as it was begun */
        cr_assert_eq(store_begin(st, &err), DF_OK);
        cr_expect_eq(synchronous(st), unhurried[i] ? NORMAL : FULL, "transaction %zu", i);
        cr_assert_eq(store_commit(st, &err), DF_OK);
        cr_assert_eq(store_commit(st, &err), DF_OK);
    }
    store_close(&st);
}
