/* cmd.h: what every subcommand shares. The only folder that sees all rooms is cmd/. */
#ifndef DF_CMD_CMD_H
#define DF_CMD_CMD_H

#include "core/arena.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/msg.h"
#include "core/term.h"

/* Exit statuses, the same for all commands (defuse(1)). */
enum { EXIT_DONE = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2, EXIT_BUSY = 75 };

struct cmd {
    struct arena *arena;     /* process lifetime */
    const char *config_path; /* -c FILE or DEFUSE_CONFIG; NULL: the default places */
    enum ui_lang lang;       /* language of what is printed */
    struct term out, err;    /* stdout, stderr */
    struct clock clock;
};

struct command {
    const char *name;
    int (*run)(struct cmd *c, int argc, char **argv); /* argv[0] is the command's name */
    const char *summary; /* one line for `defuse --help` */
};
extern const struct command commands[]; /* ends with a NULL name */

/* A command that is a group of others. */
struct command_group {
    const char *name, *about, *example;
    const struct command *commands; /* ends with a NULL name; at most 31 */
};
int cmd_group(struct cmd *c, const struct command_group *g, int argc, char **argv);

/* One line on stderr: "defuse: file:line:col: text". Returns status, for `return`. */
int cmd_fail(int status, const struct err *e);
int cmd_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* EXIT_USAGE */
/* What --stars was given; false after a fault was told. */
bool cmd_stars(const char *given, double *out);
/* Prints all faults of a load; returns EXIT_USAGE when there was an error, else EXIT_DONE. */
int cmd_diags(const struct diags *d);
/* Flushes stdout; EXIT_PROBLEM with a line when writing failed (full disk, closed pipe). */
int cmd_finish(int status);

/* Whose name a step in the ledger carries: as given, else $DEFUSE_USER, else the account's. Never
 * NULL; lives as long as the program. */
const char *cmd_person(const char *given);

/* --- options: a table per command --- */
enum option_kind { OPT_FLAG, OPT_TEXT, OPT_NUMBER, OPT_LIST };

struct option_list {
    const char **items;
    int count;
};

struct option_spec {
    const char *name;    /* "brief" for --brief; NULL ends the table */
    char letter;         /* 'b' for -b, 0 for none */
    enum option_kind kind;
    const char *value;   /* "FILE": shown in help; NULL for flags */
    const char *help;
    void *out;           /* bool*, const char**, long long*, struct option_list* */
};

struct usage {
    const char *args;    /* "CHANNEL [-p NAME=VALUE]… < BODY" */
    const char *about;   /* a sentence or two */
    const char *example; /* one command line that works */
    int min_args, max_args; /* positional; max −1: any number */
};

/* Parses argv in place: positional arguments are moved to argv[1..]. Returns how many there
 * are; −1 after --help was printed (exit 0); −2 after a fault was told (exit 2). */
int options_parse(struct cmd *c, int argc, char **argv, const struct option_spec *specs,
                  const struct usage *usage);
#define OPTIONS_EXIT(n) ((n) == -1 ? EXIT_DONE : EXIT_USAGE)

#endif
