/* web.h: the socket side of the dashboard, on the caller's event loop. Turns an HTTP request into
 * a struct request, lets the site answer, sends the answer. The only user of evhttp.
 * Limits: header and body size, time, connections (core/limits.h). Plain HTTP: TLS is a proxy's
 * work. Must not know: pages, storage. Lifetime: process; web_close before the loop's end. */
#ifndef DF_DASHBOARD_WEB_H
#define DF_DASHBOARD_WEB_H

#include "dashboard/site.h"

struct event_base;
struct web;

/* Listens on "127.0.0.1:8080", "[::1]:0" (any free port) and the like. DF_FATAL with one clear
 * line when that cannot be. The site must outlive the web. */
DF_CHECKED enum df_rc web_open(struct event_base *base, struct site *site, struct str listen,
                               struct web **out, struct err *err);
void web_close(struct web **w);
/* "http://127.0.0.1:8080/": where people find it. Lives as long as the web. */
const char *web_address(const struct web *w);

#endif
