/* source_status.h: `defuse source status`: how each source of the settings does. */
#ifndef DF_CMD_SOURCE_STATUS_H
#define DF_CMD_SOURCE_STATUS_H

#include "cmd/cmd.h"

int source_status_show(struct cmd *c, int argc, char **argv);

#endif
