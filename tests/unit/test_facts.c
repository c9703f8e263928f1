/* Facts to their one form. */
#include "analyzer/facts.h"

#include <criterion/criterion.h>

static const struct {
    const char *kind, *folded, *value;
} cases[] = {
    {"amount", "$1,200.50", "USD 1200.5"},
    {"amount", "hk$300", "HKD 300"},
    {"amount", "3k dollars", "USD 3000"},
    {"amount", "500块钱", "CNY 500"},
    {"amount", "2万元", "CNY 20000"},
    {"elapsed", "three weeks", "P3W"},
    {"elapsed", "45 mins", "PT45M"},
    {"elapsed", "两个星期", "P2W"},
    {"elapsed", "半小时", "PT30M"},
    {"elapsed", "一个半小时", "PT90M"},
    {"elapsed", "十二天", "P12D"},
    {"elapsed", "several days", "several days"},
    {"date", "2026-11-03", "2026-11-03"},
    {"date", "2026年2月3日", "2026-02-03"},
    {"date", "nov 3rd", "2026-11-03"},
    {"date", "december 24", "2025-12-24"},
    {"date", "2月30日", "2月30日"},
    {"contact_attempts", "called three times", "3"},
    {"contact_attempts", "打了5次", "5"},
    {"contact_attempts", "emailed twice", "2"},
    {"order_no", "a20931177", "a20931177"},
};

Test(facts, table)
{
    struct arena *a = arena_new();
    struct civil c = {.year = 2026, .month = 11, .day = 21};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str v = fact_value(a, str_of(cases[i].kind), str_of(cases[i].folded),
                                  civil_to_ms(&c, 0));
        cr_expect(str_is(v, cases[i].value), "%s: %.*s, not %s", cases[i].folded, STR_FMT(v),
                  cases[i].value);
    }
    struct str v = fact_value(a, STR("date"), STR("11月3日"), DF_NO_TIME);
    cr_expect(str_is(v, "--11-03"));
    arena_free(&a);
}
