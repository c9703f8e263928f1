/* transport_curl.c: the curl driver: its handle, and its functions by the names of the seam. */
#include "net/transport_curl_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/limits.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void global_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static char *copy(struct str s)
{
    if (s.len == 0)
        return NULL;
    char *z = strndup(s.ptr, s.len);
    if (!z)
        abort();
    return z;
}

/* As headers and not as options: curl would format each option into a line, a character at a
 * time, and then the line into the request, for every request. It undoes what it can undo, which
 * are the encodings named here. */
static void set_usual(struct curl_driver *d)
{
    int can = curl_version_info(CURLVERSION_NOW)->features;
    struct buf b = BUF_INIT(DF_KIB(4));
    buf_puts(&b, "User-Agent: ");
    buf_str(&b, d->config.user_agent.len ? d->config.user_agent : STR("defuse/" DEFUSE_VERSION));
    d->usual[0] = (struct curl_slist){copy(buf_view(&b)), &d->usual[1]};
    buf_reset(&b);
    buf_printf(&b, "Accept-Encoding: %s%s%s", can & CURL_VERSION_LIBZ ? "deflate, gzip" : "identity",
               can & CURL_VERSION_BROTLI ? ", br" : "", can & CURL_VERSION_ZSTD ? ", zstd" : "");
    d->usual[1].data = copy(buf_view(&b));
    buf_free(&b);
}

static bool env_proxy(void)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                                        "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *z = getenv(names[i]);
        if (z && *z)
            return true;
    }
    return false;
}

static void curl_driver_close(void *self)
{
    struct curl_driver *d = self;
    curl_multi_end(d);
    curl_transfer_free(&d->single);
    curl_sockets_end(d); /* last: what is cleaned up above closes its sockets */
    if (d->wake >= 0)
        close(d->wake);
    for (int i = 0; i < 2; i++)
        free(d->usual[i].data);
    free(d->proxy);
    free(d->ca_file);
    free(d);
}

static enum df_rc curl_driver_open(const struct net_config *config, void **self_out,
                                   struct err *err)
{
    pthread_once(&once, global_start);
    struct curl_driver *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->config = *config;
    set_usual(d);
    d->proxy = copy(config->proxy);
    d->ca_file = copy(config->ca_file);
    d->proxied = d->proxy || env_proxy();
    d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum df_rc rc = d->wake < 0 ? err_set(err, DF_FATAL, "eventfd: %s", strerror(errno)) : DF_OK;
    if (rc == DF_OK && !(d->single = curl_transfer_new(d, err)))
        rc = DF_FATAL;
    if (rc == DF_OK)
        *self_out = d;
    else
        curl_driver_close(d);
    return rc;
}

static enum df_rc curl_driver_perform(void *self, const struct net_request *req,
                                      struct arena *arena, struct net_response *resp,
                                      struct err *err)
{
    struct curl_transfer *t = ((struct curl_driver *)self)->single;
    enum df_rc rc = curl_transfer_prepare(t, req, arena, err);
    if (rc == DF_OK)
        rc = curl_transfer_finish(t, curl_easy_perform(t->easy), err);
    *resp = t->response;
    curl_transfer_clean(t);
    return rc;
}

static enum df_rc curl_driver_start(void *self, const struct net_request *req,
                                    struct arena *arena, net_done *done, void *ctx,
                                    struct err *err)
{
    return curl_multi_begin(self, req, arena, done, ctx, err);
}

static enum df_rc curl_driver_pump(void *self, int timeout_ms, int *running_out, struct err *err)
{
    return curl_multi_move(self, timeout_ms, running_out, err);
}

static void curl_driver_wake(void *self)
{
    struct curl_driver *d = self;
    uint64_t one = 1;
    while (write(d->wake, &one, sizeof one) < 0 && errno == EINTR) /* EAGAIN: it is awake */
        ;
}

const struct transport_ops transport_curl = {
    .name = "curl",
    .schemes = NET_HTTP | NET_HTTPS,
    .open = curl_driver_open,
    .perform = curl_driver_perform,
    .start = curl_driver_start,
    .pump = curl_driver_pump,
    .wake = curl_driver_wake,
    .close = curl_driver_close,
};
