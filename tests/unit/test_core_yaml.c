#include <criterion/criterion.h>

#include "core/yaml.h"

Test(yaml, places_and_types)
{
    struct arena *a = arena_new();
    struct diags d = {0};
    const struct yaml *y;
    cr_assert_eq(yaml_parse(a, STR("name: shop\nevery: 15m\nlist:\n  - a\n  - 'b'\n"), "t.yaml", &y, &d),
                 DF_OK);
    int64_t ms;
    cr_expect(yaml_duration(yaml_get(y, "every"), &ms, &d));
    cr_expect_eq(ms, 900000);
    const struct yaml *list = yaml_get(y, "list");
    cr_assert_eq(list->count, 2);
    cr_expect_eq(list->items[1]->line, 5);
    cr_expect_eq(list->items[1]->col, 5);
    cr_expect(list->items[1]->quoted);
    cr_expect_eq(d.errors, 0);
    diags_free(&d);
    arena_free(&a);
}

Test(yaml, faults_have_places)
{
    static const struct {
        const char *text;
        int line;
    } cases[] = {
        {"a: 1\nb: [1, 2\nc: 3\n", 0}, /* any line: the parser's choice */
        {"a: 1\na: 2\n", 0},
        {"a:\n\t- x\n", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct diags d = {0};
        const struct yaml *y;
        cr_expect_eq(yaml_parse(a, str_of(cases[i].text), "t.yaml", &y, &d), DF_REJECT, "%s",
                     cases[i].text);
        cr_expect_gt(d.errors, 0);
        if (d.count)
            cr_expect_gt(d.items[0].err.line, 0, "%s", cases[i].text);
        diags_free(&d);
        arena_free(&a);
    }
}

Test(yaml, misspelt_key_gets_a_suggestion)
{
    static const char *const known[] = {"channel", "every", NULL};
    struct arena *a = arena_new();
    struct diags d = {0};
    const struct yaml *y;
    cr_assert_eq(yaml_parse(a, STR("chanel: feed\n"), "t.yaml", &y, &d), DF_OK);
    yaml_check_keys(y, known, &d);
    cr_assert_eq(d.errors, 1);
    cr_expect_not_null(strstr(d.items[0].err.text, "did you mean 'channel'"));
    cr_expect_eq(d.items[0].err.line, 1);
    cr_expect_eq(d.items[0].err.col, 1);
    diags_free(&d);
    arena_free(&a);
}
