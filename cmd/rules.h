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
/* Those of one folder, or of none when it is called "shipped". */
struct ruleset *rules_open_one(const char *dir);

/* --pack: packs borrow lists and weights from one another, so all are loaded, but for "lint", which
 * stands alone. NULL: all. */
const char *rules_alone(const char *pack);
/* EXIT_DONE, or the fault told: no rule of the set lies in it. */
int rules_check_pack(const struct ruleset *rs, const char *pack, struct arena *a);
/* The number of the rule, or −1 after the fault was told, with the likeliest one. */
int rules_find(const struct ruleset *rs, const char *id, struct arena *a);

#endif
