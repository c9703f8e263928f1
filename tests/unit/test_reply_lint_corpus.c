/* Measures the linter over tests/data/lint_replies.tsv: invented replies with the findings they
 * must get. Prints one line; the floors below are what has been reached and may only rise. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/file.h"
#include "reply/lint.h"

enum { FLOOR_PRECISION = 97, FLOOR_RECALL = 97, FLOOR_STOPPED = 98 };

struct tally {
    int rows, expected, hit, made, wrong_verdict;
};

static bool has_word(struct str list, struct str word)
{
    struct str part;
    while (str_split(&list, ',', &part))
        if (str_eq(part, word))
            return true;
    return false;
}

static void judge(const struct lint_set *set, struct str lang, struct str expect, struct str text,
                  struct tally *t, long long line)
{
    struct arena *a = arena_new();
    struct lint_ctx ctx = {.lang = lang};
    struct lint_report r;
    struct err e = {0};
    cr_assert_eq(reply_lint(set, text, &ctx, a, &r, &e), DF_OK);
    struct str rest = expect, want;
    bool clean = str_is(expect, "-");
    while (!clean && str_split(&rest, ',', &want)) {
        bool got = false;
        for (int i = 0; i < r.count; i++)
            got |= str_eq(r.items[i].rule, want) && r.items[i].severity > LINT_NOTE;
        t->expected++;
        t->hit += got;
        if (!got)
            printf("line %lld: missed %.*s: %.*s\n", line, STR_FMT(want), STR_FMT(text));
    }
    for (int i = 0; i < r.count; i++) {
        if (r.items[i].severity == LINT_NOTE)
            continue;
        t->made++;
        if (clean || !has_word(expect, r.items[i].rule)) {
            struct span s = r.items[i].span_count ? r.items[i].spans[0] : (struct span){0};
            printf("line %lld: not expected %.*s [%u,%u): %.*s\n", line, STR_FMT(r.items[i].rule),
                   s.start, s.end, STR_FMT(text));
        }
    }
    t->wrong_verdict += clean && r.blocks > 0;
    t->rows++;
    arena_free(&a);
}

Test(lint_corpus, finds_what_people_would)
{
    struct diags d = {0};
    struct lint_set *set;
    cr_assert_eq(lint_load(NULL, &set, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    struct line_reader r = {.f = fopen("tests/data/lint_replies.tsv", "r"), .name = "replies"};
    struct err e = {0};
    struct str line;
    struct tally t = {0};
    cr_assert(r.f, "run from the top of the tree");
    while (line_read(&r, &line, &e) == DF_OK) {
        struct str lang, expect;
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        cr_assert(str_split(&line, '\t', &lang) && str_split(&line, '\t', &expect));
        judge(set, lang, expect, line, &t, r.number);
    }
    fclose(r.f);
    line_reader_free(&r);
    int wrong = t.made - t.hit;
    printf("lint: %d replies, %d findings expected, precision %.3f, recall %.3f, "
           "%d good replies blocked\n", t.rows, t.expected, (double)t.hit / t.made,
           (double)t.hit / t.expected, t.wrong_verdict);
    cr_assert_geq(t.rows, 150);
    cr_assert_eq(t.wrong_verdict, 0);
    cr_assert_leq(wrong * 100, (100 - FLOOR_PRECISION) * t.made);
    cr_assert_geq(t.hit * 100, FLOOR_RECALL * t.expected);
    lint_free(&set);
    diags_free(&d);
}

/* What `defuse lint` would answer with: does anything block? */
static bool stops(const struct lint_set *set, struct str text)
{
    struct arena *a = arena_new();
    struct lint_ctx ctx = {0};
    struct lint_report r;
    struct err e = {0};
    cr_assert_eq(reply_lint(set, text, &ctx, a, &r, &e), DF_OK);
    bool blocked = r.blocks > 0;
    arena_free(&a);
    return blocked;
}

Test(lint_corpus, stops_what_must_not_go_out)
{
    struct diags d = {0};
    struct lint_set *set;
    cr_assert_eq(lint_load(NULL, &set, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    struct line_reader r = {.f = fopen("tests/data/lint_exit.tsv", "r"), .name = "replies"};
    struct err e = {0};
    struct str line, want;
    int bad = 0, stopped = 0, good = 0, passed = 0;
    cr_assert(r.f, "run from the top of the tree");
    while (line_read(&r, &line, &e) == DF_OK) {
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        cr_assert(str_split(&line, '\t', &want));
        bool is_bad = str_is(want, "1"), blocked = stops(set, line);
        if (is_bad != blocked)
            printf("line %lld: %s: %.*s\n", r.number, is_bad ? "let through" : "stopped",
                   STR_FMT(line));
        bad += is_bad;
        stopped += is_bad && blocked;
        good += !is_bad;
        passed += !is_bad && !blocked;
    }
    fclose(r.f);
    line_reader_free(&r);
    printf("lint: %d of %d bad replies stopped, %d of %d good ones let through\n", stopped, bad,
           passed, good);
    cr_assert_eq(passed, good);
    cr_assert_geq(stopped * 100, FLOOR_STOPPED * bad);
    lint_free(&set);
    diags_free(&d);
}
