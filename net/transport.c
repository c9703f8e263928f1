/* transport.c: picks the driver by scheme and refuses what the configuration did not allow. */
#include "net/transport.h"

#include <stdlib.h>

#include "core/limits.h"
#include "net/url.h"

static const struct transport_ops *const drivers[] = {&transport_curl, &transport_file};
#define DRIVERS (sizeof drivers / sizeof *drivers)

struct transport {
    struct net_config config;
    struct {
        const struct transport_ops *ops;
        void *self;
    } slots[DRIVERS];
    size_t count;
    bool any_scheme; /* a test driver takes everything */
};

static const struct {
    const char *name;
    unsigned bit;
} schemes[] = {{"http", NET_HTTP}, {"https", NET_HTTPS}, {"file", NET_FILE}};

static unsigned scheme_bit(struct str name)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_ieq(name, str_of(schemes[i].name)))
            return schemes[i].bit;
    return 0;
}

enum df_rc net_status_rc(int status)
{
    if (status >= 200 && status < 300)
        return DF_OK;
    if (status == 304)
        return DF_NONE;
    if (status == 408 || status == 425 || status == 429 || status >= 500)
        return DF_RETRY;
    return DF_REJECT;
}

static enum df_rc add_driver(struct transport *t, const struct transport_ops *ops,
                             struct err *err)
{
    void *self = NULL;
    enum df_rc rc = ops->open(&t->config, &self, err);
    if (rc != DF_OK)
        return rc;
    t->slots[t->count].ops = ops;
    t->slots[t->count++].self = self;
    return DF_OK;
}

static struct transport *transport_alloc(const struct net_config *config)
{
    struct transport *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->config = *config;
    if (!t->config.schemes)
        t->config.schemes = NET_HTTP | NET_HTTPS;
    return t;
}

enum df_rc transport_open(const struct net_config *config, struct transport **out,
                          struct err *err)
{
    struct transport *t = transport_alloc(config);
    enum df_rc rc = DF_OK;
    for (size_t i = 0; i < DRIVERS && rc == DF_OK; i++)
        if (drivers[i]->schemes & t->config.schemes)
            rc = add_driver(t, drivers[i], err);
    if (rc != DF_OK)
        transport_free(&t);
    *out = t;
    return rc;
}

enum df_rc transport_open_with(const struct transport_ops *ops, const struct net_config *config,
                               struct transport **out, struct err *err)
{
    struct transport *t = transport_alloc(config);
    t->any_scheme = true;
    enum df_rc rc = add_driver(t, ops, err);
    if (rc != DF_OK)
        transport_free(&t);
    *out = t;
    return rc;
}

/* The slot that serves this URL, or a reason why none does. */
static enum df_rc route(struct transport *t, const struct net_request *req, size_t *slot_out,
                        struct err *err)
{
    struct url u;
    if (!url_split(req->url, &u))
        return err_set(err, DF_REJECT, "not a URL that can be fetched");
    *slot_out = 0;
    if (t->any_scheme)
        return DF_OK;
    unsigned bit = scheme_bit(u.scheme);
    if (!bit)
        return err_set(err, DF_REJECT, "'%.*s' is not a scheme defuse can fetch (http, https, file)",
                       STR_FMT(u.scheme));
    for (size_t i = 0; i < t->count; i++)
        if (t->slots[i].ops->schemes & t->config.schemes & bit) {
            *slot_out = i;
            return DF_OK;
        }
    return err_set(err, DF_REJECT, "the scheme '%.*s' is not allowed here", STR_FMT(u.scheme));
}

static void response_clear(struct net_response *r)
{
    *r = (struct net_response){
        .retry_after_ms = -1, .quota_left = -1, .quota_reset_ms = -1, .date_ms = INT64_MIN};
}

enum df_rc transport_perform(struct transport *t, const struct net_request *req,
                             struct arena *arena, struct net_response *resp, struct err *err)
{
    size_t slot;
    response_clear(resp);
    enum df_rc rc = route(t, req, &slot, err);
    if (rc != DF_OK)
        return rc;
    return t->slots[slot].ops->perform(t->slots[slot].self, req, arena, resp, err);
}

enum df_rc transport_start(struct transport *t, const struct net_request *req,
                           struct arena *arena, net_done *done, void *ctx, struct err *err)
{
    size_t slot;
    enum df_rc rc = route(t, req, &slot, err);
    if (rc != DF_OK)
        return rc;
    const struct transport_ops *ops = t->slots[slot].ops;
    if (ops->start)
        return ops->start(t->slots[slot].self, req, arena, done, ctx, err);
    struct net_response resp;
    struct err why = {0};
    response_clear(&resp);
    rc = ops->perform(t->slots[slot].self, req, arena, &resp, &why);
    done(ctx, rc, &resp, &why);
    return DF_OK;
}

enum df_rc transport_pump(struct transport *t, int timeout_ms, int *running_out, struct err *err)
{
    *running_out = 0;
    for (size_t i = 0; i < t->count; i++) {
        int running = 0;
        if (!t->slots[i].ops->pump)
            continue;
        enum df_rc rc = t->slots[i].ops->pump(t->slots[i].self, timeout_ms, &running, err);
        if (rc != DF_OK)
            return rc;
        *running_out += running;
    }
    return DF_OK;
}

void transport_wake(struct transport *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->slots[i].ops->wake)
            t->slots[i].ops->wake(t->slots[i].self);
}

void transport_free(struct transport **t)
{
    if (!*t)
        return;
    for (size_t i = 0; i < (*t)->count; i++)
        (*t)->slots[i].ops->close((*t)->slots[i].self);
    free(*t);
    *t = NULL;
}
