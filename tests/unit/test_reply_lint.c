#include <criterion/criterion.h>

#include "core/utf8.h"
#include "reply/lint.h"

static struct lint_set *set;
static struct arena *arena;

static void setup(void)
{
    struct diags d = {0};
    enum df_rc rc = lint_load(NULL, &set, &d);
    cr_assert_eq(rc, DF_OK, "%s:%d %s", d.count ? d.items[0].err.file : "",
                 d.count ? d.items[0].err.line : 0, d.count ? d.items[0].err.text : "");
    diags_free(&d);
    arena = arena_new();
}

static void teardown(void)
{
    lint_free(&set);
    arena_free(&arena);
}

TestSuite(lint, .init = setup, .fini = teardown);

static struct lint_report lint(const char *text, struct lint_ctx ctx)
{
    struct lint_report r;
    struct err e = {0};
    cr_assert_eq(reply_lint(set, str_of(text), &ctx, arena, &r, &e), DF_OK, "%s", e.text);
    return r;
}

static const struct lint_finding *found(const struct lint_report *r, const char *rule)
{
    for (int i = 0; i < r->count; i++)
        if (str_is(r->items[i].rule, rule))
            return &r->items[i];
    return NULL;
}

static struct str marked(const char *text, struct span s)
{
    struct str t = str_of(text);
    size_t from = utf8_offset(t, s.start), to = utf8_offset(t, s.end);
    return str_sub(t, from, to - from);
}

/* The 21st of November 2026 is a Saturday. */
#define NOW INT64_C(1795255200000)

static const struct {
    const char *text, *rule, *mark; /* mark NULL: must not be found */
    struct lint_ctx ctx;
} cases[] = {
    /* check digits */
    {"card 4111 1111 1111 1111", "data.card", "4111 1111 1111 1111", {}},
    {"card 4111 1111 1111 1112", "data.card", NULL, {}},
    {"身份证 11010519491231002X", "data.id-cn", "11010519491231002X", {}},
    {"批号 110105194912310021", "data.id-cn", NULL, {}},
    {"身分證 A123456789", "data.id-tw", "A123456789", {}},
    {"料號 A123456780", "data.id-tw", NULL, {}},
    {"身份證 A123456(3)", "data.id-hk", "A123456(3)", {}},
    {"貨號 A123456(7)", "data.id-hk", NULL, {}},
    {"to GB82 WEST 1234 5698 7654 32", "data.iban", "GB82 WEST 1234 5698 7654 32", {}},
    /* dates: 2026-11-21 is a Saturday */
    {"by 31 November we will write", "date.impossible", "31 November", {}},
    {"by November 31st we will write", "date.impossible", "November 31st", {}},
    {"on 30 November", "date.impossible", NULL, {}},
    {"29 February 2028", "date.impossible", NULL, {}},
    {"29 February 2027", "date.impossible", "29 February 2027", {}},
    {"我們 11月31日 前回覆", "date.impossible", "11月31日", {}},
    {"2026年13月1日", "date.impossible", "2026年13月1日", {}},
    {"2026-02-30 之前", "date.impossible", "2026-02-30", {}},
    {"at 25:30 sharp", "date.impossible", "25:30", {}},
    {"from 19:02 to 21:05", "date.impossible", NULL, {}},
    {"you may 5 times a day", "date.impossible", NULL, {}},
    {"on Monday, 23 November 2026", "date.weekday", NULL, {}},
    {"on Monday, 22 November 2026", "date.weekday", "Monday, 22 November 2026", {}},
    {"on 22 November (Mon)", "date.weekday", "22 November (Mon", {.now = NOW}},
    {"11月23日（一）", "date.weekday", NULL, {.now = NOW}},
    {"11月23號（二）", "date.weekday", "11月23號（二", {.now = NOW}},
    {"11月23日星期三", "date.weekday", "11月23日星期三", {.now = NOW}},
    {"by 3 November you will hear from us", "date.past", "3 November", {.now = NOW}},
    {"by 22 November you will hear from us", "date.past", NULL, {.now = NOW}},
    {"by 21 November you will hear from us", "date.past", NULL, {.now = NOW}},
    {"by 2 January you will hear from us", "date.past", NULL, {.now = NOW}},
    {"11月3日前回覆您", "date.past", "11月3日", {.now = NOW}},
    {"you wrote on 3 November", "date.past", NULL, {.now = NOW}},
    {"by 3 November you will hear from us", "date.past", NULL, {}},
    /* length: what is over is marked, in the unit of the place */
    {"Sorry, we are on it.", "length.over", "on it.", {.limit = 14}},
    {"Sorry, we are on it.", "length.over", NULL, {.limit = 20}},
    {"抱歉，我們在查。", "length.over", "在查。", {.limit = 17, .unit = LENGTH_BYTES}},
    {"ok 👍👍", "length.over", "👍", {.limit = 6, .unit = LENGTH_UTF16}},
    /* language and script */
    {"Sorry, we are checking.", "lang.other-language", "", {.lang = STR("zh-Hant")}},
    {"很抱歉，我們在查。", "lang.other-language", "", {.lang = STR("en")}},
    {"很抱歉，app 我們在查。", "lang.other-language", NULL, {.lang = STR("zh-Hant")}},
    {"很抱歉，我们在查。", "lang.other-script", "们", {.lang = STR("zh-Hant")}},
    {"很抱歉，我們在查。", "lang.other-script", "們", {.lang = STR("zh-Hans")}},
    {"很抱歉，我们在查訂單，請稍等，會再通知您。", "lang.mixed-script", "们", {}},
    {"抱歉讓您久等，今天會查清楚再跟您說明經過", "lang.not-cantonese", "", {.lang = STR("yue")}},
    {"唔好意思，我哋今日會查清楚再同你講", "lang.not-cantonese", NULL, {.lang = STR("yue")}},
    /* capitals */
    {"WE ARE SORRY about this", "tone.capitals", "WE ARE SORRY", {}},
    {"The USB port and the LED", "tone.capitals", NULL, {}},
    {"Please STOP IT", "tone.capitals", "STOP IT", {}},
    {"text of nothing", "text.empty", NULL, {}},
    {"  \n ", "text.empty", "", {}},
    /* what is missing */
    {"I'm sorry to read this.", "missing.next-step", "", {}},
    {"I'm sorry; you'll hear from us tomorrow.", "missing.next-step", NULL, {}},
    {"Thank you, lovely to read.", "missing.next-step", NULL, {}},
    {"We are checking it.", "missing.regret", "", {}},
    {"We are checking it.", "missing.regret", NULL, {.thanks = true}},
};

Test(lint, says_what_and_where)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lint_report r = lint(cases[i].text, cases[i].ctx);
        const struct lint_finding *f = found(&r, cases[i].rule);
        cr_expect_eq(f != NULL, cases[i].mark != NULL, "\"%s\": %s %s", cases[i].text,
                     cases[i].rule, f ? "found" : "not found");
        if (!f || !cases[i].mark)
            continue;
        struct str m = f->span_count ? marked(cases[i].text, f->spans[0]) : STR_NONE;
        cr_expect(str_is(m, cases[i].mark), "\"%s\": %s marks \"%.*s\", not \"%s\"", cases[i].text,
                  cases[i].rule, STR_FMT(m), cases[i].mark);
    }
}

Test(lint, an_empty_phrase_alone_blocks_and_beside_a_step_is_a_note)
{
    struct lint_report alone = lint("We apologise for any inconvenience.", (struct lint_ctx){0});
    struct lint_report more = lint("We apologise for any inconvenience. A colleague is looking "
                                   "into it and you'll hear from us by 18:00.",
                                   (struct lint_ctx){0});
    cr_assert_eq(found(&alone, "empty.inconvenience")->severity, LINT_BLOCK);
    cr_assert_eq(found(&more, "empty.inconvenience")->severity, LINT_NOTE);
    cr_assert_eq(more.blocks, 0);
}

Test(lint, the_same_answer_twice_on_a_page)
{
    const struct str recent[] = {STR("I'm sorry about the lid. You'll hear from us within a day.")};
    struct lint_ctx ctx = {.recent = recent, .recent_count = 1};
    struct lint_report same = lint("I'm sorry about the lid!  You'll hear from us within a day", ctx);
    struct lint_report near = lint("I'm sorry about the lid. You'll hear from us within two days.", ctx);
    struct lint_report other = lint("That must have hurt. I'm calling you this afternoon.", ctx);
    cr_assert(found(&same, "canned.same"));
    cr_assert_not(found(&same, "canned.similar"));
    cr_assert(found(&near, "canned.similar"));
    cr_assert_not(found(&other, "canned.similar"));
}

Test(lint, a_rung_of_the_ladder_forbids_more)
{
    const struct str forbid[] = {STR("missing.regret")};
    struct lint_ctx ctx = {.forbid = forbid, .forbid_count = 1};
    struct lint_report r = lint("We are checking it.", ctx);
    cr_assert_eq(found(&r, "missing.regret")->severity, LINT_BLOCK);
}

Test(lint, findings_stand_by_severity_then_place)
{
    struct lint_report r = lint("Dear customer, calm down!! Our mistake. Write to a@example.com",
                                (struct lint_ctx){0});
    for (int i = 1; i < r.count; i++)
        cr_assert_geq(r.items[i - 1].severity, r.items[i].severity);
    cr_assert_geq(r.blocks, 2);
    for (int i = 0; i < r.count; i++)
        for (int l = 0; l < UI_LANGS; l++)
            cr_assert(r.items[i].why[l].len && r.items[i].fix[l].len);
}

Test(lint, any_bytes_are_judged_and_too_many_are_refused)
{
    static char big[20 << 10];
    struct lint_report r;
    struct err e = {0};
    struct lint_ctx ctx = {0};
    memset(big, 'a', sizeof big);
    cr_assert_eq(reply_lint(set, str_n(big, sizeof big), &ctx, arena, &r, &e), DF_REJECT);
    lint("\xFF\xC3\x28 sorry \xE4\xBD", (struct lint_ctx){.limit = 3});
    lint("", (struct lint_ctx){0});
}
