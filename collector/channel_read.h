/* channel_read.h: channel.yaml → struct channel. Used by channel.c and by tests. */
#ifndef DF_COLLECTOR_CHANNEL_READ_H
#define DF_COLLECTOR_CHANNEL_READ_H

#include "collector/channel.h"

/* Reads one file of a pack; path = the pack's dir + "/" + name. DF_NONE when absent. */
typedef enum df_rc pack_reader(void *ctx, struct arena *, struct str path, struct str *out,
                               struct err *);

/* c->name and c->dir are set; the rest is filled in. Every fault goes to diags with its place. */
DF_CHECKED enum df_rc channel_read(struct channel *c, struct arena *, pack_reader *, void *ctx,
                                   struct diags *);

/* The source's own `{base}`, `{cursor}` and so on; what templates may name besides parameters. */
extern const char *const template_builtins[]; /* NULL-ended */

#endif
