/* Cutting folded text into units. */
#include "analyzer/units.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "analyzer/fold.h"

static const struct {
    const char *text, *want; /* units joined by |, kind letter before each */
} cases[] = {
    {"hello world", "w:hello|w:world"},
    {"don't can’t", "w:don't|w:can't"},
    {"24hours 5g mp3", "n:24|w:hours|n:5|w:g|w:mp|n:3"},
    {"1,200.50!", "n:1,200.50|s:!"},
    {"app打不开", "w:app|c:打|c:不|c:开"},
    {"see https://e.example/a?b=1 ok", "w:see|u:https://e.example/a?b=1|w:ok"},
    {"www.e.example", "u:www.e.example"},
    {"@some_one hi", "h:@some_one|w:hi"},
    {"@张三 你好", "h:@张三|c:你|c:好"},
    {"@张三,你好", "s:@|c:张|c:三|s:,|c:你|c:好"},
    {"a@b.c", "w:a|h:@b|s:.|w:c"},
    {"café Привет", "w:café|w:привет"},
    {"a\nb", "w:a|b:\n|w:b"},
    {"😀👍", "e:😀|e:👍"},
    {"“hi” 。", "s:\"|w:hi|s:\"|s:。"},
    {"'tis rock'n'roll '", "s:'|w:tis|w:rock'n'roll|s:'"},
};

static size_t cut(const char *in, char *folded, struct unit *u)
{
    struct fold_stats st = {0};
    size_t n = fold_text(str_of(in), folded, &st);
    memset(folded + n, ' ', UNITS_PAD);
    return units_cut(folded, n, u, 256);
}

Test(units, table)
{
    static const char letters[] = "wcnseuhb";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folded[4096], got[1024] = "";
        struct unit u[256];
        size_t n = cut(cases[i].text, folded, u), at = 0;
        for (size_t k = 0; k < n; k++)
            at += (size_t)snprintf(got + at, sizeof got - at, "%s%c:%.*s", k ? "|" : "",
                                   letters[u[k].kind], (int)u[k].len, folded + u[k].start);
        cr_expect_str_eq(got, cases[i].want);
    }
}

Test(units, long_runs_hash_alike)
{
    char folded[4096];
    struct unit a[8], b[8];
    cut("goooood sooo", folded, a);
    cr_expect_eq(a[0].flags, UNIT_LONG);
    cr_expect_eq(a[0].hash, unit_hash("good", 4));
    cr_expect_eq(unit_hash_short("sooo", 4), unit_hash("so", 2));
    cut("goooooooooood", folded, b);
    cr_expect_eq(a[0].hash, b[0].hash);
}

Test(units, hashes_do_not_depend_on_what_follows)
{
    char folded[4096], other[4096];
    struct unit a[8], b[8];
    cut("terrible", folded, a);
    cut("terrible!!! zzzzzz", other, b);
    cr_expect_eq(a[0].hash, b[0].hash);
    cr_expect_eq(a[0].hash, unit_hash("terrible", 8));
}

Test(units, urls_and_handles_are_all_one)
{
    char folded[4096];
    struct unit u[8];
    cut("https://a.example http://b.example/x @me @you", folded, u);
    cr_expect_eq(u[0].hash, u[1].hash);
    cr_expect_eq(u[2].hash, u[3].hash);
    cr_expect_neq(u[0].hash, u[2].hash);
}
