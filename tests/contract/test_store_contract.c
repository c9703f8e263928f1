/* What every storage driver must do. One body per promise, run for each driver in turn. */
#include <math.h>

#include "core/limits.h"
#include "tests/lib/store_fixture.h"

#define E (&fixture_err)

static int64_t open_case(struct store *st, const char *post_id, int64_t due, enum urgency urgency)
{
    struct post p = fixture_post(post_id, "where is my parcel");
    struct post_row row = fixture_put(st, &p);
    struct case_row c = CASE_INIT;
    c.post_id = row.id;
    c.version = 1;
    c.urgency = urgency;
    c.channel = p.channel;
    c.author_id = p.author_id;
    c.lang = STR("en");
    c.reason = STR("late");
    c.seen = c.opened = NOON;
    c.due = c.answer_by = due;
    OK(store_begin(st, E));
    OK(st->cases->open(st, &c, E));
    OK(store_commit(st, E));
    return c.id;
}

/* --- posts --- */

FOR_EACH_STORE(store_contract, a_post_comes_back_as_it_went_in)
{
    struct post p = fixture_post("570/9007199254740993", "包裹\n不見了 😡 'quote' \"\\");
    p.url = STR("https://shop.example/r/1");
    p.title = STR("title");
    p.lang = STR("zh-Hant");
    p.stars = 1.5;
    p.rating = STR("3/10");
    p.edited = NOON - 5;
    p.parent = STR("570/1");
    p.likes = 0;
    p.followers = 1234567890123;
    struct post_row row = fixture_put(st, &p), got;
    OK(st->posts->get(st, row.id, 0, a, &got, E));
    cr_expect_eq(got.version, 1);
    cr_expect(str_eq(got.post.text, p.text) && str_eq(got.post.id, p.id) &&
              str_eq(got.post.url, p.url) && str_eq(got.post.title, p.title) &&
              str_eq(got.post.lang, p.lang) && str_eq(got.post.rating, p.rating) &&
              str_eq(got.post.parent, p.parent) && str_eq(got.post.author_id, p.author_id) &&
              str_eq(got.post.author_name, p.author_name) && str_eq(got.post.source, p.source));
    cr_expect_eq(got.post.stars, 1.5);
    cr_expect_eq(got.post.edited, p.edited);
    cr_expect_eq(got.post.created, p.created);
    cr_expect_eq(got.post.seen, p.seen);
    cr_expect_eq(got.post.likes, 0);
    cr_expect_eq(got.post.shares, POST_NO_COUNT);
    cr_expect_eq(got.post.followers, p.followers);
    cr_expect_eq(got.post.digest.len, 64);
    int64_t id;
    OK(st->posts->find(st, p.channel, p.id, &id, E));
    cr_expect_eq(id, row.id);
    IS(DF_NONE, st->posts->find(st, STR("other"), p.id, &id, E));
    IS(DF_NONE, st->posts->get(st, row.id + 1, 0, a, &got, E));
    IS(DF_NONE, st->posts->get(st, 0, 0, a, &got, E));
}

FOR_EACH_STORE(store_contract, an_edit_is_a_new_version_and_a_repeat_is_nothing)
{
    struct post p = fixture_post("1", "bad");
    struct post_put put;
    struct post_row got;
    p.likes = 3;
    OK(store_begin(st, E));
    OK(st->posts->put(st, &p, &put, E));
    cr_expect_eq(put.change, POST_ADDED);
    p.likes = 4;
    OK(st->posts->put(st, &p, &put, E));
    cr_expect_eq(put.change, POST_SAME);
    cr_expect_eq(put.version, 1);
    OK(st->posts->get(st, put.id, 0, a, &got, E));
    cr_expect_eq(got.post.likes, 4);

    p.text = STR("worse");
    p.stars = 1;
    p.likes = POST_NO_COUNT;
    p.edited = NOON + 1;
    p.seen = NOON + 2;
    OK(st->posts->put(st, &p, &put, E));
    cr_expect_eq(put.change, POST_EDITED);
    cr_expect_eq(put.version, 2);
    OK(store_commit(st, E));

    OK(st->posts->get(st, put.id, 0, a, &got, E));
    cr_expect(str_is(got.post.text, "worse"));
    cr_expect_eq(got.version, 2);
    cr_expect_eq(got.post.likes, 4, "a count that is not told is kept");
    cr_expect_eq(got.post.seen, NOON, "seen is the first time");
    OK(st->posts->get(st, put.id, 1, a, &got, E));
    cr_expect(str_is(got.post.text, "bad"));
    cr_expect(isnan(got.post.stars));
    IS(DF_NONE, st->posts->get(st, put.id, 3, a, &got, E));
}

FOR_EACH_STORE(store_contract, what_cannot_be_a_post_is_rejected_and_the_rest_goes_on)
{
    struct post good = fixture_post("1", "x"), bad[4];
    struct post_put put;
    char *huge = arena_alloc(a, DF_MAX_POST_TEXT + 1);
    memset(huge, 'x', DF_MAX_POST_TEXT + 1);
    for (int i = 0; i < 4; i++)
        bad[i] = good;
    bad[0].id = STR_NONE;
    bad[1].channel = STR_NONE;
    bad[2].seen = DF_NO_TIME;
    bad[3].text = str_n(huge, DF_MAX_POST_TEXT + 1);
    OK(store_begin(st, E));
    for (int i = 0; i < 4; i++)
        IS(DF_REJECT, st->posts->put(st, &bad[i], &put, E));
    OK(st->posts->put(st, &good, &put, E));
    OK(store_commit(st, E));
    cr_expect_eq(put.change, POST_ADDED);
}

FOR_EACH_STORE(store_contract, posts_are_listed_by_number_with_filters_and_pages)
{
    for (int i = 0; i < 10; i++) {
        struct post p = fixture_post(arena_printf(a, "%d", i).ptr, "x");
        p.created = i == 9 ? DF_NO_TIME : NOON + i;
        p.author_id = i % 2 ? STR("odd") : STR("even");
        fixture_put(st, &p);
    }
    struct post_row *rows;
    int n;
    struct post_filter f = {.since = DF_NO_TIME, .until = DF_NO_TIME, .limit = 4};
    OK(st->posts->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 4);
    f.after = rows[3].id;
    f.limit = 100;
    OK(st->posts->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 6);
    f = (struct post_filter){.channel = STR("test"), .author_id = STR("odd"), .limit = 100,
                             .since = NOON + 3, .until = NOON + 6};
    OK(st->posts->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 2);
    f = (struct post_filter){.channel = STR("none"), .limit = 9, .since = DF_NO_TIME,
                             .until = DF_NO_TIME};
    OK(st->posts->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 0);
}

FOR_EACH_STORE(store_contract, a_verdict_belongs_to_a_version_and_a_rule_set)
{
    struct post p = fixture_post("1", "x");
    struct post_row row = fixture_put(st, &p);
    struct verdict v = fixture_verdict(URGENCY_P2);
    struct str doc;
    IS(DF_NONE, st->posts->verdict(st, row.id, 0, a, &doc, E));
    OK(store_begin(st, E));
    OK(st->posts->judge(st, row.id, 1, &v, STR("{\"n\":1}"), NOON, E));
    OK(st->posts->judge(st, row.id, 1, &v, STR("{\"n\":2}"), NOON + 1, E));
    v.ruleset = STR("r2");
    OK(st->posts->judge(st, row.id, 1, &v, STR("{\"n\":3}"), NOON + 2, E));
    OK(store_commit(st, E));
    OK(st->posts->verdict(st, row.id, 0, a, &doc, E));
    cr_expect(str_is(doc, "{\"n\":3}"));
    IS(DF_NONE, st->posts->verdict(st, row.id, 2, a, &doc, E));
    OK(store_begin(st, E));
    IS(DF_REJECT, st->posts->judge(st, 77, 1, &v, STR("{}"), NOON, E));
    store_rollback(st);
}

/* --- transactions --- */

FOR_EACH_STORE(store_contract, rollback_undoes_all_and_an_inner_one_its_part)
{
    struct post p = fixture_post("1", "one"), q = fixture_post("2", "two");
    struct post_put put;
    int64_t id;
    OK(store_begin(st, E));
    OK(st->posts->put(st, &p, &put, E));
    OK(store_begin(st, E));
    OK(st->posts->put(st, &q, &put, E));
    p.text = STR("changed");
    OK(st->posts->put(st, &p, &put, E));
    OK(st->meta->put(st, "k", STR("v"), E));
    store_rollback(st);
    OK(store_commit(st, E));
    OK(st->posts->find(st, p.channel, STR("1"), &id, E));
    IS(DF_NONE, st->posts->find(st, p.channel, STR("2"), &id, E));
    struct post_row got;
    struct str value;
    OK(st->posts->get(st, id, 0, a, &got, E));
    cr_expect(str_is(got.post.text, "one"));
    IS(DF_NONE, st->meta->get(st, "k", a, &value, E));

    OK(store_begin(st, E));
    OK(store_begin(st, E));
    OK(st->posts->put(st, &q, &put, E));
    OK(store_commit(st, E));
    store_rollback(st);
    IS(DF_NONE, st->posts->find(st, p.channel, STR("2"), &id, E));
}

/* --- cases --- */

FOR_EACH_STORE(store_contract, a_post_is_in_one_case_at_most)
{
    int64_t id = open_case(st, "1", NOON, URGENCY_P2), found;
    struct case_row c, again = CASE_INIT;
    OK(st->cases->get(st, id, a, &c, E));
    cr_expect_eq(c.state, CASE_NEW);
    cr_expect_eq(c.outcome, OUTCOME_NONE);
    cr_expect_eq(c.rev, 1);
    cr_expect_eq(c.answered_late, -1);
    cr_expect_eq(c.alerted, DF_NO_TIME);
    OK(st->links->of_post(st, c.post_id, &found, E));
    cr_expect_eq(found, id);
    again.post_id = c.post_id;
    again.channel = again.lang = again.reason = STR("x");
    OK(store_begin(st, E));
    IS(DF_REJECT, st->cases->open(st, &again, E));
    store_rollback(st);
    OK(store_begin(st, E));
    IS(DF_REJECT, st->links->add(st, id, c.post_id, NOON, E));
    store_rollback(st);
    struct post p = fixture_post("2", "more");
    struct post_row row = fixture_put(st, &p);
    int64_t *ids;
    int n;
    OK(store_begin(st, E));
    OK(st->links->add(st, id, row.id, NOON, E));
    OK(store_commit(st, E));
    OK(st->links->posts(st, id, a, &ids, &n, E));
    cr_expect_eq(n, 2);
    cr_expect_eq(ids[1], row.id);
}

FOR_EACH_STORE(store_contract, a_change_made_on_an_old_view_is_refused)
{
    struct case_row mine, theirs;
    int64_t id = open_case(st, "1", NOON, URGENCY_P2);
    OK(st->cases->get(st, id, a, &mine, E));
    theirs = mine;
    OK(store_begin(st, E));
    theirs.state = CASE_CLOSED;
    theirs.outcome = OUTCOME_DUPLICATE;
    theirs.closed = NOON + 9;
    theirs.owner = STR("ann");
    theirs.answered_late = 1;
    OK(st->cases->update(st, &theirs, E));
    mine.state = CASE_SENT;
    IS(DF_NONE, st->cases->update(st, &mine, E));
    OK(store_commit(st, E));
    OK(st->cases->get(st, id, a, &mine, E));
    cr_expect_eq(mine.state, CASE_CLOSED);
    cr_expect_eq(mine.outcome, OUTCOME_DUPLICATE);
    cr_expect_eq(mine.closed, NOON + 9);
    cr_expect_eq(mine.answered_late, 1);
    cr_expect(str_is(mine.owner, "ann"));
    cr_expect_eq(mine.rev, theirs.rev);
}

FOR_EACH_STORE(store_contract, only_one_can_claim_and_the_first_of_the_queue_goes_first)
{
    int64_t late = open_case(st, "1", NOON + 50, URGENCY_P1), id;
    int64_t soon = open_case(st, "2", NOON + 10, URGENCY_P3);
    int64_t none = open_case(st, "3", DF_NO_TIME, URGENCY_P4);
    OK(store_begin(st, E));
    OK(st->cases->claim(st, late, URGENCY_P4, STR("ann"), NOON, &id, E));
    IS(DF_NONE, st->cases->claim(st, late, URGENCY_P4, STR("bob"), NOON, &id, E));
    IS(DF_NONE, st->cases->claim(st, 99, URGENCY_P4, STR("bob"), NOON, &id, E));
    IS(DF_NONE, st->cases->claim(st, 0, URGENCY_P2, STR("bob"), NOON, &id, E));
    OK(st->cases->claim(st, 0, URGENCY_P4, STR("bob"), NOON, &id, E));
    cr_expect_eq(id, soon);
    OK(st->cases->claim(st, 0, URGENCY_P4, STR("bob"), NOON, &id, E));
    cr_expect_eq(id, none, "a case without a clock comes last");
    IS(DF_NONE, st->cases->claim(st, 0, URGENCY_P4, STR("bob"), NOON, &id, E));
    OK(store_commit(st, E));
    struct case_row c;
    OK(st->cases->get(st, late, a, &c, E));
    cr_expect(str_is(c.owner, "ann"));
    cr_expect_eq(c.state, CASE_CLAIMED);
    cr_expect_eq(c.rev, 2);
}

static int listed(struct store *st, struct arena *a, struct queue_filter f, struct case_row **rows)
{
    int n = 0;
    f.limit = f.limit ? f.limit : 50;
    f.now = f.now ? f.now : NOON;
    OK(st->cases->list(st, &f, a, rows, &n, E));
    return n;
}

FOR_EACH_STORE(store_contract, the_queue_is_sorted_paged_and_filtered)
{
    struct case_row *r, c;
    int64_t p3 = open_case(st, "1", NOON + 10, URGENCY_P3);
    int64_t p1 = open_case(st, "2", NOON + 10, URGENCY_P1);
    int64_t none = open_case(st, "3", DF_NO_TIME, URGENCY_P4);
    int64_t first = open_case(st, "4", NOON - 10, URGENCY_P2);
    cr_assert_eq(listed(st, a, (struct queue_filter){0}, &r), 4);
    cr_expect(r[0].id == first && r[1].id == p1 && r[2].id == p3 && r[3].id == none);
    cr_expect_eq(r[3].due, DF_NO_TIME);
    struct queue_filter page = {.paged = true, .after = {r[1].due, r[1].urgency, r[1].id}};
    cr_assert_eq(listed(st, a, page, &r), 2);
    cr_expect_eq(r[0].id, p3);
    page.after = (struct queue_key){r[1].due, r[1].urgency, r[1].id};
    cr_expect_eq(listed(st, a, page, &r), 0);

    OK(store_begin(st, E));
    OK(st->cases->get(st, p3, a, &c, E));
    c.wake = NOON + 100;
    c.owner = STR("ann");
    OK(st->cases->update(st, &c, E));
    OK(st->cases->get(st, p1, a, &c, E));
    c.state = CASE_CLOSED;
    c.outcome = OUTCOME_RESOLVED;
    OK(st->cases->update(st, &c, E));
    OK(store_commit(st, E));
    cr_expect_eq(listed(st, a, (struct queue_filter){0}, &r), 2);
    cr_expect_eq(listed(st, a, (struct queue_filter){.now = NOON + 100}, &r), 3);
    cr_expect_eq(listed(st, a, (struct queue_filter){.asleep_too = true}, &r), 3);
    cr_expect_eq(listed(st, a, (struct queue_filter){.closed_too = true, .asleep_too = true}, &r), 4);
    cr_expect_eq(listed(st, a, (struct queue_filter){.owner = STR("ann"), .asleep_too = true}, &r), 1);
    cr_expect_eq(listed(st, a, (struct queue_filter){.by_urgency = true, .urgency = URGENCY_P2}, &r), 1);
    cr_expect_eq(listed(st, a, (struct queue_filter){.by_state = true, .state = CASE_SENT}, &r), 0);
    cr_expect_eq(listed(st, a, (struct queue_filter){.channel = STR("test")}, &r), 2);
    cr_expect_eq(listed(st, a, (struct queue_filter){.channel = STR("tes")}, &r), 0);
    cr_expect_eq(listed(st, a, (struct queue_filter){.lang = STR("yue")}, &r), 0);
    cr_expect_eq(listed(st, a, (struct queue_filter){.text = STR("MY par")}, &r), 2);
    cr_expect_eq(listed(st, a, (struct queue_filter){.text = STR("my%par")}, &r), 0, "no patterns");
    cr_expect_eq(listed(st, a, (struct queue_filter){.text = STR("kim")}, &r), 2, "author too");

    struct queue_filter theirs = {.channel = STR("test"), .author_id = STR("u1")};
    cr_assert_eq(listed(st, a, theirs, &r), 4, "an author's history has the closed ones too");
    cr_expect_lt(r[0].id, r[3].id);
    theirs.author_id = STR("u2");
    cr_expect_eq(listed(st, a, theirs, &r), 0);

    struct queue_count n[URGENCIES];
    OK(st->cases->count(st, NOON, n, E));
    cr_expect_eq(n[URGENCY_P2].open, 1);
    cr_expect_eq(n[URGENCY_P2].overdue, 1);
    cr_expect_eq(n[URGENCY_P3].asleep, 1);
    cr_expect_eq(n[URGENCY_P1].open, 0);
    cr_expect_eq(n[URGENCY_P4].overdue, 0);
}

FOR_EACH_STORE(store_contract, the_first_alert_is_remembered)
{
    struct case_row c;
    int64_t id = open_case(st, "1", NOON, URGENCY_P2);
    OK(store_begin(st, E));
    OK(st->cases->alerted(st, id, NOON + 1, E));
    OK(st->cases->alerted(st, id, NOON + 2, E));
    OK(store_commit(st, E));
    OK(st->cases->get(st, id, a, &c, E));
    cr_expect_eq(c.alerted, NOON + 1);
}

/* --- drafts --- */

FOR_EACH_STORE(store_contract, drafts_come_newest_first_and_are_not_approved_by_their_author)
{
    int64_t id = open_case(st, "1", NOON, URGENCY_P2);
    struct draft_row d = {.case_id = id, .at = NOON, .who = STR("ann"), .lang = STR("en"),
                          .text = STR("first"), .findings = STR("[]"), .pieces = STR("[]")};
    struct draft_row *got;
    int n;
    OK(store_begin(st, E));
    OK(st->drafts->put(st, &d, E));
    d.text = STR("second");
    OK(st->drafts->put(st, &d, E));
    IS(DF_NONE, st->drafts->approve(st, d.id, STR("ann"), NOON, E));
    OK(st->drafts->approve(st, d.id, STR("bob"), NOON, E));
    IS(DF_NONE, st->drafts->approve(st, d.id, STR("cat"), NOON, E));
    OK(store_commit(st, E));
    OK(st->drafts->list(st, id, 10, a, &got, &n, E));
    cr_assert_eq(n, 2);
    cr_expect(str_is(got[0].text, "second") && str_is(got[0].approved_by, "bob"));
    cr_expect_eq(got[0].approved_at, NOON);
    cr_expect_eq(got[1].approved_by.len, 0);
}

/* --- outbox --- */

static struct outbox_row alert_row(const char *dedup, const char *sink)
{
    return (struct outbox_row){.dedup = str_of(dedup), .alert_id = STR("al_1"),
                               .sink = str_of(sink), .kind = STR("case.opened"),
                               .payload = STR("{}"), .created = NOON};
}

FOR_EACH_STORE(store_contract, one_alert_per_event_and_destination)
{
    struct outbox_row x = alert_row("k1", "chat"), y = alert_row("k1", "chat"), *got;
    int n;
    OK(store_begin(st, E));
    OK(st->outbox->add(st, &x, E));
    IS(DF_NONE, st->outbox->add(st, &y, E));
    OK(store_commit(st, E));
    OK(st->outbox->list(st, OUTBOX_STATE_COUNT, STR_NONE, 0, 10, a, &got, &n, E));
    cr_assert_eq(n, 1);
    cr_expect_eq(got[0].state, OUTBOX_WAITING);
    cr_expect_eq(got[0].attempt, 0);
}

FOR_EACH_STORE(store_contract, a_lease_is_held_by_one_until_it_ends)
{
    struct outbox_row *got;
    int n;
    OK(store_begin(st, E));
    for (int i = 0; i < 5; i++) {
        struct outbox_row x = alert_row(arena_printf(a, "k%d", i).ptr, i < 3 ? "chat" : "mail");
        x.created = NOON + (i == 2 ? 100 : -i);
        OK(st->outbox->add(st, &x, E));
    }
    OK(st->outbox->lease(st, STR("chat"), STR("p1"), NOON, NOON + 10, 8, a, &got, &n, E));
    cr_assert_eq(n, 2, "the third is not due yet");
    cr_expect(str_is(got[0].dedup, "k1"), "the one that waits longest goes first");
    cr_expect_eq(got[0].attempt, 1);
    int64_t id = got[0].id;
    OK(st->outbox->lease(st, STR("chat"), STR("p2"), NOON + 9, NOON + 20, 8, a, &got, &n, E));
    cr_expect_eq(n, 0);
    OK(st->outbox->lease(st, STR("chat"), STR("p2"), NOON + 10, NOON + 20, 1, a, &got, &n, E));
    cr_assert_eq(n, 1);
    cr_expect_eq(got[0].attempt, 2);
    cr_expect_eq(got[0].id, id);

    struct outbox_row r = got[0];
    r.state = OUTBOX_SENT;
    r.sent_at = NOON + 11;
    r.last_code = 200;
    r.last_text = STR("ok");
    IS(DF_NONE, st->outbox->settle(st, &r, STR("p1"), E));
    OK(st->outbox->settle(st, &r, STR("p2"), E));
    IS(DF_NONE, st->outbox->settle(st, &r, STR("p2"), E));
    OK(store_commit(st, E));
    int64_t spent;
    OK(st->outbox->spent(st, STR("chat"), NOON, &spent, E));
    cr_expect_eq(spent, 1);
    OK(st->outbox->spent(st, STR("chat"), NOON + 11, &spent, E));
    cr_expect_eq(spent, 0);
    OK(st->outbox->list(st, OUTBOX_SENT, STR("chat"), 0, 10, a, &got, &n, E));
    cr_assert_eq(n, 1);
    cr_expect_eq(got[0].last_code, 200);
    cr_expect(str_is(got[0].last_text, "ok"));
    struct outbox_count *counts;
    OK(st->outbox->count(st, a, &counts, &n, E));
    cr_assert_eq(n, 2);
    cr_expect(str_is(counts[0].sink, "chat") && str_is(counts[1].sink, "mail"));
    cr_expect_eq(counts[0].waiting, 2);
    cr_expect_eq(counts[0].sent, 1);
    cr_expect_eq(counts[1].oldest, NOON - 4);
}

FOR_EACH_STORE(store_contract, a_dead_holders_leases_can_be_released_and_a_sink_held)
{
    struct outbox_row x = alert_row("k1", "chat"), *got;
    struct str *holders;
    int n;
    OK(store_begin(st, E));
    OK(st->outbox->add(st, &x, E));
    OK(st->outbox->lease(st, STR("chat"), STR("p1"), NOON, NOON + 1000, 8, a, &got, &n, E));
    OK(st->outbox->holders(st, a, &holders, &n, E));
    cr_assert_eq(n, 1);
    cr_expect(str_is(holders[0], "p1"));
    OK(st->outbox->release(st, STR("p1"), E));
    OK(st->outbox->holders(st, a, &holders, &n, E));
    cr_expect_eq(n, 0);
    OK(st->outbox->hold(st, STR("chat"), NOON + 60, NOON, E));
    OK(st->outbox->lease(st, STR("chat"), STR("p2"), NOON + 59, NOON + 99, 8, a, &got, &n, E));
    cr_expect_eq(n, 0);
    OK(st->outbox->lease(st, STR("chat"), STR("p2"), NOON + 60, NOON + 99, 8, a, &got, &n, E));
    cr_expect_eq(n, 1);
    OK(store_commit(st, E));
}

/* --- sources, meta, locks --- */

FOR_EACH_STORE(store_contract, a_source_is_remembered_between_runs)
{
    struct source_row s = {.name = STR("b"), .channel = STR("feed"), .cursor = STR("c\n1"),
                           .last_try = NOON, .last_ok = DF_NO_TIME, .last_new = DF_NO_TIME,
                           .last_post = DF_NO_TIME, .told_at = DF_NO_TIME,
                           .backoff_until = DF_NO_TIME, .fails = 2, .last_error = STR("503")};
    struct source_row got, *all;
    int n;
    IS(DF_NONE, st->sources->get(st, s.name, a, &got, E));
    OK(store_begin(st, E));
    OK(st->sources->put(st, &s, E));
    s.fails = 3;
    s.first_run_done = true;
    OK(st->sources->put(st, &s, E));
    s.name = STR("a");
    OK(st->sources->put(st, &s, E));
    OK(store_commit(st, E));
    OK(st->sources->get(st, STR("b"), a, &got, E));
    cr_expect_eq(got.fails, 3);
    cr_expect_eq(got.last_ok, DF_NO_TIME);
    cr_expect_eq(got.last_try, NOON);
    cr_expect(str_is(got.cursor, "c\n1") && str_is(got.last_error, "503") && got.etag.len == 0);
    cr_expect(got.first_run_done);
    OK(st->sources->list(st, a, &all, &n, E));
    cr_assert_eq(n, 2);
    cr_expect(str_is(all[0].name, "a"));
    OK(store_begin(st, E));
    OK(st->sources->forget(st, STR("a"), E));
    OK(store_commit(st, E));
    IS(DF_NONE, st->sources->get(st, STR("a"), a, &got, E));
}

FOR_EACH_STORE(store_contract, a_lock_has_one_holder)
{
    struct lock_row l;
    IS(DF_NONE, st->meta->lock_get(st, "run", a, &l, E));
    OK(store_begin(st, E));
    OK(st->meta->lock_take(st, "run", STR("p1"), STR_NONE, NOON, NOON + 10, E));
    IS(DF_NONE, st->meta->lock_take(st, "run", STR("p2"), STR_NONE, NOON + 9, NOON + 20, E));
    IS(DF_NONE, st->meta->lock_take(st, "run", STR("p2"), STR("p3"), NOON + 9, NOON + 20, E));
    OK(st->meta->lock_take(st, "run", STR("p1"), STR_NONE, NOON + 9, NOON + 20, E));
    OK(st->meta->lock_take(st, "run", STR("p2"), STR("p1"), NOON + 9, NOON + 20, E));
    OK(st->meta->lock_drop(st, "run", STR("p1"), E));
    OK(st->meta->lock_get(st, "run", a, &l, E));
    cr_expect(str_is(l.holder, "p2"));
    cr_expect_eq(l.expires, NOON + 20);
    OK(st->meta->lock_take(st, "run", STR("p3"), STR_NONE, NOON + 20, NOON + 30, E));
    OK(st->meta->lock_drop(st, "run", STR("p3"), E));
    IS(DF_NONE, st->meta->lock_get(st, "run", a, &l, E));
    OK(st->meta->lock_take(st, "run", STR("p4"), STR_NONE, NOON, NOON + 30, E));
    OK(store_commit(st, E));
}

/* --- the ledger's rows (its chain: test_casework_ledger) --- */

FOR_EACH_STORE(store_contract, ledger_rows_are_appended_in_order)
{
    int64_t one = open_case(st, "1", NOON, URGENCY_P2), two = open_case(st, "2", NOON, URGENCY_P2);
    struct ledger_row r = {.at = NOON, .who = STR("ann"), .act = STR("note"), .from = STR("new"),
                           .to = STR("new"), .why = STR("because")}, *got;
    unsigned char hash[LEDGER_HASH];
    int64_t seq;
    int n;
    IS(DF_NONE, st->ledger->last(st, &seq, hash, E));
    OK(store_begin(st, E));
    for (r.seq = 1; r.seq <= 4; r.seq++) {
        r.case_id = r.seq % 2 ? one : two;
        r.hash[0] = (unsigned char)r.seq;
        OK(st->ledger->append(st, &r, E));
    }
    r.seq = 4;
    IS(DF_REJECT, st->ledger->append(st, &r, E));
    OK(store_commit(st, E));
    OK(st->ledger->last(st, &seq, hash, E));
    cr_expect_eq(seq, 4);
    cr_expect_eq(hash[0], 4);
    OK(st->ledger->list(st, two, 0, 10, a, &got, &n, E));
    cr_assert_eq(n, 2);
    cr_expect_eq(got[1].seq, 4);
    cr_expect(str_is(got[1].why, "because"));
    OK(st->ledger->list(st, 0, 1, 2, a, &got, &n, E));
    cr_assert_eq(n, 2);
    cr_expect_eq(got[0].seq, 2);
}

/* --- the fault driver's own promise --- */

Test(store_contract, faults_come_when_ordered)
{
    struct store *st = NULL;
    struct arena *a = arena_new();
    struct str v;
    OK(store_open("fault:meta.put#2=fatal,commit=retry,meta.get#*=reject@mem:", &st, E));
    OK(store_begin(st, E));
    OK(st->meta->put(st, "a", STR("1"), E));
    IS(DF_FATAL, st->meta->put(st, "a", STR("2"), E));
    OK(st->meta->put(st, "a", STR("3"), E));
    IS(DF_RETRY, store_commit(st, E));
    cr_expect_eq(st->depth, 0);
    IS(DF_REJECT, st->meta->get(st, "a", a, &v, E));
    IS(DF_REJECT, st->meta->get(st, "a", a, &v, E));
    store_close(&st);
    IS(DF_REJECT, store_open("fault:nonsense@mem:", &st, E));
    IS(DF_REJECT, store_open("fault:mem:", &st, E));
    arena_free(&a);
}
