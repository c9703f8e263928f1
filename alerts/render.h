/* render.h: an alert → the request a sink makes of it, within its limits. Private to alerts/. */
#ifndef DF_ALERTS_RENDER_H
#define DF_ALERTS_RENDER_H

#include "alerts/sink.h"
#include "core/digest.h"

/* Shortens the quote until the whole fits the sink. DF_NONE: it does not fit at all; DF_REJECT:
 * settings of the sink are wrong. */
DF_CHECKED enum df_rc alert_render(const struct alerts *al, const struct sink_conf *conf,
                                   const struct alert *alert, struct arena *a,
                                   struct net_request *out, struct err *err);

/* text without the sink's address (only scheme and host stay) and without its secret. */
struct str alert_redact(const struct sink_conf *conf, struct str text, struct arena *a);

/* An invented alert in the sink's language. */
struct alert alert_sample(const struct sink_conf *conf, const struct clock *clock);

#endif
