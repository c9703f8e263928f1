/* transport_curl_header.h: the values of HTTP headers that steer a poll: when to come again, where the next page
 * is, what time the server has. Pure; anything may stand in a header. */
#ifndef DF_NET_TRANSPORT_CURL_HEADER_H
#define DF_NET_TRANSPORT_CURL_HEADER_H

#include <stdint.h>

#include "core/str.h"

/* A date as HTTP writes it (three forms); DF_NO_TIME when it is none. */
int64_t header_date(struct str value);
/* Retry-After: seconds, also with a fraction, or a date counted from `now`; 0 for the past, at
 * most a year; -1 when it says nothing. */
int64_t header_span(struct str value, int64_t now);
/* Link: <…?page=2>; rel="next", <…>; rel="last" → the address of "next", "" without one. */
struct str header_next(struct str value);

#endif
