/* collect_many.c: many polls side by side in one thread. Sources are queued by host; a heap gives
 * the host that may be asked next, so a slow or strict host holds up nobody else. A source gets
 * its arena when its turn comes and gives it back when it is done: memory follows the window, not
 * the number of sources. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/collect_job.h"
#include "collector/request.h"
#include "collector/schedule.h"
#include "core/clock.h"
#include "core/digest.h"
#include "net/url.h"

#define WINDOW 256          /* transfers at once */
#define PER_HOST 1          /* what a polite reader does */
#define PER_OWN_HOST 64     /* loopback and files */
#define IDLE_WAIT_MS 200

struct pool;

struct task {
    struct collect_job *given;
    struct job *job; /* NULL until its turn */
    struct arena *arena;
    struct collect_result result;
    struct net_request request;
    struct host *host;
    struct task *next; /* in its host's queue */
    struct pool *pool;
};

struct host {
    uint64_t hash;
    struct task *head, *tail;
    int64_t next_at; /* ticks */
    int in_flight;
    bool ours;
    size_t heap_at;  /* index + 1; 0 = not in the heap */
};

struct pool {
    struct collector *col;
    struct transport *transport;
    const struct collect_limits *limits;
    int64_t (*clock_ms)(void *);
    void *clock;
    collect_done *done;
    void *ctx;
    struct task *tasks;
    struct host *hosts; /* open addressing */
    size_t host_mask;
    struct host **heap;
    size_t heap_count;
    struct arena *spare[WINDOW];
    int spare_count;
    int in_flight, left;
};

/* --- heap of hosts that have something to ask and may --- */

static void heap_swap(struct pool *p, size_t a, size_t b)
{
    struct host *t = p->heap[a];
    p->heap[a] = p->heap[b];
    p->heap[b] = t;
    p->heap[a]->heap_at = a + 1;
    p->heap[b]->heap_at = b + 1;
}

static void heap_push(struct pool *p, struct host *h)
{
    if (h->heap_at || !h->head || h->in_flight >= (h->ours ? PER_OWN_HOST : PER_HOST))
        return;
    size_t i = p->heap_count++;
    p->heap[i] = h;
    h->heap_at = i + 1;
    while (i && p->heap[(i - 1) / 2]->next_at > p->heap[i]->next_at) {
        heap_swap(p, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static struct host *heap_pop(struct pool *p)
{
    struct host *top = p->heap[0];
    size_t i = 0;
    if (--p->heap_count) {
        p->heap[0] = p->heap[p->heap_count];
        p->heap[0]->heap_at = 1;
    }
    top->heap_at = 0;
    while (true) {
        size_t l = i * 2 + 1, r = l + 1, m = i;
        if (l < p->heap_count && p->heap[l]->next_at < p->heap[m]->next_at)
            m = l;
        if (r < p->heap_count && p->heap[r]->next_at < p->heap[m]->next_at)
            m = r;
        if (m == i)
            return top;
        heap_swap(p, i, m);
        i = m;
    }
}

/* --- tasks --- */

static struct host *host_of(struct pool *p, struct str url)
{
    struct url u;
    uint64_t hash = (url_split(url, &u) ? hash64(u.host) : hash64(url)) | 1;
    size_t at = hash & p->host_mask;
    while (p->hosts[at].hash && p->hosts[at].hash != hash)
        at = (at + 1) & p->host_mask;
    if (!p->hosts[at].hash)
        p->hosts[at] = (struct host){.hash = hash, .ours = host_is_ours(url)};
    return &p->hosts[at];
}

/* The host of a source, without starting its poll. */
static struct host *host_of_source(struct pool *p, const struct source *s, struct arena *a)
{
    struct source_vars vars = {.source = s, .arena = a, .since = DF_NO_TIME};
    struct net_request r;
    if (request_build(&s->channel->request, &vars, &r, NULL) != DF_OK)
        r.url = s->name;
    struct host *h = host_of(p, r.url);
    arena_reset(a);
    return h;
}

static void enqueue(struct task *t, bool front)
{
    struct host *h = t->host;
    t->next = front ? h->head : NULL;
    if (front) {
        h->head = t;
        if (!h->tail)
            h->tail = t;
    } else {
        if (h->tail)
            h->tail->next = t;
        else
            h->head = t;
        h->tail = t;
    }
}

static struct task *dequeue(struct host *h)
{
    struct task *t = h->head;
    h->head = t->next;
    if (!h->head)
        h->tail = NULL;
    return t;
}

static void task_begin(struct pool *p, struct task *t)
{
    t->arena = p->spare_count ? p->spare[--p->spare_count] : arena_new();
    t->job = ARENA_NEW(t->arena, struct job);
    job_start(t->job, p->col, t->given->source, t->given->state, p->limits, p->clock_ms(p->clock),
              t->arena, &t->result);
}

static void task_end(struct pool *p, struct task *t)
{
    job_finish(t->job, p->clock_ms(p->clock));
    p->done(t->given, &t->result, p->ctx);
    arena_reset(t->arena);
    if (p->spare_count < WINDOW)
        p->spare[p->spare_count++] = t->arena;
    else
        arena_free(&t->arena);
    t->job = NULL;
    p->left--;
}

static void on_done(void *ctx, enum df_rc rc, const struct net_response *r, const struct err *err)
{
    struct task *t = ctx;
    struct pool *p = t->pool;
    struct net_response none = {.retry_after_ms = -1, .quota_left = -1, .quota_reset_ms = -1};
    job_feed(t->job, rc, r ? r : &none, err, p->clock_ms(p->clock));
    t->host->in_flight--;
    p->in_flight--;
    if (t->job->phase == JOB_DONE)
        task_end(p, t); /* at once: what is read need not wait for the host's next turn */
    else
        enqueue(t, true);
    heap_push(p, t->host);
}

/* Sends the next request of the host, or ends polls that have none. */
static void serve(struct pool *p, struct host *h)
{
    while (h->head) {
        struct task *t = dequeue(h);
        struct err err = {0};
        if (!t->job)
            task_begin(p, t);
        if (!job_next(t->job, &t->request)) {
            task_end(p, t);
            continue;
        }
        h->in_flight++;
        p->in_flight++;
        h->next_at = clock_ticks_ms() + (h->ours ? 0 : job_pace(t->job));
        enum df_rc rc = transport_start(p->transport, &t->request, t->arena, on_done, t, &err);
        if (rc != DF_OK)
            on_done(t, rc, NULL, &err);
        break;
    }
    heap_push(p, h);
}

static enum df_rc run(struct pool *p, struct err *err)
{
    while (p->left > 0) {
        int64_t now = clock_ticks_ms();
        while (p->heap_count && p->heap[0]->next_at <= now && p->in_flight < WINDOW)
            serve(p, heap_pop(p));
        int64_t wait = IDLE_WAIT_MS;
        if (p->heap_count && p->heap[0]->next_at - now < wait && p->in_flight < WINDOW)
            wait = p->heap[0]->next_at - now;
        int running = 0;
        enum df_rc rc = transport_pump(p->transport, wait < 0 ? 0 : (int)wait, &running, err);
        if (rc != DF_OK)
            return rc;
        if (!running && p->in_flight == 0 && p->heap_count && wait > 0) { /* only waiting for a turn */
            struct timespec t = {wait / 1000, (wait % 1000) * 1000000};
            nanosleep(&t, NULL);
        }
    }
    return DF_OK;
}

enum df_rc collect_many(struct collector *col, struct collect_job *jobs, size_t count,
                        struct transport *transport, const struct collect_limits *limits,
                        int64_t (*clock_ms)(void *), void *clock, collect_done *done, void *ctx,
                        struct err *err)
{
    static const struct collect_limits none;
    size_t room = 64;
    while (room < count * 2 + 2)
        room *= 2;
    struct pool p = {.col = col, .transport = transport, .limits = limits ? limits : &none,
                     .clock_ms = clock_ms, .clock = clock, .done = done, .ctx = ctx,
                     .left = (int)count, .host_mask = room - 1};
    struct arena *a = arena_new();
    p.tasks = calloc(count + 1, sizeof *p.tasks);
    p.hosts = calloc(room, sizeof *p.hosts);
    p.heap = calloc(count + 1, sizeof *p.heap);
    if (!p.tasks || !p.hosts || !p.heap)
        abort();
    for (size_t i = 0; i < count; i++) {
        p.tasks[i] = (struct task){.given = &jobs[i], .pool = &p};
        p.tasks[i].host = host_of_source(&p, jobs[i].source, a);
        enqueue(&p.tasks[i], false);
        heap_push(&p, p.tasks[i].host);
    }
    enum df_rc rc = run(&p, err);
    for (int i = 0; i < p.spare_count; i++)
        arena_free(&p.spare[i]);
    free(p.tasks);
    free(p.hosts);
    free(p.heap);
    arena_free(&a);
    return rc;
}
