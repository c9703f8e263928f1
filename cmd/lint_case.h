/* lint_case.h: what a case knows that the linter wants: its channel's limit, the language of the
 * post, the answers that already went out on the same channel. */
#ifndef DF_CMD_LINT_CASE_H
#define DF_CMD_LINT_CASE_H

#include "cmd/cmd.h"
#include "reply/lint.h"

/* Fills ctx from case `id` of the configured store; texts live in the command's arena.
 * EXIT_DONE or the status to end with, after the fault was printed. */
int lint_use_case(struct cmd *c, long long id, struct lint_ctx *ctx);

#endif
