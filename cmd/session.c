#include "cmd/session.h"

#include "core/limits.h"
#include "core/yaml.h"

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

/* A key the channel does not know, but which is nearly one of ours: "evry". */
static bool slip_of_setting(struct session *s, const struct channel *ch,
                            const struct config_param *p, struct diags *diags)
{
    const char *keys[32];
    int n = 0;
    for (size_t i = 0; ch && i < ch->param_count; i++)
        if (str_eq(ch->params[i].name, p->name))
            return false;
    for (const struct config_setting *k = config_settings; ch && k->key && n < 31; k++)
        if (k->section == SECTION_SOURCE)
            keys[n++] = k->key;
    keys[n] = NULL;
    const char *near = nearest_word(p->name, keys);
    if (near)
        diags_addf(diags, DIAG_ERROR, s->config.path, p->line, p->col,
                   "unknown key '%.*s'; did you mean '%s'?", STR_FMT(p->name), near);
    return near != NULL;
}

static void make_source(struct session *s, const struct config_source *c, struct diags *diags)
{
    if (c->channel.len == 0)
        return; /* told already */
    const struct channel *ch = channels_find(s->channels, c->channel);
    struct param_value *given = arena_array(s->arena, (size_t)c->param_count, sizeof *given);
    size_t count = 0;
    for (int i = 0; i < c->param_count; i++)
        if (!slip_of_setting(s, ch, &c->params[i], diags))
            given[count++] = (struct param_value){
                c->params[i].name,
                file_address(s, ch, c->params[i].name, c->params[i].value),
            };
    struct diags own = {0};
    struct source src;
    enum df_rc rc = source_make(s->channels, c->name, c->channel, given, count,
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
        diags_addf(diags, own.items[i].level, s->config.path, line, col, "source %s", e.text);
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

/* --- suggested replies --- */

static void put_array(struct buf *b, const struct str *items, int count)
{
    struct json_out w = {.buf = b};
    json_open(&w, '[');
    for (int i = 0; i < count; i++)
        json_put_str(&w, items[i]);
    json_close(&w, ']');
}

/* What is the same for every reply, made once: later calls come from several threads. */
static void wire_replies(struct session *s)
{
    const struct config *c = &s->config;
    struct reply_ctx *ctx = &s->reply;
    struct str *names = arena_array(s->arena, (size_t)c->brand.aliases.count + 1, sizeof *names);
    names[0] = c->brand.name;
    for (int i = 0; i < c->brand.aliases.count; i++)
        names[i + 1] = c->brand.aliases.items[i];
    for (int l = 0; l < REPLY_LANGS; l++) {
        ctx->brand[l] = reply_brand_name(names, c->brand.aliases.count + 1, (enum reply_lang)l);
        ctx->contact[l] = c->brand.contact;
    }
    ctx->owner = c->brand.owner;
    ctx->signer = c->brand.signer;
    for (int i = 0; i < c->brand.languages.count; i++) {
        int l = reply_lang_of(c->brand.languages.items[i]);
        if (l >= 0)
            ctx->languages |= 1u << l;
    }
}

struct reply_ctx session_reply_ctx(const struct session *s, struct str channel)
{
    static const enum length_unit units[] = {
        [REPLY_CHARS] = LENGTH_CHARS,   [REPLY_GRAPHEMES] = LENGTH_GRAPHEMES,
        [REPLY_UTF16] = LENGTH_UTF16,   [REPLY_BYTES] = LENGTH_BYTES,
        [REPLY_WEIGHTED] = LENGTH_WEIGHTED,
    };
    struct reply_ctx ctx = s->reply;
    const struct channel *ch = s->channels ? channels_find(s->channels, channel) : NULL;
    ctx.now = clock_now(&s->clock);
    zone_offset(s->config.zone, ctx.now, &ctx.offset_minutes);
    if (ch && ch->reply_limit > 0) {
        ctx.limit = (size_t)ch->reply_limit;
        ctx.unit = units[ch->reply_unit];
    }
    return ctx;
}

static enum df_rc suggest(void *session, const struct post *post, const struct verdict *v,
                          struct arena *a, struct suggestion *out, struct err *err)
{
    struct session *s = session;
    struct reply_ctx ctx = session_reply_ctx(s, post->channel);
    struct draft d;
    struct str *said;
    ctx.recent_count = said_list(&s->said, a, &said);
    ctx.recent = said;
    enum df_rc rc = reply_compose(s->replies, post, v, &ctx, a, &d, err);
    if (rc != DF_OK)
        return rc;
    if (d.silent)
        return DF_NONE;
    said_add(&s->said, d.text);
    struct buf pieces = BUF_INIT(DF_MAX_LINE), findings = BUF_INIT(DF_MAX_LINE);
    put_array(&pieces, d.pieces, d.piece_count);
    lint_put_findings(&findings, &d.lint, s->cmd->lang);
    *out = (struct suggestion){
        .text = d.text,
        .lang = str_of(reply_lang_tag(d.lang)),
        .pieces = arena_str(a, buf_view(&pieces)),
        .findings = arena_str(a, buf_view(&findings)),
    };
    buf_free(&pieces);
    buf_free(&findings);
    return DF_OK;
}

static void open_rules(struct session *s, struct diags *diags)
{
    const char *const *dirs = folders(s, &s->config.rules.dirs);
    struct ruleset_spec spec = {dirs, s->config.rules.dirs.count, true, NULL};
    enum df_rc rules = ruleset_load(&spec, &s->rules, diags);
    enum df_rc replies = reply_load(dirs, &s->replies, diags);
    if (rules != DF_OK || replies != DF_OK ||
        wiring_make(&s->config, reply_playbook(s->replies), s->cmd->lang, s->arena, &s->wiring,
                    diags) != DF_OK)
        return;
    wire_replies(s);
    s->wiring.conf.suggest = suggest;
    s->wiring.conf.suggest_ctx = s;
}

/* Addresses and names that threads ask for later: made while there is only one. */
static void wire_outside(struct session *s)
{
    struct str db = s->config.database, contact = s->config.network.contact;
    s->store_address = str_find(db, STR(":")) > 0 ? arena_strz(s->arena, db)
                                                  : config_path(s->arena, &s->config, db);
    s->net = (struct net_config){
        .schemes = NET_HTTP | NET_HTTPS | NET_FILE,
        .user_agent = contact.len ? arena_printf(s->arena, "defuse/%s (+%.*s)", DEFUSE_VERSION,
                                                 STR_FMT(contact))
                                  : str_of("defuse/" DEFUSE_VERSION),
        .proxy = s->config.network.proxy,
        .ca_file = s->config.network.ca_file.len
                       ? str_of(config_path(s->arena, &s->config, s->config.network.ca_file))
                       : STR_NONE,
        .timeout_ms = (int)s->config.network.timeout,
        .file_root = str_of(s->config.dir),
    };
}

int64_t session_now(void *clock)
{
    return clock_now(clock);
}

int session_open(struct cmd *c, unsigned parts, struct session *out)
{
    *out = (struct session){.cmd = c, .arena = arena_new(), .clock = c->clock, .said = SAID_INIT};
    struct diags diags = {0};
    struct err e;
    enum df_rc rc = config_load(out->arena, c->config_path, &out->config, &diags);
    if (rc == DF_OK || out->config.dir) { /* with faults too: tell those of the packs as well */
        if (out->config.now != DF_NO_TIME)
            out->clock = clock_fixed(out->config.now);
        if (out->config.language.len)
            c->lang = ui_lang_of(out->config.language);
        wire_outside(out);
        if (parts & SESSION_CHANNELS)
            open_channels(out, &diags);
        if (parts & SESSION_RULES)
            open_rules(out, &diags);
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
    reply_free(&s->replies);
    said_free(&s->said);
    ruleset_free(&s->rules);
    channels_free(&s->channels);
    arena_free(&s->arena);
}

enum df_rc session_store(const struct session *s, struct store **out, struct err *err)
{
    return store_open(s->store_address, out, err);
}
