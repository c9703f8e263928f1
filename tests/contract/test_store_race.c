/* Many hands on one database file: each has a handle of its own. Threads here; processes too. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "casework/casework.h"
#include "casework/ledger.h"
#include "tests/lib/store_fixture.h"

#define E (&fixture_err)
enum { HANDS = 4, CASES = 120 };

static char path[96];

static void fresh_database(void)
{
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOON);
    struct casework_conf conf = casework_conf_default();
    static const struct alert_route route = {{"chat", 4}, URGENCY_P4};
    conf.routes = &route;
    conf.route_count = 1;
    snprintf(path, sizeof path, "/tmp/defuse-race-%d.db", (int)getpid());
    unlink(path);
    OK(store_open(path, &st, E));
    struct casework cw = {st, &clock, &conf};
    for (int i = 0; i < CASES; i++) {
        struct post p = fixture_post(arena_printf(a, "%d", i).ptr, "late");
        struct post_row row = fixture_put(st, &p);
        struct verdict v = fixture_verdict(URGENCY_P2);
        struct triage t;
        OK(casework_triage(&cw, &row, &v, a, &t, E));
    }
    store_close(&st);
    arena_free(&a);
}

/* Claims from the top until nothing is left; returns how many it got, -1 on a fault. */
static int claim_all(const char *who, int64_t taken[CASES])
{
    struct store *st = NULL;
    struct err err = {0};
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOON);
    struct casework_conf conf = casework_conf_default();
    int n = 0;
    enum df_rc rc = store_open(path, &st, &err);
    struct casework cw = {st, &clock, &conf};
    while (rc == DF_OK) {
        struct case_step step = {.act = ACT_CLAIM, .who = str_of(who), .least = URGENCY_P4};
        struct case_row c;
        rc = casework_act(&cw, &step, a, &c, &err);
        if (rc == DF_OK && n < CASES)
            taken[n++] = c.id;
        if (rc == DF_RETRY)
            rc = DF_OK;
        arena_reset(a);
    }
    if (rc != DF_NONE)
        fprintf(stderr, "%s: %s\n", who, err.text);
    store_close(&st);
    arena_free(&a);
    return rc == DF_NONE ? n : -1;
}

struct hand {
    pthread_t thread;
    char who[16];
    int64_t taken[CASES];
    int count;
};

static void *claim_thread(void *arg)
{
    struct hand *h = arg;
    h->count = claim_all(h->who, h->taken);
    return NULL;
}

static void expect_whole_ledger(int64_t rows)
{
    struct store *st = NULL;
    struct ledger_check check;
    OK(store_open(path, &st, E));
    OK(ledger_verify(st, &check, E));
    cr_expect_eq(check.rows, rows);
    store_close(&st);
    unlink(path);
}

Test(store_race, every_case_is_claimed_by_one_thread_only)
{
    static struct hand hands[HANDS];
    int seen[CASES + 1] = {0}, total = 0;
    fresh_database();
    for (int i = 0; i < HANDS; i++) {
        snprintf(hands[i].who, sizeof hands[i].who, "t%d", i);
        cr_assert_eq(pthread_create(&hands[i].thread, NULL, claim_thread, &hands[i]), 0);
    }
    for (int i = 0; i < HANDS; i++) {
        pthread_join(hands[i].thread, NULL);
        cr_assert_geq(hands[i].count, 0);
        for (int k = 0; k < hands[i].count; k++)
            seen[hands[i].taken[k]]++;
        total += hands[i].count;
    }
    cr_expect_eq(total, CASES);
    for (int i = 1; i <= CASES; i++)
        cr_expect_eq(seen[i], 1, "case %d was claimed %d times", i, seen[i]);
    expect_whole_ledger(2 * CASES);
}

Test(store_race, every_case_is_claimed_by_one_process_only)
{
    pid_t pids[HANDS];
    int total = 0;
    fresh_database();
    for (int i = 0; i < HANDS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            static int64_t taken[CASES];
            int n = claim_all("p", taken);
            _exit(n < 0 ? 255 : n);
        }
    }
    for (int i = 0; i < HANDS; i++) {
        int status = 0;
        waitpid(pids[i], &status, 0);
        cr_assert(WIFEXITED(status) && WEXITSTATUS(status) != 255);
        total += WEXITSTATUS(status);
    }
    cr_expect_eq(total, CASES);
    expect_whole_ledger(2 * CASES);
}

static void *lease_thread(void *arg)
{
    struct hand *h = arg;
    struct store *st = NULL;
    struct err err = {0};
    struct arena *a = arena_new();
    enum df_rc rc = store_open(path, &st, &err);
    for (int n = 1; rc == DF_OK && n;) {
        struct outbox_row *rows;
        rc = store_begin(st, &err);
        if (rc == DF_OK)
            rc = store_finish(st, st->outbox->lease(st, STR("chat"), str_of(h->who), NOON,
                                                    NOON + DF_MINUTE, 7, a, &rows, &n, &err),
                              &err);
        for (int i = 0; rc == DF_OK && i < n; i++)
            h->taken[h->count++] = rows[i].case_id;
    }
    h->count = rc == DF_OK ? h->count : -1;
    store_close(&st);
    arena_free(&a);
    return NULL;
}

Test(store_race, two_drains_never_hold_the_same_alert)
{
    static struct hand hands[2];
    int seen[CASES + 1] = {0};
    fresh_database();
    for (int i = 0; i < 2; i++) {
        snprintf(hands[i].who, sizeof hands[i].who, "d%d", i);
        cr_assert_eq(pthread_create(&hands[i].thread, NULL, lease_thread, &hands[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(hands[i].thread, NULL);
        cr_assert_geq(hands[i].count, 0);
        for (int k = 0; k < hands[i].count; k++)
            seen[hands[i].taken[k]]++;
    }
    for (int i = 1; i <= CASES; i++)
        cr_expect_eq(seen[i], 1, "alert of case %d was leased %d times", i, seen[i]);
    unlink(path);
}
