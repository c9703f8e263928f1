/* packs.h: what the commands round channel packs share: -p NAME=VALUE, folders of packs, the
 * sources that are meant by the words of a command line, and posts on stdout. */
#ifndef DF_CMD_PACKS_H
#define DF_CMD_PACKS_H

#include "cmd/cmd.h"
#include "cmd/session.h"
#include "collector/collector.h"

/* Everything needed to ask sources without a database. packs_close frees it. */
struct packs {
    struct arena *arena; /* the command's */
    struct session session;      /* opened when names of the settings are meant */
    bool has_session;
    struct channels *channels;   /* the session's, or our own */
    bool own_channels;
    struct collector *collector;
    struct transport *transport;
    struct source *sources;      /* those that are meant */
    int source_count;
    struct collect_limits limits;
    struct clock clock;
};

/* Words are names of sources in the settings; with -p, or when there is no such source, the one
 * word is a channel. EXIT_DONE, or the exit status after the faults were told. */
int packs_open(struct cmd *c, char **words, int count, const struct option_list *params,
               const struct option_list *dirs, struct packs *out);
void packs_close(struct packs *p);

/* Opens, hands each source over in turn, closes; the worst exit status of all. */
int packs_each(struct cmd *c, char **words, int count, const struct option_list *params,
               const struct option_list *dirs, struct collect_limits limits,
               int (*one)(struct cmd *, struct packs *, const struct source *));

/* One per item of the list, in order; a fault for each without '='. */
struct param_value *packs_params(struct cmd *c, const struct option_list *list, struct diags *diags);
/* NULL-ended, for channels_load. */
const char **packs_dirs(struct cmd *c, const struct option_list *list);

/* JSON Lines on stdout; a line on stderr and EXIT_PROBLEM when items could not be read. */
int packs_put_posts(const struct collect_result *r, const char *name);

#endif
