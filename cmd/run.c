/* run.c: see run.h. The order of a pass: lock, poll and take in source by source as answers
 * arrive, drain the outbox, unlock. */
#include "cmd/run.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerts/alerts.h"
#include "cmd/commands.h"
#include "cmd/ingest.h"
#include "core/log.h"
#include "storage/lock.h"

struct pass {
    struct session *session;
    struct store *store;
    struct ingest ingest;
    struct pass_report *report;
    struct arena *batch; /* reset after each source */
    bool (*stop)(void *);
    void *stop_ctx;
    struct err fatal;
    enum df_rc rc;
};

static void tell(const char *what, struct str name, const char *text)
{
    fflush(stdout);
    fprintf(stderr, "defuse: %s %.*s: %s\n", what, STR_FMT(name), text);
}

static void take_in(struct collect_job *job, struct collect_result *result, struct pass *p)
{
    const struct source *src = job->source;
    const struct source_row *before = job->ctx;
    const struct collect_health *h = &result->health;
    struct ingest_count n = {0};
    struct err e;
    if (p->rc != DF_OK)
        return;
    p->report->polled += h->outcome != COLLECT_HELD;
    arena_reset(p->batch);
    enum df_rc rc = ingest_source(&p->ingest, src, before, result, p->batch, &n, &e);
    if (rc != DF_OK) {
        tell("source", src->name, e.text);
        p->report->failed++;
        if (rc == DF_FATAL) {
            p->rc = rc;
            p->fatal = e;
        }
        return;
    }
    p->report->posts += n.posts;
    p->report->edited += n.edited;
    p->report->opened += n.opened;
    p->report->raised += n.raised;
    p->report->joined += n.joined;
    if (h->outcome == COLLECT_FAILED || h->outcome == COLLECT_DENIED ||
        h->outcome == COLLECT_EMPTY) {
        tell("source", src->name, h->error.len ? arena_strz(p->batch, h->error) : "no answer");
        p->report->failed++;
    }
    if (h->window_overflow)
        tell("source", src->name,
             "nothing of the last poll was seen again: posts may have been missed; poll more often");
    if (h->bad_items)
        tell("source", src->name,
             arena_printf(p->batch, "%d items could not be read; the first: %.*s", h->bad_items,
                          STR_FMT(h->bad_first)).ptr);
    if (n.refused) {
        tell("source", src->name,
             arena_printf(p->batch, "%d posts could not be kept; the first: %s", n.refused,
                          n.first.text).ptr);
        p->report->failed++;
    }
    log_info("run", "source", LOG_STR("name", src->name), LOG_INT("posts", n.posts),
             LOG_INT("edited", n.edited), LOG_INT("cases", n.opened),
             LOG_INT("requests", h->requests));
}

/* When the store is lost, or somebody wants an end, the rest is left for the next pass. */
static bool taken_in(struct collect_job *job, struct collect_result *result, void *ctx)
{
    struct pass *p = ctx;
    take_in(job, result, p);
    return p->rc == DF_OK && !(p->stop && p->stop(p->stop_ctx));
}

/* robots.txt of the runs before, so that a run every few minutes need not ask for it. */
static enum df_rc recall_rules(struct collector *col, struct store *st, int64_t now, struct err *err)
{
    struct arena *a = arena_new();
    struct robots_row *rows;
    int n;
    enum df_rc rc = st->robots->list(st, now, a, &rows, &n, err);
    for (int i = 0; rc == DF_OK && i < n; i++) {
        struct robots_file r = {rows[i].origin, rows[i].body, rows[i].until};
        collector_give_rules(col, &r, now);
    }
    arena_free(&a);
    return rc;
}

static enum df_rc keep_rules(struct collector *col, struct store *st, int64_t now, struct err *err)
{
    struct robots_file r;
    size_t at = 0;
    if (!collector_take_rules(col, &at, &r))
        return DF_OK;
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    rc = st->robots->forget(st, now, err);
    do {
        struct robots_row row = {r.origin, r.text, r.until};
        if (rc == DF_OK)
            rc = st->robots->put(st, &row, err);
    } while (collector_take_rules(col, &at, &r));
    return store_finish(st, rc, err);
}

static enum df_rc tools_open(struct run_tools *t, struct session *s, struct store *st,
                             struct err *err)
{
    enum df_rc rc = DF_OK;
    if (!t->transport)
        rc = transport_open(&s->net, &t->transport, err);
    if (rc == DF_OK && !t->collector) {
        rc = collector_new(s->channels, &t->collector, err);
        if (rc == DF_OK)
            rc = recall_rules(t->collector, st, clock_now(&s->clock), err);
    }
    return rc;
}

void run_tools_free(struct run_tools *t)
{
    collector_free(&t->collector);
    transport_free(&t->transport);
}

/* What a pass has to do: the due sources with what is remembered of them, and the pauses that
 * hosts asked for through any source, due or not. */
struct agenda {
    struct collect_job *jobs;
    size_t count;
    struct pause {
        const struct source *source;
        int64_t until;
    } *pauses;
    size_t pause_count;
};

static enum df_rc agenda_make(struct pass *p, bool all, struct arena *a, struct agenda *out,
                              struct err *err)
{
    struct session *s = p->session;
    int64_t now = clock_now(&s->clock);
    out->jobs = arena_array(a, (size_t)s->source_count, sizeof *out->jobs);
    out->pauses = arena_array(a, (size_t)s->source_count, sizeof *out->pauses);
    for (int i = 0; i < s->source_count; i++) {
        const struct source *src = &s->sources[i];
        struct arena_mark frame = arena_mark(a);
        struct source_row *row = ARENA_NEW(a, struct source_row);
        enum df_rc rc = p->store->sources->get(p->store, src->name, a, row, err);
        if (rc == DF_NONE)
            *row = (struct source_row){.last_try = DF_NO_TIME, .last_ok = DF_NO_TIME,
                                       .last_new = DF_NO_TIME, .last_post = DF_NO_TIME,
                                       .told_at = DF_NO_TIME};
        else if (rc != DF_OK)
            return rc;
        int64_t pause = all ? DF_NO_TIME : source_hold(row->cursor, now);
        if (pause != DF_NO_TIME)
            out->pauses[out->pause_count++] = (struct pause){src, pause};
        if (all || source_due(src, row->cursor, now))
            out->jobs[out->count++] = (struct collect_job){src, row->cursor, row};
        else
            arena_release(a, frame);
    }
    return DF_OK;
}

static enum df_rc poll_due(struct pass *p, const struct pass_options *o, struct err *err)
{
    struct session *s = p->session;
    struct arena *a = arena_new();
    struct agenda todo = {0};
    struct run_tools own = {0}, *tools = o->tools ? o->tools : &own;
    enum df_rc rc = agenda_make(p, o->all, a, &todo, err);
    p->report->due = (int)todo.count;
    if (rc != DF_OK || todo.count == 0)
        goto out;
    rc = tools_open(tools, s, p->store, err);
    if (rc != DF_OK)
        goto out;
    for (size_t i = 0; i < todo.pause_count; i++)
        collector_hold(tools->collector, todo.pauses[i].source, todo.pauses[i].until,
                       clock_now(&s->clock));
    struct collect_limits limits = {0};
    p->store->unhurried = true; /* what a power cut takes is asked for again, cursors and all */
    rc = collect_many(tools->collector, todo.jobs, todo.count, tools->transport, &limits,
                      session_now, &s->clock, taken_in, p, err);
    if (rc == DF_OK && p->rc == DF_OK)
        rc = keep_rules(tools->collector, p->store, clock_now(&s->clock), err);
    p->store->unhurried = false; /* alerts are leased in earnest: with them, all this lasts */
out:
    run_tools_free(&own);
    arena_free(&a);
    if (p->rc != DF_OK) {
        *err = p->fatal;
        return p->rc;
    }
    return rc;
}

static enum df_rc send_alerts(struct pass *p, struct err *err)
{
    struct session *s = p->session;
    struct arena *a = arena_new();
    struct transport *transport = NULL;
    struct drain_report *reports = NULL;
    struct alerts al = {.store = p->store, .clock = &s->clock, .sinks = s->wiring.sinks,
                        .sink_count = s->wiring.sink_count, .out = stdout,
                        .private_hosts = s->config.network.private_hosts};
    enum df_rc rc = transport_open(&s->net, &transport, err);
    al.transport = transport;
    if (rc == DF_OK)
        rc = alerts_drain(&al, a, &reports, err);
    for (int i = 0; rc == DF_OK && i < s->wiring.sink_count; i++) {
        p->report->sent += reports[i].sent;
        p->report->waiting += reports[i].retried;
        if (reports[i].problem.text[0]) {
            tell("sink", reports[i].sink, reports[i].problem.text);
            p->report->sinks_failed++;
        }
    }
    transport_free(&transport);
    arena_free(&a);
    return rc;
}

enum df_rc run_pass(struct session *s, struct store *st, const struct pass_options *o,
                    struct pass_report *out, struct err *err)
{
    *out = (struct pass_report){0};
    int64_t began = clock_ticks_ms();
    struct pass p = {.session = s, .store = st, .report = out, .batch = arena_new(),
                     .stop = o->stop, .stop_ctx = o->stop_ctx};
    struct arena *own = arena_new();
    struct str self = lock_self(own);
    enum df_rc rc = lock_take(st, "run", self, &clock_system, err);
    if (rc != DF_OK) {
        rc = rc == DF_NONE ? DF_RETRY : rc;
        goto out;
    }
    p.ingest = (struct ingest){
        .casework = {.store = st, .clock = &s->clock, .conf = &s->wiring.conf},
        .scanner = scan_new(s->rules),
        .clock = &s->clock,
    };
    rc = poll_due(&p, o, err);
    if (rc == DF_OK && !o->no_alerts)
        rc = send_alerts(&p, err);
    scan_free(&p.ingest.scanner);
    struct err ignored;
    if (lock_drop(st, "run", self, &ignored) != DF_OK)
        log_warn("run", "lock", LOG_ERR(&ignored));
out:
    arena_free(&own);
    arena_free(&p.batch);
    out->took_ms = clock_ticks_ms() - began;
    return rc;
}

int cmd_run(struct cmd *c, int argc, char **argv)
{
    struct pass_options o = {0};
    bool verbose = false;
    const struct option_spec specs[] = {
        {"all", 'a', OPT_FLAG, NULL, "poll every source, due or not", &o.all},
        {"no-alerts", 0, OPT_FLAG, NULL, "leave alerts waiting in the outbox", &o.no_alerts},
        {"verbose", 'v', OPT_FLAG, NULL, "print a line on what was done", &verbose},
        {0},
    };
    const struct usage usage = {
        "", "One pass for cron: polls what is due, opens cases, sends alerts. Silent when all is "
            "well; exit 1 when a source or a sink failed, 75 when another run is active.",
        "*/10 * * * * cd /srv/defuse && defuse run", 0, 0};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct session s;
    struct pass_report r;
    struct err e;
    int status = session_open(c, SESSION_ALL, &s);
    if (status == EXIT_DONE) {
        enum df_rc rc = run_pass(&s, s.store, &o, &r, &e);
        if (rc != DF_OK)
            status = cmd_fail(rc == DF_RETRY ? EXIT_BUSY : EXIT_PROBLEM, &e);
        else if (r.failed || r.sinks_failed)
            status = EXIT_PROBLEM;
        if (rc == DF_OK && (verbose || c->out.tty))
            printf("%d of %d sources polled, %d new posts, %d edited, %d cases opened, %d raised, "
                   "%d alerts sent, %.1f s\n",
                   r.polled, s.source_count, r.posts, r.edited, r.opened, r.raised, r.sent,
                   (double)r.took_ms / 1000);
    }
    session_close(&s);
    return status;
}
