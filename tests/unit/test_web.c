/* The socket side: limits, framing and names, over loopback in one thread. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "casework/casework.h"
#include "core/limits.h"
#include "dashboard/web.h"

static struct event_base *base;
static struct store *store;
static struct casework_conf conf;
static struct casework cases;
static struct site *site;
static struct web *web;
static int port;

static void begin(void)
{
    struct err err = {0};

    conf = casework_conf_default();
    base = event_base_new();
    cr_assert_eq(store_open("mem:", &store, &err), DF_OK, "%s", err.text);
    cases = (struct casework){store, &clock_system, &conf};
    cr_assert_eq(site_open(&(struct site_config){.cases = &cases, .zone = STR("UTC"),
                                                 .actor = STR("mei")}, &site, &err), DF_OK);
    cr_assert_eq(web_open(base, site, STR("127.0.0.1:0"), &web, &err), DF_OK, "%s", err.text);
    cr_assert_eq(sscanf(web_address(web), "http://127.0.0.1:%d/", &port), 1);
}

static void end(void)
{
    web_close(&web);
    site_close(&site);
    store_close(&store);
    event_base_free(base);
}

TestSuite(web, .init = begin, .fini = end, .timeout = 60);

static int dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Lets the server work until the client has something, or for `turns` of 5 ms. */
static ssize_t hear(int fd, char *out, size_t size, int turns)
{
    size_t have = 0;

    out[0] = '\0';
    for (; turns > 0; turns--) {
        struct timeval soon = {0, 5000};
        ssize_t n;

        event_base_loopexit(base, &soon);
        event_base_dispatch(base);
        n = recv(fd, out + have, size - 1 - have, 0);
        if (n > 0) {
            have += (size_t)n;
            out[have] = '\0';
        } else if (n == 0 || have) {
            break;
        }
    }
    return (ssize_t)have;
}

static const char *ask_on(int fd, const char *request)
{
    static char answer[65536];
    char text[4096];
    int n = snprintf(text, sizeof text, request, port);

    cr_assert_eq(send(fd, text, (size_t)n, 0), n);
    hear(fd, answer, sizeof answer, 40);
    return answer;
}

static const char *ask(const char *request)
{
    int fd = dial();
    const char *answer = ask_on(fd, request);

    close(fd);
    return answer;
}

Test(web, requests_and_their_status)
{
    static const struct {
        const char *request;
        int status;
    } cases_of[] = {
        {"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", 200},
        {"GET / HTTP/1.1\r\nHost: rebound.example:%d\r\n\r\n", 421},
        {"GET / HTTP/1.0\r\n\r\n", 421},
        {"GET http://127.0.0.1:%d/ HTTP/1.1\r\nHost: other.example\r\n\r\n", 400},
        {"POST /prefs HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 3\r\n"
         "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
        {"POST /prefs HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 9999999\r\n\r\n", 413},
        {"POST /prefs HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 0\r\n\r\n", 403},
        {"OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", 501},
    };
    for (size_t i = 0; i < sizeof cases_of / sizeof *cases_of; i++) {
        int status = 0;
        const char *answer = ask(cases_of[i].request);
        cr_expect_eq(sscanf(answer, "HTTP/1.%*d %d", &status), 1, "%s", cases_of[i].request);
        cr_expect_eq(status, cases_of[i].status, "%s: %d", cases_of[i].request, status);
    }
}

Test(web, head_tells_the_length_and_sends_nothing)
{
    const char *answer = ask("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n");
    const char *length = strstr(answer, "Content-Length: ");

    cr_assert(length);
    cr_expect_gt(strtol(length + 16, NULL, 10), 1000);
    cr_expect_str_eq(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
}

Test(web, every_answer_carries_the_policy)
{
    static const char *const paths[] = {"/", "/nothing", "/case/7", "/healthz", "/s/0/none.css"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char request[200];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%%d\r\n\r\n", paths[i]);
        const char *answer = ask(request);
        cr_expect(strstr(answer, "Content-Security-Policy: default-src 'none'"), "%s", paths[i]);
        cr_expect(strstr(answer, "X-Content-Type-Options: nosniff"), "%s", paths[i]);
    }
}

Test(web, connections_are_held_at_their_limit)
{
    enum { MORE = 8 };
    int fds[DF_MAX_CONNECTIONS + MORE];
    char answer[4096];
    char request[100];
    int n = snprintf(request, sizeof request, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n",
                     port);

    for (int i = 0; i < DF_MAX_CONNECTIONS + MORE; i++) {
        fds[i] = dial();
        hear(fds[i], answer, sizeof answer, 1);
    }
    cr_assert_eq(send(fds[0], request, (size_t)n, 0), n);
    cr_expect_gt(hear(fds[0], answer, sizeof answer, 40), 0, "who is in is served");
    cr_assert_eq(send(fds[DF_MAX_CONNECTIONS + MORE - 1], request, (size_t)n, 0), n);
    cr_expect_eq(hear(fds[DF_MAX_CONNECTIONS + MORE - 1], answer, sizeof answer, 20), 0,
                 "one too many waits");
    for (int i = 0; i < DF_MAX_CONNECTIONS; i++)
        close(fds[i]);
    cr_expect_gt(hear(fds[DF_MAX_CONNECTIONS + MORE - 1], answer, sizeof answer, 200), 0,
                 "and is served when others have left");
    for (int i = DF_MAX_CONNECTIONS; i < DF_MAX_CONNECTIONS + MORE; i++)
        close(fds[i]);
}

Test(web, addresses_that_cannot_be_are_named)
{
    static const char *const wrong[] = {"", "8080", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000",
                                        "300.1.1.1:0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct web *other;
        struct err err = {0};
        cr_expect_eq(web_open(base, site, str_of(wrong[i]), &other, &err), DF_FATAL, "%s", wrong[i]);
        cr_expect(strstr(err.text, "cannot listen on"), "%s", err.text);
    }
}
