/* store_race.c: threads with a handle each take posts in, claim, and lease on one database file.
 * No test framework, so that ThreadSanitizer can watch: `make check-tsan`. Exit 0: all counted. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "casework/casework.h"
#include "casework/ledger.h"

enum { HANDS = 4, POSTS = 60 };
#define NOON INT64_C(1763726400000)

static char path[96];

struct hand {
    pthread_t thread;
    int number, claimed, leased;
    struct err err;
    enum df_rc rc;
};

static enum df_rc take_in(struct casework *cw, struct hand *h, struct arena *a, int i)
{
    struct post p = POST_INIT;
    struct post_put put;
    struct triage t;
    static const struct finding f = {.rule = {"r", 1}, .why = {"because", 7}};
    const struct verdict v = {.lang = STR("en"), .urgency = URGENCY_P2, .needs_reply = true,
                              .findings = &f, .finding_count = 1, .ruleset = STR("r")};
    p.channel = STR("test");
    p.id = arena_printf(a, "%d-%d", h->number, i);
    p.text = STR("late");
    p.seen = NOON;
    enum df_rc rc = store_begin(cw->store, &h->err);
    if (rc != DF_OK)
        return rc;
    rc = cw->store->posts->put(cw->store, &p, &put, &h->err);
    if (rc == DF_OK) {
        struct post_row row = {put.id, put.version, p};
        rc = casework_triage(cw, &row, &v, a, &t, &h->err);
    }
    return store_finish(cw->store, rc, &h->err);
}

static enum df_rc lease_some(struct store *st, struct hand *h, struct arena *a)
{
    struct outbox_row *rows;
    int n = 0;
    enum df_rc rc = store_begin(st, &h->err);
    if (rc == DF_OK)
        rc = store_finish(st, st->outbox->lease(st, STR("chat"), arena_printf(a, "h%d", h->number),
                                                NOON, NOON + DF_HOUR, 5, a, &rows, &n, &h->err),
                          &h->err);
    h->leased += n;
    return rc;
}

static void *work(void *arg)
{
    struct hand *h = arg;
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOON);
    struct casework_conf conf = casework_conf_default();
    const struct alert_route route = {STR("chat"), URGENCY_P4};
    conf.routes = &route;
    conf.route_count = 1;
    h->rc = store_open(path, &st, &h->err);
    struct casework cw = {st, &clock, &conf};
    for (int i = 0; h->rc == DF_OK && i < POSTS; i++) {
        struct case_step step = {.act = ACT_CLAIM, .who = arena_printf(a, "h%d", h->number),
                                 .least = URGENCY_P4};
        h->rc = take_in(&cw, h, a, i);
        if (h->rc == DF_OK)
            h->rc = lease_some(st, h, a);
        if (h->rc == DF_OK)
            h->rc = casework_act(&cw, &step, a, NULL, &h->err);
        h->claimed += h->rc == DF_OK;
        if (h->rc == DF_NONE) /* another was faster with all there was */
            h->rc = DF_OK;
        arena_reset(a);
    }
    store_close(&st);
    arena_free(&a);
    return NULL;
}

int main(void)
{
    static struct hand hands[HANDS];
    struct store *st = NULL;
    struct err err = {0};
    struct ledger_check check = {0};
    int claimed = 0, leased = 0;
    snprintf(path, sizeof path, "/tmp/defuse-tsan-%d.db", (int)getpid());
    if (store_open(path, &st, &err) != DF_OK)
        return fprintf(stderr, "%s\n", err.text), 1;
    for (int i = 0; i < HANDS; i++) {
        hands[i].number = i;
        pthread_create(&hands[i].thread, NULL, work, &hands[i]);
    }
    for (int i = 0; i < HANDS; i++) {
        pthread_join(hands[i].thread, NULL);
        if (hands[i].rc != DF_OK)
            fprintf(stderr, "hand %d: %s\n", i, hands[i].err.text);
        claimed += hands[i].claimed;
        leased += hands[i].leased;
    }
    enum df_rc rc = ledger_verify(st, &check, &err);
    store_close(&st);
    unlink(path);
    bool whole = rc == DF_OK && check.rows == HANDS * POSTS + claimed && leased <= HANDS * POSTS &&
                 leased > 0 && claimed > 0;
    printf("check-tsan: %d passed, %d failed\n", whole, !whole);
    return !whole;
}
