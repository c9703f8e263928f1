/* When a source is asked: jitter, backoff, budgets and pauses by a fixed clock; spacing and
 * concurrency per host by the requests a mock network saw. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "collector/collector.h"
#include "collector/robots.h"
#include "collector/schedule.h"
#include "core/clock.h"
#include "net/transport_curl_header.h"
#include "tests/lib/mock_transport.h"

#define NOW INT64_C(1772445600000) /* 2026-03-02, ten hours into its UTC day */

/* --- the clock alone --- */

static struct channel channel = {.every_ms = 10 * DF_MINUTE, .pace_ms = DF_SECOND};

static struct source source_named(const char *name)
{
    return (struct source){.name = str_of(name), .channel = &channel};
}

static struct source_state never_polled(void)
{
    struct source_state st;
    struct arena *a = arena_new();
    cr_assert_eq(state_read(STR_NONE, a, &st, NULL), DF_OK);
    arena_free(&a);
    return st;
}

static const struct poll_facts quiet = {.good = true, .newest = DF_NO_TIME, .lag_ms = -1,
                                        .retry_after_ms = -1};

Test(schedule, sources_drift_apart_but_not_far)
{
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "s%d", i);
        struct source s = source_named(name);
        struct source_state a = never_polled(), b = never_polled();
        schedule_after(&s, &a, &quiet, NOW);
        schedule_after(&s, &b, &quiet, NOW);
        cr_assert_eq(a.next, b.next, "the same poll gives the same time");
        least = a.next - NOW < least ? a.next - NOW : least;
        most = a.next - NOW > most ? a.next - NOW : most;
    }
    cr_expect_geq(least, 9 * DF_MINUTE);
    cr_expect_leq(most, 11 * DF_MINUTE);
    cr_expect_gt(most - least, DF_MINUTE, "they do not all come at once");
}

Test(schedule, backoff_has_an_end)
{
    struct source s = source_named("s");
    struct source_state st = never_polled();
    struct poll_facts bad = {.newest = DF_NO_TIME, .lag_ms = -1, .retry_after_ms = -1};
    int64_t now = NOW, before = 0;
    for (int i = 0; i < 5; i++) {
        schedule_after(&s, &st, &bad, now);
        cr_expect_gt(st.next - now, before * 3 / 2, "poll %d", i);
        before = st.next - now;
        now = st.next;
    }
    for (int i = 0; i < 50; i++)
        schedule_after(&s, &st, &bad, now);
    cr_expect_leq(st.next - now, 7 * DF_HOUR);
    cr_expect_eq(st.fails, 55);
    schedule_after(&s, &st, &quiet, now);
    cr_expect_eq(st.fails, 0);
    cr_expect_leq(st.next - now, 11 * DF_MINUTE, "well again: the old interval");
}

Test(schedule, a_pause_asked_for_is_longer_than_any_backoff)
{
    struct source s = source_named("s");
    struct source_state st = never_polled();
    struct poll_facts told = {.newest = DF_NO_TIME, .lag_ms = -1, .retry_after_ms = 2 * DF_DAY};
    schedule_after(&s, &st, &told, NOW);
    cr_expect_eq(st.next, NOW + 2 * DF_DAY);
    told.retry_after_ms = 10;
    told.good = true;
    st = never_polled();
    schedule_after(&s, &st, &told, NOW);
    cr_expect_geq(st.next - NOW, 9 * DF_MINUTE, "a short one shortens nothing");
}

Test(schedule, budget_survives_a_restart_and_ends_at_midnight)
{
    struct source s = source_named("s");
    struct arena *a = arena_new();
    struct source_state st = never_polled(), read;
    s.budget = 3;
    cr_expect(schedule_budget_left(&s, &st, NOW));
    st.used = 3;
    cr_assert_eq(state_read(state_write(a, &st), a, &read, NULL), DF_OK);
    cr_expect_not(schedule_budget_left(&s, &read, NOW + DF_MINUTE));
    schedule_after(&s, &read, &quiet, NOW);
    cr_expect_geq(read.next, (NOW / DF_DAY + 1) * DF_DAY);
    cr_expect(schedule_budget_left(&s, &read, read.next));
    cr_expect_eq(read.used, 0);
    s.budget = -1; /* not limited, whatever the pack says */
    read.used = 1000000;
    cr_expect(schedule_budget_left(&s, &read, read.next));
    arena_free(&a);
}

Test(schedule, quiet_is_measured_by_its_own_normal)
{
    struct source s = source_named("s");
    struct source_state st = never_polled();
    struct poll_facts one = {.good = true, .posts = 20, .fresh = 1, .newest = DF_NO_TIME, .lag_ms = -1,
                             .retry_after_ms = -1};
    int64_t now = NOW;
    for (int i = 0; i < 10; i++, now += DF_HOUR) /* a post an hour */
        schedule_after(&s, &st, &one, now);
    now -= DF_HOUR;
    cr_expect_eq(schedule_quiet(&st, now + 2 * DF_HOUR), 0);
    cr_expect_gt(schedule_quiet(&st, now + 8 * DF_HOUR), 0);
    struct source_state unknown = never_polled();
    schedule_after(&s, &unknown, &one, NOW);
    cr_expect_eq(schedule_quiet(&unknown, NOW + 30 * DF_DAY), 0, "its normal is not known yet");
}

Test(schedule, never_faster_than_its_pace)
{
    struct source s = source_named("s");
    struct source_state st = never_polled();
    struct poll_facts busy = {.good = true, .posts = 20, .fresh = 20, .newest = DF_NO_TIME, .lag_ms = -1,
                              .retry_after_ms = -1};
    s.pace_ms = 4 * DF_MINUTE;
    for (int i = 0; i < 10; i++)
        schedule_after(&s, &st, &busy, NOW + i * DF_MINUTE);
    cr_expect_eq(st.interval_ms, 4 * DF_MINUTE);
}

/* --- headers --- */

Test(header, retry_after_and_next)
{
    static const struct {
        const char *value;
        int64_t ms;
    } spans[] = {{"120", 120000}, {"0.2", 200}, {"-5", 0}, {"soon", -1}, {"", -1},
                 {"99999999999999999999", -1}, {"99999999999", 365 * DF_DAY},
                 {"Mon, 02 Mar 2026 10:01:00 GMT", DF_MINUTE}, {"Mon, 02 Mar 2020 10:00:00 GMT", 0}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        cr_expect_eq(header_span(str_of(spans[i].value), NOW), spans[i].ms, "%s", spans[i].value);
    static const char *const links[][2] = {
        {"<https://a.test/2>; rel=\"next\", <https://a.test/9>; rel=\"last\"", "https://a.test/2"},
        {"<https://a.test/1>; rel=\"prev\", <https://a.test/3>; rel=next", "https://a.test/3"},
        {"<https://a.test/x>; title=\"a\"; rel=\"up next\"", "https://a.test/x"},
        {"<https://a.test/x>; rel=\"nextish\"", ""},
        {"<https://a.test/x; rel=\"next\"", ""},
    };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        cr_expect(str_is(header_next(str_of(links[i][0])), links[i][1]), "%s", links[i][0]);
}

/* --- robots.txt, the corners of RFC 9309 --- */

Test(robots, corners)
{
    static const struct {
        const char *text, *path;
        bool allowed;
    } rows[] = {
        {"", "/", true},
        {"User-agent: *\nDisallow:\n", "/a", true},
        {"User-agent: *\nDisallow: /\n", "/a", false},
        {"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", true},
        {"User-agent: *\nAllow: /p\nDisallow: /p\n", "/p", true},
        {"User-agent: *\nDisallow: /*.json$\n", "/feed.json", false},
        {"User-agent: *\nDisallow: /*.json$\n", "/feed.json?x", true},
        {"User-agent: other\nUser-agent: defuse\nDisallow: /\n", "/a", false},
        {"User-agent: other\nDisallow: /\n", "/a", true},
        {"User-agent: *\nDisallow: /\n\nUser-agent: defuse\nDisallow: /admin\n", "/a", true},
        {"USER-AGENT: DeFuse/1.0\nDISALLOW: /a\n", "/a", false},
        {"User-agent: *\r\nDisallow: /a # because\r\n", "/a", false},
        {"\xEF\xBB\xBFUser-agent: *\nDisallow: /\n", "/a", false},
        {"Disallow: /\n", "/a", true},
        {"User-agent: *\nSitemap: https://a.test/s.xml\nDisallow: /a\n", "/a", false},
        {"User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n", "/b", false},
        {"User-agent: *\nCrawl-delay: 3\nUser-agent: defuse\nDisallow: /a\n", "/a", false},
        {"<html>not found</html>", "/a", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t delay;
        cr_expect_eq(robots_allows(str_of(rows[i].text), STR("defuse"), str_of(rows[i].path), &delay),
                     rows[i].allowed, "row %zu: %s", i, rows[i].text);
    }
}

/* --- hosts --- */

static struct {
    char host[64];
    int64_t at;
} seen[64];
static int seen_count;

static int64_t pause_asked; /* by addresses that end in /busy */

static enum df_rc net_perform(void *self, const struct net_request *q, struct arena *a,
                              struct net_response *r, struct err *err)
{
    (void)self, (void)err;
    if (seen_count < 64) {
        snprintf(seen[seen_count].host, 64, "%.*s", STR_FMT(q->url));
        seen[seen_count++].at = clock_ticks_ms();
    }
    r->url = arena_str(a, q->url);
    bool robots = str_ends(q->url, STR("/robots.txt"));
    r->status = robots ? 404 : 200;
    if (str_ends(q->url, STR("/busy"))) {
        r->status = 429;
        r->retry_after_ms = pause_asked;
        return DF_OK;
    }
    r->body = robots ? STR_NONE
                     : STR("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"1\","
                           "\"content_text\":\"a\"}]}");
    return DF_OK;
}

static const struct transport_ops net = MOCK_TRANSPORT(net_perform);

static int64_t fixed_now(void *ctx)
{
    (void)ctx;
    return NOW;
}

static bool count_done(struct collect_job *j, struct collect_result *r, void *done)
{
    (void)j;
    cr_expect_eq(r->health.rc, DF_OK, "%.*s", STR_FMT(r->health.error));
    ++*(int *)done;
    return true;
}

static int asked(const char *host, int64_t *least_gap)
{
    int n = 0;
    int64_t last = -1;
    *least_gap = INT64_MAX;
    for (int i = 0; i < seen_count; i++) {
        if (!strstr(seen[i].host, host))
            continue;
        if (last >= 0 && seen[i].at - last < *least_gap)
            *least_gap = seen[i].at - last;
        last = seen[i].at;
        n++;
    }
    return n;
}

Test(hosts, are_spaced_and_asked_for_robots_once, .timeout = 30)
{
    static const char *const urls[] = {"http://slow.test/1", "http://slow.test/2", "http://slow.test/3",
                                       "http://quick.test/1"};
    struct arena *a = arena_new();
    struct channels *channels = NULL;
    struct collector *col = NULL;
    struct transport *t = NULL;
    struct source sources[4];
    struct collect_job jobs[4] = {0};
    struct diags d = {0};
    struct err e;
    int done = 0;
    cr_assert_eq(channels_load(NULL, &channels, &d), DF_OK);
    cr_assert_eq(collector_new(channels, &col, &e), DF_OK);
    cr_assert_eq(transport_open_with(&net, &(struct net_config){0}, &t, &e), DF_OK);
    for (int i = 0; i < 4; i++) {
        struct param_value url = {STR("url"), str_of(urls[i])};
        cr_assert_eq(source_make(channels, str_of(urls[i]), STR("feed"), &url, 1, NULL, a, &sources[i], &d),
                     DF_OK);
        sources[i].pace_ms = 120;
        jobs[i].source = &sources[i];
    }
    cr_assert_eq(collect_many(col, jobs, 4, t, NULL, fixed_now, NULL, count_done, &done, &e), DF_OK);
    int64_t gap;
    cr_expect_eq(done, 4);
    cr_expect_eq(asked("slow.test", &gap), 4, "robots.txt once, then three feeds");
    cr_expect_geq(gap, 119, "a host is given its pause: %lld ms", (long long)gap);
    cr_expect_eq(asked("quick.test", &gap), 2);
    transport_free(&t);
    collector_free(&col);
    channels_free(&channels);
    arena_free(&a);
}

/* --- a pause that a host asks for holds for all sources there --- */

static struct {
    enum collect_outcome outcome;
    int64_t next;
    int fails;
    char state[600];
} heard[8];

static bool hear(struct collect_job *j, struct collect_result *r, void *ctx)
{
    intptr_t i = (intptr_t)j->ctx;
    (void)ctx;
    heard[i].outcome = r->health.outcome;
    heard[i].next = r->health.next_ms;
    heard[i].fails = r->health.fails;
    snprintf(heard[i].state, sizeof heard[i].state, "%.*s", STR_FMT(r->state));
    return true;
}

static int64_t ticking(void *ctx) /* a clock that goes on from NOW */
{
    return NOW + clock_ticks_ms() - *(int64_t *)ctx;
}

struct site {
    struct arena *arena;
    struct channels *channels;
    struct collector *collector;
    struct transport *transport;
    struct source sources[8];
    struct collect_job jobs[8];
};

static void site_open_with(struct site *t, const char *const *urls, int count)
{
    struct diags d = {0};
    struct err e;
    *t = (struct site){.arena = arena_new()};
    memset(heard, 0, sizeof heard);
    seen_count = 0;
    cr_assert_eq(channels_load(NULL, &t->channels, &d), DF_OK);
    cr_assert_eq(collector_new(t->channels, &t->collector, &e), DF_OK);
    cr_assert_eq(transport_open_with(&net, &(struct net_config){0}, &t->transport, &e), DF_OK);
    for (int i = 0; i < count; i++) {
        struct param_value url = {STR("url"), str_of(urls[i])};
        cr_assert_eq(source_make(t->channels, str_of(urls[i]), STR("feed"), &url, 1, NULL, t->arena,
                                 &t->sources[i], &d), DF_OK);
        t->sources[i].pace_ms = 1;
        t->sources[i].ignore_robots = true;
        t->jobs[i] = (struct collect_job){.source = &t->sources[i], .ctx = (void *)(intptr_t)i};
    }
}

static void site_shut(struct site *t)
{
    transport_free(&t->transport);
    collector_free(&t->collector);
    channels_free(&t->channels);
    arena_free(&t->arena);
}

static void poll_site(struct site *t, struct collect_job *jobs, size_t count)
{
    struct err e;
    int64_t began = clock_ticks_ms();
    cr_assert_eq(collect_many(t->collector, jobs, count, t->transport, NULL, ticking, &began, hear,
                              NULL, &e), DF_OK);
}

Test(hosts, a_pause_holds_for_all_sources_there, .timeout = 30)
{
    static const char *const urls[] = {"http://ill.test/busy", "http://ill.test/1", "http://ill.test/2",
                                       "http://well.test/1", "http://127.0.0.1:9/busy",
                                       "http://127.0.0.1:9/1"};
    struct site t;
    int64_t gap;
    pause_asked = 2 * DF_HOUR;
    site_open_with(&t, urls, 6);
    poll_site(&t, t.jobs, 6);
    cr_expect_eq(heard[0].outcome, COLLECT_FAILED);
    cr_expect_eq(heard[0].fails, 1);
    for (int i = 1; i < 3; i++) {
        cr_expect_eq(heard[i].outcome, COLLECT_HELD, "source %d", i);
        cr_expect_eq(heard[i].fails, 0, "it is not its fault");
        cr_expect_geq(heard[i].next, NOW + 2 * DF_HOUR);
        cr_expect_lt(heard[i].next, NOW + 2 * DF_HOUR + DF_MINUTE);
        cr_expect_not(source_due(&t.sources[i], str_of(heard[i].state), NOW + DF_HOUR));
        cr_expect(source_due(&t.sources[i], str_of(heard[i].state), NOW + 3 * DF_HOUR));
    }
    cr_expect_eq(asked("ill.test", &gap), 1);
    cr_expect_eq(heard[3].outcome, COLLECT_NEW, "other hosts go on");
    cr_expect_eq(heard[5].outcome, COLLECT_NEW, "one's own machine stands for many places");
    /* the next pass of the same collector */
    poll_site(&t, &t.jobs[1], 1);
    cr_expect_eq(heard[1].outcome, COLLECT_HELD);
    cr_expect_eq(asked("ill.test", &gap), 1);
    /* a new process learns of it from the state of the one that was told */
    char told[600];
    memcpy(told, heard[0].state, sizeof told);
    site_shut(&t);
    site_open_with(&t, urls, 6);
    cr_expect_eq(source_hold(str_of(told), NOW + 3 * DF_HOUR), DF_NO_TIME, "it is over then");
    int64_t until = source_hold(str_of(told), NOW);
    cr_assert_geq(until, NOW + 2 * DF_HOUR);
    collector_hold(t.collector, &t.sources[0], until, NOW);
    poll_site(&t, &t.jobs[1], 3);
    cr_expect_eq(heard[2].outcome, COLLECT_HELD);
    cr_expect_eq(heard[3].outcome, COLLECT_NEW);
    cr_expect_eq(asked("ill.test", &gap), 0);
    site_shut(&t);
}

Test(hosts, a_short_pause_is_waited_for, .timeout = 30)
{
    static const char *const urls[] = {"http://ill.test/busy", "http://ill.test/1"};
    struct site t;
    int64_t gap;
    pause_asked = 300;
    site_open_with(&t, urls, 2);
    poll_site(&t, t.jobs, 2);
    cr_expect_eq(heard[0].outcome, COLLECT_FAILED);
    cr_expect_eq(heard[1].outcome, COLLECT_NEW);
    cr_expect_eq(asked("ill.test", &gap), 2);
    cr_expect_geq(gap, 290, "asked after %lld ms", (long long)gap);
    site_shut(&t);
}
