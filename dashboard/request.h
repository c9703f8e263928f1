/* request.h: one HTTP request and its answer as plain data, so that every page is a function that
 * a test can call without a socket. Reads query, form and cookie text; all three are hostile.
 * Must not know: libevent, pages, storage. Lifetime: the request's arena (batch). */
#ifndef DF_DASHBOARD_REQUEST_H
#define DF_DASHBOARD_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/msg.h"
#include "dashboard/html.h"

struct field {
    struct str name, value;
};

struct fields {
    struct field *items;
    size_t count;
};

/* "a=1&b=%E4%BD%A0+x": names and values decoded, invalid UTF-8 and NUL repaired, line ends made
 * "\n". DF_REJECT past DF_MAX_PARAMS; *out then holds what fitted. */
DF_CHECKED enum df_rc fields_parse(struct arena *a, struct str text, struct fields *out,
                                   struct err *err);
/* "a=1; b=2": values percent-decoded. What cannot be read is left out. */
void fields_cookies(struct arena *a, struct str header, struct fields *out);
/* The first of that name; empty when absent. */
struct str fields_get(const struct fields *p, const char *name);
bool fields_has(const struct fields *p, const char *name);

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST };

struct request {
    enum method method;
    struct str path;  /* decoded, begins with "/" */
    struct str target; /* as sent: path and query */
    struct fields query, form, cookies;
    struct str host, origin, fetch_site, languages, etag, content_type;
    bool gzip;        /* the client can read it */
    struct arena *arena;
};

/* Splits the target of the request line; DF_REJECT when it is not a path of ours. */
DF_CHECKED enum df_rc request_target(struct request *r, struct str target, struct err *err);

struct response {
    int status;
    const char *type;     /* media type */
    struct html body;
    struct str bytes;     /* sent instead of body when set; must outlive the request */
    bool bytes_gzip;      /* they are compressed already */
    bool immutable;       /* the address names the content */
    struct str location;  /* of a redirect */
    struct str cookies[4];
    size_t cookie_count;
};

/* See other: the browser asks again with GET, so that reloading never repeats a step. */
void response_see(struct response *r, struct str location);
/* A cookie for a year, out of reach of scripts; value is percent-encoded. */
void response_cookie(struct request *q, struct response *r, const char *name, struct str value);

#endif
