/* rules.c: `defuse rules SUBCOMMAND`: finds the subcommand. */
#include "cmd/rules.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "core/yaml.h"

static const struct command subcommands[] = {
    {"test", rules_test, "run the yes and no examples of every rule"},
    {"train", rules_train, "learn phrase weights from labelled text"},
    {"lint", rules_lint, "look for what is probably a mistake"},
    {"backtest", rules_backtest, "what another rule set would say of the same posts"},
    {"coverage", rules_coverage, "which rules fire on labelled texts"},
    {"why", rules_why, "say why a rule does or does not fire on a text"},
    {NULL, NULL, NULL},
};

struct ruleset *rules_open(const struct option_list *dirs, const char *pack)
{
    struct diags d = {0};
    struct ruleset *rs = NULL;
    struct ruleset_spec spec = {.dirs = dirs->items, .dir_count = dirs->count, .pack = pack};
    if (ruleset_load(&spec, &rs, &d) != DF_OK)
        cmd_diags(&d);
    diags_free(&d);
    return rs;
}

static void print_help(FILE *f)
{
    fputs("usage: defuse rules SUBCOMMAND [ARGUMENT…]\n\n"
          "Tests, explains and compares rules; their format is in defuse-rules(5).\n\n"
          "subcommands:\n", f);
    for (const struct command *k = subcommands; k->name; k++)
        fprintf(f, "  %-10s %s\n", k->name, k->summary);
    fputs("\nexample:\n  defuse rules test --rules ./rules\n", f);
}

int cmd_rules(struct cmd *c, int argc, char **argv)
{
    const char *names[16];
    int n = 0;
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout);
        return EXIT_DONE;
    }
    for (const struct command *k = subcommands; k->name; k++) {
        if (strcmp(k->name, argv[1]) == 0)
            return k->run(c, argc - 1, argv + 1);
        names[n++] = k->name;
    }
    names[n] = NULL;
    const char *near = nearest_word(str_of(argv[1]), names);
    if (near)
        return cmd_usage("unknown subcommand 'rules %s'; did you mean '%s'?", argv[1], near);
    return cmd_usage("unknown subcommand 'rules %s'; see 'defuse rules --help'", argv[1]);
}
