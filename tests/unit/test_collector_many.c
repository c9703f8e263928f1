/* Many sources at once: what threads must not change, and what bounds the memory. The network
 * answers by address: steam's reviews of an app, three pages of two each. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "collector/collector.h"
#include "core/clock.h"
#include "core/limits.h"

#define NOW INT64_C(1772445600000)
enum { APPS = 60, POSTS = 6 };

static size_t padding, held, most_held; /* of bodies given and not yet done with */

static enum df_rc mock_open(const struct net_config *c, void **self, struct err *e)
{
    (void)c, (void)e;
    *self = &padding;
    return DF_OK;
}

static int number_after(struct str url, const char *word)
{
    ptrdiff_t at = str_find(url, str_of(word));
    return at < 0 ? 0 : (int)strtol(url.ptr + at + strlen(word), NULL, 10);
}

static enum df_rc mock_perform(void *self, const struct net_request *q, struct arena *a,
                               struct net_response *r, struct err *err)
{
    (void)self, (void)err;
    int app = number_after(q->url, "appid="), page = number_after(q->url, "cursor=c");
    char *text = arena_alloc(a, padding + 1024);
    int n = snprintf(text, 1024, "{\"success\":1,\"cursor\":\"c%d\",\"reviews\":[", page + 1);
    for (int i = 0; i < 2 && page < 3; i++)
        n += snprintf(text + n, 1024 - (size_t)n,
                      "%s{\"recommendationid\":\"%d\",\"review\":\"page %d of app %d\",\"voted_up\":true,"
                      "\"timestamp_created\":1772440000,\"author\":{\"steamid\":\"7\"}}",
                      i ? "," : "", app * 100 + page * 2 + i, page, app);
    n += snprintf(text + n, 1024 - (size_t)n, "]}");
    memset(text + n, ' ', padding);
    r->status = 200;
    r->url = arena_str(a, q->url);
    r->body = str_n(text, (size_t)n + padding);
    held += r->body.len;
    most_held = held > most_held ? held : most_held;
    return DF_OK;
}

static void mock_close(void *self)
{
    (void)self;
}

static const struct transport_ops mock = {.name = "mock", .schemes = 7, .open = mock_open,
                                          .perform = mock_perform, .close = mock_close};

static struct {
    struct arena *arena;
    struct channels *channels;
    struct source sources[APPS];
    char ids[APPS][POSTS * 8]; /* of the posts of each, in their order */
    int done[APPS];
} t;

static void begin(void)
{
    struct diags d = {0};
    t.arena = arena_new();
    cr_assert_eq(channels_load(NULL, &t.channels, &d), DF_OK);
    for (int i = 0; i < APPS; i++) {
        struct param_value *p = arena_array(t.arena, 2, sizeof *p);
        p[0] = (struct param_value){STR("app"), arena_printf(t.arena, "%d", 100 + i)};
        p[1] = (struct param_value){STR("base"), STR("http://127.0.0.1:9")};
        cr_assert_eq(source_make(t.channels, arena_printf(t.arena, "s%d", i), STR("steam"), p, 2,
                                 NULL, t.arena, &t.sources[i], &d), DF_OK);
    }
    diags_free(&d);
}

static void end(void)
{
    channels_free(&t.channels);
    arena_free(&t.arena);
}

static void note(struct collect_job *job, struct collect_result *r, void *ctx)
{
    intptr_t i = (intptr_t)job->ctx;
    int n = 0;
    (void)ctx;
    t.done[i]++;
    for (size_t k = 0; k < r->count && n < POSTS * 8 - 8; k++) {
        struct str id = r->posts[k].id;
        n += snprintf(t.ids[i] + n, sizeof t.ids[i] - (size_t)n, "%.*s ",
                      STR_FMT(str_sub(id, id.len - 3, 3)));
    }
    held -= (size_t)r->health.bytes;
}

static int64_t now_of(void *ctx)
{
    (void)ctx;
    return NOW;
}

static void poll_all(int threads, int apps)
{
    struct collector *col = NULL;
    struct transport *net = NULL;
    struct err e = {0};
    struct collect_job jobs[APPS];
    memset(t.ids, 0, sizeof t.ids);
    memset(t.done, 0, sizeof t.done);
    held = most_held = 0;
    cr_assert_eq(collector_new(t.channels, &col, &e), DF_OK);
    cr_assert_eq(transport_open_with(&mock, &(struct net_config){0}, &net, &e), DF_OK);
    collector_threads(col, threads);
    for (intptr_t i = 0; i < apps; i++)
        jobs[i] = (struct collect_job){&t.sources[i], STR_NONE, (void *)i};
    cr_assert_eq(collect_many(col, jobs, (size_t)apps, net, NULL, now_of, NULL, note, NULL, &e),
                 DF_OK);
    transport_free(&net);
    collector_free(&col);
}

Test(many, each_source_keeps_its_order_whatever_the_threads, .init = begin, .fini = end)
{
    static const int threads[] = {0, 1, 5};
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        poll_all(threads[k], APPS);
        for (int i = 0; i < APPS; i++) {
            char want[POSTS * 8];
            int n = 0, app = (100 + i) * 100 % 1000;
            for (int p = 0; p < POSTS; p++)
                n += snprintf(want + n, sizeof want - (size_t)n, "%03d ", app + p);
            cr_expect_eq(t.done[i], 1, "%d threads, source %d", threads[k], i);
            cr_expect_str_eq(t.ids[i], want, "%d threads, source %d", threads[k], i);
        }
    }
}

Test(many, bodies_that_wait_are_bounded, .init = begin, .fini = end)
{
    enum { LARGE = 10 << 20, SOURCES = 14 };
    padding = LARGE;
    for (int i = 0; i < SOURCES; i++) /* one page: what a source has read it holds until its end */
        t.sources[i].baseline = true;
    poll_all(1, SOURCES);
    for (int i = 0; i < SOURCES; i++)
        cr_expect_eq(t.done[i], 1);
    cr_expect_geq(most_held, 2 * LARGE, "the network goes on while bodies are read");
    cr_expect_leq(most_held, DF_MAX_UNREAD + 2 * LARGE);
}
