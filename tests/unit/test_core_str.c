#include <criterion/criterion.h>

#include "core/str.h"

Test(str, split_keeps_empty_parts)
{
    struct str rest = STR("a,,b"), part;
    static const char *const want[] = {"a", "", "b"};
    for (int i = 0; i < 3; i++) {
        cr_assert(str_split(&rest, ',', &part));
        cr_expect(str_is(part, want[i]));
    }
    cr_expect_not(str_split(&rest, ',', &part));
}

Test(str, numbers_must_be_whole)
{
    static const struct {
        const char *text;
        bool ok;
        double value;
    } cases[] = {
        {"1.5", true, 1.5}, {"-3", true, -3}, {"1e3", true, 1000}, {"", false, 0},
        {"1x", false, 0},   {" 1", false, 0}, {"nan", false, 0},   {"0x10", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double v = 0;
        cr_expect_eq(str_f64(str_of(cases[i].text), &v), cases[i].ok, "%s", cases[i].text);
        if (cases[i].ok)
            cr_expect_float_eq(v, cases[i].value, 1e-9);
    }
}

Test(str, distance_is_for_typing_slips)
{
    cr_expect_eq(str_distance(STR("chanel"), STR("channel"), 3), 1);
    cr_expect_eq(str_distance(STR("every"), STR("sources"), 2), 3);
}
