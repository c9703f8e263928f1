#include <criterion/criterion.h>

#include "core/length.h"

static const struct {
    const char *text;
    size_t want[LENGTH_UNITS]; /* chars, graphemes, utf16, bytes, weighted */
} cases[] = {
    {"", {0, 0, 0, 0, 0}},
    {"plain", {5, 5, 5, 5, 5}},
    {"您好", {2, 2, 2, 6, 4}},
    {"e\xCC\x81", {2, 1, 2, 3, 2}},                           /* e + combining acute */
    {"👨‍👩‍👧", {5, 1, 8, 18, 8}},                                 /* three people joined */
    {"see https://example.org/a?b=c now", {33, 33, 33, 33, 31}},
    {"\xFF" "a", {2, 2, 2, 2, 3}},                            /* a bad byte is one character */
};

Test(length, counts_in_every_unit)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int u = 0; u < LENGTH_UNITS; u++) {
            size_t got = length_count(str_of(cases[i].text), (enum length_unit)u);
            cr_assert_eq(got, cases[i].want[u], "\"%s\" in %s: %zu, want %zu", cases[i].text,
                         length_unit_name((enum length_unit)u), got, cases[i].want[u]);
        }
}

Test(length, names_round_trip)
{
    for (int u = 0; u < LENGTH_UNITS; u++)
        cr_assert_eq(length_unit_of(str_of(length_unit_name((enum length_unit)u))), u);
    cr_assert_eq(length_unit_of(STR("metres")), -1);
}
