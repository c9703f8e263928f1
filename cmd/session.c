#include "cmd/session.h"

#include <stdlib.h>

/* The parts people add themselves, as the NULL-ended list of absolute folders a loader takes. */
static const char *const *folders(struct session *s, const struct texts *dirs)
{
    const char **out = arena_array(s->arena, (size_t)dirs->count + 1, sizeof *out);
    for (int i = 0; i < dirs->count; i++)
        out[i] = config_path(s->arena, &s->config, dirs->items[i]);
    return out;
}

/* A parameter that is an address without a scheme is a file beside the settings: the example
 * and the tests run from saved answers. */
static struct str file_address(struct session *s, const struct channel *ch, struct str name,
                               struct str value)
{
    bool address = str_is(name, "base");
    for (size_t i = 0; ch && i < ch->param_count && !address; i++)
        address = str_eq(ch->params[i].name, name) && ch->params[i].type == PARAM_URL;
    if (!address || value.len == 0 || str_find(value, STR("://")) >= 0)
        return value;
    return arena_printf(s->arena, "file://%s", config_path(s->arena, &s->config, value));
}

static void make_source(struct session *s, const struct config_source *c, struct diags *diags)
{
    const struct channel *ch = channels_find(s->channels, c->channel);
    struct param_value *given = arena_array(s->arena, (size_t)c->param_count, sizeof *given);
    for (int i = 0; i < c->param_count; i++)
        given[i] = (struct param_value){
            c->params[i].name,
            file_address(s, ch, c->params[i].name, c->params[i].value),
        };
    struct diags own = {0};
    struct source src;
    enum df_rc rc = source_make(s->channels, c->name, c->channel, given, (size_t)c->param_count,
                                s->config.path, s->arena, &src, &own);
    /* The pack knows what is wrong, the settings know where. */
    for (int i = 0; i < own.count; i++) {
        struct err e = own.items[i].err;
        int line = c->line, col = c->col;
        for (int p = 0; p < c->param_count; p++)
            if (strstr(e.text, arena_strz(s->arena, c->params[p].name))) {
                line = c->params[p].line;
                col = c->params[p].col;
                break;
            }
        diags_addf(diags, own.items[i].level, s->config.path, line, col, "source '%.*s': %s",
                   STR_FMT(c->name), e.text);
    }
    diags_free(&own);
    if (rc != DF_OK || !c->enabled)
        return;
    src.every_ms = c->every;
    src.budget = c->budget;
    src.ignore_robots = !c->robots;
    src.baseline = !str_is(c->first_run, "backfill");
    s->sources[s->source_count++] = src;
}

static void open_channels(struct session *s, struct diags *diags)
{
    if (channels_load(folders(s, &s->config.channels.dirs), &s->channels, diags) != DF_OK)
        return;
    s->sources = arena_array(s->arena, (size_t)s->config.source_count, sizeof *s->sources);
    for (int i = 0; i < s->config.source_count; i++)
        make_source(s, &s->config.sources[i], diags);
}

int session_open(struct cmd *c, unsigned parts, struct session *out)
{
    *out = (struct session){.cmd = c, .arena = arena_new(), .clock = c->clock};
    struct diags diags = {0};
    struct err e;
    enum df_rc rc = config_load(out->arena, c->config_path, &out->config, &diags);
    if (rc == DF_OK) {
        if (out->config.now != DF_NO_TIME)
            out->clock = clock_fixed(out->config.now);
        if (out->config.language.len)
            c->lang = ui_lang_of(out->config.language);
        if (parts & SESSION_CHANNELS)
            open_channels(out, &diags);
    }
    int status = cmd_diags(&diags);
    diags_free(&diags);
    if (status == EXIT_DONE && (parts & SESSION_STORE) &&
        session_store(out, &out->store, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    return status;
}

void session_close(struct session *s)
{
    store_close(&s->store);
    channels_free(&s->channels);
    arena_free(&s->arena);
}

enum df_rc session_store(const struct session *s, struct store **out, struct err *err)
{
    struct str db = s->config.database;
    bool address = str_find(db, STR(":")) > 0;
    return store_open(address ? arena_strz(s->arena, db)
                              : config_path(s->arena, &s->config, db), out, err);
}

struct net_config session_net(const struct session *s)
{
    struct str contact = s->config.network.contact;
    return (struct net_config){
        .schemes = NET_HTTP | NET_HTTPS | NET_FILE,
        .user_agent = contact.len ? arena_printf(s->arena, "defuse/%s (+%.*s)", DEFUSE_VERSION,
                                                 STR_FMT(contact))
                                  : arena_printf(s->arena, "defuse/%s", DEFUSE_VERSION),
        .proxy = s->config.network.proxy,
        .ca_file = s->config.network.ca_file,
        .file_root = str_of(s->config.dir),
    };
}
