/* transport_curl_transfer.c: one HTTP exchange with every limit set. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"
#include "core/limits.h"
#include "net/transport_curl_header.h"
#include "net/transport_curl_private.h"

static const struct net_response no_answer = {
    .retry_after_ms = -1, .quota_left = -1, .quota_reset_ms = -1, .date_ms = DF_NO_TIME};

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
        t->response = no_answer;
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

/* curl reads the list and neither keeps nor frees it: its links are ours, in the arena. */
static void put_line(struct curl_transfer *t, char *line)
{
    struct curl_slist *link = ARENA_NEW(t->arena, struct curl_slist);
    *link = (struct curl_slist){line, t->headers};
    t->headers = link;
}

/* Without a value curl leaves its own header of that name out. */
static enum df_rc add_header(struct curl_transfer *t, struct str name, struct str value,
                             struct err *err)
{
    if (!one_line(value))
        return err_set(err, DF_REJECT, "the value of header '%.*s' holds a control character",
                       STR_FMT(name));
    if (value.len > DF_MAX_URL)
        return err_set(err, DF_REJECT, "header '%.*s' is too long", STR_FMT(name));
    struct str line = arena_printf(t->arena, "%.*s: %.*s", STR_FMT(name), STR_FMT(value));
    put_line(t, (char *)line.ptr);
    return DF_OK;
}

/* In front of those that every request has. */
static enum df_rc add_headers(struct curl_transfer *t, struct err *err)
{
    static char no_waiting[] = "Expect:"; /* a second of waiting for "100 Continue" */
    const struct net_request *q = t->request;
    enum df_rc rc = DF_OK;
    t->headers = q->user_agent.len ? t->driver->usual[0].next : &t->driver->usual[0];
    if (q->user_agent.len)
        rc = add_header(t, STR("User-Agent"), q->user_agent, err);
    for (size_t i = 0; i < q->header_count && rc == DF_OK; i++)
        rc = add_header(t, q->headers[i].name, q->headers[i].value, err);
    if (rc == DF_OK && q->etag.len)
        rc = add_header(t, STR("If-None-Match"), q->etag, err);
    if (rc == DF_OK && q->modified.len)
        rc = add_header(t, STR("If-Modified-Since"), q->modified, err);
    if (rc == DF_OK && q->body.len)
        put_line(t, no_waiting);
    return rc;
}

static long time_limit(const struct curl_driver *d, const struct net_request *q)
{
    return q->timeout_ms          ? q->timeout_ms
           : d->config.timeout_ms ? d->config.timeout_ms
                                  : DF_TRANSFER_TIMEOUT_MS;
}

/* What is the same for every request. The order follows the promises in transport.h; what is not
 * obvious says why. */
static void set_always(struct curl_transfer *t)
{
    CURL *c = t->easy;
    const struct curl_driver *d = t->driver;
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
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
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)DF_MIN_SPEED_BYTES);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)DF_MIN_SPEED_SECONDS);
    if (d->proxy || !d->proxied) /* "": none, and the environment is not asked for every request */
        curl_easy_setopt(c, CURLOPT_PROXY, d->proxy ? d->proxy : "");
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, curl_sockets_open);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(c, CURLOPT_CLOSESOCKETFUNCTION, curl_sockets_close);
    curl_easy_setopt(c, CURLOPT_CLOSESOCKETDATA, d); /* connections outlive their first transfer */
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->message);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(c, CURLOPT_PRIVATE, t);
    t->plain = true;
}

struct curl_transfer *curl_transfer_new(struct curl_driver *d, struct err *err)
{
    struct curl_transfer *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->driver = d;
    t->easy = curl_easy_init();
    if (!t->easy) {
        (void)err_set(err, DF_FATAL, "libcurl has no more handles");
        free(t);
        return NULL;
    }
    set_always(t);
    return t;
}

void curl_transfer_free(struct curl_transfer **t)
{
    if (!*t)
        return;
    curl_transfer_clean(*t);
    curl_easy_cleanup((*t)->easy);
    free(*t);
    *t = NULL;
}

/* What few requests have. After one of these the handle is set up from the beginning again. */
static void set_rare(struct curl_transfer *t)
{
    CURL *c = t->easy;
    const struct net_request *q = t->request;
    if (q->proxy.len)
        curl_easy_setopt(c, CURLOPT_PROXY, arena_strz(t->arena, q->proxy));
    if (q->body.len || (q->method && strcmp(q->method, "POST") == 0)) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.len);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.ptr ? q->body.ptr : "");
    }
    if (q->method)
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method);
    t->plain = !q->proxy.len && !q->body.len && !q->method;
}

enum df_rc curl_transfer_prepare(struct curl_transfer *t, const struct net_request *q,
                                 struct arena *arena, struct err *err)
{
    CURL *c = t->easy;
    size_t max = q->max_body ? q->max_body : DF_MAX_BODY;
    t->request = q;
    t->arena = arena;
    t->response = no_answer;
    t->body = BUF_INIT(max);
    t->reset_at = -1;
    t->began = clock_ticks_ms();
    t->message[0] = '\0';
    t->too_big = t->private_refused = false;
    t->public_only = q->public_only && !t->driver->proxied && !q->proxy.len;
    enum df_rc rc = add_headers(t, err);
    if (rc != DF_OK)
        return rc;
    if (!t->plain)
        set_always(t);
    curl_easy_setopt(c, CURLOPT_URL, arena_strz(arena, q->url));
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, !(q->no_redirects || q->secret));
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, time_limit(t->driver, q));
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)max);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
    set_rare(t);
    return DF_OK;
}

/* --- the outcome --- */

enum df_rc curl_transfer_finish(struct curl_transfer *t, CURLcode code, struct err *err)
{
    struct net_response *r = &t->response;
    long status = 0, opened = 0;
    char *url = NULL;
    /* curl counts over a handle's life how often a kept connection was found dead and the request
     * sent again, and gives up at the sixth. Where one was opened that may have been so: set up
     * from the beginning, the handle forgets. */
    curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &opened);
    if (opened > 0)
        t->plain = false;
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
    buf_free(&t->body);
}
