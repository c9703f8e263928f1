#include <criterion/criterion.h>

#include "dashboard/filter.h"

Test(filter, terms_and_words)
{
    struct arena *a = arena_new();
    struct filter f;
    struct queue_filter q;

    filter_parse(a, STR("  channel:steam  urgency:p2 退款　late owner:me "), STR("mei"), &f, &q);
    cr_expect(str_is(f.line, "channel:steam urgency:p2 退款 late owner:me"));
    cr_expect_eq(f.count, 5);
    cr_expect(str_is(q.channel, "steam"));
    cr_expect(q.by_urgency && q.urgency == URGENCY_P2);
    cr_expect(str_is(q.text, "退款 late"));
    cr_expect(str_is(q.owner, "mei"));
    cr_expect(str_is(f.terms[1].without, "channel:steam 退款 late owner:me"));
    cr_expect_eq(f.wrong.len, 0);
    arena_free(&a);
}

Test(filter, what_means_nothing_is_named)
{
    static const struct {
        const char *line, *wrong;
    } cases[] = {
        {"urgency:P9", "urgency:P9"}, {"state:claimed", ""}, {"state:flying", "state:flying"},
        {"is:closed is:odd", "is:odd"}, {"http://example.com", ""}, {"channel:", "channel:"},
        {":", ""}, {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct filter f;
        struct queue_filter q;
        filter_parse(a, str_of(cases[i].line), STR("me"), &f, &q);
        cr_expect(str_is(f.wrong, cases[i].wrong), "%s", cases[i].line);
        arena_free(&a);
    }
}
