/* sink.c: `defuse sink test NAME`: does this destination work? With --dry-run the exact request
 * is printed instead, secrets left out. */
#include <stdio.h>

#include "alerts/alerts.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/wiring.h"
#include "core/limits.h"
#include "core/yaml.h"

static int unknown_sink(const struct wiring *w, const char *name)
{
    const char *names[64] = {0};
    char texts[63][64];
    for (int i = 0; i < w->sink_count && i < 63; i++) {
        snprintf(texts[i], sizeof texts[i], "%.*s", STR_FMT(w->sinks[i].name));
        names[i] = texts[i];
    }
    const char *near = nearest_word(str_of(name), names);
    return cmd_usage("sink: no enabled destination is called '%s'%s%s%s", name,
                     near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int test_sink(struct session *s, const struct sink_conf *sink, bool dry)
{
    struct err err = {0};
    struct transport *net = NULL;
    struct net_config config = s->net;
    struct buf out = BUF_INIT(DF_MAX_LINE);
    struct alerts al = {.clock = &s->clock, .out = stdout,
                        .private_hosts = s->config.network.private_hosts};
    enum df_rc rc = DF_OK;
    if (dry) {
        rc = alerts_dry_run(&al, sink, s->arena, &out, &err);
        if (out.len)
            fwrite(out.ptr, 1, out.len, stdout);
    } else {
        rc = transport_open(&config, &net, &err);
        al.transport = net;
        if (rc == DF_OK)
            rc = alerts_test(&al, sink, s->arena, &err);
        transport_free(&net);
        if (rc == DF_OK)
            printf("%.*s: accepted\n", STR_FMT(sink->name));
    }
    buf_free(&out);
    return rc == DF_OK ? cmd_finish(EXIT_DONE) : cmd_fail(EXIT_PROBLEM, &err);
}

int cmd_sink(struct cmd *c, int argc, char **argv)
{
    bool dry = false;
    const struct option_spec specs[] = {
        {"dry-run", 'n', OPT_FLAG, NULL, "print the request, send nothing", &dry},
        {0},
    };
    static const struct usage usage = {
        .args = "test NAME [--dry-run]",
        .about = "Sends an invented alert to one configured destination and tells its answer.",
        .example = "defuse sink test team-chat --dry-run",
        .min_args = 2,
        .max_args = 2,
    };
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (strcmp(argv[1], "test") != 0)
        return cmd_usage("sink: '%s'? the word is 'test'", argv[1]);
    struct session s;
    struct wiring w;
    struct playbook playbook;
    struct diags diags = {0};
    int status = session_open(c, SESSION_CONFIG, &s);
    if (status == EXIT_DONE) {
        enum df_rc rc = playbook_load(s.arena, &playbook, &diags);
        if (rc == DF_OK)
            rc = wiring_make(&s.config, &playbook, c->lang, s.arena, &w, &diags);
        status = rc == DF_OK ? EXIT_DONE : cmd_diags(&diags);
    }
    if (status == EXIT_DONE) {
        const struct sink_conf *sink = wiring_sink(&w, str_of(argv[2]));
        status = sink ? test_sink(&s, sink, dry) : unknown_sink(&w, argv[2]);
    }
    diags_free(&diags);
    session_close(&s);
    return status;
}
