/* run.h: one pass: poll what is due, take in the posts, send what waits in the outbox.
 * `defuse run` does it once; `defuse serve` again and again from its worker thread.
 *
 * What a kill may interrupt is one transaction per source: its posts, verdicts, cases, alerts
 * and its cursor are kept together or not at all. */
#ifndef DF_CMD_RUN_H
#define DF_CMD_RUN_H

#include <stdbool.h>

#include "cmd/session.h"

/* What lasts from one pass to the next where passes follow one another: open connections, what
 * robots.txt files said, programs of packs, tokens of logins. Of one thread. */
struct run_tools {
    struct transport *transport;
    struct collector *collector;
};
void run_tools_free(struct run_tools *);

struct pass_options {
    bool all;       /* poll every source, due or not */
    bool no_alerts; /* leave the outbox alone */
    bool (*stop)(void *ctx); /* asked between sources: true ends the pass early; NULL: never */
    void *stop_ctx;
    struct run_tools *tools; /* filled by the first pass; NULL: of this pass alone */
};

struct pass_report {
    int due, polled;           /* sources */
    int failed, sinks_failed;  /* sources; destinations */
    int posts, edited;         /* new ones, new versions */
    int opened, raised, joined; /* cases */
    int sent, waiting;         /* alerts */
    int64_t took_ms;
};

/* Needs SESSION_CHANNELS, SESSION_RULES and a store handle of the calling thread.
 * DF_OK: done, look at the report; each failure was told on stderr. DF_RETRY: another pass is
 * active. DF_FATAL: the store failed. */
DF_CHECKED enum df_rc run_pass(struct session *s, struct store *st, const struct pass_options *o,
                               struct pass_report *out, struct err *err);

#endif
