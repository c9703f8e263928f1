/* bench_pages.c: how long the dashboard takes to make a page, without the network.
 * usage: bench_pages DIRECTORY ROWS     (every twentieth post is an open case)
 * Prints name, value, unit; tab-separated. The database is made in DIRECTORY and removed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "casework/casework.h"
#include "core/limits.h"
#include "dashboard/gzip.h"
#include "dashboard/site.h"
#include "tools/bench/seconds.h"

enum { BATCH = 1000, PROBES = 500, EVERY = 20 };
#define NOW INT64_C(1763726400000)

static struct err err;

static void must(enum df_rc rc, const char *what)
{
    if (rc == DF_OK)
        return;
    fprintf(stderr, "bench_pages: %s: %s\n", what, err.text);
    exit(1);
}

static void fill(struct casework *cw, long rows)
{
    static const char *const texts[] = {
        "The parcel was due on Monday, it is Friday now, and nobody answers my mails. I want a refund.",
        "退款三個禮拜了還沒有回音，客服只會叫我等，每次都要從頭再講一遍。",
        "更新之后一直闪退，存档全没了，客服一直踢皮球。"};
    static const struct span span = {FIELD_TEXT, 2, 8};
    static const struct finding found = {{"delivery.late", 13}, {"says it has not arrived", 23},
                                         1.5, &span, 1};
    struct arena *a = arena_new();

    for (long i = 0; i < rows;) {
        must(store_begin(cw->store, &err), "begin");
        for (long end = i + BATCH; i < end && i < rows; i++) {
            struct post_row row = {.post = POST_INIT};
            struct post_put put;
            struct triage done;
            struct verdict v = {.lang = STR("en"), .urgency = (enum urgency)(i % 3),
                                .category = CATEGORY_DELIVERY, .ask = ASK_REFUND,
                                .motive = MOTIVE_NONE, .needs_reply = true, .findings = &found,
                                .finding_count = 1, .ruleset = STR("0123456789abcdef")};

            row.post.channel = STR("feed");
            row.post.id = arena_printf(a, "post/%ld", i);
            row.post.author_id = row.post.author_name = arena_printf(a, "author %ld", i % 70000);
            row.post.text = arena_printf(a, "%s %ld", texts[i % 3], i);
            row.post.stars = (double)(1 + i % 3);
            row.post.created = NOW - i % 3000 * DF_MINUTE;
            row.post.seen = NOW;
            must(cw->store->posts->put(cw->store, &row.post, &put, &err), "put");
            row.id = put.id;
            row.version = put.version;
            if (i % EVERY == 0)
                must(casework_triage(cw, &row, &v, a, &done, &err), "triage");
        }
        must(store_commit(cw->store, &err), "commit");
        arena_reset(a);
    }
    arena_free(&a);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;

    return (a > b) - (a < b);
}

static void measure(struct site *site, const char *name, const char *target, long rows)
{
    static double ms[PROBES];
    struct arena *a = arena_new();
    size_t plain = 0;
    struct str zipped = STR_NONE;

    for (int i = 0; i < PROBES; i++) {
        struct request q = {.host = STR("127.0.0.1:1"), .arena = a};
        struct response r = {.status = 200};
        double began = seconds(CLOCK_MONOTONIC);

        must(request_target(&q, str_of(target), &err), "target");
        site_answer(site, &q, &r);
        if (r.status != 200)
            must(err_set(&err, DF_FATAL, "%s gives %d", target, r.status), "page");
        if (!gzip_deflate(a, buf_view(&r.body.out), GZIP_PAGE, &zipped))
            zipped = buf_view(&r.body.out);
        ms[i] = (seconds(CLOCK_MONOTONIC) - began) * 1e3;
        plain = r.body.out.len;
        html_free(&r.body);
        if (i + 1 < PROBES)
            arena_reset(a);
    }
    qsort(ms, PROBES, sizeof *ms, by_size);
    printf("page_%s_p50_at_%ld\t%.3f\tms\n", name, rows, ms[PROBES / 2]);
    printf("page_%s_p99_at_%ld\t%.3f\tms\n", name, rows, ms[PROBES * 99 / 100]);
    printf("page_%s_size\t%zu\tbytes\n", name, plain);
    printf("page_%s_gzip\t%zu\tbytes\n", name, zipped.len);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    struct casework_conf conf = casework_conf_default();
    struct clock clock = clock_fixed(NOW);
    long rows = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    struct store *st = NULL;
    struct site *site = NULL;
    char path[4096], side[4200];

    if (rows < 1) {
        fprintf(stderr, "usage: bench_pages DIRECTORY ROWS\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/bench-pages-%d.db", argv[1], (int)getpid());
    must(store_open(path, &st, &err), "open");
    struct casework cw = {st, &clock, &conf};
    fill(&cw, rows);
    must(site_open(&(struct site_config){.cases = &cw, .zone = STR("UTC"), .actor = STR("ann")},
                   &site, &err), "site");
    site_listens(site, STR("127.0.0.1"), 1);
    measure(site, "queue_of_50", "/", rows);
    measure(site, "case", "/case/1", rows);
    site_close(&site);
    store_close(&st);
    for (int i = 0; i < 3; i++) {
        snprintf(side, sizeof side, "%s%s", path, ends[i]);
        unlink(side);
    }
    return 0;
}
