/* transport_curl.c: one HTTP exchange with every limit set. The order of the options follows the
 * promises in transport.h; each one that is not obvious says why. */
#include "net/transport_curl_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/limits.h"
#include "net/address.h"
#include "net/transport_curl_header.h"
#include "net/url.h"

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

static enum df_rc curl_driver_open(const struct net_config *config, void **self_out,
                                   struct err *err)
{
    pthread_once(&once, global_start);
    struct curl_driver *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->config = *config;
    d->user_agent = copy(config->user_agent);
    d->proxy = copy(config->proxy);
    d->ca_file = copy(config->ca_file);
    d->easy = curl_easy_init();
    d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *self_out = d;
    if (d->wake < 0)
        return err_set(err, DF_FATAL, "eventfd: %s", strerror(errno));
    return d->easy ? DF_OK : err_set(err, DF_FATAL, "libcurl could not start");
}

static void curl_driver_close(void *self)
{
    struct curl_driver *d = self;
    curl_multi_end(d);
    curl_easy_cleanup(d->easy);
    if (d->wake >= 0)
        close(d->wake);
    free(d->user_agent);
    free(d->proxy);
    free(d->ca_file);
    free(d);
}

/* --- receiving --- */

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
    struct curl_transfer *t = ctx;
    if (!buf_add(&t->body, p, size * n)) {
        t->too_big = true; /* counted after decompression: a bomb ends here */
        return CURL_WRITEFUNC_ERROR;
    }
    return size * n;
}

static void take_header(struct curl_transfer *t, struct str name, struct str value)
{
    struct net_response *r = &t->response;
    long long number;
    if (str_ieq(name, STR("content-type"))) {
        r->type = arena_str(t->arena, value);
    } else if (str_ieq(name, STR("etag"))) {
        r->etag = arena_str(t->arena, value);
    } else if (str_ieq(name, STR("last-modified"))) {
        r->modified = arena_str(t->arena, value);
    } else if (str_ieq(name, STR("link"))) {
        struct str next = header_next(value);
        if (next.len)
            r->link_next = arena_str(t->arena, next);
    } else if (str_ieq(name, STR("retry-after"))) {
        r->retry_after_ms = header_span(value, clock_now(&clock_system));
    } else if (str_ieq(name, STR("date"))) {
        r->date_ms = header_date(value);
    } else if (str_ieq(name, STR("x-ratelimit-remaining")) ||
               str_ieq(name, STR("ratelimit-remaining"))) {
        double left; /* Reddit writes 97.0 */
        if (str_f64(value, &left))
            r->quota_left = (int64_t)left;
    } else if (str_ieq(name, STR("x-ratelimit-reset")) || str_ieq(name, STR("ratelimit-reset"))) {
        if (str_i64(value, &number))
            t->reset_at = number;
    }
}

static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
    struct curl_transfer *t = ctx;
    struct str line = str_n(p, size * n);
    if (str_starts(line, STR("HTTP/"))) { /* a new answer, after a redirect or a 1xx */
        t->response = (struct net_response){.retry_after_ms = -1, .quota_left = -1,
                                            .quota_reset_ms = -1, .date_ms = DF_NO_TIME};
        t->reset_at = -1;
        buf_reset(&t->body);
        return line.len;
    }
    ptrdiff_t colon = str_chr(line, ':');
    if (colon > 0)
        take_header(t, str_sub(line, 0, (size_t)colon),
                    str_trim(str_sub(line, (size_t)colon + 1, line.len)));
    return line.len;
}

/* --- sending --- */

static bool one_line(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' && s.ptr[i] != '\t')
            return false;
    return true;
}

static enum df_rc add_header(struct curl_transfer *t, const char *name, struct str value,
                             struct err *err)
{
    if (!one_line(value))
        return err_set(err, DF_REJECT, "the value of header '%s' holds a control character", name);
    struct buf line = BUF_INIT(DF_MAX_URL + 256);
    buf_puts(&line, name);
    buf_puts(&line, ": "); /* without a value: curl leaves its own header of that name out */
    buf_str(&line, value);
    struct curl_slist *longer = line.full ? NULL : curl_slist_append(t->headers, line.ptr);
    buf_free(&line);
    if (!longer)
        return err_set(err, DF_REJECT, "header '%s' is too long", name);
    t->headers = longer;
    return DF_OK;
}

static enum df_rc add_headers(struct curl_transfer *t, struct err *err)
{
    const struct net_request *q = t->request;
    enum df_rc rc = DF_OK;
    for (size_t i = 0; i < q->header_count && rc == DF_OK; i++) {
        char name[128];
        snprintf(name, sizeof name, "%.*s", STR_FMT(q->headers[i].name));
        rc = add_header(t, name, q->headers[i].value, err);
    }
    if (rc == DF_OK && q->etag.len)
        rc = add_header(t, "If-None-Match", q->etag, err);
    if (rc == DF_OK && q->modified.len)
        rc = add_header(t, "If-Modified-Since", q->modified, err);
    if (rc == DF_OK && q->body.len) { /* no 100-continue: a second of waiting for nothing */
        /* To curl "Name:" means leave it out, "Name;" means send it empty (which gets a 417). */
        struct curl_slist *longer = curl_slist_append(t->headers, "Expect:");
        t->headers = longer ? longer : t->headers;
    }
    return rc;
}

/* Looks at the address that will really be connected to, after the name was resolved, so that a
 * name which changes its address between a check and its use gains nothing. */
static curl_socket_t open_public(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct curl_transfer *t = ctx;
    (void)purpose;
    if (address_is_private(&address->addr)) {
        t->private_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype, address->protocol);
}

static bool behind_proxy(const char *configured)
{
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                                        "ALL_PROXY"};
    for (size_t i = 0; !configured && i < sizeof names / sizeof *names; i++)
        configured = getenv(names[i]);
    return configured && *configured;
}

static long time_limit(const struct curl_driver *d, const struct net_request *q)
{
    return q->timeout_ms          ? q->timeout_ms
           : d->config.timeout_ms ? d->config.timeout_ms
                                  : DF_TRANSFER_TIMEOUT_MS;
}

enum df_rc curl_transfer_prepare(struct curl_driver *d, struct curl_transfer *t, struct err *err)
{
    const struct net_request *q = t->request;
    CURL *c = t->easy;
    const char *proxy = q->proxy.len ? arena_strz(t->arena, q->proxy) : d->proxy;
    const char *agent = q->user_agent.len ? arena_strz(t->arena, q->user_agent) : d->user_agent;
    size_t max = q->max_body ? q->max_body : DF_MAX_BODY;
    t->body = BUF_INIT(max);
    t->reset_at = -1;
    t->began = clock_ticks_ms();
    enum df_rc rc = add_headers(t, err);
    if (rc != DF_OK)
        return rc;

    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, arena_strz(t->arena, q->url));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, !(q->no_redirects || q->secret));
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)DF_MAX_REDIRECTS);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (d->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, d->ca_file);
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, ""); /* all that curl can undo */
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_DNS_CACHE_TIMEOUT, -1L); /* else a walk per transfer */
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)DF_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, time_limit(d, q));
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)DF_MIN_SPEED_BYTES);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)DF_MIN_SPEED_SECONDS);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)max);
    curl_easy_setopt(c, CURLOPT_USERAGENT, agent ? agent : "defuse/" DEFUSE_VERSION);
    if (proxy)
        curl_easy_setopt(c, CURLOPT_PROXY, proxy);
    if (q->public_only && !behind_proxy(proxy)) {
        curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_public);
        curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    }
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->message);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(c, CURLOPT_PRIVATE, t);
    if (q->body.len || (q->method && strcmp(q->method, "POST") == 0)) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.ptr ? q->body.ptr : "");
    }
    if (q->method)
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method);
    return DF_OK;
}

/* --- the outcome --- */

enum df_rc curl_transfer_finish(struct curl_transfer *t, CURLcode code, struct err *err)
{
    struct net_response *r = &t->response;
    long status = 0;
    char *url = NULL;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
    r->status = (int)status;
    r->url = arena_str(t->arena, url ? str_of(url) : t->request->url);
    if (t->reset_at >= 0) { /* some write a span, some a time */
        int64_t now = time(NULL);
        r->quota_reset_ms =
            (t->reset_at > 1000000000 ? t->reset_at - now : t->reset_at) * DF_SECOND;
        if (r->quota_reset_ms < 0)
            r->quota_reset_ms = 0;
    }
    if (code == CURLE_OK) {
        r->body = arena_str(t->arena, buf_view(&t->body));
        return DF_OK;
    }
    r->truncated = code == CURLE_PARTIAL_FILE;
    return curl_outcome(t, code, err);
}

void curl_transfer_clean(struct curl_transfer *t)
{
    curl_slist_free_all(t->headers);
    t->headers = NULL;
    buf_free(&t->body);
}

static enum df_rc curl_driver_perform(void *self, const struct net_request *req,
                                      struct arena *arena, struct net_response *resp,
                                      struct err *err)
{
    struct curl_driver *d = self;
    struct curl_transfer t = {.easy = d->easy, .request = req, .arena = arena, .response = *resp};
    enum df_rc rc = curl_transfer_prepare(d, &t, err);
    if (rc == DF_OK)
        rc = curl_transfer_finish(&t, curl_easy_perform(t.easy), err);
    *resp = t.response;
    curl_transfer_clean(&t);
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
