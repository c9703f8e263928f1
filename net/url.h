/* url.h: the little that is needed of URLs: parts, resolving a relative one, hiding secrets.
 * Knows no protocol behaviour. Results are slices of the input or live in the arena. */
#ifndef DF_NET_URL_H
#define DF_NET_URL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/str.h"

struct url {
    struct str scheme; /* "https", lower case not guaranteed */
    struct str host;   /* without user and port; "" for file */
    struct str port;   /* "" when not given */
    struct str path;   /* with the slash it begins with; "" when absent */
    struct str query;  /* without the question mark */
    struct str fragment;
};

/* False when there is no scheme or, for http(s), no host; or a byte that no URL holds. */
bool url_split(struct str s, struct url *out);
/* "scheme://host[:port]" */
struct str url_origin(struct arena *a, struct str s);
bool url_same_origin(struct str x, struct str y);
/* RFC 3986 §5.2; an already absolute reference comes back as it is. "" base: the reference. */
struct str url_resolve(struct arena *a, struct str base, struct str ref);
/* For logs and messages: no user, no password, no query values. */
struct str url_public(struct arena *a, struct str s);

#endif
