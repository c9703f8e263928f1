/* analyze_lines.c: stdin to stdout on all processors, in order. One thread (the caller) reads
 * whole lines into batches and writes finished ones; the others work on them. A batch is what was
 * there to read, up to a megabyte, so that a slow writer at the other end sees its answers at once.
 * Input that fits one batch is worked on without starting a thread. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/analyze.h"
#include "core/limits.h"

enum { READ_SIZE = 1 << 20, BATCHES_A_THREAD = 3 };

enum batch_state { BATCH_FREE, BATCH_READY, BATCH_DONE };

struct batch {
    enum batch_state state;
    char *in;           /* whole lines */
    size_t in_len, in_cap;
    long long first;    /* number of its first line */
    struct buf out, faults;
    bool failed;
};

struct pipeline {
    const struct ruleset *rs;
    bool brief, closing;
    struct batch *ring;
    unsigned size;
    unsigned long long taken, made; /* batches given to workers; batches filled */
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
};

struct worker {
    struct scanner *scanner;
    struct arena *arena;
};

static void fault(struct batch *b, struct err *e, long long number)
{
    char line[1024];
    if (!e->file[0])
        snprintf(e->file, sizeof e->file, "stdin");
    if (!e->line)
        e->line = (int)number;
    buf_printf(&b->faults, "defuse: %s\n", err_line(e, line, sizeof line));
    b->failed = true;
}

static void do_line(struct worker *w, struct batch *b, struct str line, long long number,
                    bool brief)
{
    struct post p;
    struct verdict v;
    struct err e = {0};
    if (line.len && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (str_trim(line).len == 0)
        return;
    enum df_rc rc = line.len > DF_MAX_LINE
                        ? err_set(&e, DF_REJECT, "line is longer than %zu bytes", DF_MAX_LINE)
                        : post_read_plain(line, w->arena, &p);
    if (rc == DF_NONE)
        rc = post_read_line(line, "stdin", number, w->arena, &p, &e);
    if (rc == DF_OK)
        rc = scan_post(w->scanner, &p, brief ? SCAN_BRIEF : SCAN_FULL, w->arena, &v, &e);
    if (rc == DF_OK) {
        if (brief)
            verdict_put_brief(&b->out, &v);
        else
            verdict_put_json(&b->out, &v, false);
        buf_putc(&b->out, '\n');
    } else {
        fault(b, &e, number);
    }
    arena_reset(w->arena);
}

static void do_batch(struct worker *w, struct batch *b, bool brief)
{
    struct str rest = {b->in, b->in_len}, line;
    long long number = b->first;
    while (rest.len && str_split(&rest, '\n', &line))
        do_line(w, b, line, number++, brief);
}

static struct worker worker_new(const struct ruleset *rs)
{
    return (struct worker){scan_new(rs), arena_new()};
}

static void worker_free(struct worker *w)
{
    scan_free(&w->scanner);
    arena_free(&w->arena);
}

static void *work(void *arg)
{
    struct pipeline *p = arg;
    struct worker w = worker_new(p->rs);
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (p->taken == p->made && !p->closing)
            pthread_cond_wait(&p->ready, &p->lock);
        if (p->taken == p->made)
            break;
        struct batch *b = &p->ring[p->taken++ % p->size];
        pthread_mutex_unlock(&p->lock);
        do_batch(&w, b, p->brief);
        pthread_mutex_lock(&p->lock);
        b->state = BATCH_DONE;
        pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    worker_free(&w);
    return NULL;
}

/* What lies over from the last read: the beginning of a line. */
struct input {
    char *rest;
    size_t rest_len, rest_cap;
    long long line; /* number of the next line */
    bool end, failed;
};

static void *grown(void *p, size_t *cap, size_t need)
{
    if (need <= *cap)
        return p;
    *cap = need + need / 2;
    p = realloc(p, *cap);
    if (!p)
        abort();
    return p;
}

static ssize_t read_some(struct input *in, char *p, size_t n)
{
    ssize_t got;
    do
        got = read(STDIN_FILENO, p, n);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        fprintf(stderr, "defuse: stdin cannot be read: %m\n");
        in->failed = true;
    }
    in->end = got <= 0;
    return got < 0 ? 0 : got;
}

static bool more_waits(void)
{
    struct pollfd f = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&f, 1, 0) > 0;
}

/* Fills a batch with whole lines (at the end of input, with what is left). False: nothing came. A
 * line over its limit is cut behind it, which do_line then refuses. */
static bool fill(struct input *in, struct batch *b)
{
    b->in_len = 0;
    b->first = in->line;
    b->in = grown(b->in, &b->in_cap, in->rest_len + READ_SIZE + 1);
    if (in->rest_len)
        memcpy(b->in, in->rest, in->rest_len);
    b->in_len = in->rest_len;
    in->rest_len = 0;
    while (!in->end) {
        b->in = grown(b->in, &b->in_cap, b->in_len + READ_SIZE + 1);
        size_t got = (size_t)read_some(in, b->in + b->in_len, READ_SIZE);
        b->in_len += got;
        const char *last = memrchr(b->in, '\n', b->in_len);
        if (last && (b->in_len >= READ_SIZE || !more_waits())) {
            size_t whole = (size_t)(last + 1 - b->in);
            in->rest_len = b->in_len - whole;
            in->rest = grown(in->rest, &in->rest_cap, in->rest_len + 1);
            memcpy(in->rest, b->in + whole, in->rest_len);
            b->in_len = whole;
            break;
        }
        /* No end in sight: keep only what proves it. */
        if (!last && !memchr(b->in, '\n', b->in_len) && b->in_len > DF_MAX_LINE + READ_SIZE)
            b->in_len = DF_MAX_LINE + 1;
    }
    for (const char *p = b->in; (p = memchr(p, '\n', (size_t)(b->in + b->in_len - p))); p++)
        in->line++;
    return b->in_len > 0;
}

static bool flush(struct batch *b)
{
    bool ok = fwrite(b->out.ptr, 1, b->out.len, stdout) == b->out.len && fflush(stdout) == 0;
    if (b->faults.len)
        fwrite(b->faults.ptr, 1, b->faults.len, stderr);
    bool failed = b->failed;
    buf_reset(&b->out);
    buf_reset(&b->faults);
    b->failed = false;
    b->state = BATCH_FREE;
    return ok && !failed;
}

static void run_threads(struct pipeline *p, struct input *in, unsigned jobs, bool *ok)
{
    pthread_t threads[64];
    unsigned started = 0;
    unsigned long long written = 0;
    while (started < jobs && pthread_create(&threads[started], NULL, work, p) == 0)
        started++;
    if (started == 0) {
        fprintf(stderr, "defuse: no thread could be started\n");
        *ok = false;
        return;
    }
    while (!in->end || written < p->made) {
        struct batch *next = &p->ring[p->made % p->size];
        /* Before waiting for input, what is in work is finished and written. */
        bool room = p->made - written < p->size && !in->end &&
                    (written == p->made || more_waits());
        if (room && fill(in, next)) {
            pthread_mutex_lock(&p->lock);
            next->state = BATCH_READY;
            p->made++;
            pthread_cond_signal(&p->ready);
            pthread_mutex_unlock(&p->lock);
        }
        /* Write what is finished; wait only when there is no room to read into, or no input. */
        while (written < p->made) {
            struct batch *b = &p->ring[written % p->size];
            bool wait = in->end || p->made - written >= p->size || !more_waits();
            pthread_mutex_lock(&p->lock);
            while (b->state != BATCH_DONE && wait)
                pthread_cond_wait(&p->done, &p->lock);
            bool done = b->state == BATCH_DONE;
            pthread_mutex_unlock(&p->lock);
            if (!done)
                break;
            *ok = flush(b) && *ok;
            written++;
        }
    }
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->ready);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

/* One thread: also for input that one read exhausts, which needs no others. */
static void run_alone(struct pipeline *p, struct input *in, bool *ok)
{
    struct worker w = worker_new(p->rs);
    struct batch *b = &p->ring[0];
    do {
        do_batch(&w, b, p->brief);
        *ok = flush(b) && *ok;
    } while (!in->end && fill(in, b));
    worker_free(&w);
}

int analyze_lines(const struct ruleset *rs, bool brief, unsigned jobs)
{
    struct pipeline p = {.rs = rs, .brief = brief, .size = jobs * BATCHES_A_THREAD,
                         .lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER,
                         .done = PTHREAD_COND_INITIALIZER};
    struct input in = {.line = 1};
    bool ok = true;
    p.ring = calloc(p.size, sizeof *p.ring);
    if (!p.ring)
        abort();
    for (unsigned i = 0; i < p.size; i++) {
        p.ring[i].out = BUF_INIT(SIZE_MAX / 2);
        p.ring[i].faults = BUF_INIT(DF_MIB(64));
    }
    if (fill(&in, &p.ring[0])) {
        if (jobs == 1 || in.end) {
            run_alone(&p, &in, &ok);
        } else {
            p.ring[0].state = BATCH_READY;
            p.made = 1;
            run_threads(&p, &in, jobs, &ok);
        }
    }
    ok = ok && !in.failed;
    for (unsigned i = 0; i < p.size; i++) {
        free(p.ring[i].in);
        buf_free(&p.ring[i].out);
        buf_free(&p.ring[i].faults);
    }
    free(p.ring);
    free(in.rest);
    return ok ? EXIT_DONE : EXIT_PROBLEM;
}
