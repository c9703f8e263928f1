/* What each sink sends, what it makes of the answer, and how the outbox is drained. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts/render.h"
#include "alerts/signature.h"
#include "casework/casework.h"
#include "core/json.h"
#include "tests/lib/mock_transport.h"
#include "tests/lib/store_fixture.h"

#define E (&fixture_err)
#define SECRET "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

static const char HOSTILE[] =
    "<!channel> <@U1> @everyone *x* `y` & \"quoted\" \\ <https://evil.example|bank> "
    "\xE2\x80\xAE" "gnp.exe https://evil.example/a \x01 包裹😡";

static struct alert hostile_alert(void)
{
    return (struct alert){
        .id = STR("al_0123456789abcdef01234567"),
        .kind = ALERT_OPENED,
        .at = NOON,
        .case_id = 12,
        .urgency = URGENCY_P1,
        .category = CATEGORY_SAFETY,
        .sentiment = SENTIMENT_NEGATIVE,
        .due = NOON + DF_HOUR,
        .lang = STR("en"),
        .reason = STR("somebody was hurt"),
        .channel = STR("steam"),
        .source = STR("shop"),
        .url = STR("https://shop.example/r/1"),
        .author = STR("<!here> Kim"),
        .text = str_of(HOSTILE),
        .stars = 1,
        .created = NOON - DF_MINUTE,
        .why = {STR("somebody was hurt")},
        .why_count = 1,
        .reply = STR("We are sorry to read this."),
    };
}

static struct sink_conf conf_of(const char *type)
{
    return (struct sink_conf){
        .name = str_of(type),
        .ops = sink_find(str_of(type)),
        .url = STR("https://hooks.example/services/T0/B0/XXSECRETXX"),
        .secret = STR(SECRET),
        .brand = STR("Wren & Co <x>"),
        .case_url = STR("https://desk.example/cases/"),
        .zone = STR("Asia/Taipei"),
    };
}

Test(alerts, the_signature_fits_the_known_answer)
{
    struct arena *a = arena_new();
    struct str s;
    OK(webhook_sign(STR(SECRET), STR("msg_1"), STR("1700000000"),
                    STR("{\"type\":\"review.flagged\"}"), a, &s, E));
    cr_expect(str_is(s, "v1,W39F3c0PzHt2eQfPJ/MFDuIrK44knzozu7dVN05/xFA="), "%s", s.ptr);
    OK(webhook_sign(STR(SECRET " " SECRET), STR("msg_1"), STR("1"), STR("{}"), a, &s, E));
    cr_expect(str_find(s, STR(" v1,")) > 0, "two secrets, two signatures");
    IS(DF_REJECT, webhook_sign(STR("hunter2"), STR("m"), STR("1"), STR("{}"), a, &s, E));
    IS(DF_REJECT, webhook_sign(STR("whsec_c2hvcnQ="), STR("m"), STR("1"), STR("{}"), a, &s, E));
    cr_expect_null(strstr(fixture_err.text, "c2hvcnQ"), "a message never shows a secret");
    arena_free(&a);
}

static struct str render(const struct sink_conf *conf, const struct alert *al, struct arena *a,
                         struct net_request *req)
{
    static struct clock clock;
    clock = clock_fixed(NOON);
    struct alerts all = {.clock = &clock};
    OK(alert_render(&all, conf, al, a, req, E));
    return req->body;
}

Test(alerts, a_webhook_is_a_cloud_event_with_a_stable_id)
{
    struct arena *a = arena_new();
    struct sink_conf conf = conf_of("webhook");
    struct alert al = hostile_alert(), back;
    struct net_request req;
    struct str body = render(&conf, &al, a, &req);
    json_t *v = NULL;
    OK(json_parse(body, "body", &v, E));
    cr_expect(str_is(json_get_str(v, "specversion"), "1.0"));
    cr_expect(str_eq(json_get_str(v, "id"), al.id));
    cr_expect(str_is(json_get_str(v, "type"), "defuse.case.opened"));
    cr_expect(str_is(json_get_str(v, "source"), "urn:defuse:shop"));
    cr_expect(str_is(json_get_str(v, "time"), "2025-11-21T12:00:00Z"));
    char *data = json_dumps(json_object_get(v, "data"), 0);
    OK(alert_from_json(str_of(data), a, &back, E));
    cr_expect(str_eq(back.text, al.text) && str_eq(back.author, al.author));
    cr_expect_eq(back.due, al.due);
    cr_expect_eq(back.case_id, 12);
    free(data);
    json_decref(v);
    static const char *const names[] = {"Content-Type", "webhook-id", "webhook-timestamp",
                                        "webhook-signature"};
    cr_assert_eq(req.header_count, 4);
    for (int i = 0; i < 4; i++)
        cr_expect(str_is(req.headers[i].name, names[i]));
    cr_expect(str_eq(req.headers[1].value, al.id));
    cr_expect(req.no_redirects && req.secret);
    arena_free(&a);
}

/* Slack understands marks in "text" and in mrkdwn objects; strangers' words must be in neither. */
static void expect_plain(const json_t *v)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_object(v)) {
        cr_expect_not(str_is(json_get_str(v, "type"), "mrkdwn"));
        json_object_foreach((json_t *)v, key, child)
            expect_plain(child);
    } else if (json_is_array(v)) {
        json_array_foreach(v, i, child)
            expect_plain(child);
    }
}

Test(alerts, slack_gets_strangers_words_as_plain_text_only)
{
    struct arena *a = arena_new();
    struct sink_conf conf = conf_of("slack");
    struct alert al = hostile_alert();
    struct net_request req;
    struct str body = render(&conf, &al, a, &req);
    json_t *v = NULL;
    OK(json_parse(body, "body", &v, E));
    expect_plain(v);
    cr_expect(str_is(json_get_str(v, "text"),
                     "[P1] a post needs an answer — Wren &amp; Co &lt;x&gt; @ steam"),
              "%s", json_get_str(v, "text").ptr);
    cr_expect_eq(str_find(body, STR("\xE2\x80\xAE")), -1, "no bidi override");
    cr_expect_eq(str_find(body, STR("https://evil")), -1, "links are defused");
    cr_expect_geq(str_find(body, STR("hxxps://evil.example/a")), 0);
    cr_expect_geq(str_find(body, STR("包裹😡")), 0);
    cr_expect_geq(str_find(body, STR("https://desk.example/cases/12")), 0);
    cr_expect_geq(str_find(body, STR("2025-11-21 21:00 +08:00")), 0, "due in the team's zone");
    json_decref(v);
    arena_free(&a);
}

Test(alerts, whatever_the_post_the_payload_is_json_within_the_limits)
{
    static const char *const pieces[] = {"\x01", "\"", "\\", "😡👨‍👩‍👧", "e\xCC\x81", "包", "\xFF",
                                         "<!channel>", "a", "\n", "\xF0\x9F\x87\xB9\xF0\x9F\x87\xBC"};
    static const char *const types[] = {"webhook", "slack", "stdout"};
    struct arena *a = arena_new();
    unsigned seed = 1;
    for (int round = 0; round < 60; round++) {
        struct buf text = BUF_INIT(40000);
        size_t want = round % 3 == 0 ? 100 : 16000;
        while (text.len < want) {
            seed = seed * 1103515245u + 12345u;
            buf_puts(&text, pieces[round < 22 ? (size_t)round / 2 : (seed >> 16) % 11]);
        }
        struct alert al = hostile_alert();
        al.text = al.title = al.author = buf_view(&text);
        for (int t = 0; t < 3; t++) {
            struct sink_conf conf = conf_of(types[t]);
            struct net_request req;
            struct str body = render(&conf, &al, a, &req);
            cr_expect_leq(body.len, conf.ops->limits.total);
            json_t *v = NULL;
            if (t < 2) {
                OK(json_parse(body, "body", &v, E));
                json_decref(v);
            }
        }
        buf_free(&text);
        arena_reset(a);
    }
    arena_free(&a);
}

Test(alerts, answers_are_judged_by_status_and_body)
{
    static const struct {
        const char *type;
        int status;
        const char *body;
        enum sink_verdict want;
    } cases[] = {
        {"webhook", 200, "", SINK_OK},
        {"webhook", 204, "", SINK_OK},
        {"webhook", 302, "", SINK_CLOSED},
        {"webhook", 410, "", SINK_CLOSED},
        {"webhook", 401, "", SINK_CLOSED},
        {"webhook", 422, "", SINK_REFUSED},
        {"webhook", 429, "", SINK_SLOWER},
        {"webhook", 500, "", SINK_LATER},
        {"slack", 200, "ok", SINK_OK},
        {"slack", 200, "<html>login</html>", SINK_REFUSED},
        {"slack", 500, "ok", SINK_LATER},
        {"slack", 400, "invalid_payload", SINK_REFUSED},
        {"slack", 404, "no_service", SINK_CLOSED},
        {"slack", 410, "channel_is_archived", SINK_CLOSED},
        {"slack", 429, "", SINK_SLOWER},
        {"slack", 503, "upstream", SINK_LATER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct net_response r = {.status = cases[i].status, .body = str_of(cases[i].body),
                                 .retry_after_ms = -1};
        cr_expect_eq(sink_find(str_of(cases[i].type))->judge(&r), cases[i].want, "%s %d %s",
                     cases[i].type, cases[i].status, cases[i].body);
    }
}

/* --- draining --- */

struct bench {
    struct store *st;
    struct transport *net;
    struct clock clock;
    struct sink_conf sinks[2];
    struct alerts al;
    struct drain_report *report;
};

static void add_alerts(struct store *st, struct arena *a, const char *sink, int count)
{
    struct alert al = hostile_alert();
    struct buf b = BUF_INIT(65536);
    al.case_id = 0;
    OK(store_begin(st, E));
    for (int i = 0; i < count; i++) {
        buf_reset(&b);
        al.id = arena_printf(a, "al_%s_%d", sink, i);
        alert_put_json(&b, &al);
        struct outbox_row row = {.dedup = al.id, .alert_id = al.id, .sink = str_of(sink),
                                 .kind = STR("case.opened"), .payload = buf_view(&b),
                                 .created = NOON};
        OK(st->outbox->add(st, &row, E));
    }
    OK(store_commit(st, E));
    buf_free(&b);
}

static void bench_open(struct bench *b, struct store *st)
{
    *b = (struct bench){.st = st, .clock = clock_fixed(NOON)};
    b->sinks[0] = conf_of("slack");
    b->sinks[1] = conf_of("webhook");
    b->sinks[1].url = STR("https://other.example/hook");
    OK(transport_open_with(&mock_transport, &(struct net_config){0}, &b->net, E));
    b->al = (struct alerts){.store = st, .transport = b->net, .clock = &b->clock,
                            .sinks = b->sinks, .sink_count = 2};
    mock_answer_count = mock_request_count = 0;
}

static void drain_at(struct bench *b, struct arena *a, int64_t now)
{
    b->clock = clock_fixed(now);
    OK(alerts_drain(&b->al, a, &b->report, E));
}

Test(alerts, a_dead_sink_does_not_stop_another_and_is_tried_again_with_the_same_id)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    OK(store_open("sqlite::memory:", &st, E));
    bench_open(&b, st);
    add_alerts(st, a, "slack", 3);
    add_alerts(st, a, "webhook", 30);
    mock_answers[0] = (struct mock_answer){"hooks.example", DF_RETRY, 0, "", 0};
    mock_answers[1] = (struct mock_answer){"hooks.example", DF_OK, 200, "ok", 0};
    mock_answers[2] = (struct mock_answer){"other.example", DF_OK, 202, "", 0};
    mock_answer_count = 3;

    drain_at(&b, a, NOON);
    cr_expect_eq(b.report[0].sent, 0);
    cr_expect_eq(b.report[0].retried, 1);
    cr_expect_eq(b.report[1].sent, 30);
    cr_expect_not_null(strstr(b.report[0].problem.text, "refused"), "%s", b.report[0].problem.text);
    cr_expect_null(strstr(b.report[0].problem.text, "XXSECRETXX"), "%s", b.report[0].problem.text);
    struct outbox_row *rows;
    int n;
    OK(st->outbox->list(st, OUTBOX_WAITING, STR("slack"), 0, 9, a, &rows, &n, E));
    cr_assert_eq(n, 3);
    cr_expect_eq(str_find(rows[0].last_text, STR("XXSECRETXX")), -1);

    drain_at(&b, a, NOON + 1);
    cr_expect_eq(mock_request_count, 31, "not tried before its time");
    drain_at(&b, a, NOON + 10 * DF_SECOND);
    cr_expect_eq(b.report[0].sent, 3);
    cr_expect_eq(mock_request_count, 34);
    drain_at(&b, a, NOON + DF_HOUR);
    cr_expect_eq(mock_request_count, 34, "nothing is sent twice");
    OK(st->outbox->list(st, OUTBOX_SENT, STR("slack"), 0, 9, a, &rows, &n, E));
    cr_expect_eq(n, 3);
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, retry_after_is_honoured_and_bounded)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    OK(store_open("mem:", &st, E));
    bench_open(&b, st);
    add_alerts(st, a, "slack", 2);
    mock_answers[0] = (struct mock_answer){NULL, DF_OK, 429, "", 20 * DF_SECOND};
    mock_answers[1] = (struct mock_answer){NULL, DF_OK, 429, "", 5 * DF_HOUR};
    mock_answers[2] = (struct mock_answer){NULL, DF_OK, 200, "ok", 0};
    mock_answer_count = 3;
    drain_at(&b, a, NOON);
    drain_at(&b, a, NOON + 19 * DF_SECOND);
    cr_expect_eq(mock_request_count, 1);
    drain_at(&b, a, NOON + 20 * DF_SECOND);
    cr_expect_eq(mock_request_count, 2);
    drain_at(&b, a, NOON + 20 * DF_SECOND + 14 * DF_MINUTE);
    cr_expect_eq(mock_request_count, 2);
    drain_at(&b, a, NOON + 20 * DF_SECOND + 15 * DF_MINUTE);
    cr_expect_eq(b.report[0].sent, 2);
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, one_refused_alert_is_put_aside_and_the_rest_goes_on)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    OK(store_open("mem:", &st, E));
    bench_open(&b, st);
    add_alerts(st, a, "slack", 4);
    mock_answers[0] = (struct mock_answer){NULL, DF_OK, 400, "invalid_payload", 0};
    mock_answers[1] = (struct mock_answer){NULL, DF_OK, 500, "oops", 0};
    mock_answers[2] = (struct mock_answer){NULL, DF_OK, 200, "ok", 0};
    mock_answer_count = 3;
    drain_at(&b, a, NOON);
    cr_expect_eq(b.report[0].dead, 1);
    cr_expect_eq(b.report[0].retried, 1);
    cr_expect_eq(b.report[0].sent, 2);
    drain_at(&b, a, NOON + DF_MINUTE);
    cr_expect_eq(b.report[0].sent, 1);
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, a_pace_per_minute_is_kept_over_runs)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    OK(store_open("mem:", &st, E));
    bench_open(&b, st);
    b.sinks[0].per_minute = 5;
    add_alerts(st, a, "slack", 12);
    mock_answers[0] = (struct mock_answer){NULL, DF_OK, 200, "ok", 0};
    mock_answer_count = 1;
    drain_at(&b, a, NOON);
    cr_expect_eq(mock_request_count, 5);
    drain_at(&b, a, NOON + 30 * DF_SECOND);
    cr_expect_eq(mock_request_count, 5);
    drain_at(&b, a, NOON + DF_MINUTE);
    cr_expect_eq(mock_request_count, 10);
    drain_at(&b, a, NOON + 2 * DF_MINUTE);
    cr_expect_eq(mock_request_count, 12);
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, an_alert_whose_fate_could_not_be_kept_goes_out_again_under_its_id)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    OK(store_open("fault:outbox.settle=retry@mem:", &st, E));
    bench_open(&b, st);
    add_alerts(st, a, "webhook", 2);
    mock_answers[0] = (struct mock_answer){NULL, DF_OK, 200, "", 0};
    mock_answer_count = 1;
    b.clock = clock_fixed(NOON);
    IS(DF_RETRY, alerts_drain(&b.al, a, &b.report, E));
    cr_expect_eq(mock_request_count, 1);
    drain_at(&b, a, NOON + DF_MINUTE);
    cr_expect_eq(mock_request_count, 2, "the second; the first is still leased");
    drain_at(&b, a, NOON + 6 * DF_MINUTE);
    cr_expect_eq(mock_request_count, 3);
    cr_expect_not_null(strstr(mock_requests[0].headers, "webhook-id: al_webhook_0\n"));
    cr_expect_not_null(strstr(mock_requests[2].headers, "webhook-id: al_webhook_0\n"));
    drain_at(&b, a, NOON + DF_DAY);
    cr_expect_eq(mock_request_count, 3);
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, a_closed_door_keeps_everything_and_is_given_up_after_days)
{
    struct arena *a = arena_new();
    struct store *st = NULL;
    struct bench b;
    struct outbox_row *rows;
    int n;
    OK(store_open("mem:", &st, E));
    bench_open(&b, st);
    add_alerts(st, a, "slack", 2);
    mock_answers[0] = (struct mock_answer){NULL, DF_OK, 404, "no_service", 0};
    mock_answer_count = 1;
    drain_at(&b, a, NOON);
    drain_at(&b, a, NOON + DF_DAY);
    OK(st->outbox->list(st, OUTBOX_WAITING, STR("slack"), 0, 9, a, &rows, &n, E));
    cr_expect_eq(n, 2);
    for (int i = 0; i < 4; i++)
        drain_at(&b, a, NOON + 3 * DF_DAY + (i + 1) * DF_HOUR);
    OK(st->outbox->list(st, OUTBOX_DEAD, STR("slack"), 0, 9, a, &rows, &n, E));
    cr_expect_eq(n, 2);
    cr_expect(str_is(rows[0].last_text, "no_service"));
    transport_free(&b.net);
    store_close(&st);
    arena_free(&a);
}

Test(alerts, a_dry_run_shows_the_request_without_its_secrets)
{
    struct arena *a = arena_new();
    struct clock clock = clock_fixed(NOON);
    struct sink_conf conf = conf_of("webhook");
    struct alerts al = {.clock = &clock};
    struct buf b = BUF_INIT(65536);
    OK(alerts_dry_run(&al, &conf, a, &b, E));
    cr_expect_geq(str_find(buf_view(&b), STR("POST https://hooks.example/…\n")), 0, "%s", b.ptr);
    cr_expect_eq(str_find(buf_view(&b), STR("XXSECRETXX")), -1);
    cr_expect_geq(str_find(buf_view(&b), STR("webhook-signature: v1,")), 0);
    conf.url = STR_NONE;
    IS(DF_REJECT, alerts_dry_run(&al, &conf, a, &b, E));
    buf_free(&b);
    arena_free(&a);
}
