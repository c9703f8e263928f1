/* session.h: what a command needs opened, from the settings: the composition root. Each part is
 * opened only when asked for; faults of settings, packs and rules are told all at once.
 * Lifetime: process; session_close frees all. A store handle belongs to one thread: another
 * thread opens its own with session_store. */
#ifndef DF_CMD_SESSION_H
#define DF_CMD_SESSION_H

#include "analyzer/analyzer.h"
#include "cmd/cmd.h"
#include "cmd/config.h"
#include "cmd/said.h"
#include "cmd/wiring.h"
#include "collector/collector.h"
#include "reply/reply.h"
#include "storage/store.h"

enum session_part {
    SESSION_CONFIG = 0,   /* always */
    SESSION_CHANNELS = 1, /* channel packs and the sources made from them */
    SESSION_RULES = 2,    /* rule packs, reply pieces, the playbook, and what follows: clocks */
    SESSION_STORE = 4,    /* the database */
    SESSION_ALL = 7,
};

struct session {
    struct cmd *cmd;
    struct arena *arena;
    struct clock clock; /* the settings' "now", else the command's */
    struct config config;
    struct channels *channels;
    struct source *sources; /* enabled ones, in the order of the settings */
    int source_count;
    struct ruleset *rules;
    struct reply_pack *replies;
    struct reply_ctx reply;        /* what every reply has in common */
    struct said said;              /* suggestions made last */
    struct wiring wiring;          /* clocks, routes, sinks; .conf.suggest composes by `replies` */
    struct net_config net;     /* what requests may do: schemes, User-Agent, proxy, file root */
    const char *store_address; /* for store_open */
    struct store *store;
};

/* EXIT_DONE, or the exit status after the faults were printed; *out is safe to close then too. */
int session_open(struct cmd *c, unsigned parts, struct session *out);
void session_close(struct session *s);
/* One more handle on the database, for a thread of its own. */
DF_CHECKED enum df_rc session_store(const struct session *s, struct store **out, struct err *err);
/* As collect_many wants its clock: ctx is a struct clock. */
int64_t session_now(void *clock);
/* What a reply on that channel must keep to, for the composer and the linter. Allocates nothing,
 * so that the thread of the pages and the one that polls may both ask. */
struct reply_ctx session_reply_ctx(const struct session *s, struct str channel);

#endif
