/* bench_serve.c: `defuse serve` with many sources against a loopback site: how long until all are
 * read, what pages take meanwhile, and what it costs to go on once all is known.
 * Prints name<TAB>value<TAB>unit.   usage: bench_serve DEFUSE LOOPBACK [SOURCES] */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/clock.h"
#include "net/transport.h"

enum { POSTS = 6, MAX_SAMPLES = 20000, STEADY_MS = 15000, PATIENCE_MS = 120000 };

static int count = 5000;
static char dir[64];
static struct transport *net;

/* --- the site and the settings --- */

static const char *const texts[] = {
    "The parcel never arrived and nobody answers my mails", "It broke after a week, I want my money back",
    "Lovely, thank you, works like a charm", "I was charged twice for one order",
    "收到的杯子是破的,客服一直不回", "App crashes on start since the update", "等了兩個小時都冇人理,好失望"};

static FILE *file_for(const char *name, int number)
{
    char path[160];
    snprintf(path, sizeof path, name, dir, number);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

static void make_site(void)
{
    char path[160];
    snprintf(path, sizeof path, "%s/site", dir);
    mkdir(path, 0700);
    for (int i = 0; i < count; i++) {
        FILE *f = file_for("%s/site/%d", i);
        fputs("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[", f);
        for (int k = 0; k < POSTS; k++)
            fprintf(f, "%s{\"id\":\"%d-%d\",\"author\":{\"name\":\"user %d\"},\"content_text\":\"%s. "
                       "Order %d.\",\"date_published\":\"2026-11-20T03:0%d:05Z\"}", k ? "," : "", i, k,
                    i * 7 + k, texts[(size_t)(i + k) % (sizeof texts / sizeof *texts)], i * 6 + k, k);
        fputs("]}", f);
        fclose(f);
    }
}

static void make_settings(int port)
{
    FILE *f = file_for("%s/defuse.yaml", 0);
    fputs("brand: {name: Wren}\ndatabase: t.db\nsources:\n", f);
    for (int i = 0; i < count; i++)
        fprintf(f, "  - {name: s%d, channel: feed, url: 'http://127.0.0.1:%d/%d', every: 1m, "
                   "first_run: backfill}\n", i, port, i);
    fclose(f);
}

/* --- processes --- */

static pid_t started(const char *const *argv, char *line, size_t size)
{
    int out[2];
    if (pipe(out) != 0)
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out[1], STDOUT_FILENO);
        execv(argv[0], (char *const *)(uintptr_t)argv); /* its prototype lacks a const */
        _exit(127);
    }
    close(out[1]);
    FILE *f = fdopen(out[0], "r");
    if (!f || !fgets(line, (int)size, f)) {
        fprintf(stderr, "bench_serve: %s did not start\n", argv[0]);
        exit(1);
    }
    return pid; /* f stays open: whoever writes to it must not be hurt */
}

/* Milliseconds of processor time; *rss_out in MB. */
static double cpu_ms(pid_t pid, double *rss_out)
{
    char path[64], text[1024];
    unsigned long user = 0, sys = 0;
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = '\0';
    char *after = strrchr(text, ')');
    if (!after || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d "
                                    "%*d %*d %*d %*u %*u %ld", &user, &sys, &pages) != 3)
        exit(1);
    *rss_out = (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
    return (double)(user + sys) * 1000 / (double)sysconf(_SC_CLK_TCK);
}

/* --- pages --- */

struct samples {
    double ms[MAX_SAMPLES];
    int count;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* How many sources were read at least once, from /healthz; -1: another page. */
static int ask(struct arena *a, const char *at, const char *path, struct samples *s)
{
    struct net_response r;
    struct err err = {0};
    arena_reset(a);
    double began = now_ms();
    struct net_request q = {.url = arena_printf(a, "%s%s", at, path)};
    if (transport_perform(net, &q, a, &r, &err) != DF_OK || (r.status != 200 && r.status != 503)) {
        fprintf(stderr, "bench_serve: %s: %s (%d)\n", path, err.text, r.status);
        exit(1);
    }
    if (s->count < MAX_SAMPLES)
        s->ms[s->count++] = now_ms() - began;
    ptrdiff_t n = str_find(r.body, STR("\"sources\":"));
    return n < 0 ? -1 : (int)strtol(r.body.ptr + n + 10, NULL, 10);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void tell(const char *what, const char *page, struct samples *s)
{
    qsort(s->ms, (size_t)s->count, sizeof *s->ms, by_size);
    printf("serve_%s_%s_p50\t%.1f\tms\n", what, page, s->ms[s->count / 2]);
    printf("serve_%s_%s_p99\t%.1f\tms\n", what, page, s->ms[s->count * 99 / 100]);
    fflush(stdout);
    s->count = 0;
}

static void nap(void)
{
    struct timespec t = {0, 20000000};
    nanosleep(&t, NULL);
}

int main(int argc, char **argv)
{
    static struct samples health, queue;
    char port[64], where[256], settings[96], site[96], log[96];
    struct err err;
    struct arena *a = arena_new();
    double rss, began = 0, cpu;
    if (argc > 3)
        count = (int)strtol(argv[3], NULL, 10);
    snprintf(dir, sizeof dir, "/tmp/defuse-serve-XXXXXX");
    if (argc < 3 || count < 1 || !mkdtemp(dir) ||
        transport_open(&(struct net_config){0}, &net, &err) != DF_OK)
        return 2;
    make_site();
    snprintf(site, sizeof site, "%s/site", dir);
    snprintf(log, sizeof log, "%s/log", dir);
    snprintf(settings, sizeof settings, "%s/defuse.yaml", dir);
    pid_t web = started((const char *[]){argv[2], site, log, "whsec_x", NULL}, port, sizeof port);
    make_settings((int)strtol(port, NULL, 10));
    began = now_ms();
    pid_t serve = started((const char *[]){argv[1], "-c", settings, "serve", "--listen",
                                             "127.0.0.1:0", NULL},
                          where, sizeof where);
    char *at = strstr(where, "http://");
    if (!at)
        return 1;
    at[strcspn(at, " \n")] = '\0';
    at[strlen(at) - (at[strlen(at) - 1] == '/')] = '\0';
    printf("serve_sources\t%d\tsources\n", count);
    printf("serve_first_page\t%.0f\tms\n", now_ms() - began);
    while (ask(a, at, "/healthz", &health) < count && now_ms() - began < PATIENCE_MS) {
        ask(a, at, "/", &queue);
        nap();
    }
    printf("serve_all_read\t%.1f\ts\n", (now_ms() - began) / 1000);
    tell("reading", "healthz", &health);
    tell("reading", "queue", &queue);
    for (int i = 0; i < 150; i++) /* alerts, and the first who come again */
        nap();
    cpu = cpu_ms(serve, &rss);
    began = now_ms();
    while (now_ms() - began < STEADY_MS) {
        ask(a, at, "/healthz", &health);
        ask(a, at, "/", &queue);
        for (int i = 0; i < 5; i++)
            nap();
    }
    double pages = (double)(health.count + queue.count);
    printf("serve_steady_cpu\t%.1f\t%% of one processor, at %.0f polls/s and %.0f pages/s\n",
           (cpu_ms(serve, &rss) - cpu) / (now_ms() - began) * 100, count / 60.0,
           pages * 1000 / (now_ms() - began));
    printf("serve_memory\t%.0f\tMB\n", rss);
    tell("steady", "healthz", &health);
    tell("steady", "queue", &queue);
    kill(serve, SIGKILL);
    kill(web, SIGKILL);
    waitpid(serve, NULL, 0);
    waitpid(web, NULL, 0);
    transport_free(&net);
    arena_free(&a);
    char sweep[96];
    snprintf(sweep, sizeof sweep, "rm -rf %s", dir);
    return system(sweep) != 0; /* lint: allow banned because the path is our own */
}
