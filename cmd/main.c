/* main.c: finds the subcommand and hands over. Global options stand before it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "core/log.h"
#include "core/yaml.h"

static void print_help(void)
{
    printf("usage: defuse [-c FILE] [--debug] COMMAND [ARGUMENT…]\n\n"
           "Watches public channels, tells the fires from the smoke alarms, and puts what\n"
           "matters into a queue with a clock and a suggested public reply.\n\ncommands:\n");
    for (const struct command *k = commands; k->name; k++)
        printf("  %-10s %s\n", k->name, k->summary);
    printf("\noptions:\n"
           "  -c, --config FILE  settings; else $DEFUSE_CONFIG, ./defuse.yaml,\n"
           "                     ~/.config/defuse/defuse.yaml, /etc/defuse/defuse.yaml\n"
           "      --debug        log every step on stderr\n"
           "      --version      print the version\n"
           "\n'defuse COMMAND --help' tells more about one.\n\nexample:\n"
           "  echo '{\"text\":\"Still no refund after three weeks!\"}' | defuse analyze\n");
}

static const struct command *find(const char *name)
{
    for (const struct command *k = commands; k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[64];
    int n = 0;
    for (const struct command *k = commands; k->name && n < 63; k++)
        names[n++] = k->name;
    names[n] = NULL;
    const char *near = nearest_word(str_of(name), names);
    if (near)
        return cmd_usage("unknown command '%s'; did you mean '%s'?", name, near);
    return cmd_usage("unknown command '%s'; see 'defuse --help'", name);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* a reader that went away is a write error; see cmd_finish */
    struct cmd c = {.arena = arena_new(), .clock = clock_system, .lang = ui_lang_env(),
                    .out = term_of(stdout), .err = term_of(stderr)};
    int status = EXIT_DONE, i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        const char *a = argv[i];
        if (strcmp(a, "-c") == 0 || strcmp(a, "--config") == 0) {
            if (++i == argc) {
                status = cmd_usage("%s needs a file name", a);
                goto out;
            }
            c.config_path = argv[i];
        } else if (strncmp(a, "--config=", 9) == 0) {
            c.config_path = a + 9;
        } else if (strcmp(a, "--debug") == 0) {
            log_setup(LOG_LEVEL_DEBUG, false);
        } else if (strcmp(a, "--version") == 0) {
            printf("defuse %s\n", DEFUSE_VERSION);
            goto out;
        } else if (strcmp(a, "--help") == 0 || strcmp(a, "-h") == 0) {
            print_help();
            goto out;
        } else {
            status = cmd_usage("unknown option '%s'; see 'defuse --help'", a);
            goto out;
        }
    }
    if (i == argc) {
        print_help();
        status = EXIT_USAGE;
        goto out;
    }
    const struct command *k = strcmp(argv[i], "help") == 0 ? NULL : find(argv[i]);
    if (k) {
        status = k->run(&c, argc - i, argv + i);
    } else if (strcmp(argv[i], "help") == 0) {
        k = i + 1 < argc ? find(argv[i + 1]) : NULL;
        if (k)
            status = k->run(&c, 2, (char *[]){argv[i + 1], (char[]){"--help"}, NULL});
        else
            print_help();
    } else {
        status = unknown_command(argv[i]);
    }
out:
    status = cmd_finish(status);
    arena_free(&c.arena);
    return status;
}
