/* commands.c: the table of subcommands, in the order of a post's life. */
#include "cmd/cmd.h"
#include "cmd/commands.h"

const struct command commands[] = {
    {"analyze", cmd_analyze, "posts as JSON Lines in, verdicts as JSON Lines out"},
    {"rules", cmd_rules, "test, explain and compare rules"},
    {"init", cmd_init, "write a commented settings file to start from"},
    {"extract", cmd_extract, "read a saved answer of a channel: posts as JSON Lines"},
    {"lint", cmd_lint, "check a reply before it is posted"},
    {NULL, NULL, NULL},
};
