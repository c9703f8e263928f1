/* rules.h: the subcommands of `defuse rules`, one file each, and what they share. */
#ifndef DF_CMD_RULES_H
#define DF_CMD_RULES_H

#include "analyzer/rule_check.h"
#include "cmd/cmd.h"

int rules_test(struct cmd *c, int argc, char **argv);
int rules_why(struct cmd *c, int argc, char **argv);
int rules_lint(struct cmd *c, int argc, char **argv);
int rules_backtest(struct cmd *c, int argc, char **argv);
int rules_coverage(struct cmd *c, int argc, char **argv);
int rules_train(struct cmd *c, int argc, char **argv);
int rules_decisions(struct cmd *c); /* of `rules train --decisions` */

/* The rules of the folders named by --rules, or the shipped ones; NULL after the faults were told. */
struct ruleset *rules_open(const struct option_list *dirs, const char *pack);

#endif
