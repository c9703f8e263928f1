/* Rows of weights: the fastest way to add them up and the plain one against a loop anybody can
 * read, for both widths; and a lexicon whose columns need the wide one. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "analyzer/image.h"
#include "analyzer/rows.h"

enum { ROWS = 200 };

static uint32_t state = 12345;

static int16_t next_weight(void)
{
    state = state * 1664525u + 1013904223u;
    return (int16_t)(state >> 16);
}

static void compare(uint32_t groups, size_t count)
{
    static _Alignas(64) int16_t rows[ROWS * ROW_GROUPS * ROW_GROUP];
    uint32_t which[64], width = groups * ROW_GROUP;
    int32_t want[ROW_GROUPS * ROW_GROUP], plain[ROW_GROUPS * ROW_GROUP], fast[ROW_GROUPS * ROW_GROUP];
    for (size_t i = 0; i < ROWS * width; i++)
        rows[i] = next_weight();
    for (size_t i = 0; i < width; i++)
        want[i] = plain[i] = fast[i] = next_weight() * 1000;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = (uint16_t)next_weight() % ROWS;
        which[i] = row * groups;
        for (size_t k = 0; k < width; k++)
            want[k] += rows[row * width + k];
    }
    rows_add_plain(plain, rows, which, count, groups);
    rows_adder()(fast, rows, which, count, groups);
    cr_assert_arr_eq(plain, want, width * sizeof *want, "plain, %u groups, %zu rows", groups, count);
    cr_assert_arr_eq(fast, want, width * sizeof *want, "fast, %u groups, %zu rows", groups, count);
}

Test(rows, agree_with_a_plain_loop)
{
    for (size_t count = 0; count <= 64; count += count < 4 ? 1 : 20) {
        compare(4, count);
        compare(ROW_GROUPS, count);
    }
}

/* The last columns, feelings, lie behind the narrow width. */
Test(rows, a_wide_lexicon_weighs)
{
    char dir[] = "/tmp/defuse-rows-XXXXXX", lexicon[64], file[80];
    cr_assert(mkdtemp(dir));
    snprintf(lexicon, sizeof lexicon, "%s/lexicon", dir);
    snprintf(file, sizeof file, "%s/own.tsv", lexicon);
    cr_assert_eq(mkdir(lexicon, 0700), 0);
    FILE *f = fopen(file, "w");
    cr_assert(f);
    fputs("phrase\tsentiment.negative\tfeeling.sad\nblubber\t2\t3\n", f);
    fclose(f);
    struct diags d = {0};
    const char *dirs[] = {dir};
    struct ruleset_spec spec = {.dirs = dirs, .dir_count = 1};
    struct ruleset *rs = NULL;
    cr_assert_eq(ruleset_load(&spec, &rs, &d), DF_OK);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict v;
    p.text = STR("oh blubber and more");
    cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
    cr_assert_eq(v.sentiment, SENTIMENT_NEGATIVE);
    cr_assert_eq(v.feelings, 1u << FEELING_SAD);
    cr_assert_eq(v.finding_count, 1);
    cr_assert_float_eq(v.findings[0].weight, 3.0, 0.001);
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
    unlink(file);
    rmdir(lexicon);
    rmdir(dir);
}
