/* rules_coverage.c: which rules fire on labelled texts, how often, and on which labels: rules that
 * never fire and rules that fire everywhere stand out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/rules.h"
#include "core/file.h"

enum { LABELS = 16 };

struct coverage {
    struct str labels[LABELS];
    long long totals[LABELS];
    int label_count;
    long long *hits; /* rule × label */
    long long texts, silent;
};

static int label_of(struct coverage *t, struct arena *a, struct str name)
{
    for (int i = 0; i < t->label_count; i++)
        if (str_eq(t->labels[i], name))
            return i;
    if (t->label_count == LABELS)
        return LABELS - 1;
    t->labels[t->label_count] = arena_str(a, name);
    return t->label_count++;
}

static void count(struct coverage *t, const struct ruleset *rs, const struct scanner *s, int label)
{
    bool any = false;
    t->texts++;
    t->totals[label]++;
    for (uint32_t r = 0; r < ruleset_rule_count(rs); r++)
        if (scan_fired(s, (int)r)) {
            t->hits[r * LABELS + (uint32_t)label]++;
            any = true;
        }
    t->silent += !any;
}

struct row {
    uint32_t rule;
    long long sum;
};

static int by_sum(const void *x, const void *y)
{
    const struct row *a = x, *b = y;
    return a->sum != b->sum ? (a->sum < b->sum) - (a->sum > b->sum)
                            : (a->rule > b->rule) - (a->rule < b->rule);
}

static void put_row(const struct coverage *t, const struct ruleset *rs, const struct row *row)
{
    printf("%.*s\t%lld", STR_FMT(ruleset_rule(rs, row->rule).id), row->sum);
    for (int i = 0; i < t->label_count; i++)
        printf("\t%lld", t->hits[row->rule * LABELS + (uint32_t)i]);
    printf("\n");
}

/* Most first. Those that never fired stand at the end, when they are wanted. */
static void report(const struct coverage *t, const struct ruleset *rs, struct arena *a, bool all)
{
    uint32_t rules = ruleset_rule_count(rs), dead = 0;
    struct row *rows = arena_array(a, rules + 1u, sizeof *rows);
    for (uint32_t r = 0; r < rules; r++) {
        rows[r] = (struct row){r, 0};
        for (int i = 0; i < t->label_count; i++)
            rows[r].sum += t->hits[r * LABELS + (uint32_t)i];
        dead += rows[r].sum == 0;
    }
    qsort(rows, rules, sizeof *rows, by_sum);
    printf("rule\ttexts");
    for (int i = 0; i < t->label_count; i++)
        printf("\t%.*s", STR_FMT(t->labels[i]));
    printf("\n");
    for (uint32_t r = 0; r < rules && (all || rows[r].sum); r++)
        put_row(t, rs, &rows[r]);
    printf("# %lld text%s, %lld met by no rule; %u rule%s, %u never fired%s\n", t->texts,
           t->texts == 1 ? "" : "s", t->silent, rules, rules == 1 ? "" : "s", dead,
           dead && !all ? ": --all names them" : "");
}

static int run(struct coverage *t, struct cmd *c, const struct ruleset *rs, FILE *f,
               const char *name, long long text_column, long long label_column)
{
    struct line_reader in = {.f = f, .name = name};
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    struct str line, cell;
    struct err e = {0};
    enum df_rc rc;
    int status = EXIT_DONE;
    while ((rc = line_read(&in, &line, &e)) != DF_NONE && rc != DF_FATAL) {
        struct post p = POST_INIT;
        struct verdict v;
        struct str label = STR("-");
        arena_reset(a);
        for (long long i = 1; rc == DF_OK && str_split(&line, '\t', &cell); i++) {
            if (i == text_column)
                p.text = cell;
            if (i == label_column)
                label = cell;
        }
        if (rc == DF_OK && p.text.len && scan_post(s, &p, SCAN_FULL, a, &v, &e) == DF_OK)
            count(t, rs, s, label_of(t, c->arena, label));
        else if (rc != DF_OK)
            status = cmd_fail(EXIT_PROBLEM, &e);
    }
    if (rc == DF_FATAL)
        status = cmd_fail(EXIT_PROBLEM, &e);
    scan_free(&s);
    arena_free(&a);
    line_reader_free(&in);
    return status;
}

int rules_coverage(struct cmd *c, int argc, char **argv)
{
    struct option_list dirs = {0};
    long long text_column = 2, label_column = 1;
    bool all = false;
    const struct option_spec options[] = {
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {"text", 't', OPT_NUMBER, "N", "column of the text (2)", &text_column},
        {"label", 'l', OPT_NUMBER, "N", "column of the label (1)", &label_column},
        {"all", 'a', OPT_FLAG, NULL, "also the rules that never fired", &all},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--rules DIR] [--text N] [--label N] [--all] TSV",
        .about = "Counts on how many texts of a labelled TSV file each rule fires, by label, most\n"
                 "first.",
        .example = "defuse rules coverage decisions.tsv",
        .min_args = 1, .max_args = 1};
    int n = options_parse(c, argc, argv, options, &usage), status = EXIT_USAGE;
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (text_column < 1 || label_column < 1)
        return cmd_usage("columns are counted from 1");
    struct ruleset *rs = rules_open(&dirs, NULL);
    FILE *f = strcmp(argv[1], "-") == 0 ? stdin : fopen(argv[1], "rb");
    struct coverage t = {0};
    if (!f) {
        fprintf(stderr, "defuse: %s: %s\n", argv[1], strerror(errno));
        status = EXIT_PROBLEM;
    } else if (rs) {
        t.hits = calloc((size_t)ruleset_rule_count(rs) * LABELS + 1, sizeof *t.hits);
        if (!t.hits)
            abort();
        status = run(&t, c, rs, f, argv[1], text_column, label_column);
        if (t.texts)
            report(&t, rs, c->arena, all);
        else if (status == EXIT_DONE)
            status = cmd_usage("%s: no line has a text in column %lld; columns are parted by tabs",
                               argv[1], text_column);
    }
    if (f && f != stdin)
        fclose(f);
    free(t.hits);
    ruleset_free(&rs);
    return cmd_finish(status);
}
