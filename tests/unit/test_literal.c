/* What a pattern promises must be there whenever it matches. */
#include "analyzer/literal.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
    const char *pattern, *want; /* phrases joined by |, then "+d" when a digit is certain */
} cases[] = {
    {"refund", "refund*"},
    {"(?:waited|waiting) (?:for )?\\d+ (?:hours|days)", "waited for|waited|waiting for|waiting+d"},
    {"\\d+ ?(?:hours|days)", "hours*|days*|hours*|days*+d"},
    {"\\w+ed for ages", "for ages*"},
    {"\\w+(?:ed for) ages", "for ages*"},
    {"charg\\w+ twice", "charg*"},
    {"overcharg\\w+", "overcharg*"},
    {"退款[^。]{0,10}不", "退款"},
    {"colou?r", "colour*|color*"},
    {"[0-9]{4,}", "<number>+d"},
    {"((?:\\d+|one|two)[ +-]*(?:minutes?|hours?))", "<number>|one*|two*"},
    {"((?:called|asked)(?: \\w+){0,3} (?:twice|again))", "called*|asked*"},
    {"[^0-9]+", ""},
    {"a(?=b)c", ""},
    {"(?:^|@\\w+ |and )(?:why|how come)\\b.*\\?", "why*|how come*"},
    {"(?:19|20)\\d{2}", "<number>|<number>+d"},
    {"[45]星", "星|星"},
    {"error 404", "error"},
    {"my mother", "my mother*"},
    {".*", ""},
    {"order (?:no|number|#)", "order|order number*|order #"},
};

static void check(const char *pattern, const char *want)
{
    struct arena *a = arena_new();
    struct literals l = literals_of(a, str_of(pattern));
    char got[4096] = "";
    size_t n = 0;
    for (int i = 0; i < l.count; i++)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", i ? "|" : "",
                              STR_FMT(l.phrases[i]));
    snprintf(got + n, sizeof got - n, "%s", l.digit ? "+d" : "");
    cr_expect_str_eq(got, want, "%s: %s, not %s", pattern, got, want);
    arena_free(&a);
}

Test(literal, table)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].pattern, cases[i].want);
}
