/* rules_train.c: `defuse rules train`: a recipe and labelled files in, a lexicon out. */
#include <stdio.h>

#include "analyzer/train.h"
#include "cmd/rules.h"
#include "core/file.h"
#include "core/limits.h"

enum { LEXICON_MAX = 64 << 20 };

static int learn(struct train_set *set, const char *path)
{
    struct train_model models[TRAIN_HEADS];
    struct err err = {0};
    int n = 0;
    for (int a = 0; a < TRAIN_LABEL; a++)
        if (set->recipe.heads[a].on)
            train_fit_head(set, (enum slot_attr)a, NULL, NULL, &models[n++]);
    struct buf out = BUF_INIT(LEXICON_MAX);
    train_write(set, models, n, &out);
    enum df_rc rc = DF_OK;
    if (path)
        rc = file_write_atomic(path, buf_view(&out), 0644, &err);
    else
        fwrite(out.ptr, 1, out.len, stdout);
    buf_free(&out);
    return rc == DF_OK ? cmd_finish(EXIT_DONE) : cmd_fail(EXIT_PROBLEM, &err);
}

static int check(struct train_set *set, const char *how)
{
    struct diags diags = {0};
    long long folds = 0;
    if (strcmp(how, "files") != 0 &&
        (!str_i64(str_of(how), &folds) || folds < 1 || folds > TRAIN_FOLDS))
        return cmd_usage("--check is 1 to 5 (folds) or 'files', not '%s'", how);
    char lexicon[64];
    snprintf(lexicon, sizeof lexicon, "rules/core/lexicon/%.*s.tsv", STR_FMT(set->recipe.lang));
    enum df_rc rc = train_check(set, (int)folds, lexicon, stdout, &diags);
    int status = cmd_diags(&diags);
    diags_free(&diags);
    return rc == DF_OK ? cmd_finish(EXIT_DONE) : status;
}

int rules_train(struct cmd *c, int argc, char **argv)
{
    const char *out = NULL, *how = NULL, *dir = ".";
    bool decisions = false;
    const struct option_spec options[] = {
        {"corpora", 'd', OPT_TEXT, "DIR", "folder of the labelled files (.)", &dir},
        {"output", 'o', OPT_TEXT, "FILE", "write the lexicon there instead of stdout", &out},
        {"check", 0, OPT_TEXT, "HOW", "print scores on rows not learned from: 5 folds, or 'files'", &how},
        {"decisions", 0, OPT_FLAG, NULL, "print the team's own decisions as labelled lines", &decisions},
        {NULL},
    };
    const struct usage usage = {
        .args = "RECIPE [--corpora DIR] [-o FILE] [--check HOW] | --decisions",
        .about = "Learns phrase weights from labelled text (TSV) and writes a lexicon. The recipe\n"
                 "says what the files and their labels are; see defuse-learn(5). The same input\n"
                 "gives the same lexicon, byte for byte. --decisions prints a line for each closed\n"
                 "case: yes where it was answered, no where people chose not to; and the text.",
        .example = "defuse rules train mine.yaml --corpora labelled -o rules.d/mine/lexicon/mine.tsv",
        .min_args = 0, .max_args = 1};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (decisions)
        return rules_decisions(c);
    if (n != 1)
        return cmd_usage("rules train needs a recipe; see 'defuse rules train --help'");
    struct str recipe;
    struct err err = {0};
    struct diags diags = {0};
    struct train_set set = {0};
    if (file_read(c->arena, argv[1], DF_MAX_CONFIG, &recipe, &err) != DF_OK)
        return cmd_fail(EXIT_USAGE, &err);
    const char *slash = strrchr(argv[1], '/');
    const char *beside =
        slash ? arena_strz(c->arena, str_n(argv[1], (size_t)(slash - argv[1]))) : ".";
    enum df_rc rc = train_open(&set, c->arena, recipe, argv[1], beside, dir, &diags);
    int status = cmd_diags(&diags);
    diags_free(&diags);
    if (rc != DF_OK)
        return status ? status : EXIT_PROBLEM;
    return how ? check(&set, how) : learn(&set, out);
}
