#include "cmd/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/run.h"
#include "core/log.h"

enum {
    LOOK_SECONDS = 10, /* between looks for what is due: the finest pace a source can have */
    STOP_SECONDS = 5,  /* patience at the end */
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock; /* guards stop */
    pthread_cond_t woken;
    bool stop;
    struct session *session;
    struct store *store;
};

static struct timespec from_now(int seconds)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += seconds;
    return t;
}

/* false: it is time to end. */
static bool rest(struct worker *w)
{
    struct timespec until = from_now(LOOK_SECONDS);
    bool stop;

    pthread_mutex_lock(&w->lock);
    while (!w->stop && pthread_cond_timedwait(&w->woken, &w->lock, &until) == 0)
        ;
    stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return !stop;
}

static bool is_stopped(void *arg)
{
    struct worker *w = arg;
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct run_tools tools = {0};
    struct pass_options options = {.stop = is_stopped, .stop_ctx = w, .tools = &tools};

    do {
        struct pass_report report;
        struct err err = {0};
        enum df_rc rc = run_pass(w->session, w->store, &options, &report, &err);

        if (rc == DF_RETRY) /* `defuse run` is at it; nothing to do but wait */
            log_info("serve", "busy", LOG_ERR(&err));
        else if (rc != DF_OK)
            log_error("serve", "pass", LOG_ERR(&err));
        else if (report.polled)
            log_info("serve", "pass", LOG_INT("polled", report.polled),
                     LOG_INT("posts", report.posts), LOG_INT("opened", report.opened),
                     LOG_INT("ms", report.took_ms));
        if (rc == DF_FATAL) /* whatever broke, the next pass begins with fresh ones */
            run_tools_free(&tools);
    } while (rest(w));
    run_tools_free(&tools);
    return NULL;
}

static void worker_free(struct worker *w)
{
    store_close(&w->store);
    pthread_cond_destroy(&w->woken);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

enum df_rc worker_start(struct session *s, struct worker **out, struct err *err)
{
    struct worker *w = calloc(1, sizeof *w);
    sigset_t all, before;
    enum df_rc rc;

    *out = NULL;
    if (!w)
        return err_set(err, DF_FATAL, "out of memory");
    w->session = s;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->woken, NULL);
    rc = session_store(s, &w->store, err);
    if (rc != DF_OK) {
        worker_free(w);
        return rc;
    }
    sigfillset(&all); /* signals are for the loop of the pages */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&w->thread, NULL, work, w) != 0)
        rc = err_set(err, DF_FATAL, "cannot start the thread that polls");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == DF_OK)
        *out = w;
    else
        worker_free(w);
    return rc;
}

bool worker_stop(struct worker **wp)
{
    struct worker *w = *wp;
    struct timespec until = from_now(STOP_SECONDS);

    if (!w)
        return true;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->lock);
    if (pthread_timedjoin_np(w->thread, NULL, &until) != 0)
        return false;
    worker_free(w);
    *wp = NULL;
    return true;
}
