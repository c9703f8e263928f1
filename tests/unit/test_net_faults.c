/* The transport against a host that misbehaves on the wire: a small server in a thread, one
 * behaviour a path. What must hold: every call returns, within its time, with the right outcome. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "core/clock.h"
#include "core/limits.h"
#include "net/transport.h"

/* --- the server --- */

static int listener, port;
static _Atomic int died; /* connections kept and then closed under a request */

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        return;
}

static void bomb(int fd)
{
    /* 64 MiB of zeros in some 64 KB of gzip */
    static unsigned char zeros[1 << 16], out[1 << 17];
    z_stream z = {0};
    size_t n = 0;
    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    z.next_out = out;
    z.avail_out = sizeof out;
    for (int i = 0; i < 1024; i++) {
        z.next_in = zeros;
        z.avail_in = sizeof zeros;
        deflate(&z, Z_NO_FLUSH);
    }
    deflate(&z, Z_FINISH);
    n = sizeof out - z.avail_out;
    deflateEnd(&z);
    dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
    if (write(fd, out, n) < 0)
        return;
}

static void endless(int fd)
{
    char chunk[4096];
    memset(chunk, 'x', sizeof chunk);
    say(fd, "HTTP/1.1 200 OK\r\n\r\n");
    while (write(fd, chunk, sizeof chunk) > 0)
        ;
}

/* Keeps the connection, takes the next request on it, and is gone. */
static void answer_and_die(int fd)
{
    char next[4096];
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    died += read(fd, next, sizeof next) > 0;
}

static void answer(int fd, const char *path, const char *request)
{
    if (strcmp(path, "/ok") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nETag: \"e1\"\r\nContent-Type: text/x; charset=big5\r\nContent-Length: 5\r\n"
                "Link: </ok?p=2>; rel=\"next\", </x>; rel=\"last\"\r\nX-RateLimit-Remaining: 7\r\n\r\nhello");
    else if (strcmp(path, "/cond") == 0)
        say(fd, strstr(request, "If-None-Match: \"e1\"") ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                                                         : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/429") == 0)
        say(fd, "HTTP/1.1 429 Too Many\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/503date") == 0)
        say(fd, "HTTP/1.1 503 Busy\r\nRetry-After: Fri, 01 Jan 2038 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/hang") == 0)
        sleep(5);
    else if (strcmp(path, "/drip") == 0)
        for (int i = 0; i < 50; i++) {
            say(fd, i ? "x" : "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        }
    else if (strcmp(path, "/cut") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
    else if (strcmp(path, "/cutchunk") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nonly this");
    else if (strcmp(path, "/long") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdefgh");
    else if (strcmp(path, "/loop") == 0)
        say(fd, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/tofile") == 0)
        say(fd, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/redirect") == 0)
        say(fd, "HTTP/1.1 301 Moved\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
    else if (strcmp(path, "/huge") == 0)
        say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nxxxx");
    else if (strcmp(path, "/endless") == 0)
        endless(fd);
    else if (strcmp(path, "/bomb") == 0)
        bomb(fd);
    else if (strcmp(path, "/garbage") == 0)
        say(fd, "\x01\x02 this is not HTTP\r\n\r\n");
    else if (strcmp(path, "/echo") == 0)
        dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(request), request);
    else if (strcmp(path, "/kept") == 0)
        answer_and_die(fd);
}

static void *serve_one(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char request[4096] = "", path[256] = "";
    ssize_t n = read(fd, request, sizeof request - 1);
    if (n > 0 && sscanf(request, "%*s %255s", path) == 1)
        answer(fd, path, request);
    close(fd);
    return NULL;
}

static void *serve(void *arg)
{
    (void)arg;
    int fd;
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        pthread_t th;
        if (pthread_create(&th, NULL, serve_one, (void *)(intptr_t)fd) == 0)
            pthread_detach(th);
    }
    return NULL;
}

static struct transport *net;
static struct arena *arena;

static void begin(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    pthread_t th;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(listener, (struct sockaddr *)&a, sizeof a) == 0 && listen(listener, 128) == 0);
    getsockname(listener, (struct sockaddr *)&a, &len);
    port = ntohs(a.sin_port);
    signal(SIGPIPE, SIG_IGN);
    cr_assert(pthread_create(&th, NULL, serve, NULL) == 0);
    pthread_detach(th);
    arena = arena_new();
    struct err e;
    cr_assert_eq(transport_open(&(struct net_config){.schemes = NET_HTTP | NET_HTTPS}, &net, &e), DF_OK);
}

static void end(void)
{
    transport_free(&net);
    arena_free(&arena);
    close(listener);
}

static struct net_request request_of(const char *path)
{
    return (struct net_request){.url = arena_printf(arena, "http://127.0.0.1:%d%s", port, path),
                                .timeout_ms = 1500};
}

TestSuite(wire, .init = begin, .fini = end, .timeout = 30);

Test(wire, every_fault)
{
    static const struct {
        const char *path;
        enum df_rc rc;
        int status;
    } cases[] = {
        {"/ok", DF_OK, 200},       {"/429", DF_OK, 429},     {"/503date", DF_OK, 503},
        {"/hang", DF_RETRY, 0},    {"/drip", DF_RETRY, 200}, {"/cut", DF_RETRY, 200},
        {"/cutchunk", DF_RETRY, 200}, {"/long", DF_OK, 200}, {"/loop", DF_REJECT, 302},
        {"/tofile", DF_REJECT, 302}, {"/redirect", DF_OK, 200}, {"/huge", DF_REJECT, 200},
        {"/endless", DF_REJECT, 200}, {"/bomb", DF_REJECT, 200}, {"/garbage", DF_REJECT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct net_request q = request_of(cases[i].path);
        struct net_response r;
        struct err e = {0};
        int64_t began = clock_ticks_ms();
        q.max_body = DF_MIB(4);
        enum df_rc rc = transport_perform(net, &q, arena, &r, &e);
        cr_expect_eq(rc, cases[i].rc, "%s: %s %s", cases[i].path, df_rc_name(rc), e.text);
        cr_expect_eq(r.status, cases[i].status, "%s: HTTP %d", cases[i].path, r.status);
        cr_expect_lt(clock_ticks_ms() - began, 4000, "%s took long", cases[i].path);
        cr_expect(rc == DF_OK || e.text[0], "%s", cases[i].path);
    }
}

Test(wire, headers_of_interest)
{
    struct net_request q = request_of("/ok");
    struct net_response r;
    struct err e = {0};
    cr_assert_eq(transport_perform(net, &q, arena, &r, &e), DF_OK);
    cr_expect(str_is(r.body, "hello") && str_is(r.etag, "\"e1\"") && str_is(r.link_next, "/ok?p=2"));
    cr_expect(str_is(r.type, "text/x; charset=big5"));
    cr_expect_eq(r.quota_left, 7);
    q = request_of("/429");
    cr_assert_eq(transport_perform(net, &q, arena, &r, &e), DF_OK);
    cr_expect_eq(r.retry_after_ms, 17000);
    cr_expect_eq(net_status_rc(r.status), DF_RETRY);
    q = request_of("/503date");
    cr_assert_eq(transport_perform(net, &q, arena, &r, &e), DF_OK);
    cr_expect_gt(r.retry_after_ms, 1000);
    q = request_of("/cond");
    q.etag = STR("\"e1\"");
    cr_assert_eq(transport_perform(net, &q, arena, &r, &e), DF_OK);
    cr_expect_eq(r.status, 304);
    cr_expect_eq(net_status_rc(304), DF_NONE);
}

Test(wire, refusals_before_any_packet)
{
    static const char *const bad[] = {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x", "/just/a/path",
                                      "http://", "http://h\r\nX: y/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct net_request q = {.url = str_of(bad[i])};
        struct net_response r;
        struct err e = {0};
        cr_expect_eq(transport_perform(net, &q, arena, &r, &e), DF_REJECT, "%s", bad[i]);
    }
    struct net_header evil = {STR("X-A"), STR("b\r\nEvil: 1")};
    struct net_request q = request_of("/echo");
    struct net_response r;
    struct err e = {0};
    q.headers = &evil;
    q.header_count = 1;
    cr_expect_eq(transport_perform(net, &q, arena, &r, &e), DF_REJECT, "a header cannot smuggle another");
}

Test(wire, a_secret_is_not_carried_elsewhere)
{
    struct net_request q = request_of("/redirect");
    struct net_response r;
    struct err e = {0};
    q.secret = true;
    cr_assert_eq(transport_perform(net, &q, arena, &r, &e), DF_OK);
    cr_expect_eq(r.status, 301);
}

Test(wire, names_that_do_not_exist_and_closed_ports)
{
    static const char *const urls[] = {"http://no-such-host.invalid/", "http://127.0.0.1:1/"};
    for (size_t i = 0; i < 2; i++) {
        struct net_request q = {.url = str_of(urls[i]), .timeout_ms = 3000};
        struct net_response r;
        struct err e = {0};
        cr_expect_eq(transport_perform(net, &q, arena, &r, &e), DF_RETRY, "%s: %s", urls[i], e.text);
    }
}

static void count_done(void *ctx, enum df_rc rc, const struct net_response *r, const struct err *e)
{
    int *n = ctx;
    (void)e;
    n[rc == DF_OK && r->status == 200]++;
}

Test(wire, a_bad_host_holds_up_nobody)
{
    enum { N = 40 };
    static struct net_request q[N + 2];
    int done[2] = {0}, running = 1;
    struct err e = {0};
    int64_t began = clock_ticks_ms();
    q[N] = request_of("/hang");
    q[N + 1] = request_of("/bomb");
    q[N + 1].max_body = DF_MIB(1);
    cr_assert_eq(transport_start(net, &q[N], arena, count_done, done, &e), DF_OK);
    cr_assert_eq(transport_start(net, &q[N + 1], arena, count_done, done, &e), DF_OK);
    for (int i = 0; i < N; i++) {
        q[i] = request_of("/ok");
        /* another name for the same machine, so that the hang holds no connection of theirs */
        q[i].url = arena_printf(arena, "http://localhost:%d/ok", port);
        cr_assert_eq(transport_start(net, &q[i], arena, count_done, done, &e), DF_OK);
    }
    while (done[1] < N && clock_ticks_ms() - began < 5000)
        cr_assert_eq(transport_pump(net, 50, &running, &e), DF_OK);
    cr_expect_eq(done[1], N);
    cr_expect_lt(clock_ticks_ms() - began, 1400, "they did not wait for the one that hangs");
    while (running)
        cr_assert_eq(transport_pump(net, 50, &running, &e), DF_OK);
    cr_expect_eq(done[0], 2);
}

Test(wire, kept_connections_that_die_are_opened_again)
{
    enum { N = 20 }; /* curl gives up at the sixth in the life of a handle */
    for (int i = 0; i < N; i++) {
        struct net_request q = request_of("/kept");
        struct net_response r;
        struct err e = {0};
        enum df_rc rc = transport_perform(net, &q, arena, &r, &e);
        cr_expect_eq(rc, DF_OK, "request %d: %s", i + 1, e.text);
        cr_expect(rc == DF_OK && str_is(r.body, "hello"), "request %d", i + 1);
    }
    cr_expect_eq(died, N - 1, "%d were met dead", died);
}

struct chain { /* each answer starts the next request, from inside the pump */
    struct transport *net;
    struct net_request request;
    int left, good;
};

static void next_link(void *ctx, enum df_rc rc, const struct net_response *r, const struct err *e)
{
    struct chain *c = ctx;
    struct err err = {0};
    (void)e;
    c->good += rc == DF_OK && r->status == 200;
    nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
    if (c->left-- > 0)
        cr_expect_eq(transport_start(c->net, &c->request, arena, next_link, c, &err), DF_OK);
}

Test(wire, what_is_remembered_of_hosts_is_renewed)
{
    struct err e = {0};
    struct chain c = {.request = request_of("/ok")};
    struct net_config renewing = {.schemes = NET_HTTP, .renew_ms = 1};
    cr_assert_eq(transport_open(&renewing, &c.net, &e), DF_OK);
    for (int round = 0; round < 3; round++) {
        int running = 1;
        c.left = 2;
        cr_assert_eq(transport_start(c.net, &c.request, arena, next_link, &c, &e), DF_OK);
        while (running)
            cr_assert_eq(transport_pump(c.net, 50, &running, &e), DF_OK);
    }
    cr_expect_eq(c.good, 9);
    /* one that is given up while under way takes nothing with it */
    cr_assert_eq(transport_start(c.net, &c.request, arena, next_link, &c, &e), DF_OK);
    transport_free(&c.net);
    cr_expect_eq(c.good, 9);
}
