/* doctor.c: `defuse doctor` says in one screen what is healthy and what is not. Reads only. */
#include <stdio.h>
#include <sys/statvfs.h>

#include "casework/ledger.h"
#include "cmd/commands.h"
#include "cmd/session.h"

struct visit {
    struct session *s;
    int ill;
};

/* One line: "ok  database   …". */
static void line(struct visit *v, bool well, const char *part, struct str text)
{
    const struct term *t = &v->s->cmd->out;
    struct buf b = BUF_INIT(8192);
    buf_puts(&b, term_on(t, well ? TERM_GREEN : TERM_RED));
    buf_puts(&b, msg(v->s->cmd->lang, well ? "doctor.ok" : "doctor.ill"));
    buf_puts(&b, term_off(t));
    buf_puts(&b, "  ");
    term_fit(&b, str_of(part), 10, true);
    buf_puts(&b, "  ");
    term_put(&b, t, TERM_PLAIN, text);
    buf_putc(&b, '\n');
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
    v->ill += !well;
}

static struct str ago(struct visit *v, int64_t ms)
{
    if (ms == DF_NO_TIME)
        return STR("never");
    struct buf b = BUF_INIT(64);
    time_put_local(&b, ms, v->s->config.zone);
    struct str out = arena_str(v->s->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

static void see_sources(struct visit *v)
{
    struct session *s = v->s;
    struct err e;
    for (int i = 0; i < s->source_count; i++) {
        struct source_row row;
        struct str name = s->sources[i].name;
        enum df_rc rc = s->store->sources->get(s->store, name, s->arena, &row, &e);
        if (rc == DF_NONE)
            line(v, true, "source", arena_printf(s->arena, "%.*s: not polled yet", STR_FMT(name)));
        else if (rc != DF_OK)
            line(v, false, "source", arena_printf(s->arena, "%.*s: %s", STR_FMT(name), e.text));
        else if (row.last_error.len)
            line(v, false, "source",
                 arena_printf(s->arena, "%.*s: %.*s (%d in a row; last good %.*s)", STR_FMT(name),
                              STR_FMT(row.last_error), row.fails, STR_FMT(ago(v, row.last_ok))));
        else
            line(v, true, "source",
                 arena_printf(s->arena, "%.*s: %lld posts, last good %.*s", STR_FMT(name),
                              (long long)row.posts, STR_FMT(ago(v, row.last_ok))));
    }
}

static void see_sinks(struct visit *v)
{
    struct session *s = v->s;
    struct outbox_count *counts;
    int n;
    struct err e;
    if (s->store->outbox->count(s->store, s->arena, &counts, &n, &e) != DF_OK) {
        line(v, false, "outbox", str_of(e.text));
        return;
    }
    for (int i = 0; i < s->wiring.sink_count; i++) {
        struct outbox_count c = {.oldest = DF_NO_TIME};
        for (int k = 0; k < n; k++)
            if (str_eq(counts[k].sink, s->wiring.sinks[i].name))
                c = counts[k];
        bool stuck = c.waiting && clock_now(&s->clock) - c.oldest > DF_HOUR;
        line(v, !stuck && c.dead == 0, "sink",
             arena_printf(s->arena, "%.*s: %lld sent, %lld waiting, %lld given up",
                          STR_FMT(s->wiring.sinks[i].name), (long long)c.sent, (long long)c.waiting,
                          (long long)c.dead));
    }
}

static void see_database(struct visit *v)
{
    struct session *s = v->s;
    struct ledger_check ledger;
    struct queue_count count[URGENCIES];
    struct err e;
    int64_t open = 0, late = 0;
    if (s->store->cases->count(s->store, clock_now(&s->clock), count, &e) != DF_OK) {
        line(v, false, "database", str_of(e.text));
        return;
    }
    for (int u = 0; u < URGENCIES; u++) {
        open += count[u].open;
        late += count[u].overdue;
    }
    line(v, true, "database",
         arena_printf(s->arena, "%.*s: %lld cases open, %lld of them overdue",
                      STR_FMT(s->config.database), (long long)open, (long long)late));
    if (ledger_verify(s->store, &ledger, &e) == DF_OK)
        line(v, true, "ledger", arena_printf(s->arena, "%lld steps, the chain holds",
                                             (long long)ledger.rows));
    else
        line(v, false, "ledger", str_of(e.text));
    struct statvfs fs;
    if (statvfs(s->config.dir, &fs) == 0) {
        unsigned long long mb = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
        line(v, mb >= 100, "disk", arena_printf(s->arena, "%llu MB free", mb));
    }
}

int cmd_doctor(struct cmd *c, int argc, char **argv)
{
    const struct option_spec specs[] = {{0}};
    const struct usage usage = {
        "", "Says what is healthy and what is not: settings, rules, database, ledger, disk, "
            "sources, sinks. Changes nothing. Exit 1 when something is ill.",
        "defuse doctor", 0, 0};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct session s;
    int status = session_open(c, SESSION_ALL, &s);
    if (status == EXIT_DONE) {
        struct visit v = {.s = &s};
        line(&v, true, "settings", str_of(s.config.path));
        struct ruleset_counts n_of = ruleset_counts(s.rules);
        line(&v, true, "rules",
             arena_printf(s.arena, "%u rules, %u phrases, digest %.*s", n_of.rules, n_of.phrases,
                          STR_FMT(ruleset_digest(s.rules))));
        see_database(&v);
        see_sources(&v);
        see_sinks(&v);
        status = v.ill ? EXIT_PROBLEM : EXIT_DONE;
    }
    session_close(&s);
    return status;
}
