/* commands.h: the entry points that commands.c puts into the table; each is in cmd/NAME.c. */
#ifndef DF_CMD_COMMANDS_H
#define DF_CMD_COMMANDS_H

#include "cmd/cmd.h"

int cmd_analyze(struct cmd *c, int argc, char **argv);
int cmd_run(struct cmd *c, int argc, char **argv);
int cmd_serve(struct cmd *c, int argc, char **argv);
int cmd_rules(struct cmd *c, int argc, char **argv);
int cmd_check(struct cmd *c, int argc, char **argv);
int cmd_doctor(struct cmd *c, int argc, char **argv);
int cmd_init(struct cmd *c, int argc, char **argv);
int cmd_extract(struct cmd *c, int argc, char **argv);
int cmd_lint(struct cmd *c, int argc, char **argv);
int cmd_queue(struct cmd *c, int argc, char **argv);
int cmd_export(struct cmd *c, int argc, char **argv);
int cmd_sink(struct cmd *c, int argc, char **argv);
int cmd_collect(struct cmd *c, int argc, char **argv);
int cmd_source(struct cmd *c, int argc, char **argv);
int cmd_import(struct cmd *c, int argc, char **argv);

#endif
