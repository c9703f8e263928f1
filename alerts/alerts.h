/* alerts.h: tells people. Takes what casework wrote to the outbox to its destinations: retries
 * with growing pauses that are kept in the database, one destination's trouble never another's,
 * the same id in every attempt. Secret URLs never reach a log, a row or a message.
 * It must not know why an alert exists. Network only through net/transport.h.
 *
 *     struct alerts al = {.store = st, .transport = t, .clock = &clock, .sinks = …, .count = n};
 *     alerts_drain(&al, arena, &report, &err);                                           */
#ifndef DF_ALERTS_ALERTS_H
#define DF_ALERTS_ALERTS_H

#include <stdio.h>

#include "core/clock.h"
#include "core/msg.h"
#include "model/alert.h"
#include "net/transport.h"
#include "storage/store.h"

struct sink_ops; /* alerts/sink.h */

/* One configured destination. */
struct sink_conf {
    struct str name;         /* as configured; alert_route.sink */
    const struct sink_ops *ops; /* sink_find(type) */
    struct str url;          /* secret: resolved from url_env or url_file by the caller */
    struct str secret;       /* signing key, "" when the sink has none */
    struct str brand;        /* named in messages */
    struct str case_url;     /* "https://desk.example/cases/": the case number is appended; "" none */
    struct str zone;         /* times in messages */
    enum ui_lang lang;       /* language of the frame around the post */
    int per_minute;          /* 0: the sink type's own pace */
};

struct alerts {
    struct store *store;
    struct transport *transport;
    const struct clock *clock;
    const struct sink_conf *sinks;
    int sink_count;
    FILE *out;              /* where the stdout sink writes */
    bool private_hosts;     /* destinations may be private and loopback addresses */
};

struct drain_report { /* one per sink, same order */
    struct str sink;
    int sent, retried, dead;
    struct err problem; /* the last one; text "" when all went well */
};

/* Sends what is due. DF_OK even when a sink failed: look at the reports (sink_count of them,
 * in the arena). DF_FATAL: the store failed. */
DF_CHECKED enum df_rc alerts_drain(struct alerts *al, struct arena *a,
                                   struct drain_report **out, struct err *err);
/* An invented alert straight to one sink, past the outbox. */
DF_CHECKED enum df_rc alerts_test(struct alerts *al, const struct sink_conf *sink,
                                  struct arena *a, struct err *err);
/* The exact request that alerts_test would make, secrets removed from URL and headers. */
DF_CHECKED enum df_rc alerts_dry_run(struct alerts *al, const struct sink_conf *sink,
                                     struct arena *a, struct buf *out, struct err *err);

/* "webhook", "slack", "stdout"; NULL when there is no such type. */
const struct sink_ops *sink_find(struct str type);
/* All type names, NULL-terminated: for "did you mean". */
const char *const *sink_types(void);

#endif
