/* A poll against a scripted host: what is kept, what is believed, when to come again. The script
 * is a list of answers in the order of the requests; no network. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "collector/collector.h"
#include "collector/schedule.h"
#include "core/clock.h"
#include "tests/lib/mock_transport.h"

#define NOW INT64_C(1772445600000)

struct answer {
    int status;
    const char *body;
    const char *etag;
    int64_t retry_ms;
    enum df_rc rc; /* not DF_OK: the network failed */
};

static struct {
    const struct answer *answers;
    int count, asked;
    char urls[64][300];
    char etags[64][40];
} script;

static enum df_rc perform(void *self, const struct net_request *q, struct arena *a,
                          struct net_response *r, struct err *err)
{
    (void)self;
    int i = script.asked++;
    snprintf(script.urls[i % 64], 300, "%.*s", STR_FMT(q->url));
    snprintf(script.etags[i % 64], 40, "%.*s", STR_FMT(q->etag));
    const struct answer *x = &script.answers[i < script.count ? i : script.count - 1];
    r->url = arena_str(a, q->url);
    if (x->rc != DF_OK)
        return err_set(err, x->rc, "the host name was not found");
    r->status = x->status;
    r->body = arena_str(a, str_of(x->body ? x->body : ""));
    r->etag = str_of(x->etag ? x->etag : "");
    r->retry_after_ms = x->retry_ms ? x->retry_ms : -1;
    return DF_OK;
}

static const struct transport_ops mock = MOCK_TRANSPORT(perform);

static struct {
    struct arena *arena;
    struct channels *channels;
    struct collector *collector;
    struct transport *transport;
    struct source source;
    struct collect_result result;
    struct str state;
} t;

static void begin(const char *channel, const struct param_value *params, size_t n)
{
    struct diags d = {0};
    struct err e;
    t.arena = arena_new();
    t.state = STR_NONE;
    cr_assert_eq(channels_load(NULL, &t.channels, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    cr_assert_eq(source_make(t.channels, STR("src"), str_of(channel), params, n, NULL, t.arena,
                             &t.source, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    cr_assert_eq(collector_new(t.channels, &t.collector, &e), DF_OK);
    cr_assert_eq(transport_open_with(&mock, &(struct net_config){0}, &t.transport, &e), DF_OK);
    diags_free(&d);
}

static void end(void)
{
    transport_free(&t.transport);
    collector_free(&t.collector);
    channels_free(&t.channels);
    arena_free(&t.arena);
}

static enum df_rc poll_at(int64_t now, const struct answer *answers, int count)
{
    script.answers = answers;
    script.count = count;
    script.asked = 0;
    enum df_rc rc = collect(t.collector, &t.source, t.state, t.transport, NULL, now, t.arena,
                            &t.result, NULL);
    t.state = t.result.state;
    return rc;
}

#define POLL(now, ...)                                                                         \
    poll_at((now), (const struct answer[]){__VA_ARGS__},                                       \
            sizeof((const struct answer[]){__VA_ARGS__}) / sizeof(struct answer))

static void begin_steam(void)
{
    begin("steam", (const struct param_value[]){{STR("app"), STR("1")}, {STR("base"), STR("http://127.0.0.1:9")}}, 2);
}

#define REVIEW(id, text)                                                                       \
    "{\"recommendationid\":\"" id "\",\"review\":\"" text "\",\"voted_up\":true,"               \
    "\"timestamp_created\":1772440000,\"author\":{\"steamid\":\"7\"}}"
#define PAGE(cursor, ...) "{\"success\":1,\"cursor\":\"" cursor "\",\"reviews\":[" __VA_ARGS__ "]}"

Test(poll, pages_until_known, .init = begin_steam, .fini = end)
{
    cr_expect_eq(POLL(NOW, {200, PAGE("c1", REVIEW("4", "d") "," REVIEW("3", "c"))},
                      {200, PAGE("c2", REVIEW("2", "b") "," REVIEW("1", "a"))}, {200, PAGE("c3", "")}),
                 DF_OK);
    cr_expect_eq(t.result.count, 4);
    cr_expect_eq(script.asked, 3);
    cr_expect(strstr(script.urls[0], "cursor=%2A"), "%s", script.urls[0]);
    cr_expect(strstr(script.urls[1], "cursor=c1"));
    /* one new on top: the first page ends it only when all of it is known */
    POLL(NOW + DF_HOUR, {200, PAGE("c1", REVIEW("5", "e") "," REVIEW("4", "d"))},
         {200, PAGE("c2", REVIEW("3", "c") "," REVIEW("2", "b"))}, {200, PAGE("c3", REVIEW("1", "a"))});
    cr_expect_eq(script.asked, 2);
    cr_expect_eq(t.result.count, 4);
    cr_expect_eq(t.result.health.outcome, COLLECT_NEW);
    cr_expect_not(t.result.health.window_overflow);
    /* nothing new */
    POLL(NOW + 2 * DF_HOUR, {200, PAGE("c1", REVIEW("5", "e") "," REVIEW("4", "d"))});
    cr_expect_eq(t.result.health.outcome, COLLECT_SAME);
    /* an edit is new */
    POLL(NOW + 3 * DF_HOUR, {200, PAGE("c1", REVIEW("5", "edited") "," REVIEW("4", "d"))},
         {200, PAGE("c2", REVIEW("3", "c"))});
    cr_expect_eq(t.result.health.outcome, COLLECT_NEW);
}

Test(poll, endless_paging_ends, .init = begin_steam, .fini = end)
{
    /* the same cursor again and again */
    POLL(NOW, {200, PAGE("same", REVIEW("2", "b"))}, {200, PAGE("same", REVIEW("1", "a"))},
         {200, PAGE("same", REVIEW("0", "z"))});
    cr_expect_eq(script.asked, 2);
    cr_expect_eq(t.result.count, 2);
}

Test(poll, pages_overlap_and_ids_repeat, .init = begin_steam, .fini = end)
{
    POLL(NOW, {200, PAGE("c1", REVIEW("3", "c") "," REVIEW("2", "b") "," REVIEW("3", "c"))},
         {200, PAGE("c2", REVIEW("2", "b") "," REVIEW("1", "a"))}, {200, PAGE("c3", "")});
    cr_expect_eq(t.result.count, 3);
}

Test(poll, breaks_off_and_loses_nothing, .init = begin_steam, .fini = end)
{
    POLL(NOW, {200, PAGE("", REVIEW("1", "a"))});
    cr_expect_eq(POLL(NOW + DF_HOUR, {200, PAGE("c1", REVIEW("4", "d"))}, {503, "busy"}), DF_RETRY);
    cr_expect_eq(t.result.count, 1, "the page that came is kept");
    cr_expect_eq(t.result.health.fails, 1);
    /* the next poll must not stop at 4, which is known only from the poll that broke off */
    POLL(NOW + 2 * DF_HOUR, {200, PAGE("c1", REVIEW("4", "d"))}, {200, PAGE("c2", REVIEW("3", "c"))},
         {200, PAGE("c3", REVIEW("1", "a"))});
    cr_expect_eq(script.asked, 3);
    cr_expect_eq(t.result.count, 3);
    cr_expect_not(t.result.health.window_overflow);
}

Test(poll, empty_after_full_is_not_believed, .init = begin_steam, .fini = end)
{
    cr_expect_eq(POLL(NOW, {200, PAGE("", "")}), DF_OK); /* there may be none */
    POLL(NOW, {200, PAGE("", REVIEW("1", "a"))});
    cr_expect_eq(POLL(NOW + DF_HOUR, {200, PAGE("", "")}), DF_RETRY);
    cr_expect_eq(t.result.health.outcome, COLLECT_EMPTY);
    cr_expect_gt(t.result.health.error.len, 0);
    POLL(NOW + 2 * DF_HOUR, {200, PAGE("", REVIEW("1", "a"))});
    cr_expect_eq(t.result.health.outcome, COLLECT_SAME, "what was known is still known");
}

Test(poll, error_inside_a_200, .init = begin_steam, .fini = end)
{
    cr_expect_eq(POLL(NOW, {200, "{\"success\":2}"}), DF_RETRY);
    cr_expect_eq(t.result.health.outcome, COLLECT_FAILED);
    cr_expect_eq(POLL(NOW, {200, "<html>please log in</html>"}), DF_REJECT);
    cr_expect_eq(POLL(NOW, {200, "{\"success\":1,\"reviews\":[{\"recomm"}), DF_REJECT, "cut JSON");
    cr_expect_eq(POLL(NOW, {200, ""}), DF_REJECT);
}

Test(poll, retry_after_is_obeyed, .init = begin_steam, .fini = end)
{
    cr_expect_eq(POLL(NOW, {429, "slow down", NULL, 5 * DF_HOUR}), DF_RETRY);
    cr_expect_geq(t.result.health.next_ms, NOW + 5 * DF_HOUR);
    cr_expect_not(source_due(&t.source, t.state, NOW + 4 * DF_HOUR));
    cr_expect(source_due(&t.source, t.state, NOW + 6 * DF_HOUR));
}

Test(poll, backoff_doubles_and_recovery_is_told, .init = begin_steam, .fini = end)
{
    int64_t last = 0;
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(POLL(NOW, {.rc = DF_RETRY}), DF_RETRY);
        int64_t wait = t.result.health.next_ms - NOW;
        cr_expect_gt(wait, last * 3 / 2, "fail %d", i);
        cr_expect_eq(t.result.health.fails, i + 1);
        last = wait;
    }
    POLL(NOW + DF_DAY, {200, PAGE("", REVIEW("1", "a"))});
    cr_expect(t.result.health.recovered);
    cr_expect_eq(t.result.health.fails, 0);
}

Test(poll, window_may_have_overflowed, .init = begin_steam, .fini = end)
{
    POLL(NOW, {200, PAGE("", REVIEW("1", "a"))});
    POLL(NOW + DF_HOUR, {200, PAGE("", REVIEW("9", "i") "," REVIEW("8", "h"))});
    cr_expect(t.result.health.window_overflow);
    int64_t wait = t.result.health.next_ms - NOW - DF_HOUR;
    cr_expect_lt(wait, schedule_every(&t.source), "it is asked sooner");
}

static void begin_feed(void)
{
    begin("feed", (const struct param_value[]){{STR("url"), STR("http://127.0.0.1:9/f")}}, 1);
}

#define FEED(x) "<rss><channel>" x "</channel></rss>"
#define ITEM(id, text) "<item><guid>" id "</guid><description>" text "</description></item>"

Test(poll, robots_and_etag, .init = begin_feed, .fini = end)
{
    POLL(NOW, {404, ""}, {200, FEED(ITEM("a", "one")), "\"v1\""});
    cr_expect_str_eq(script.urls[0], "http://127.0.0.1:9/robots.txt");
    cr_expect_eq(t.result.count, 1);
    /* robots.txt is remembered; the page is asked for conditionally */
    cr_expect_eq(POLL(NOW + DF_HOUR, {304, ""}), DF_OK);
    cr_expect_eq(script.asked, 1);
    cr_expect_str_eq(script.etags[0], "\"v1\"");
    cr_expect(t.result.health.not_modified);
    cr_expect_eq(t.result.health.outcome, COLLECT_SAME);
    /* after a day it is asked again, and now forbids */
    cr_expect_eq(POLL(NOW + 2 * DF_DAY, {200, "User-agent: *\nDisallow: /\n"}), DF_REJECT);
    cr_expect_eq(t.result.health.outcome, COLLECT_DENIED);
    cr_expect_eq(script.asked, 1);
    t.source.ignore_robots = true;
    cr_expect_eq(POLL(NOW + 2 * DF_DAY, {200, FEED(ITEM("a", "one"))}), DF_OK);
}

Test(poll, an_id_for_two_things, .init = begin_feed, .fini = end)
{
    POLL(NOW, {404, ""}, {200, FEED(ITEM("a", "one") ITEM("a", "two") ITEM("a", "two"))});
    cr_expect_geq(t.result.count, 2);
    cr_expect_not(str_eq(t.result.posts[0].id, t.result.posts[1].id));
}

static void begin_page(void)
{
    begin("page", (const struct param_value[]){{STR("url"), STR("http://127.0.0.1:9/a/index.html")},
                                               {STR("item"), STR("p")}, {STR("text"), STR(".")},
                                               {STR("next"), STR("a @href")}}, 4);
}

Test(poll, next_pages_are_addresses_of_the_same_host, .init = begin_page, .fini = end)
{
    POLL(NOW, {404, ""}, {200, "<p>one</p><a href='p2.html'>n</a>"},
         {200, "<p>two</p><a href='http://elsewhere.test/p3'>n</a>"}, {200, "<p>three</p>"});
    cr_expect_str_eq(script.urls[2], "http://127.0.0.1:9/a/p2.html");
    cr_expect_eq(script.asked, 3);
    cr_expect_eq(t.result.count, 2);
}

Test(poll, budget_of_the_day, .init = begin_steam, .fini = end)
{
    t.source.budget = 1;
    cr_expect_eq(POLL(NOW, {200, PAGE("", REVIEW("1", "a"))}), DF_OK);
    cr_expect_eq(POLL(NOW + DF_MINUTE, {200, PAGE("", REVIEW("1", "a"))}), DF_RETRY);
    cr_expect_eq(t.result.health.outcome, COLLECT_DENIED);
    cr_expect_eq(script.asked, 0);
    cr_expect_geq(t.result.health.next_ms, (NOW / DF_DAY + 1) * DF_DAY);
}

static void begin_reddit(void)
{
    setenv("REDDIT_CLIENT_ID", "id", 1);
    setenv("REDDIT_CLIENT_SECRET", "secret", 1);
    begin("reddit", (const struct param_value[]){{STR("subreddit"), STR("x")},
                                                 {STR("base"), STR("http://127.0.0.1:9")},
                                                 {STR("login"), STR("http://127.0.0.1:9")}}, 3);
}

Test(poll, logs_in_and_again_when_the_token_is_refused, .init = begin_reddit, .fini = end)
{
    static const char list[] = "{\"kind\":\"Listing\",\"data\":{\"children\":[{\"kind\":\"t3\",\"data\":"
                               "{\"name\":\"t3_1\",\"title\":\"t\",\"author\":\"a\",\"created_utc\":1772440000}}]}}";
    cr_expect_eq(POLL(NOW, {200, "{\"access_token\":\"tok\"}"}, {200, list}), DF_OK);
    cr_expect(strstr(script.urls[0], "/api/v1/access_token"));
    cr_expect_eq(t.result.count, 1);
    cr_expect_eq(POLL(NOW + DF_MINUTE, {401, ""}, {200, "{\"access_token\":\"tok2\"}"}, {200, list}), DF_OK);
    cr_expect_eq(script.asked, 3);
    cr_expect_eq(POLL(NOW + 2 * DF_MINUTE, {401, ""}, {200, "{\"access_token\":\"x\"}"}, {401, ""}), DF_REJECT);
    cr_expect(str_find(t.result.health.error, STR("credentials")) >= 0);
    cr_expect(str_find(t.result.health.error, STR("secret")) < 0);
}

Test(poll, missing_credentials_name_the_variable)
{
    unsetenv("YELP_API_KEY");
    begin("yelp", (const struct param_value[]){{STR("business"), STR("x")}}, 1);
    cr_expect_eq(POLL(NOW, {200, "{}"}), DF_REJECT);
    cr_expect_eq(script.asked, 0);
    cr_expect(str_find(t.result.health.error, STR("YELP_API_KEY")) >= 0);
    end();
}

static bool noted(struct collect_job *job, struct collect_result *r, void *ctx)
{
    int *seen = ctx;
    seen[(intptr_t)job->ctx] += (int)r->count + 1;
    return true;
}

static int64_t fixed_now(void *ctx)
{
    (void)ctx;
    return NOW;
}

Test(poll, many_at_once, .init = begin_steam, .fini = end)
{
    enum { N = 300 };
    static struct collect_job jobs[N];
    int seen[N] = {0};
    struct err e = {0};
    static const struct answer good = {200, PAGE("", REVIEW("1", "a"))};
    script.answers = &good;
    script.count = 1;
    script.asked = 0;
    for (intptr_t i = 0; i < N; i++)
        jobs[i] = (struct collect_job){&t.source, STR_NONE, (void *)i};
    cr_expect_eq(collect_many(t.collector, jobs, N, t.transport, NULL, fixed_now, NULL, noted, seen, &e),
                 DF_OK);
    for (int i = 0; i < N; i++)
        cr_expect_eq(seen[i], 2, "job %d", i);
}

/* --- the schedule alone --- */

Test(schedule, fast_sources_are_asked_sooner_and_slow_ones_as_wanted, .init = begin_steam, .fini = end)
{
    struct source_state s;
    cr_assert_eq(state_read(STR_NONE, t.arena, &s, NULL), DF_OK);
    int64_t now = NOW, every = schedule_every(&t.source);
    for (int i = 0; i < 12; i++, now = s.next)
        schedule_after(&t.source, &s, &(struct poll_facts){.good = true, .posts = 100, .fresh = 90,
                       .newest = now, .lag_ms = 1000, .retry_after_ms = -1}, now);
    cr_expect_lt(s.interval_ms, every / 4);
    cr_expect_geq(s.interval_ms, schedule_pace(&t.source));
    for (int i = 0; i < 40; i++, now = s.next)
        schedule_after(&t.source, &s, &(struct poll_facts){.good = true, .posts = 100, .fresh = 0,
                       .newest = DF_NO_TIME, .lag_ms = -1, .retry_after_ms = -1}, now);
    cr_expect_eq(s.interval_ms, every);
    cr_expect_gt(schedule_quiet(&s, now + 10 * DF_DAY), 0, "it was lively and is silent now");
}

Test(state, round_trip_and_damage)
{
    struct arena *a = arena_new();
    struct source_state s, u;
    struct err e = {0};
    uint64_t seen[] = {1, 0xffffffffffffffffu};
    cr_assert_eq(state_read(STR_NONE, a, &s, NULL), DF_OK);
    s.polls = 7, s.newest = NOW, s.fails = 2, s.error = STR("a \"b\""), s.etag = STR("W/\"x\"");
    s.seen = seen, s.seen_count = 2;
    cr_assert_eq(state_read(state_write(a, &s), a, &u, &e), DF_OK, "%s", e.text);
    cr_expect(u.polls == 7 && u.newest == NOW && u.fails == 2 && u.seen_count == 2 && u.seen[1] == seen[1]);
    cr_expect(str_eq(u.error, s.error) && str_eq(u.etag, s.etag));
    cr_expect_eq(state_read(STR("{broken"), a, &u, &e), DF_REJECT);
    cr_expect_eq(u.polls, 0);
    arena_free(&a);
}
