/* rules_lint.c: what in the rules is probably a mistake. */
#include <stdio.h>

#include "cmd/rules.h"

int rules_lint(struct cmd *c, int argc, char **argv)
{
    struct option_list dirs = {0};
    const char *pack = NULL;
    const struct option_spec options[] = {
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {"pack", 'p', OPT_TEXT, "NAME", "only this pack", &pack},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--rules DIR] [--pack NAME]",
        .about = "Looks for dead rules and lists, phrases that others shadow, patterns that can\n"
                 "never match or may take very long, and rules without examples. Exit status 1\n"
                 "when something was found, 2 when the rules do not load.",
        .example = "defuse rules lint --rules ./rules"};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct diags d = {0};
    rule_lint(&(struct ruleset_spec){.dirs = dirs.items, .dir_count = dirs.count,
                                     .pack = rules_alone(pack)},
              pack, &d);
    int status = cmd_diags(&d);
    if (status == EXIT_DONE && d.warnings)
        status = EXIT_PROBLEM;
    printf("rules lint: %d error%s, %d warning%s\n", d.errors, d.errors == 1 ? "" : "s", d.warnings,
           d.warnings == 1 ? "" : "s");
    diags_free(&d);
    return cmd_finish(status);
}
