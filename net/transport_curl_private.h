/* transport_curl_private.h: what the two halves of the curl driver share: one transfer from
 * request to answer (transport_curl.c) and many at once (transport_curl_multi.c). Outside net/
 * nothing includes curl. */
#ifndef DF_NET_TRANSPORT_CURL_PRIVATE_H
#define DF_NET_TRANSPORT_CURL_PRIVATE_H

#include <curl/curl.h>

#include "core/buf.h"
#include "net/transport.h"

struct curl_driver {
    struct net_config config;
    char *user_agent, *proxy, *ca_file; /* config's strings as C strings, NULL when "" */
    CURL *easy;                         /* for blocking use; keeps its connections */
    struct curl_multi *multi;           /* NULL until the first start */
    int wake;                           /* an eventfd that pump listens to */
};

struct curl_transfer {
    CURL *easy;
    struct curl_slist *headers;
    const struct net_request *request;
    struct arena *arena;
    struct net_response response;
    struct buf body;
    int64_t began;                     /* ticks */
    int64_t reset_at;                  /* x-ratelimit-reset, as sent */
    char message[CURL_ERROR_SIZE];
    bool too_big;
    bool private_refused; /* public_only, and the name led to a private address */
    net_done *done;
    void *ctx;
};

/* Sets every option for this request on t->easy. */
enum df_rc curl_transfer_prepare(struct curl_driver *, struct curl_transfer *, struct err *);
/* Turns curl's result into ours; the response is complete after this. */
enum df_rc curl_transfer_finish(struct curl_transfer *, CURLcode, struct err *);
enum df_rc curl_outcome(struct curl_transfer *, CURLcode, struct err *); /* never CURLE_OK */
void curl_transfer_clean(struct curl_transfer *); /* frees all but the easy handle */

enum df_rc curl_multi_begin(struct curl_driver *, const struct net_request *, struct arena *,
                            net_done *, void *ctx, struct err *);
enum df_rc curl_multi_move(struct curl_driver *, int timeout_ms, int *running_out, struct err *);
void curl_multi_end(struct curl_driver *);

#endif
