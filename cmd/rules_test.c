/* rules_test.c: every rule must fire on its `yes` texts and stay quiet on its `no` texts. */
#include <stdio.h>

#include "cmd/rules.h"

static bool run_example(struct scanner *s, const struct ruleset *rs, const struct rule_example *e,
                        struct buf *why)
{
    struct verdict v;
    struct arena *a = arena_new();
    struct err err = {0};
    bool ok = false;
    int number = ruleset_find(rs, e->rule);
    if (scan_post(s, &e->post, SCAN_FULL, a, &v, &err) == DF_OK)
        ok = scan_fired(s, number) == e->yes;
    buf_reset(why);
    if (!ok && number >= 0)
        scan_why(s, number, why);
    arena_free(&a);
    return ok;
}

static int run_examples(const struct ruleset *rs, const struct rule_example *items, size_t n,
                        const char *pack, bool quiet)
{
    struct scanner *s = scan_new(rs);
    struct buf why = BUF_INIT(1 << 16);
    size_t failed = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        if (pack && !str_is(rule_pack(str_of(items[i].file)), pack))
            continue;
        count++;
        if (run_example(s, rs, &items[i], &why))
            continue;
        failed++;
        printf("%s:%d:%d: %.*s %s: %.*s\n", items[i].file, items[i].line, items[i].col,
               STR_FMT(items[i].rule), items[i].yes ? "should fire" : "should not fire",
               STR_FMT(items[i].post.text));
        if (!quiet)
            printf("%.*s", STR_FMT(buf_view(&why)));
    }
    printf("rules test: %zu passed, %zu failed\n", count - failed, failed);
    buf_free(&why);
    scan_free(&s);
    return failed ? EXIT_PROBLEM : EXIT_DONE;
}

int rules_test(struct cmd *c, int argc, char **argv)
{
    struct option_list dirs = {0};
    const char *pack = NULL;
    bool quiet = false;
    const struct option_spec options[] = {
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {"pack", 'p', OPT_TEXT, "NAME", "only this pack", &pack},
        {"quiet", 'q', OPT_FLAG, NULL, "one line a failure, without the reasons", &quiet},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--rules DIR] [--pack NAME]",
        .about = "Runs the examples written beside every rule: it must fire on each `yes` and on\n"
                 "no `no`. Exit status 1 when one fails.",
        .example = "defuse rules test --rules ./rules"};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct ruleset *rs = rules_open(&dirs, pack);
    if (!rs)
        return EXIT_USAGE;
    struct rule_example *items;
    size_t count;
    struct diags d = {0};
    struct ruleset_spec spec = {.dirs = dirs.items, .dir_count = dirs.count,
                                .pack = rules_alone(pack)};
    int status = rules_check_pack(rs, pack, c->arena);
    if (status == EXIT_DONE && rule_examples(&spec, c->arena, &items, &count, &d) != DF_OK)
        status = cmd_diags(&d);
    else if (status == EXIT_DONE)
        status = cmd_finish(run_examples(rs, items, count, pack, quiet));
    diags_free(&d);
    ruleset_free(&rs);
    return status;
}
