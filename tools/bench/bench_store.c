/* bench_store.c: how fast the SQLite driver takes posts in and gives the queue out.
 * usage: bench_store DIRECTORY ROWS [EVERY_NTH_IS_A_CASE]
 * Prints name, value, unit; tab-separated. The database is made in DIRECTORY and removed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "casework/casework.h"
#include "tools/bench/seconds.h"

enum { BATCH = 1000, PROBES = 2000 };
#define NOW INT64_C(1763726400000)

static struct err err;

static void must(enum df_rc rc, const char *what)
{
    if (rc == DF_OK)
        return;
    fprintf(stderr, "bench_store: %s: %s\n", what, err.text);
    exit(1);
}

static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* A post of some 150 bytes. Three of four come from places that number their posts, the fourth
 * has an id in no order; batches mix ten places. */
static struct post make_post(struct arena *a, long i, uint32_t *seed)
{
    static const char *const words[] = {"parcel ", "late ", "refund ", "服务 ", "態度 ", "broken ",
                                        "再也不來了 ", "the ", "app ", "crashes "};
    struct buf b = BUF_INIT(1024);
    struct post p = POST_INIT;
    while (b.len < 60 + next(seed) % 180)
        buf_puts(&b, words[next(seed) % 10]);
    p.channel = i % 3 ? STR("feeds") : STR("steam");
    p.source = STR("shop");
    p.id = i % 4 ? arena_printf(a, "site%ld/%ld", i % 10, 1000000000 + i)
                 : arena_printf(a, "site/%08x-%08x", next(seed), next(seed));
    p.text = arena_str(a, buf_view(&b));
    p.author_id = arena_printf(a, "u%u", next(seed) % 300000);
    p.author_name = p.author_id;
    p.url = arena_printf(a, "https://shop.example/reviews/%ld", i);
    p.lang = STR("en");
    p.created = NOW - (long)(next(seed) % 100000) * DF_MINUTE;
    p.seen = NOW;
    buf_free(&b);
    return p;
}

static struct verdict make_verdict(long i)
{
    static const struct finding f = {.rule = {"delivery.late", 13},
                                     .why = {"says it has not arrived", 23}, .weight = 1.5};
    return (struct verdict){.lang = STR("en"), .sentiment = SENTIMENT_NEGATIVE, .score = -0.5,
                            .urgency = (enum urgency)(i % 3), .category = CATEGORY_DELIVERY,
                            .ask = ASK_NONE, .motive = MOTIVE_NONE, .needs_reply = true,
                            .findings = &f, .finding_count = 1,
                            .ruleset = STR("0123456789abcdef")};
}

static void ingest(struct store *st, long rows, long nth, bool judged, double *last_rate)
{
    struct clock clock = clock_fixed(NOW);
    struct casework_conf conf = casework_conf_default();
    const struct alert_route route = {STR("chat"), URGENCY_P2};
    conf.routes = &route;
    conf.route_count = 1;
    struct casework cw = {st, &clock, &conf};
    struct arena *a = arena_new();
    uint32_t seed = 2463534242u;
    double began = seconds(CLOCK_MONOTONIC), mark = began, cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < rows;) {
        must(store_begin(st, &err), "begin");
        for (long end = i + BATCH; i < end && i < rows; i++) {
            struct post_row row = {.post = make_post(a, i, &seed)};
            struct post_put put;
            struct triage t;
            must(st->posts->put(st, &row.post, &put, &err), "put");
            row.id = put.id;
            row.version = put.version;
            struct verdict v = make_verdict(i);
            if (nth && i % nth == 0)
                must(casework_triage(&cw, &row, &v, a, &t, &err), "triage");
            else if (judged)
                must(casework_judge(&cw, &row, &v, &err), "judge");
        }
        must(store_commit(st, &err), "commit");
        arena_reset(a);
        if (rows - i == rows / 10)
            mark = seconds(CLOCK_MONOTONIC);
    }
    double end = seconds(CLOCK_MONOTONIC);
    *last_rate = (double)(rows / 10) / (end - mark);
    printf("store_ingest_%s_%ld\t%.0f\trows/s\n", judged ? "posts_and_verdicts" : "posts", rows,
           (double)rows / (end - began));
    printf("store_ingest_%s_last_tenth_of_%ld\t%.0f\trows/s\n",
           judged ? "posts_and_verdicts" : "posts", rows, *last_rate);
    printf("store_ingest_%s_cpu_%ld\t%.0f\trows/cpu-s\n", judged ? "posts_and_verdicts" : "posts",
           rows, (double)rows / (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu));
    arena_free(&a);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* By the clock on the wall, and by our own processor time: what a busy machine does to the first
 * it does not do to the second. */
struct probe {
    double wall[PROBES], cpu[PROBES];
};

static void report(const char *name, long rows, struct probe *p)
{
    qsort(p->wall, PROBES, sizeof *p->wall, by_size);
    qsort(p->cpu, PROBES, sizeof *p->cpu, by_size);
    printf("store_%s_p50_at_%ld\t%.3f\tms\n", name, rows, p->wall[PROBES / 2]);
    printf("store_%s_p99_at_%ld\t%.3f\tms\n", name, rows, p->wall[PROBES * 99 / 100]);
    printf("store_%s_p99_cpu_at_%ld\t%.3f\tms\n", name, rows, p->cpu[PROBES * 99 / 100]);
}

static void queue(struct store *st, long rows)
{
    static struct probe p;
    struct arena *a = arena_new();
    struct case_row *list;
    int n;
    for (int i = 0; i < PROBES; i++) {
        struct queue_filter f = {.now = NOW, .limit = 50};
        double began = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        must(st->cases->list(st, &f, a, &list, &n, &err), "list");
        p.wall[i] = (seconds(CLOCK_MONOTONIC) - began) * 1e3;
        p.cpu[i] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3;
        arena_reset(a);
    }
    report("queue_page", rows, &p);
    for (int i = 0; i < PROBES; i++) {
        struct queue_count counts[URGENCIES];
        double began = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        if (i % 20 == 0) /* the dearest of them: a hundred are enough */
            must(st->cases->count(st, NOW, counts, &err), "count");
        p.wall[i] = i % 20 ? p.wall[i - 1] : (seconds(CLOCK_MONOTONIC) - began) * 1e3;
        p.cpu[i] = i % 20 ? p.cpu[i - 1] : (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3;
    }
    report("queue_count", rows, &p);
    for (int i = 0; i < PROBES; i++) {
        int64_t id;
        double began = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        must(store_begin(st, &err), "begin");
        must(st->cases->claim(st, 0, URGENCY_P4, STR("ann"), NOW, &id, &err), "claim");
        must(store_commit(st, &err), "commit");
        p.wall[i] = (seconds(CLOCK_MONOTONIC) - began) * 1e3;
        p.cpu[i] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3;
    }
    report("queue_claim", rows, &p);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    char path[4096], side[4200];
    struct store *st = NULL;
    long rows = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    long nth = argc > 3 ? strtol(argv[3], NULL, 10) : 100;
    double rate;
    if (argc < 3 || rows < 1) {
        fprintf(stderr, "usage: bench_store DIRECTORY ROWS [EVERY_NTH_IS_A_CASE]\n");
        return 2;
    }
    snprintf(path, sizeof path, "%s/bench-%d.db", argv[1], (int)getpid());
    /* The large picture is about the queue: one pass is enough there. */
    for (int judged = rows > 2000000; judged < 2; judged++) {
        must(store_open(path, &st, &err), "open");
        ingest(st, rows, judged ? nth : 0, judged, &rate);
        if (judged)
            queue(st, rows);
        store_close(&st);
        static const char *const ends[] = {"", "-wal", "-shm"};
        for (int i = 0; i < 3; i++) {
            snprintf(side, sizeof side, "%s%s", path, ends[i]);
            unlink(side);
        }
    }
    return 0;
}
