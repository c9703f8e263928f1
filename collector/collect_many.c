/* collect_many.c: many polls side by side: one thread asks and keeps the books, the threads of a
 * read_pool read what came. A source gets its arena when its turn comes and gives it back when it
 * is done: memory follows the window, not the number of sources. */
#include <stdlib.h>
#include <time.h>

#include "collector/collect_hosts.h"
#include "collector/collect_job.h"
#include "collector/read_pool.h"
#include "collector/request.h"
#include "collector/schedule.h"
#include "core/clock.h"

#define WINDOW 256 /* polls with a request under way or a body to read */
#define IDLE_WAIT_MS 200
#define HOLD_PATIENCE_MS (5 * DF_SECOND) /* a pause that a pass waits for; longer: next time */

struct poller;

struct task {
    struct turn turn; /* first */
    struct collect_job *given;
    struct job *job; /* NULL until its turn */
    struct arena *arena;
    struct collect_result result;
    struct net_request request;
    struct poller *poller;
};

struct poller {
    struct collector *col;
    struct transport *transport;
    const struct collect_limits *limits;
    int64_t (*clock_ms)(void *);
    void *clock;
    collect_done *done;
    void *ctx;
    struct task *tasks;
    size_t count, left;
    struct hosts *hosts;
    struct read_pool *readers;
    struct arena *spare[WINDOW];
    int spare_count, in_flight;
    bool enough; /* the caller wants no more */
};

/* Where a source asks, without starting its poll. */
static struct str address_of(const struct source *s, struct arena *a)
{
    struct source_vars vars = {.source = s, .arena = a, .since = DF_NO_TIME};
    struct net_request r;
    return request_build(&s->channel->request, &vars, &r, NULL) == DF_OK ? r.url : s->name;
}

void collector_hold(struct collector *col, const struct source *s, int64_t until, int64_t now)
{
    struct arena *a = arena_new();
    holds_add(&col->holds, host_key_of(address_of(s, a)), until, now);
    arena_free(&a);
}

static void task_begin(struct task *t)
{
    struct poller *p = t->poller;
    t->arena = p->spare_count ? p->spare[--p->spare_count] : arena_new();
    t->job = ARENA_NEW(t->arena, struct job);
    job_start(t->job, p->col, t->given->source, t->given->state, p->limits, p->clock_ms(p->clock),
              t->arena, &t->result);
    t->job->user = t;
}

static void task_end(struct task *t)
{
    struct poller *p = t->poller;
    job_finish(t->job, p->clock_ms(p->clock));
    p->enough |= !p->done(t->given, &t->result, p->ctx);
    arena_reset(t->arena);
    if (p->spare_count < WINDOW)
        p->spare[p->spare_count++] = t->arena;
    else
        arena_free(&t->arena);
    t->arena = NULL;
    t->job = NULL;
    p->left--;
}

/* An answer was taken in. A poll at its end ends at once: what is read need not wait for the
 * host's next turn. */
static void task_go_on(struct task *t)
{
    if (t->job->phase == JOB_DONE)
        task_end(t);
    else
        hosts_wait(t->poller->hosts, &t->turn, true);
}

static void on_done(void *ctx, enum df_rc rc, const struct net_response *r, const struct err *err)
{
    struct task *t = ctx;
    struct poller *p = t->poller;
    struct host *host = t->turn.host;
    struct net_response none = {.retry_after_ms = -1, .quota_left = -1, .quota_reset_ms = -1};
    int64_t now = p->clock_ms(p->clock);
    bool unread = job_feed(t->job, rc, r ? r : &none, err, now);
    if (t->job->state.hold_until > now)
        holds_add(&p->col->holds, host_key(host), t->job->state.hold_until, now);
    p->in_flight--;
    if (unread)
        read_pool_put(p->readers, t->job);
    else
        task_go_on(t);
    hosts_answered(p->hosts, host);
}

/* When its host, through this source or another one, asked for a pause: waits for a short one, ends
 * the poll for a longer one. One's own machine is exempt: it may stand for many places. */
static bool is_held(struct task *t)
{
    struct poller *p = t->poller;
    struct host *host = t->turn.host;
    int64_t until = host_ours(host) || !p->col->holds.count
                        ? INT64_MIN
                        : holds_until(&p->col->holds, host_key(host));
    int64_t left = until == INT64_MIN ? 0 : until - p->clock_ms(p->clock);
    if (left <= 0)
        return false;
    if (left <= HOLD_PATIENCE_MS) {
        hosts_later(p->hosts, &t->turn, clock_ticks_ms() + left);
        return true;
    }
    if (!t->job)
        task_begin(t);
    job_hold(t->job, until);
    task_end(t);
    hosts_answered(p->hosts, host);
    return true;
}

/* It is this one's turn: sends its next request, or ends a poll that has none. */
static void take_turn(struct task *t)
{
    struct poller *p = t->poller;
    struct host *host = t->turn.host;
    struct err err = {0};
    if (is_held(t))
        return;
    if (!t->job)
        task_begin(t);
    if (!job_next(t->job, &t->request)) {
        task_end(t);
        hosts_answered(p->hosts, host);
        return;
    }
    p->in_flight++;
    hosts_asked(p->hosts, host, clock_ticks_ms() + (host_ours(host) ? 0 : job_pace(t->job)));
    enum df_rc rc = transport_start(p->transport, &t->request, t->arena, on_done, t, &err);
    if (rc != DF_OK)
        on_done(t, rc, NULL, &err);
}

static bool has_room(const struct poller *p)
{
    return !p->enough && p->in_flight + read_pool_count(p->readers) < WINDOW && !read_pool_full(p->readers);
}

static void take_turns(struct poller *p)
{
    struct turn *t;
    int64_t now = clock_ticks_ms();
    while (has_room(p) && (t = hosts_take(p->hosts, now)) != NULL)
        take_turn((struct task *)t);
}

static bool is_over(const struct poller *p)
{
    return p->left == 0 ||
           (p->enough && p->in_flight == 0 && read_pool_count(p->readers) == 0);
}

static enum df_rc run(struct poller *p, struct err *err)
{
    enum df_rc rc = DF_OK;
    while (!is_over(p) && rc == DF_OK) {
        take_turns(p);
        int64_t wait = has_room(p) ? hosts_next_at(p->hosts) - clock_ticks_ms() : IDLE_WAIT_MS;
        int running;
        wait = wait < 0 ? 0 : wait > IDLE_WAIT_MS ? IDLE_WAIT_MS : wait;
        if (p->in_flight)
            rc = transport_pump(p->transport, (int)wait, &running, err);
        else if (!is_over(p))
            read_pool_wait(p->readers, wait);
        for (struct job *j; (j = read_pool_take(p->readers)) != NULL;)
            task_go_on(j->user);
    }
    return rc;
}

static void wake(void *transport)
{
    transport_wake(transport);
}

enum df_rc collect_many(struct collector *col, struct collect_job *jobs, size_t count,
                        struct transport *transport, const struct collect_limits *limits,
                        int64_t (*clock_ms)(void *), void *clock, collect_done *done, void *ctx,
                        struct err *err)
{
    static const struct collect_limits none;
    struct poller p = {.col = col, .transport = transport, .limits = limits ? limits : &none,
                       .clock_ms = clock_ms, .clock = clock, .done = done, .ctx = ctx,
                       .count = count, .left = count, .hosts = hosts_new(count),
                       .readers = read_pool_new(col->readers, col->threads, wake, transport),
                       .tasks = calloc(count + 1, sizeof *p.tasks)};
    struct arena *a = arena_new();
    if (!p.tasks)
        abort();
    for (size_t i = 0; i < count; i++) {
        p.tasks[i] = (struct task){.given = &jobs[i], .poller = &p};
        p.tasks[i].turn.host = hosts_find(p.hosts, address_of(jobs[i].source, a));
        arena_reset(a);
        hosts_wait(p.hosts, &p.tasks[i].turn, false);
    }
    enum df_rc rc = run(&p, err);
    read_pool_free(&p.readers);
    for (size_t i = 0; i < count; i++) /* those that were cut short */
        arena_free(&p.tasks[i].arena);
    for (int i = 0; i < p.spare_count; i++)
        arena_free(&p.spare[i]);
    hosts_free(&p.hosts);
    free(p.tasks);
    arena_free(&a);
    return rc;
}
