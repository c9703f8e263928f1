/* subcommands.c: commands that are a group of others (`defuse rules test`): their help, and the one
 * that is meant. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "core/yaml.h"

static void print_help(FILE *f, const struct command_group *g)
{
    fprintf(f, "usage: defuse %s SUBCOMMAND [ARGUMENT…]\n\n%s\n\nsubcommands:\n", g->name, g->about);
    for (const struct command *k = g->commands; k->name; k++)
        fprintf(f, "  %-10s %s\n", k->name, k->summary);
    fprintf(f, "\nexample:\n  %s\n", g->example);
}

int cmd_group(struct cmd *c, const struct command_group *g, int argc, char **argv)
{
    const char *names[32];
    int n = 0;
    if (argc < 2) {
        print_help(stderr, g);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help(stdout, g);
        return EXIT_DONE;
    }
    for (const struct command *k = g->commands; k->name; k++) {
        if (strcmp(k->name, argv[1]) == 0) {
            struct str full = arena_printf(c->arena, "%s %s", g->name, k->name);
            argv[1] = (char *)arena_strz(c->arena, full); /* what its messages call it */
            return k->run(c, argc - 1, argv + 1);
        }
        names[n++] = k->name;
    }
    names[n] = NULL;
    const char *near = nearest_word(str_of(argv[1]), names);
    if (near)
        return cmd_usage("unknown subcommand '%s %s'; did you mean '%s'?", g->name, argv[1], near);
    return cmd_usage("unknown subcommand '%s %s'; see 'defuse %s --help'", g->name, argv[1],
                     g->name);
}
