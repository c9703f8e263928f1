#include "collector/read_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/clock.h"

struct queue {
    struct job *head, *tail;
};

struct read_pool {
    pthread_mutex_t lock; /* guards the queues, their figures and closing */
    pthread_cond_t work, finished;
    struct queue todo, done;
    int waiting;   /* jobs in todo */
    int idle;      /* threads that wait for work */
    bool closing;
    int count;     /* of jobs here, and the bytes of their bodies: the polling thread's own book */
    size_t held;
    struct body_reader *readers;
    pthread_t threads[DF_MAX_READERS];
    int started, most;
    void (*ready)(void *);
    void *ctx;
};

struct seat { /* what a thread is born with */
    struct read_pool *pool;
    struct body_reader *reader;
};

static void push(struct queue *q, struct job *j)
{
    j->next = NULL;
    if (q->head)
        q->tail->next = j;
    else
        q->head = j;
    q->tail = j;
}

static struct job *pop(struct queue *q)
{
    struct job *j = q->head;
    if (j)
        q->head = j->next;
    return j;
}

static void *work(void *arg)
{
    struct seat seat = *(struct seat *)arg;
    struct read_pool *p = seat.pool;
    free(arg);
    pthread_mutex_lock(&p->lock);
    while (!p->closing) {
        struct job *j = pop(&p->todo);
        if (!j) {
            p->idle++;
            pthread_cond_wait(&p->work, &p->lock);
            p->idle--;
            continue;
        }
        p->waiting--;
        pthread_mutex_unlock(&p->lock);
        job_read(j, seat.reader);
        pthread_mutex_lock(&p->lock);
        bool first = !p->done.head; /* the others are taken along with it */
        push(&p->done, j);
        pthread_cond_signal(&p->finished);
        if (first)
            p->ready(p->ctx);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct read_pool *read_pool_new(struct body_reader *readers, int threads, void (*ready)(void *),
                                void *ctx)
{
    struct read_pool *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;
    if (!p)
        abort();
    p->readers = readers;
    p->most = threads;
    p->ready = ready;
    p->ctx = ctx;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->finished, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return p;
}

void read_pool_free(struct read_pool **pool)
{
    struct read_pool *p = *pool;
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->finished);
    pthread_mutex_destroy(&p->lock);
    free(p);
    *pool = NULL;
}

static void start_thread(struct read_pool *p)
{
    struct seat *seat = malloc(sizeof *seat);
    if (!seat)
        abort();
    *seat = (struct seat){p, &p->readers[1 + p->started]};
    if (pthread_create(&p->threads[p->started], NULL, work, seat) == 0) {
        p->started++;
    } else {
        free(seat);
        p->most = p->started; /* the system gives no more: go on with those there are */
    }
}

void read_pool_put(struct read_pool *p, struct job *j)
{
    p->count++;
    pthread_mutex_lock(&p->lock);
    if (p->waiting >= p->idle && p->started < p->most)
        start_thread(p);
    p->held += j->response.body.len;
    if (p->started) {
        p->waiting++;
        push(&p->todo, j);
        pthread_cond_signal(&p->work);
    } else {
        job_read(j, &p->readers[0]);
        push(&p->done, j);
    }
    pthread_mutex_unlock(&p->lock);
}

struct job *read_pool_take(struct read_pool *p)
{
    pthread_mutex_lock(&p->lock);
    struct job *j = pop(&p->done);
    pthread_mutex_unlock(&p->lock);
    if (!j)
        return NULL;
    p->count--;
    p->held -= j->response.body.len;
    return j;
}

void read_pool_wait(struct read_pool *p, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&p->lock);
    while (!p->done.head && pthread_cond_timedwait(&p->finished, &p->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&p->lock);
}

bool read_pool_full(const struct read_pool *p)
{
    return p->held >= DF_MAX_UNREAD;
}

int read_pool_count(const struct read_pool *p)
{
    return p->count;
}
