#include "cmd/packs.h"

#include <stdio.h>

#include "core/limits.h"

/* -p, or a word that is no source of the settings: the channel of that name. */
static int open_channel(struct cmd *c, const char *channel, const struct option_list *params,
                        const struct option_list *dirs, struct packs *p)
{
    struct diags diags = {0};
    struct param_value *given = packs_params(c, params, &diags);
    int status = EXIT_DONE;
    p->own_channels = true;
    p->sources = ARENA_NEW(c->arena, struct source);
    if (channels_load(packs_dirs(c, dirs), &p->channels, &diags) != DF_OK ||
        source_make(p->channels, STR_NONE, str_of(channel), given, (size_t)params->count, NULL,
                    c->arena, p->sources, &diags) != DF_OK)
        status = cmd_diags(&diags);
    p->sources->name = str_of(channel);
    p->source_count = 1;
    diags_free(&diags);
    return status;
}

/* People also give the name of a channel, which asks for its parameters. */
static int no_such_source(const struct packs *p, const char *word)
{
    const struct channel *ch = channels_find(p->session.channels, str_of(word));
    const struct param *first = NULL;
    for (size_t i = 0; ch && i < ch->param_count && !first; i++)
        if (ch->params[i].required)
            first = &ch->params[i];
    if (ch && ch->request.url.len)
        return cmd_usage("'%s' is a channel, not a source of %s: give its parameters, such as -p %.*s=…",
                         word, p->session.config.path, STR_FMT(first ? first->name : STR("base")));
    if (ch)
        return cmd_usage("'%s' is a channel for saved files, which are not polled: defuse extract %s < FILE",
                         word, word);
    return cmd_usage("%s has no enabled source '%s'", p->session.config.path, word);
}

static int open_named(struct cmd *c, char **words, int count, struct packs *p)
{
    int status = session_open(c, SESSION_CHANNELS, &p->session);
    p->has_session = true;
    p->channels = p->session.channels;
    p->clock = p->session.clock;
    p->sources = arena_array(c->arena, (size_t)count + 1, sizeof *p->sources);
    for (int i = 0; i < count && status == EXIT_DONE; i++) {
        int found = -1;
        for (int k = 0; k < p->session.source_count; k++)
            if (str_is(p->session.sources[k].name, words[i]))
                found = k;
        if (found < 0)
            status = no_such_source(p, words[i]);
        else
            p->sources[p->source_count++] = p->session.sources[found];
    }
    return status;
}

int packs_open(struct cmd *c, char **words, int count, const struct option_list *params,
               const struct option_list *dirs, struct packs *out)
{
    struct err e = {0};
    *out = (struct packs){.arena = c->arena, .clock = c->clock};
    struct net_config net = {.schemes = NET_HTTP | NET_HTTPS | NET_FILE};
    int status = params->count ? open_channel(c, words[0], params, dirs, out)
                               : open_named(c, words, count, out);
    if (out->has_session && out->session.config.dir)
        net = out->session.net;
    if (status == EXIT_DONE && (collector_new(out->channels, &out->collector, &e) != DF_OK ||
                                transport_open(&net, &out->transport, &e) != DF_OK))
        status = cmd_fail(EXIT_PROBLEM, &e);
    return status;
}

void packs_close(struct packs *p)
{
    transport_free(&p->transport);
    collector_free(&p->collector);
    if (p->own_channels)
        channels_free(&p->channels);
    if (p->has_session)
        session_close(&p->session);
}

int packs_each(struct cmd *c, char **words, int count, const struct option_list *params,
               const struct option_list *dirs, struct collect_limits limits,
               int (*one)(struct cmd *, struct packs *, const struct source *))
{
    if (params->count && count != 1)
        return cmd_usage("-p goes with one channel");
    struct packs p;
    int status = packs_open(c, words, count, params, dirs, &p);
    p.limits = limits;
    for (int i = 0; i < p.source_count && status != EXIT_USAGE; i++) {
        int this = one(c, &p, &p.sources[i]);
        status = this > status ? this : status;
    }
    packs_close(&p);
    return cmd_finish(status);
}

struct param_value *packs_params(struct cmd *c, const struct option_list *list, struct diags *diags)
{
    struct param_value *out = arena_array(c->arena, (size_t)list->count + 1, sizeof *out);
    for (int i = 0; i < list->count; i++) {
        struct str s = str_of(list->items[i]);
        ptrdiff_t eq = str_chr(s, '=');
        if (eq <= 0) {
            diags_addf(diags, DIAG_ERROR, NULL, 0, 0, "-p takes NAME=VALUE, not '%.*s'", STR_FMT(s));
            continue;
        }
        out[i] = (struct param_value){str_sub(s, 0, (size_t)eq), str_sub(s, (size_t)eq + 1, s.len)};
    }
    return out;
}

const char **packs_dirs(struct cmd *c, const struct option_list *list)
{
    const char **out = arena_array(c->arena, (size_t)list->count + 1, sizeof *out);
    for (int i = 0; i < list->count; i++)
        out[i] = list->items[i];
    return out;
}

int packs_put_posts(const struct collect_result *r, const char *name)
{
    struct buf line = BUF_INIT(DF_MAX_LINE * 2);
    for (size_t i = 0; i < r->count; i++) {
        buf_reset(&line);
        post_put_json(&line, &r->posts[i]);
        buf_putc(&line, '\n');
        fwrite(line.ptr, 1, line.len, stdout);
    }
    buf_free(&line);
    if (r->health.bad_items) {
        struct err e;
        err_set(&e, DF_REJECT, "%s: %d item%s could not be read; the first: %.*s", name,
                r->health.bad_items, r->health.bad_items == 1 ? "" : "s",
                STR_FMT(r->health.bad_first));
        return cmd_fail(EXIT_PROBLEM, &e);
    }
    if (r->count == 0 && r->health.rc == DF_OK) { /* silence would look like a failure */
        fflush(stdout);
        fprintf(stderr, "defuse: %s: read without a fault, but there is no post in it\n", name);
    }
    return EXIT_DONE;
}
