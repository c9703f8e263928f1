/* What casework tells people in each language; what is stored stays as it is. */
#include <criterion/criterion.h>

#include "casework/casework.h"
#include "casework/say.h"

static struct arena *a;

static void begin(void)
{
    a = arena_new();
}

static void end(void)
{
    arena_free(&a);
}

TestSuite(casework_say, .init = begin, .fini = end);

Test(casework_say, refusals_are_said_in_the_language_of_the_person)
{
    static const char *const wanted[UI_LANGS] = {
        [UI_EN] = "case 7 is new; 'approve' is for cases that are: drafted",
        [UI_ZH_HANT] = "案件 7 目前是「新進」；「核准」只適用於：已擬稿",
        [UI_ZH_HANS] = "工单 7 目前是“新进”；“批准”只适用于：已拟稿",
    };
    struct case_row c = CASE_INIT;
    c.id = 7;
    for (int l = 0; l < UI_LANGS; l++) {
        struct err err = {0};
        cr_expect_eq(act_check(ACT_APPROVE, &c, STR("ann"), (enum ui_lang)l, &err), DF_REJECT);
        cr_expect_str_eq(err.text, wanted[l]);
    }
}

Test(casework_say, every_step_and_state_has_a_name)
{
    for (int l = 0; l < UI_LANGS; l++) {
        for (int act = 0; act < CASE_ACT_COUNT; act++)
            cr_expect_gt(say_act((enum ui_lang)l, (enum case_act)act).len, 0, "act %d", act);
        for (int state = 0; state < CASE_STATE_COUNT; state++)
            cr_expect_gt(say_state((enum ui_lang)l, (enum case_state)state).len, 0);
    }
    for (int act = 0; act < CASE_ACT_COUNT; act++) /* the words of the command line */
        cr_expect(str_is(say_act(UI_EN, (enum case_act)act), case_act_name((enum case_act)act)));
}

static struct str why_for(const void *arg, struct str rule, enum ui_lang lang)
{
    (void)arg;
    return lang == UI_ZH_HANT && str_is(rule, "a.late")   ? STR("說還沒收到")
           : lang == UI_ZH_HANT && str_is(rule, "a.money") ? STR("要求退款")
                                                           : STR_NONE;
}

Test(casework_say, the_ledger_is_read_in_the_language_of_the_reader)
{
    static const struct {
        const char *who, *act, *why, *hant, *en;
    } rows[] = {
        {"defuse", "edited", "post 12 version 2: P2, negative, billing",
         "貼文 12 第 2 版：P2、負面、收費與退款", "post 12 version 2: P2, negative, billing"},
        {"defuse", "joined", "post 12 version 1: P4, positive, praise",
         "貼文 12 第 1 版：P4、正面、稱讚", "post 12 version 1: P4, positive, praise"},
        {"defuse", "raise", "P3 to P1", "由 P3 提高到 P1", "P3 to P1"},
        {"defuse", "gone", "post 3 was deleted there", "貼文 3 已從原站刪除",
         "post 3 was deleted there"},
        {"ann", "close", "resolved: 已補寄", "已解決：已補寄", "resolved: 已補寄"},
        {"ann", "close", "no-reply", "刻意不回覆", "no reply on purpose"},
        {"ann", "snooze", "until 2026-03-02T01:00:00Z: wait: stock",
         "到 2026-03-02 09:00 +08:00 再處理：wait: stock", "until 2026-03-02 09:00 +08:00: wait: stock"},
        {"defuse", "open", "says it has not come; asks for money; really",
         "說還沒收到；要求退款", "says it has not come; asks for money; really"},
        {"defuse", "reopen", "says it has not come", "說還沒收到", "says it has not come"},
        {"defuse", "open", "negative, billing", "負面、收費與退款", "negative, billing"},
        /* people's own words, and what is not understood, stay as they are */
        {"ann", "reopen", "says it has not come", "says it has not come", "says it has not come"},
        {"ann", "note", "P3 to P1", "P3 to P1", "P3 to P1"},
        {"defuse", "open", "a sentence of a rule that is no more",
         "a sentence of a rule that is no more", "a sentence of a rule that is no more"},
        {"defuse", "edited", "post twelve", "post twelve", "post twelve"},
        {"ann", "snooze", "until tomorrow", "until tomorrow", "until tomorrow"},
        {"ann", "close", "", "", ""},
        {"x", "invented", "anything", "anything", "anything"},
    };
    static const struct finding findings[] = {
        {.rule = {"a.late", 6}, .why = {"says it has not come", 20}},
        {.rule = {"a.money", 7}, .why = {"asks for money; really", 22}},
    };
    struct verdict v = {.findings = findings, .finding_count = 2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ledger_row row = {.who = str_of(rows[i].who), .act = str_of(rows[i].act),
                                 .why = str_of(rows[i].why)};
        struct ledger_reader reader = {.lang = UI_ZH_HANT, .zone = STR("Asia/Taipei"),
                                       .verdict = &v, .why = why_for};
        struct str got = say_step(&row, &reader, a);
        cr_expect(str_is(got, rows[i].hant), "%s: %.*s", rows[i].why, STR_FMT(got));
        reader.lang = UI_EN;
        got = say_step(&row, &reader, a);
        cr_expect(str_is(got, rows[i].en), "%s: %.*s", rows[i].why, STR_FMT(got));
    }
}
