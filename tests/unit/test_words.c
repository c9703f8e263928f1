#include <criterion/criterion.h>

#include "dashboard/words.h"

static const int64_t now = 1795226400000; /* 2026-11-21T02:00:00Z */

Test(words, clocks_are_said_in_the_readers_language)
{
    static const struct {
        int64_t due;
        enum ui_lang lang;
        const char *text;
        bool over;
    } cases[] = {
        {41 * DF_MINUTE, UI_EN, "41 min left", false},
        {115 * DF_MINUTE, UI_EN, "1 h 55 min left", false},
        {-9 * DF_MINUTE, UI_EN, "9 min late", true},
        {-50 * DF_HOUR, UI_EN, "2 d 2 h late", true},
        {59999, UI_EN, "0 min left", false},
        {-125 * DF_MINUTE, UI_ZH_HANT, "逾時 2 小時 5 分", true},
        {25 * DF_HOUR, UI_ZH_HANS, "剩 1 天 1 小时", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct words w = {arena_new(), cases[i].lang, STR("Asia/Taipei"), now};
        struct view_time t = words_due(&w, now + cases[i].due);
        cr_expect(str_is(t.text, cases[i].text), "%.*s", STR_FMT(t.text));
        cr_expect_eq(t.over, cases[i].over);
        arena_free(&w.arena);
    }
}

Test(words, moments_carry_both_forms)
{
    struct words w = {arena_new(), UI_EN, STR("Asia/Taipei"), now};

    cr_expect(str_is(words_past(&w, now - 2 * DF_DAY).text, "2026-11-19 10:00"));
    cr_expect(str_is(words_past(&w, now - 3 * DF_HOUR).text, "3 h ago"));
    cr_expect(str_is(words_past(&w, now).text, "just now"));
    cr_expect(str_is(words_past(&w, now).iso, "2026-11-21T02:00:00Z"));
    cr_expect(str_is(words_coming(&w, now + 13 * DF_MINUTE).text, "in 13 min"));
    cr_expect(str_is(words_coming(&w, now - 1).text, "now"));
    cr_expect_eq(words_due(&w, DF_NO_TIME).text.len, 0);
    arena_free(&w.arena);
}

/* Scripts fill the same messages: six of them, each with its places. */
Test(words, clock_has_six_wordings_in_every_language)
{
    for (int lang = 0; lang < UI_LANGS; lang++) {
        struct words w = {arena_new(), (enum ui_lang)lang, STR("UTC"), now};
        struct str rest = words_clock(&w), part;
        int count = 0;
        while (rest.len && str_split(&rest, '|', &part)) {
            cr_expect_geq(str_find(part, STR("{0}")), 0);
            count++;
        }
        cr_expect_eq(count, 6);
        arena_free(&w.arena);
    }
}

Test(words, labels_fall_back_to_the_word)
{
    struct words w = {arena_new(), UI_ZH_HANT, STR("UTC"), now};

    cr_expect_str_eq(words_label(&w, "category", "billing"), "收費與退款");
    cr_expect_str_eq(words_label(&w, "category", "unheard-of"), "unheard-of");
    cr_expect_str_eq(words_label(&w, "ask", ""), "");
    arena_free(&w.arena);
}
