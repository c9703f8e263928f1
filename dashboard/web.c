#include "dashboard/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "core/limits.h"
#include "core/log.h"
#include "dashboard/gate.h"
#include "dashboard/gzip.h"

/* Below this a page fits one packet anyway. */
enum { GZIP_LEAST = 1200 };

struct web {
    struct evhttp *http;
    struct gate *gate;
    struct site *site;
    struct arena *arena; /* reset for every request */
    char address[160];
};

static struct str header(struct evhttp_request *ev, const char *name)
{
    return str_of(evhttp_find_header(evhttp_request_get_input_headers(ev), name));
}

static bool says_gzip(struct str accept)
{
    struct str rest = accept, part;

    while (rest.len && str_split(&rest, ',', &part))
        if (str_ieq(str_trim(part), STR("gzip")))
            return true;
    return false;
}

/* Every answer, errors too: nothing inline, nothing from elsewhere, no framing, no guessing. */
static const struct {
    const char *name, *value;
} guards[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types defuse"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"}, {303, "See Other"}, {304, "Not Modified"}, {400, "Bad Request"},
        {403, "Forbidden"}, {404, "Not Found"}, {405, "Method Not Allowed"}, {409, "Conflict"},
        {413, "Content Too Large"}, {421, "Misdirected Request"}, {422, "Unprocessable Content"},
        {500, "Internal Server Error"}, {503, "Service Unavailable"},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

static void add(struct evkeyvalq *out, const char *name, const char *value)
{
    evhttp_add_header(out, name, value); /* refuses line breaks in values by itself */
}

static void send_answer(struct web *w, struct evhttp_request *ev, struct request *q, struct response *r)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(ev);
    struct evbuffer *body = evhttp_request_get_output_buffer(ev);
    struct str bytes = r->bytes.ptr ? r->bytes : buf_view(&r->body.out);
    bool zipped = r->bytes_gzip;

    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        add(out, guards[i].name, guards[i].value);
    add(out, "Cache-Control", r->immutable ? "public, max-age=31536000, immutable" : "no-store");
    add(out, "Vary", "Accept-Encoding, Accept-Language, Cookie");
    for (size_t i = 0; i < r->cookie_count; i++)
        add(out, "Set-Cookie", r->cookies[i].ptr);
    if (r->location.len)
        add(out, "Location", arena_strz(w->arena, r->location));
    if (bytes.len)
        add(out, "Content-Type", r->type);
    if (q->gzip && !zipped && bytes.len >= GZIP_LEAST)
        zipped = gzip_deflate(w->arena, bytes, GZIP_PAGE, &bytes);
    if (zipped)
        add(out, "Content-Encoding", "gzip");
    if (q->method == METHOD_HEAD) /* the length is told, the bytes are not sent */
        add(out, "Content-Length", arena_printf(w->arena, "%zu", bytes.len).ptr);
    else
        evbuffer_add(body, bytes.ptr, bytes.len);
    evhttp_send_reply(ev, r->status, reason_of(r->status), NULL);
}

/* The two ways to say where a body ends must not meet: that is how requests are smuggled. */
static bool framing_is_clear(struct evhttp_request *ev)
{
    struct evkeyval *h;
    int lengths = 0, codings = 0;

    TAILQ_FOREACH(h, evhttp_request_get_input_headers(ev), next) {
        lengths += evutil_ascii_strcasecmp(h->key, "Content-Length") == 0;
        codings += evutil_ascii_strcasecmp(h->key, "Transfer-Encoding") == 0;
    }
    return lengths + codings <= 1;
}

static enum df_rc read_request(struct web *w, struct evhttp_request *ev, struct request *q,
                               struct err *err)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(ev);
    enum evhttp_cmd_type cmd = evhttp_request_get_command(ev);
    struct str body;
    enum df_rc rc;

    *q = (struct request){
        .method = cmd == EVHTTP_REQ_POST   ? METHOD_POST
                  : cmd == EVHTTP_REQ_HEAD ? METHOD_HEAD
                                           : METHOD_GET,
        .host = header(ev, "Host"),
        .origin = header(ev, "Origin"),
        .fetch_site = header(ev, "Sec-Fetch-Site"),
        .languages = header(ev, "Accept-Language"),
        .content_type = header(ev, "Content-Type"),
        .gzip = says_gzip(header(ev, "Accept-Encoding")),
        .arena = w->arena,
    };
    fields_cookies(w->arena, header(ev, "Cookie"), &q->cookies);
    if (!framing_is_clear(ev))
        return err_set(err, DF_REJECT, "the request gives its length twice");
    rc = request_target(q, str_of(evhttp_request_get_uri(ev)), err);
    if (rc != DF_OK || q->method != METHOD_POST)
        return rc;
    body = str_n((const char *)evbuffer_pullup(in, -1), evbuffer_get_length(in));
    return fields_parse(w->arena, body, &q->form, err);
}

static void on_request(struct evhttp_request *ev, void *arg)
{
    struct web *w = arg;
    struct request q;
    struct response r = {.status = 200, .type = "text/html; charset=utf-8"};
    struct err err = {0};
    int64_t began = clock_ticks_ms();

    arena_reset(w->arena);
    if (read_request(w, ev, &q, &err) == DF_OK)
        site_answer(w->site, &q, &r);
    else
        site_refuse(w->site, &q, &r, 400, "problem.malformed");
    send_answer(w, ev, &q, &r);
    log_debug("dashboard", "request", LOG_Z("method", q.method == METHOD_POST ? "POST" : "GET"),
              LOG_STR("path", q.path), LOG_INT("status", r.status),
              LOG_INT("ms", clock_ticks_ms() - began));
    html_free(&r.body);
}

/* "host:port", "[v6]:port". */
static enum df_rc split_listen(struct arena *a, struct str listen, char **host, int *port,
                               struct err *err)
{
    long long n = -1;
    ptrdiff_t colon = -1;
    struct str name;

    for (size_t i = 0; i < listen.len; i++)
        if (listen.ptr[i] == ':')
            colon = (ptrdiff_t)i;
    if (colon < 0 || !str_i64(str_sub(listen, (size_t)colon + 1, listen.len), &n) || n < 0 ||
        n > 65535)
        return err_set(err, DF_FATAL, "cannot listen on \"%.*s\": write address:port, "
                       "as in 127.0.0.1:8080", STR_FMT(listen));
    name = str_sub(listen, 0, (size_t)colon);
    if (name.len > 1 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']')
        name = str_sub(name, 1, name.len - 2);
    *host = arena_strz(a, str_is(name, "localhost") ? STR("127.0.0.1") : name);
    *port = (int)n;
    return DF_OK;
}

/* Where the socket really is: the port may have been chosen by the system. */
static void note_address(struct web *w, evutil_socket_t fd)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;
    char host[INET6_ADDRSTRLEN] = "";
    int port = 0;
    bool six;

    if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
        return;
    six = ss.ss_family == AF_INET6;
    if (six) {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)&ss;
        inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
        port = ntohs(in->sin6_port);
    } else {
        struct sockaddr_in *in = (struct sockaddr_in *)&ss;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        port = ntohs(in->sin_port);
    }
    evutil_snprintf(w->address, sizeof w->address, six ? "http://[%s]:%d/" : "http://%s:%d/", host,
                    port);
    site_listens(w->site, str_of(host), port);
}

enum df_rc web_open(struct event_base *base, struct site *site, struct str listen,
                    struct web **out, struct err *err)
{
    struct evhttp_bound_socket *socket;
    struct web *w = calloc(1, sizeof *w);
    enum df_rc rc;
    char *host = NULL;
    int port = 0;

    *out = NULL;
    if (!w)
        return err_set(err, DF_FATAL, "out of memory");
    w->arena = arena_new();
    w->site = site;
    rc = split_listen(w->arena, listen, &host, &port, err);
    if (rc != DF_OK)
        goto out;
    w->http = evhttp_new(base);
    evhttp_set_max_headers_size(w->http, (ev_ssize_t)DF_MAX_REQUEST_HEADERS);
    evhttp_set_max_body_size(w->http, (ev_ssize_t)DF_MAX_FORM);
    evhttp_set_timeout(w->http, DF_REQUEST_TIMEOUT_S);
    evhttp_set_allowed_methods(w->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST);
    evhttp_set_gencb(w->http, on_request, w);
    socket = evhttp_bind_socket_with_handle(w->http, host, (ev_uint16_t)port);
    if (!socket) {
        rc = err_set(err, DF_FATAL, "cannot listen on %.*s: %s", STR_FMT(listen), strerror(errno));
        goto out;
    }
    w->gate = gate_new(base, w->http, socket);
    note_address(w, evhttp_bound_socket_get_fd(socket));
    *out = w;
out:
    if (rc != DF_OK)
        web_close(&w);
    return rc;
}

void web_close(struct web **wp)
{
    struct web *w = *wp;

    if (!w)
        return;
    if (w->http)
        evhttp_free(w->http);
    gate_free(&w->gate);
    arena_free(&w->arena);
    free(w);
    *wp = NULL;
}

const char *web_address(const struct web *w)
{
    return w->address;
}
