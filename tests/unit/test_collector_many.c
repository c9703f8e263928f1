/* Many sources at once: what threads must not change, and what bounds the memory. The network
 * answers by address: notes of a thing, three pages of two each, through a pack of this test. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/collector.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "tests/lib/mock_transport.h"

#define NOW INT64_C(1772445600000)
enum { APPS = 60, POSTS = 6, JOBS = 600 }; /* more jobs than are ever under way at once */

static int finished, wanted = JOBS + 1; /* polls done; when it says "enough" */
static size_t padding, held, most_held; /* of bodies given and not yet done with */

static int number_after(struct str url, const char *word)
{
    ptrdiff_t at = str_find(url, str_of(word));
    return at < 0 ? 0 : (int)strtol(url.ptr + at + strlen(word), NULL, 10);
}

static enum df_rc perform(void *self, const struct net_request *q, struct arena *a,
                          struct net_response *r, struct err *err)
{
    (void)self, (void)err;
    int app = number_after(q->url, "/thing/"), page = number_after(q->url, "after=c");
    char *text = arena_alloc(a, padding + 1024);
    int n = snprintf(text, 1024, "{\"after\":%s\"c%d\",\"notes\":[", page == 2 ? "null,\"_\":" : "",
                     page + 1);
    for (int i = 0; i < 2 && page < 3; i++)
        n += snprintf(text + n, 1024 - (size_t)n, "%s{\"id\":%d,\"text\":\"page %d of thing %d\"}",
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

static const struct transport_ops mock = MOCK_TRANSPORT(perform);

static struct {
    struct arena *arena;
    struct channels *channels;
    struct source sources[APPS];
    char ids[JOBS][POSTS * 8]; /* of the posts of each, in their order */
    int done[JOBS];
} t;

static const char pack[] =
    "title: {en: Notes, zh-Hant: Notes, zh-Hans: Notes}\n"
    "about: Notes about a thing.\n"
    "params:\n"
    "  thing: {type: text, required: true, doc: its number, example: '1'}\n"
    "  base: {type: url, default: 'http://127.0.0.1:9', doc: where}\n"
    "request:\n"
    "  url: '{base}/thing/{thing}'\n"
    "  query: {after: '{cursor}'}\n"
    "paging: {next: .after, pages: 5}\n"
    "extract:\n"
    "  kind: json\n"
    "  items: .notes[]\n"
    "  post: '{id, text}'\n"
    "id: '{thing}'\n"
    "poll: {every: 15m, pace: 1s}\n";

static void put_pack(char *dir)
{
    char path[96];
    struct err e;
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/notes", dir);
    cr_assert_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/notes/channel.yaml", dir);
    cr_assert_eq(file_write_atomic(path, STR(pack), 0600, &e), DF_OK);
}

static void sweep(const char *dir)
{
    static const char *const paths[] = {"%s/notes/channel.yaml", "%s/notes", "%s"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char path[96];
        snprintf(path, sizeof path, paths[i], dir);
        remove(path);
    }
}

static void begin(void)
{
    static char dir[] = "/tmp/defuse-many-XXXXXX";
    struct diags d = {0};
    t.arena = arena_new();
    put_pack(dir);
    cr_assert_eq(channels_load((const char *[]){dir, NULL}, &t.channels, &d), DF_OK, "%s",
                 d.count ? d.items[0].err.text : "");
    sweep(dir);
    for (int i = 0; i < APPS; i++) {
        struct param_value thing = {STR("thing"), arena_printf(t.arena, "%d", 100 + i)};
        cr_assert_eq(source_make(t.channels, arena_printf(t.arena, "s%d", i), STR("notes"), &thing, 1,
                                 NULL, t.arena, &t.sources[i], &d), DF_OK);
    }
    diags_free(&d);
}

static void end(void)
{
    channels_free(&t.channels);
    arena_free(&t.arena);
}

static bool note(struct collect_job *job, struct collect_result *r, void *ctx)
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
    return ++finished < wanted;
}

static int64_t now_of(void *ctx)
{
    (void)ctx;
    return NOW;
}

static void poll_all(int threads, int count)
{
    struct collector *col = NULL;
    struct transport *net = NULL;
    struct err e = {0};
    static struct collect_job jobs[JOBS];
    memset(t.ids, 0, sizeof t.ids);
    memset(t.done, 0, sizeof t.done);
    held = most_held = 0;
    finished = 0;
    cr_assert_eq(collector_new(t.channels, &col, &e), DF_OK);
    cr_assert_eq(transport_open_with(&mock, &(struct net_config){0}, &net, &e), DF_OK);
    collector_threads(col, threads);
    for (intptr_t i = 0; i < count; i++)
        jobs[i] = (struct collect_job){&t.sources[i % APPS], STR_NONE, (void *)i};
    cr_assert_eq(collect_many(col, jobs, (size_t)count, net, NULL, now_of, NULL, note, NULL, &e),
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

Test(many, enough_is_enough, .init = begin, .fini = end)
{
    wanted = 5;
    for (int threads = 0; threads < 3; threads++) {
        int polled = 0;
        poll_all(threads, JOBS);
        for (int i = 0; i < JOBS; i++) {
            polled += t.done[i];
            cr_expect_leq(t.done[i], 1);
        }
        cr_expect_geq(polled, wanted);
        cr_expect_lt(polled, JOBS, "%d threads: the others are left alone", threads);
    }
}
