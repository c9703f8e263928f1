/* commands.c: the table of subcommands, in the order of a post's life. */
#include "cmd/cmd.h"
#include "cmd/commands.h"

const struct command commands[] = {
    {NULL, NULL, NULL},
};
