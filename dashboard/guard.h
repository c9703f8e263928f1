/* guard.h: is this request really from a person at our own page? Three walls: the Host must be a
 * name of ours (a rebound DNS name is none), a form must come from our own origin, and it must
 * carry a token bound to the browser's cookie. GET never changes anything and needs only the first.
 * Must not know: pages, storage, libevent. Lifetime: process. */
#ifndef DF_DASHBOARD_GUARD_H
#define DF_DASHBOARD_GUARD_H

#include "dashboard/request.h"

enum { GUARD_KEY = 32, GUARD_HOSTS = 16 };

struct guard {
    unsigned char key[GUARD_KEY]; /* signs tokens; kept in the store so that forms outlive a restart */
    struct str hosts[GUARD_HOSTS]; /* as in the Host header, with the port */
    size_t host_count;
};

void guard_allow(struct guard *g, struct str host);
bool guard_host(const struct guard *g, const struct request *q);
bool guard_origin(const struct request *q);

/* The browser's own random id: from its cookie, or a new one set on the response. */
struct str guard_browser(struct request *q, struct response *r);
/* Another text each time, so that compressed pages do not give it away. */
struct str guard_token(const struct guard *g, struct arena *a, struct str browser);
bool guard_token_ok(const struct guard *g, struct str browser, struct str token);

#endif
