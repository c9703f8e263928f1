/* The life of a case, over every storage driver. */
#include "casework/casework.h"
#include "casework/ledger.h"
#include "core/digest.h"
#include "tests/lib/store_fixture.h"

#define E (&fixture_err)

static struct clock now_clock;
static struct casework_conf conf;
static const struct alert_route routes[] = {{{"chat", 4}, URGENCY_P2}, {{"log", 3}, URGENCY_P4}};

static enum df_rc suggest(void *ctx, const struct post *p, const struct verdict *v,
                          struct arena *a, struct suggestion *out, struct err *err)
{
    (void)ctx;
    (void)v;
    (void)err;
    *out = (struct suggestion){.text = arena_printf(a, "About: %.*s", STR_FMT(p->text)),
                               .lang = STR("en")};
    return DF_OK;
}

static struct casework casework_at(struct store *st, int64_t now)
{
    now_clock = clock_fixed(now);
    conf = casework_conf_default();
    conf.routes = routes;
    conf.route_count = 2;
    conf.suggest = suggest;
    return (struct casework){st, &now_clock, &conf};
}

static struct triage take(struct casework *cw, struct arena *a, const struct post *p,
                          enum urgency urgency)
{
    struct post_row row = fixture_put(cw->store, p);
    struct verdict v = fixture_verdict(urgency);
    struct triage t;
    OK(casework_triage(cw, &row, &v, a, &t, E));
    return t;
}

static struct case_row case_of(struct casework *cw, struct arena *a, int64_t id)
{
    struct case_row c;
    OK(cw->store->cases->get(cw->store, id, a, &c, E));
    return c;
}

static int alerts_of(struct casework *cw, struct arena *a, const char *sink)
{
    struct outbox_row *rows;
    int n;
    OK(cw->store->outbox->list(cw->store, OUTBOX_STATE_COUNT, str_of(sink), 0, 100, a, &rows, &n,
                               E));
    return n;
}

static enum df_rc act(struct casework *cw, struct arena *a, int64_t id, enum case_act what,
                      const char *who, struct case_step more)
{
    more.case_id = id;
    more.act = what;
    more.who = str_of(who);
    return casework_act(cw, &more, a, NULL, E);
}
#define ACT(rc, id, what, who, ...) IS(rc, act(&cw, a, id, what, who, (struct case_step){__VA_ARGS__}))

static const struct suggestion text = {.text = {"We are on it.", 13}};

FOR_EACH_STORE(casework, a_complaint_opens_a_case_with_a_clock_and_tells_the_routes)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "where is it");
    struct triage t = take(&cw, a, &p, URGENCY_P2);
    struct case_view v;
    cr_expect_eq(t.did, TRIAGE_OPENED);
    cr_expect_eq(t.alerts, 2);
    OK(casework_view(&cw, t.case_id, a, &v, E));
    cr_expect_eq(v.row.state, CASE_NEW);
    cr_expect_eq(v.row.due, p.created + 2 * DF_HOUR, "by the post's own time");
    cr_expect_eq(v.row.answer_by, NOON + 2 * DF_HOUR, "the team's from when it was seen");
    cr_expect_not(v.row.seen_late);
    cr_expect(str_is(v.row.reason, "says it has not arrived"));
    cr_assert(v.has_verdict);
    cr_expect_eq(v.verdict.urgency, URGENCY_P2);
    cr_assert_eq(v.draft_count, 1);
    cr_expect(str_is(v.drafts[0].text, "About: where is it"));
    cr_expect(str_eq(v.drafts[0].who, CASEWORK_MACHINE));
    cr_assert_eq(v.ledger_count, 1);
    cr_expect(str_is(v.ledger[0].act, "open") && str_is(v.ledger[0].to, "new"));

    cr_expect_eq(take(&cw, a, &p, URGENCY_P2).did, TRIAGE_NOTHING, "the same version again");
    cr_expect_eq(alerts_of(&cw, a, "log"), 1);
    p.id = STR("2");
    cr_expect_eq(take(&cw, a, &p, URGENCY_P4).did, TRIAGE_NOTHING, "praise opens nothing");
    p.id = STR("3");
    cr_expect_eq(take(&cw, a, &p, URGENCY_P3).alerts, 1, "P3 is not for the chat");
    IS(DF_NONE, casework_view(&cw, 99, a, &v, E));
}

FOR_EACH_STORE(casework, what_was_seen_late_is_not_the_teams_fault)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "old");
    p.created = NOON - DF_DAY;
    int64_t id = take(&cw, a, &p, URGENCY_P2).case_id;
    struct case_row c = case_of(&cw, a, id);
    cr_expect(c.seen_late);
    cr_expect_eq(c.due, NOON - 22 * DF_HOUR);
    ACT(DF_OK, id, ACT_CLAIM, "ann");
    cw = casework_at(st, NOON + DF_HOUR);
    ACT(DF_OK, id, ACT_SENT, "ann");
    cr_expect_eq(case_of(&cw, a, id).answered_late, 0);

    p.id = STR("2");
    p.created = NOON + DF_DAY; /* a place whose clock is ahead */
    cw = casework_at(st, NOON);
    id = take(&cw, a, &p, URGENCY_P2).case_id;
    cr_expect_eq(case_of(&cw, a, id).due, NOON + 2 * DF_HOUR);
    ACT(DF_OK, id, ACT_CLAIM, "ann");
    cw = casework_at(st, NOON + 3 * DF_HOUR);
    ACT(DF_OK, id, ACT_SENT, "ann");
    c = case_of(&cw, a, id);
    cr_expect_eq(c.answered_late, 1);
    cr_expect_eq(c.sent, NOON + 3 * DF_HOUR);
    p.id = STR("3");
    p.created = DF_NO_TIME;
    cw = casework_at(st, NOON);
    cr_expect_eq(case_of(&cw, a, take(&cw, a, &p, URGENCY_P2).case_id).due, NOON + 2 * DF_HOUR);
}

FOR_EACH_STORE(casework, an_edit_is_the_same_case_and_a_worse_one_is_told_again)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "slow");
    int64_t id = take(&cw, a, &p, URGENCY_P3).case_id;
    ACT(DF_OK, id, ACT_SNOOZE, "ann", .until = NOON + DF_DAY);

    p.text = STR("slow and now my hand is burnt");
    p.seen = p.edited = NOON + DF_HOUR;
    cw = casework_at(st, NOON + DF_HOUR);
    struct triage t = take(&cw, a, &p, URGENCY_P1);
    struct case_row c = case_of(&cw, a, id);
    cr_expect_eq(t.did, TRIAGE_RAISED);
    cr_expect_eq(t.case_id, id);
    cr_expect_eq(t.alerts, 2);
    cr_expect_eq(c.urgency, URGENCY_P1);
    cr_expect_eq(c.version, 2);
    cr_expect_eq(c.due, NOON + DF_HOUR + 30 * DF_MINUTE);
    cr_expect_eq(c.wake, 0, "a raise wakes it");

    p.text = STR("all is well now");
    p.seen = p.edited = NOON + 2 * DF_HOUR;
    t = take(&cw, a, &p, URGENCY_P4);
    c = case_of(&cw, a, id);
    cr_expect_eq(t.did, TRIAGE_RETAGGED);
    cr_expect_eq(t.alerts, 0);
    cr_expect_eq(c.urgency, URGENCY_P1, "only people lower it");
    cr_expect_eq(c.version, 3);
    struct case_view v;
    OK(casework_view(&cw, id, a, &v, E));
    cr_expect_eq(v.verdict.urgency, URGENCY_P4);
    cr_expect_eq(v.ledger_count, 5, "open, snooze, edited, raise, edited");
}

FOR_EACH_STORE(casework, an_answered_or_closed_case_comes_back_when_the_author_goes_on)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "late");
    int64_t id = take(&cw, a, &p, URGENCY_P2).case_id;
    ACT(DF_OK, id, ACT_CLAIM, "ann");
    ACT(DF_OK, id, ACT_SENT, "ann");
    p.text = STR("late, and your answer did not help");
    p.seen = p.edited = NOON + DF_DAY;
    cw = casework_at(st, NOON + DF_DAY);
    cr_expect_eq(take(&cw, a, &p, URGENCY_P2).did, TRIAGE_REOPENED);
    struct case_row c = case_of(&cw, a, id);
    cr_expect_eq(c.state, CASE_CLAIMED, "its owner goes on");
    cr_expect_eq(c.due, NOON + DF_DAY + 2 * DF_HOUR);
    ACT(DF_OK, id, ACT_CLOSE, "ann", .outcome = OUTCOME_SUSPECTED_FALSE);
    p.text = STR("late!!");
    cr_expect_eq(take(&cw, a, &p, URGENCY_P2).did, TRIAGE_RETAGGED, "decided on purpose");
    cr_expect_eq(case_of(&cw, a, id).state, CASE_CLOSED);
    p.text = STR("late and poisoned");
    cr_expect_eq(take(&cw, a, &p, URGENCY_P1).did, TRIAGE_REOPENED);
    c = case_of(&cw, a, id);
    cr_expect_eq(c.state, CASE_NEW);
    cr_expect_eq(c.owner.len, 0);
    cr_expect_eq(c.outcome, OUTCOME_NONE);
}

FOR_EACH_STORE(casework, the_authors_own_follow_up_joins_the_case)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "broken");
    int64_t id = take(&cw, a, &p, URGENCY_P3).case_id;
    struct post more = fixture_post("2", "and it smokes"), other = fixture_post("3", "mine too");
    more.parent = other.parent = STR("1");
    other.author_id = STR("u2");
    struct triage t = take(&cw, a, &more, URGENCY_P1);
    cr_expect_eq(t.did, TRIAGE_RAISED);
    cr_expect_eq(t.case_id, id);
    t = take(&cw, a, &other, URGENCY_P3);
    cr_expect_eq(t.did, TRIAGE_OPENED, "somebody else's matter");
    cr_expect_neq(t.case_id, id);
    struct case_view v;
    OK(casework_view(&cw, id, a, &v, E));
    cr_expect_eq(v.post_count, 2);
}

FOR_EACH_STORE(casework, the_way_of_a_case_through_hands)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "late");
    int64_t id = take(&cw, a, &p, URGENCY_P2).case_id;
    conf.approval[URGENCY_P2] = true;
    ACT(DF_REJECT, id, ACT_CLAIM, "");
    ACT(DF_NONE, 99, ACT_CLAIM, "ann");
    ACT(DF_NONE, 99, ACT_NOTE, "ann", .why = STR("x"));
    ACT(DF_OK, 0, ACT_CLAIM, "ann", .least = URGENCY_P4);
    ACT(DF_NONE, 0, ACT_CLAIM, "bob", .least = URGENCY_P4);
    ACT(DF_REJECT, id, ACT_CLAIM, "bob");
    cr_expect_str_eq(fixture_err.text, "case 1 is claimed by ann already");
    ACT(DF_REJECT, id, ACT_DRAFT, "bob", .text = &text);
    ACT(DF_REJECT, id, ACT_DRAFT, "ann");
    ACT(DF_OK, id, ACT_DRAFT, "ann", .text = &text);
    ACT(DF_REJECT, id, ACT_SENT, "ann");
    ACT(DF_REJECT, id, ACT_APPROVE, "ann");
    cr_expect_not_null(strstr(fixture_err.text, "nobody approves their own"), "%s",
                       fixture_err.text);
    ACT(DF_OK, id, ACT_APPROVE, "bob");
    ACT(DF_REJECT, id, ACT_SENT, "ann", .text = &text);
    ACT(DF_OK, id, ACT_SENT, "ann");
    ACT(DF_OK, id, ACT_PENDING, "ann");
    ACT(DF_OK, id, ACT_VISIBLE, "ann");
    ACT(DF_OK, id, ACT_FOLLOW, "ann");
    ACT(DF_REJECT, id, ACT_CLOSE, "ann");
    ACT(DF_OK, id, ACT_CLOSE, "ann", .outcome = OUTCOME_RESOLVED, .why = STR("content"));
    ACT(DF_REJECT, id, ACT_CLOSE, "ann", .outcome = OUTCOME_RESOLVED);
    ACT(DF_OK, id, ACT_NOTE, "bob", .why = STR("after all"));
    ACT(DF_REJECT, id, ACT_REOPEN, "bob");
    ACT(DF_OK, id, ACT_REOPEN, "bob", .why = STR("wrote again"));
    ACT(DF_REJECT, id, ACT_RAISE, "bob");
    ACT(DF_RETRY, id, ACT_NOTE, "bob", .why = STR("x"), .rev = 1);
    struct case_view v;
    OK(casework_view(&cw, id, a, &v, E));
    cr_expect_eq(v.row.state, CASE_NEW);
    cr_expect_eq(v.ledger_count, 11);
    cr_expect(str_is(v.ledger[8].why, "resolved: content"));
    struct ledger_check check;
    OK(ledger_verify(st, &check, E));
    cr_expect_eq(check.rows, 11);
}

FOR_EACH_STORE(casework, snooze_survives_and_needs_a_time_to_come)
{
    struct casework cw = casework_at(st, NOON);
    struct post p = fixture_post("1", "late");
    int64_t id = take(&cw, a, &p, URGENCY_P2).case_id;
    ACT(DF_REJECT, id, ACT_SNOOZE, "ann", .until = NOON);
    ACT(DF_OK, id, ACT_SNOOZE, "ann", .until = NOON + DF_HOUR, .why = STR("they answer at one"));
    struct case_row *rows;
    int n;
    struct queue_filter f = {.now = NOON + DF_MINUTE, .limit = 9};
    OK(st->cases->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 0);
    f.now = NOON + DF_HOUR;
    OK(st->cases->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 1);
    ACT(DF_OK, id, ACT_WAKE, "ann");
    f.now = NOON;
    OK(st->cases->list(st, &f, a, &rows, &n, E));
    cr_expect_eq(n, 1);
}

/* --- one decision, one transaction --- */

static const char *const triage_faults[] = {
    "posts.judge", "links.of_post", "cases.open", "ledger.last", "ledger.append", "drafts.put",
    "outbox.add#1", "outbox.add#2", "begin#2", "begin#3", "commit#2", "commit#3", NULL,
};

Test(casework, a_fault_at_any_step_of_triage_leaves_nothing_behind)
{
    static const char *const results[] = {"retry", "fatal"};
    for (int i = 0; triage_faults[i]; i++)
        for (int r = 0; r < 2; r++) {
            struct arena *a = arena_new();
            struct store *st = NULL;
            OK(store_open(arena_printf(a, "fault:%s=%s@mem:", triage_faults[i], results[r]).ptr,
                          &st, E));
            struct casework cw = casework_at(st, NOON);
            struct post p = fixture_post("1", "late");
            struct post_row row = fixture_put(st, &p);
            struct verdict v = fixture_verdict(URGENCY_P2);
            struct triage t;
            struct str doc;
            int64_t id;
            IS(r ? DF_FATAL : DF_RETRY, casework_triage(&cw, &row, &v, a, &t, E));
            cr_expect_eq(t.case_id, 0);
            cr_expect_eq(alerts_of(&cw, a, ""), 0, "%s", triage_faults[i]);
            IS(DF_NONE, st->links->of_post(st, row.id, &id, E));
            IS(DF_NONE, st->posts->verdict(st, row.id, 0, a, &doc, E));
            OK(casework_triage(&cw, &row, &v, a, &t, E));
            cr_expect_eq(t.did, TRIAGE_OPENED);
            cr_expect_eq(alerts_of(&cw, a, ""), 2);
            store_close(&st);
            arena_free(&a);
        }
}

Test(casework, a_fault_at_any_step_of_a_claim_leaves_it_free)
{
    static const char *const faults[] = {"cases.claim", "cases.get", "ledger.last",
                                         "ledger.append#2", "commit#4", NULL};
    for (int i = 0; faults[i]; i++) {
        struct arena *a = arena_new();
        struct store *st = NULL;
        OK(store_open(arena_printf(a, "fault:%s=retry@mem:", faults[i]).ptr, &st, E));
        struct casework cw = casework_at(st, NOON);
        struct post p = fixture_post("1", "late");
        struct post_row row = fixture_put(st, &p);
        struct verdict v = fixture_verdict(URGENCY_P2);
        struct triage t;
        if (casework_triage(&cw, &row, &v, a, &t, E) != DF_OK) /* the order hit there: again */
            OK(casework_triage(&cw, &row, &v, a, &t, E));
        enum df_rc first = act(&cw, a, t.case_id, ACT_CLAIM, "ann", (struct case_step){0});
        if (first != DF_OK) {
            cr_expect_eq(case_of(&cw, a, t.case_id).state, CASE_NEW, "%s", faults[i]);
            ACT(DF_OK, t.case_id, ACT_CLAIM, "bob");
        }
        struct ledger_check check;
        OK(ledger_verify(st, &check, E));
        cr_expect_eq(check.rows, 2);
        store_close(&st);
        arena_free(&a);
    }
}
