/* bench_collect.c: many sources at once over loopback: conditional requests a second and memory a
 * source, for the transport alone and for whole polls. A second process is the web: each source is
 * a host of its own (127.x.y.z), answers 304 to what it gave before, and keeps its connections.
 * Prints name<TAB>value<TAB>unit.   usage: bench_collect [SOURCES [ROUNDS]] */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "collector/collector.h"
#include "core/clock.h"
#include "tools/bench/seconds.h"

#define WINDOW 256
#define MAX_FILES 65536

static int count = 5000, rounds = 5, port;

/* --- the web --- */

static const char feed[] =
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"bench\",\"items\":["
    "{\"id\":\"1\",\"content_text\":\"It broke after a week.\",\"date_published\":\"2026-01-02T03:04:05Z\"},"
    "{\"id\":\"2\",\"content_text\":\"Lovely, thank you.\",\"date_published\":\"2026-01-02T02:04:05Z\"}]}";

static char full[1024], same[256];
static size_t full_len, same_len;

static void serve_one(int epoll, int fd)
{
    char in[4096];
    ssize_t n = recv(fd, in, sizeof in - 1, 0);
    if (n <= 0) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
        close(fd);
        return;
    }
    in[n] = '\0'; /* a request is one packet here */
    if (strstr(in, "/robots.txt"))
        send(fd, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 38, MSG_NOSIGNAL);
    else if (strstr(in, "If-None-Match"))
        send(fd, same, same_len, MSG_NOSIGNAL);
    else
        send(fd, full, full_len, MSG_NOSIGNAL);
}

static void web(int listener)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = listener}, evs[512];
    int epoll = epoll_create1(0), one = 1;
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &ev);
    full_len = (size_t)snprintf(full, sizeof full,
                                "HTTP/1.1 200 OK\r\nETag: \"b\"\r\nContent-Type: application/json\r\n"
                                "Content-Length: %zu\r\n\r\n%s", sizeof feed - 1, feed);
    same_len = (size_t)snprintf(same, sizeof same,
                                "HTTP/1.1 304 Not Modified\r\nETag: \"b\"\r\n\r\n");
    for (;;) {
        int n = epoll_wait(epoll, evs, 512, -1);
        for (int i = 0; i < n; i++) {
            if (evs[i].data.fd != listener) {
                serve_one(epoll, evs[i].data.fd);
                continue;
            }
            int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
            if (fd < 0)
                continue;
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            ev = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
        }
    }
}

static pid_t start_web(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    struct rlimit r = {MAX_FILES, MAX_FILES};
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (setrlimit(RLIMIT_NOFILE, &r) != 0 && getrlimit(RLIMIT_NOFILE, &r) == 0) {
        r.rlim_cur = r.rlim_max;
        setrlimit(RLIMIT_NOFILE, &r);
    }
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 4096) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0) {
        perror("bench_collect");
        exit(1);
    }
    port = ntohs(a.sin_port);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        web(fd);
    }
    close(fd);
    return pid;
}

/* --- measuring --- */

static double resident_kb(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f || fscanf(f, "%*s %ld", &pages) != 1)
        exit(1);
    fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static struct str address(struct arena *a, int i)
{
    return arena_printf(a, "http://127.%d.%d.%d:%d/feed.json", 1 + i / 40000, i / 200 % 200,
                        1 + i % 200, port);
}

static void figures(const char *what, double wall, double cpu, double kb)
{
    double n = (double)count * rounds;
    printf("%s_conditional_get\t%.0f\treq/s\n", what, n / wall);
    printf("%s_cpu\t%.1f\tus/req\n", what, cpu / n * 1e6);
    printf("%s_memory\t%.1f\tKB/source\n", what, kb / count);
    fflush(stdout);
}

/* --- the transport alone --- */

struct round {
    struct transport *transport;
    struct net_request *requests;
    struct arena *arenas[WINDOW]; /* one a slot, emptied after each answer */
    int free_slots[WINDOW], free_count;
    int begun, ended, unexpected, want;
};

struct slot {
    struct round *round;
    int number;
};

static struct slot slots[WINDOW];

static void on_done(void *ctx, enum df_rc rc, const struct net_response *r, const struct err *err)
{
    struct slot *s = ctx;
    (void)err;
    s->round->unexpected += rc != DF_OK || r->status != s->round->want;
    s->round->ended++;
    arena_reset(s->round->arenas[s->number]);
    s->round->free_slots[s->round->free_count++] = s->number;
}

static void one_round(struct round *r)
{
    struct err err;
    int running;
    r->begun = r->ended = 0;
    while (r->ended < count) {
        while (r->begun < count && r->free_count) {
            struct slot *s = &slots[r->free_slots[--r->free_count]];
            if (transport_start(r->transport, &r->requests[r->begun++], r->arenas[s->number], on_done,
                                s, &err) != DF_OK)
                exit(1);
        }
        if (transport_pump(r->transport, 100, &running, &err) != DF_OK)
            exit(1);
    }
    if (r->unexpected) {
        fprintf(stderr, "bench_collect: %d of %d answers were not %d\n", r->unexpected, count, r->want);
        exit(1);
    }
}

static void bench_transport(void)
{
    struct arena *a = arena_new();
    struct round r = {.requests = arena_array(a, (size_t)count, sizeof *r.requests), .want = 200};
    struct err err;
    for (int i = 0; i < count; i++)
        r.requests[i] = (struct net_request){.url = address(a, i)};
    for (int i = 0; i < WINDOW; i++) {
        slots[i] = (struct slot){&r, i};
        r.arenas[i] = arena_new();
        r.free_slots[r.free_count++] = i;
    }
    double before = resident_kb();
    if (transport_open(&(struct net_config){0}, &r.transport, &err) != DF_OK)
        exit(1);
    one_round(&r); /* connects, and gets everything once */
    for (int i = 0; i < count; i++)
        r.requests[i].etag = STR("\"b\"");
    r.want = 304;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < rounds; i++)
        one_round(&r);
    figures("transport", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
            resident_kb() - before);
    transport_free(&r.transport);
    for (int i = 0; i < WINDOW; i++)
        arena_free(&r.arenas[i]);
    arena_free(&a);
}

/* --- whole polls: robots.txt, states, posts --- */

static struct collect_job *jobs;
static int polled, new_posts, bad_polls;

static bool keep(struct collect_job *j, struct collect_result *r, void *ctx)
{
    (void)ctx;
    free((char *)j->state.ptr);
    j->state.ptr = strndup(r->state.ptr, r->state.len);
    j->state.len = r->state.len;
    new_posts += (int)r->count;
    bad_polls += r->health.rc != DF_OK;
    polled++;
    return true;
}

static int64_t now_of(void *ctx)
{
    (void)ctx;
    return clock_now(&clock_system);
}

static void poll_all(struct collector *col, struct transport *t)
{
    struct err err;
    polled = new_posts = bad_polls = 0;
    if (collect_many(col, jobs, (size_t)count, t, NULL, now_of, NULL, keep, NULL, &err) != DF_OK ||
        polled != count || bad_polls) {
        fprintf(stderr, "bench_collect: %d of %d polled, %d badly\n", polled, count, bad_polls);
        exit(1);
    }
}

static void bench_polls(void)
{
    struct arena *a = arena_new();
    struct channels *channels = NULL;
    struct collector *col = NULL;
    struct transport *t = NULL;
    struct diags diags = {0};
    struct err err;
    struct source *sources = arena_array(a, (size_t)count, sizeof *sources);
    jobs = arena_array(a, (size_t)count, sizeof *jobs);
    if (channels_load(NULL, &channels, &diags) != DF_OK || collector_new(channels, &col, &err) != DF_OK ||
        transport_open(&(struct net_config){0}, &t, &err) != DF_OK)
        exit(1);
    double before = resident_kb();
    for (int i = 0; i < count; i++) {
        struct param_value *p = arena_array(a, 1, sizeof *p);
        *p = (struct param_value){STR("url"), address(a, i)};
        if (source_make(channels, arena_printf(a, "s%d", i), STR("feed"), p, 1, "bench", a, &sources[i],
                        &diags) != DF_OK)
            exit(1);
        jobs[i].source = &sources[i];
    }
    poll_all(col, t);
    if (new_posts != 2 * count)
        exit(1);
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < rounds; i++)
        poll_all(col, t);
    figures("poll", seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
            resident_kb() - before);
    for (int i = 0; i < count; i++)
        free((char *)jobs[i].state.ptr);
    transport_free(&t);
    collector_free(&col);
    channels_free(&channels);
    diags_free(&diags);
    arena_free(&a);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        count = (int)strtol(argv[1], NULL, 10);
    if (argc > 2)
        rounds = (int)strtol(argv[2], NULL, 10);
    if (count < 1 || count > 40000 || rounds < 1)
        return 2;
    pid_t pid = start_web();
    printf("sources\t%d\thosts\n", count);
    bench_transport();
    bench_polls();
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return 0;
}
