/* transport.h: one request out, one bounded answer back. The seam between the program and the
 * network: drivers are curl (http, https) and file; `transport_open` gives a handle that picks
 * the driver by the URL's scheme and refuses schemes the configuration did not allow.
 * It must not know what a channel, a post or an alert is.
 *
 * Promises: TLS certificates are always verified; a body never grows past its limit, also after
 * decompression; every transfer ends by its time limit; redirects are counted, never lead from
 * http(s) to file, and are not followed at all when the request carries a secret to another host.
 * An HTTP status of any kind is DF_OK here: the exchange worked. See net_status_rc().
 *
 * Lifetime: handle per thread; a response lives in the arena given with its request.
 *
 *   struct transport *t = NULL;
 *   if (transport_open(&(struct net_config){.schemes = NET_HTTPS}, &t, &err) == DF_OK &&
 *       transport_perform(t, &(struct net_request){.url = url}, arena, &resp, &err) == DF_OK) … */
#ifndef DF_NET_TRANSPORT_H
#define DF_NET_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"

enum net_scheme { NET_HTTP = 1, NET_HTTPS = 2, NET_FILE = 4 };

struct net_config {
    unsigned schemes;       /* of enum net_scheme; 0 = http and https */
    struct str user_agent;  /* "" = "defuse/VERSION"; put a contact address in it */
    struct str proxy;       /* "" = environment (https_proxy …) */
    struct str ca_file;     /* "" = system store */
    struct str file_root;   /* file: only below this folder; "" = anywhere readable */
    int max_per_host;       /* connections; 0 = as many as the caller starts transfers. A transfer
                             * that waits for one spends its own time: callers space themselves */
    int timeout_ms;         /* of requests that bring none of their own; 0 = the limit's */
    int renew_ms;           /* how long addresses of names and open connections are kept, at the
                             * next time when nothing is under way; 0 = DF_RENEW_MS */
};

struct net_header {
    struct str name, value;
};

struct net_request {
    const char *method;             /* NULL = GET, or POST when there is a body */
    struct str url;
    const struct net_header *headers;
    size_t header_count;
    struct str body;
    struct str etag, modified;      /* make it conditional; "" = not */
    struct str user_agent;          /* "" = the configuration's */
    struct str proxy;               /* "" = the configuration's */
    size_t max_body;                /* 0 = DF_MAX_BODY */
    int timeout_ms;                 /* 0 = the configuration's, else DF_TRANSFER_TIMEOUT_MS */
    bool secret;                    /* a header, the body or the URL carries a credential */
    bool no_redirects;              /* answer 3xx as it is */
    bool public_only;               /* never connect to a private or loopback address (not
                                       looked at behind a proxy, which resolves for itself) */
};

struct net_response {
    int status;                     /* HTTP status; files give 200 or 304 */
    struct str body;                /* decompressed; never NULL-terminated by contract */
    struct str url;                 /* after redirects */
    struct str type;                /* Content-Type as sent, "" when absent */
    struct str etag, modified;
    struct str link_next;           /* Link: <…>; rel="next", "" when absent */
    int64_t retry_after_ms;         /* -1 when absent; a date is turned into a span */
    int64_t quota_left;             /* RateLimit-Remaining and its cousins; -1 when absent */
    int64_t quota_reset_ms;         /* span until the quota is full again; -1 when absent */
    int64_t date_ms;                /* the server's clock; DF_NO_TIME when absent */
    bool truncated;                 /* the peer closed before the promised length */
};

/* What a status asks of the caller: 2xx OK · 304 NONE · 408 425 429 5xx RETRY · rest REJECT. */
enum df_rc net_status_rc(int status);

/* Called once per started transfer, from transport_pump: rc as transport_perform returns it. */
typedef void net_done(void *ctx, enum df_rc rc, const struct net_response *resp,
                      const struct err *err);

struct transport;

/* A driver. Registered in transport.c; everything else goes through the functions below. */
struct transport_ops {
    const char *name;
    unsigned schemes; /* it serves */
    enum df_rc (*open)(const struct net_config *, void **self_out, struct err *);
    /* Blocking. DF_OK: a response; DF_RETRY: network fault; DF_REJECT: refused by a limit, a bad
     * URL or a bad certificate. *resp is zeroed first. */
    enum df_rc (*perform)(void *self, const struct net_request *, struct arena *,
                          struct net_response *resp, struct err *);
    /* Non-blocking; NULL = perform is called at once and done right after. */
    enum df_rc (*start)(void *self, const struct net_request *, struct arena *, net_done *,
                        void *ctx, struct err *);
    /* Moves started transfers on, waits at most timeout_ms; *running_out those unfinished. */
    enum df_rc (*pump)(void *self, int timeout_ms, int *running_out, struct err *);
    /* From any thread: pump returns soon. NULL = it never waits. */
    void (*wake)(void *self);
    void (*close)(void *self);
};

extern const struct transport_ops transport_curl, transport_file;

DF_CHECKED enum df_rc transport_open(const struct net_config *, struct transport **out,
                                     struct err *);
/* For tests: every scheme goes to this driver. */
DF_CHECKED enum df_rc transport_open_with(const struct transport_ops *, const struct net_config *,
                                          struct transport **out, struct err *);
DF_CHECKED enum df_rc transport_perform(struct transport *, const struct net_request *,
                                        struct arena *, struct net_response *resp, struct err *);
/* The request's strings must stay until done is called; each started transfer needs an arena of
 * its own or one used by this thread only. */
DF_CHECKED enum df_rc transport_start(struct transport *, const struct net_request *,
                                      struct arena *, net_done *, void *ctx, struct err *);
DF_CHECKED enum df_rc transport_pump(struct transport *, int timeout_ms, int *running_out,
                                     struct err *);
/* The only function for other threads: a pump under way, or else the next one, returns at once. */
void transport_wake(struct transport *);
void transport_free(struct transport **);

#endif
