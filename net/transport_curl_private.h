/* transport_curl_private.h: what the parts of the curl driver share: one transfer from request to
 * answer (transport_curl.c), many at once (_multi.c), their sockets (_sockets.c). Outside net/
 * nothing includes curl. */
#ifndef DF_NET_TRANSPORT_CURL_PRIVATE_H
#define DF_NET_TRANSPORT_CURL_PRIVATE_H

#include <curl/curl.h>

#include "core/buf.h"
#include "net/transport.h"

struct curl_sockets;

struct curl_driver {
    struct net_config config;
    char *proxy, *ca_file;              /* config's strings as C strings, NULL when "" */
    struct curl_slist usual[2];         /* the headers of every request: User-Agent first */
    bool proxied;                       /* by the configuration or the environment */
    struct curl_transfer *single;       /* for blocking use; keeps its connections */
    struct curl_multi *multi;           /* NULL until the first start */
    struct curl_sockets *sockets;
    int wake;                           /* an eventfd that pump listens to */
};

/* A handle of curl's and what its callbacks fill. Used for one request after another: most of its
 * options are set once, since setting them all costs as much as the exchange. */
struct curl_transfer {
    CURL *easy;
    struct curl_driver *driver;
    bool plain;                        /* only options that every request sets differ */
    struct curl_transfer *before, *after; /* in the list of those under way */
    void *shard;                       /* that it is under way in */
    /* of the present request */
    struct curl_slist *headers;        /* its own in the arena, then the usual ones */
    const struct net_request *request;
    struct arena *arena;
    struct net_response response;
    struct buf body;
    int64_t began;                     /* ticks */
    int64_t reset_at;                  /* x-ratelimit-reset, as sent */
    char message[CURL_ERROR_SIZE];
    bool too_big;
    bool public_only;
    bool private_refused; /* public_only, and the name led to a private address */
    net_done *done;
    void *ctx;
};

struct curl_transfer *curl_transfer_new(struct curl_driver *, struct err *); /* NULL: no handle */
void curl_transfer_free(struct curl_transfer **);
/* Takes a request on; its answer is collected into the arena. */
enum df_rc curl_transfer_prepare(struct curl_transfer *, const struct net_request *,
                                 struct arena *, struct err *);
/* Turns curl's result into ours; the response is complete after this. */
enum df_rc curl_transfer_finish(struct curl_transfer *, CURLcode, struct err *);
enum df_rc curl_outcome(struct curl_transfer *, CURLcode, struct err *); /* never CURLE_OK */
void curl_transfer_clean(struct curl_transfer *); /* ready for the next request */

/* Callbacks of curl's: ctx is the transfer, the driver. */
curl_socket_t curl_sockets_open(void *ctx, curlsocktype, struct curl_sockaddr *);
int curl_sockets_close(void *driver, curl_socket_t);
/* What curl wants to hear of (CURL_POLL_…); tag comes with the events. */
void curl_sockets_want(struct curl_driver *, int epoll, curl_socket_t, uint64_t tag, int what);
/* An event came: false when nobody waits for it, and it is watched no longer. */
bool curl_sockets_wanted(struct curl_driver *, int epoll, curl_socket_t);
void curl_sockets_end(struct curl_driver *);

enum df_rc curl_multi_begin(struct curl_driver *, const struct net_request *, struct arena *,
                            net_done *, void *ctx, struct err *);
enum df_rc curl_multi_move(struct curl_driver *, int timeout_ms, int *running_out, struct err *);
void curl_multi_end(struct curl_driver *);

#endif
