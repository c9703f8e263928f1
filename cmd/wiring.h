/* wiring.h: settings and playbook → what casework and alerts need: clocks, routes, destinations.
 * The one place where these words of defuse.yaml get their meaning; used by run, serve, queue,
 * sink and doctor. Lifetime: process (the arena given); plain data afterwards. */
#ifndef DF_CMD_WIRING_H
#define DF_CMD_WIRING_H

#include "alerts/alerts.h"
#include "casework/casework.h"
#include "cmd/config.h"
#include "reply/playbook.h"

struct wiring {
    struct casework_conf conf; /* .suggest is for the caller, who has the reply pack */
    struct sink_conf *sinks;   /* the enabled ones, in the order of the settings */
    int sink_count;
};

/* Faults (unknown sink type, bad hours) go to diags with their places; all are looked for. An
 * address that is not set is no fault here: that one sink fails when it is used, and says so. */
DF_CHECKED enum df_rc wiring_make(const struct config *config, const struct playbook *playbook,
                                  enum ui_lang lang, struct arena *a, struct wiring *out,
                                  struct diags *diags);
/* The enabled sink of that name; NULL when there is none. */
const struct sink_conf *wiring_sink(const struct wiring *w, struct str name);

#endif
