#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "casework/casework.h"
#include "casework/ledger.h"
#include "tests/lib/store_fixture.h"

#define E (&fixture_err)

static char path[64];

static struct store *ledger_of_five(void)
{
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOON);
    struct casework_conf conf = casework_conf_default();
    struct triage t;
    snprintf(path, sizeof path, "/tmp/defuse-ledger-%d.db", (int)getpid());
    unlink(path);
    OK(store_open(path, &st, E));
    struct casework cw = {st, &clock, &conf};
    struct post p = fixture_post("1", "x");
    struct post_row row = fixture_put(st, &p);
    struct verdict v = fixture_verdict(URGENCY_P2);
    OK(casework_triage(&cw, &row, &v, a, &t, E));
    for (int i = 0; i < 4; i++) {
        struct case_step step = {.case_id = t.case_id, .act = ACT_NOTE, .who = STR("ann"),
                                 .why = arena_printf(a, "note %d", i)};
        OK(casework_act(&cw, &step, a, NULL, E));
    }
    arena_free(&a);
    return st;
}

static int tamper(const char *sql)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc;
}

#define UNGUARDED "DROP TRIGGER ledger_keeps_rows; DROP TRIGGER ledger_keeps_words; "

Test(casework_ledger, tampering_shows_and_where)
{
    static const struct {
        const char *sql;
        int64_t broken_at; /* 0: holds */
    } cases[] = {
        {"SELECT 1", 0},
        {UNGUARDED "UPDATE ledger SET who = 'bob' WHERE seq = 3", 3},
        {UNGUARDED "UPDATE ledger SET at = at + 1 WHERE seq = 1", 1},
        {UNGUARDED "UPDATE ledger SET why = 'other' WHERE seq = 4", 4},
        {UNGUARDED "DELETE FROM ledger WHERE seq = 2", 3},
        {UNGUARDED "DELETE FROM ledger WHERE seq = 2;"
                   "UPDATE ledger SET seq = seq - 1 WHERE seq > 2", 2},
        {UNGUARDED "UPDATE ledger SET hash = x'00' WHERE seq = 5", 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store *st = ledger_of_five();
        struct ledger_check check;
        cr_assert_eq(tamper(cases[i].sql), SQLITE_OK, "%s", cases[i].sql);
        enum df_rc rc = ledger_verify(st, &check, E);
        cr_expect_eq(rc, cases[i].broken_at ? DF_REJECT : DF_OK, "%s", cases[i].sql);
        cr_expect_eq(check.broken_at, cases[i].broken_at, "%s: %lld", cases[i].sql,
                     (long long)check.broken_at);
        store_close(&st);
    }
    unlink(path);
}

Test(casework_ledger, the_database_itself_refuses_but_lets_words_be_erased)
{
    struct store *st = ledger_of_five();
    struct ledger_check check;
    cr_expect_neq(tamper("DELETE FROM ledger"), SQLITE_OK);
    cr_expect_neq(tamper("UPDATE ledger SET who = 'bob'"), SQLITE_OK);
    cr_expect_neq(tamper("UPDATE ledger SET why = 'other' WHERE seq = 2"), SQLITE_OK);
    cr_expect_eq(tamper("UPDATE ledger SET why = NULL WHERE seq = 2"), SQLITE_OK);
    OK(ledger_verify(st, &check, E));
    cr_expect_eq(check.rows, 5);
    store_close(&st);
    unlink(path);
}
