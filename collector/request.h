/* request.h: a request template with a source's values filled in → struct net_request. */
#ifndef DF_COLLECTOR_REQUEST_H
#define DF_COLLECTOR_REQUEST_H

#include "collector/source.h"
#include "net/transport.h"

/* Strings live in vars->arena. Query, form and header entries whose variables are all empty are
 * left out. out->secret tells that a credential is in it. */
DF_CHECKED enum df_rc request_build(const struct request_template *, struct source_vars *vars,
                                    struct net_request *out, struct err *);

#endif
