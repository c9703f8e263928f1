/* serve.c: `defuse serve`: the dashboard on an event loop, and the passes in a thread beside it. */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/reasons.h"
#include "cmd/worker.h"
#include "core/log.h"
#include "dashboard/web.h"

struct server {
    struct session session;
    struct casework cases;
    struct event_base *base;
    struct event *ends[2];
    struct site *site;
    struct web *web;
    struct worker *worker;
};

static struct reply_ctx reply_ctx_for(const void *session, struct str channel)
{
    return session_reply_ctx(session, channel);
}

static struct str why_for(const void *rules, struct str id, enum ui_lang lang)
{
    return reason_of(rules, id, lang);
}

static void on_end(evutil_socket_t signal, short what, void *base)
{
    (void)signal;
    (void)what;
    event_base_loopbreak(base);
}

static bool watch_signals(struct server *v)
{
    static const int numbers[] = {SIGINT, SIGTERM};

    signal(SIGPIPE, SIG_IGN); /* a reader who leaves is no reason to end */
    for (int i = 0; i < 2; i++) {
        v->ends[i] = evsignal_new(v->base, numbers[i], on_end, v->base);
        if (!v->ends[i] || event_add(v->ends[i], NULL) != 0)
            return false;
    }
    return true;
}

static enum df_rc open_all(struct server *v, struct str listen, bool collect, struct err *err)
{
    struct session *s = &v->session;
    enum df_rc rc;

    if (s->config.now != DF_NO_TIME) /* a demonstration: it begins then, and time goes on */
        s->clock = clock_shifted(s->config.now);
    v->cases = (struct casework){s->store, &s->clock, &s->wiring.conf};
    v->base = event_base_new();
    if (!v->base || !watch_signals(v))
        return err_set(err, DF_FATAL, "the event loop cannot start");
    rc = site_open(&(struct site_config){
                       .cases = &v->cases,
                       .zone = s->config.zone,
                       .actor = str_of(cmd_person(NULL)),
                       .hosts = s->config.dashboard.hosts.items,
                       .host_count = (size_t)s->config.dashboard.hosts.count,
                       .reply = {s->replies, reply_ctx_for, s},
                       .rules = {why_for, s->rules},
                   },
                   &v->site, err);
    if (rc == DF_OK)
        rc = web_open(v->base, v->site, listen, &v->web, err);
    if (rc == DF_OK && collect)
        rc = worker_start(s, &v->worker, err);
    return rc;
}

static void close_all(struct server *v)
{
    web_close(&v->web);
    site_close(&v->site);
    for (int i = 0; i < 2; i++)
        if (v->ends[i])
            event_free(v->ends[i]);
    if (v->base)
        event_base_free(v->base);
    if (worker_stop(&v->worker)) {
        session_close(&v->session);
        return;
    }
    log_info("serve", "end", LOG_Z("pass", "cut short; the next run takes it up"));
    fflush(stdout);
    _exit(EXIT_DONE);
}

static void say_where(const struct server *v)
{
    struct buf b = BUF_INIT(512);
    struct str address = str_of(web_address(v->web));

    msg_put(&b, v->session.cmd->lang, "serve.at", &address, 1);
    printf("%.*s\n", STR_FMT(buf_view(&b)));
    fflush(stdout);
    buf_free(&b);
}

int cmd_serve(struct cmd *c, int argc, char **argv)
{
    const char *listen = NULL;
    bool no_collect = false;
    const struct option_spec specs[] = {
        {"listen", 'l', OPT_TEXT, "ADDR:PORT", "instead of the setting; port 0: any free one",
         &listen},
        {"no-collect", 0, OPT_FLAG, NULL, "only the dashboard: poll nothing, send nothing",
         &no_collect},
        {0},
    };
    const struct usage usage = {
        "", "Polls what is due, sends alerts, and serves the dashboard until it is told to stop.",
        "defuse serve --listen 127.0.0.1:8737", 0, 0};
    struct server v = {0};
    struct err err = {0};
    int n = options_parse(c, argc, argv, specs, &usage);
    int status;

    if (n < 0)
        return OPTIONS_EXIT(n);
    status = session_open(c, SESSION_ALL, &v.session);
    if (status == EXIT_DONE) {
        struct str where = listen ? str_of(listen) : v.session.config.dashboard.listen;

        if (open_all(&v, where, !no_collect, &err) != DF_OK) {
            status = cmd_fail(EXIT_PROBLEM, &err);
        } else {
            say_where(&v);
            event_base_dispatch(v.base);
        }
    }
    close_all(&v);
    return status;
}
