/* packs.h: what the commands round channel packs share: -p NAME=VALUE, folders of packs, and
 * posts on stdout. */
#ifndef DF_CMD_PACKS_H
#define DF_CMD_PACKS_H

#include "cmd/cmd.h"
#include "collector/collector.h"

/* One per item of the list, in order; a fault for each without '='. */
struct param_value *packs_params(struct cmd *c, const struct option_list *list, struct diags *diags);
/* NULL-ended, for channels_load. */
const char **packs_dirs(struct cmd *c, const struct option_list *list);

/* JSON Lines on stdout; a line on stderr and EXIT_PROBLEM when items could not be read. */
int packs_put_posts(const struct collect_result *r, const char *name);

#endif
