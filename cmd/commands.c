/* commands.c: the table of subcommands, in the order of a post's life. */
#include "cmd/cmd.h"
#include "cmd/commands.h"

const struct command commands[] = {
    {"init", cmd_init, "write a commented settings file to start from"},
    {"check", cmd_check, "report every mistake in settings, packs and rules"},
    {"doctor", cmd_doctor, "say what is healthy and what is not"},
    {"extract", cmd_extract, "read a saved answer of a channel: posts as JSON Lines"},
    {"analyze", cmd_analyze, "posts as JSON Lines in, verdicts as JSON Lines out"},
    {"run", cmd_run, "one pass: poll what is due, open cases, send alerts"},
    {"serve", cmd_serve, "the same again and again, with the dashboard"},
    {"rules", cmd_rules, "test, explain and compare rules"},
    {"lint", cmd_lint, "check a reply before it is posted"},
    {"queue", cmd_queue, "the cases that wait for an answer, and every step of the work"},
    {"export", cmd_export, "posts, cases or the ledger as JSON Lines or CSV"},
    {"sink", cmd_sink, "test a destination of alerts"},
    {"collect", cmd_collect, "ask a public place now and print its posts"},
    {"source", cmd_source, "list channels, try a source, see how sources do"},
    {"import", cmd_import, "take in exported files: CSV, JSON Lines, saved answers"},
    {NULL, NULL, NULL},
};
