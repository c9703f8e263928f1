/* source.c: `defuse source`: what channels there are, and what a page gives before it is put into
 * the settings. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "cmd/packs.h"
#include "cmd/ratings.h"
#include "cmd/source_status.h"
#include "core/json.h"
#include "core/limits.h"

static void print(struct buf *b)
{
    fwrite(b->ptr ? b->ptr : "", 1, b->len, stdout);
    buf_free(b);
}

/* --- channels --- */

static const char *const type_names[] = {"text", "integer", "url", "choice", "bool", "list"};
static const char *const unit_names[] = {"chars", "graphemes", "utf16", "bytes", "weighted"};

static void channel_json(struct buf *b, const struct channel *ch, enum ui_lang lang)
{
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_key(&w, "channel"), json_put_str(&w, ch->name);
    json_key(&w, "title"), json_put_str(&w, ch->title[lang]);
    json_key(&w, "status"), json_put_str(&w, ch->status);
    json_key(&w, "about"), json_put_str(&w, ch->about);
    json_key(&w, "params");
    json_open(&w, '[');
    for (size_t i = 0; i < ch->param_count; i++) {
        const struct param *p = &ch->params[i];
        json_open(&w, '{');
        json_key(&w, "name"), json_put_str(&w, p->name);
        json_key(&w, "type"), json_put_str(&w, str_of(type_names[p->type]));
        json_key(&w, "required"), json_put_bool(&w, p->required);
        json_key(&w, "default"), json_put_str(&w, p->fallback);
        json_key(&w, "doc"), json_put_str(&w, p->doc);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_key(&w, "secrets");
    json_open(&w, '[');
    for (size_t i = 0; i < ch->auth.secret_count; i++)
        json_put_str(&w, ch->auth.secrets[i].value);
    json_close(&w, ']');
    json_key(&w, "reply_limit"), json_put_int(&w, ch->reply_limit);
    json_key(&w, "reply_unit"), json_put_str(&w, str_of(unit_names[ch->reply_unit]));
    json_close(&w, '}');
    buf_putc(b, '\n');
}

static void channel_text(struct buf *b, const struct cmd *c, const struct channel *ch)
{
    size_t width = (size_t)(c->out.width > 20 ? c->out.width : 80);
    term_put(b, &c->out, TERM_BOLD, ch->name);
    buf_printf(b, "  %.*s", STR_FMT(ch->title[c->lang]));
    if (!str_is(ch->status, "public"))
        buf_printf(b, "  [%.*s]", STR_FMT(ch->status));
    buf_putc(b, '\n');
    term_wrap(b, ch->about, width - 1, "    ");
    for (size_t i = 0; i < ch->param_count; i++) {
        const struct param *p = &ch->params[i];
        buf_printf(b, "    %.*s%s: %.*s%s%.*s%s\n", STR_FMT(p->name), p->required ? " (needed)" : "",
                   STR_FMT(p->doc), p->fallback.len ? " [" : "", STR_FMT(p->fallback),
                   p->fallback.len ? "]" : "");
    }
    for (size_t i = 0; i < ch->auth.secret_count; i++)
        buf_printf(b, "    $%.*s%s\n", STR_FMT(ch->auth.secrets[i].value),
                   ch->auth.optional ? " (optional)" : "");
}

/* One section of docs/channels.md, which is made from the packs. */
static void channel_markdown(struct buf *b, const struct channel *ch)
{
    buf_printf(b, "## %.*s\n\n`%.*s`", STR_FMT(ch->title[UI_EN]), STR_FMT(ch->name));
    for (size_t i = 0; i < ch->alias_count; i++)
        buf_printf(b, " `%.*s`", STR_FMT(ch->aliases[i]));
    buf_printf(b, "\n\n%.*s\n\n", STR_FMT(ch->about));
    for (size_t i = 0; i < ch->param_count; i++) {
        const struct param *p = &ch->params[i];
        buf_printf(b, "- **%.*s**%s: %.*s", STR_FMT(p->name), p->required ? " (needed)" : "",
                   STR_FMT(p->doc));
        if (p->fallback.len)
            buf_printf(b, "; else `%.*s`", STR_FMT(p->fallback));
        if (p->example.len)
            buf_printf(b, "; for example `%.*s`", STR_FMT(p->example));
        buf_putc(b, '\n');
    }
    if (ch->auth.secret_count)
        buf_printf(b, "\nCredentials%s: %.*s.", ch->auth.optional ? " (optional)" : "",
                   STR_FMT(ch->auth.doc));
    for (size_t i = 0; i < ch->auth.secret_count; i++)
        buf_printf(b, "%s `$%.*s`", i ? "," : "", STR_FMT(ch->auth.secrets[i].value));
    buf_puts(b, ch->auth.secret_count ? "\n" : "");
    if (ch->request.url.len)
        buf_printf(b, "\nAsked every %lld min, at least %.1f s between two requests%s.",
                   (long long)(ch->every_ms / DF_MINUTE), (double)ch->pace_ms / 1000,
                   ch->robots ? "; robots.txt is honoured" : "");
    if (ch->budget)
        buf_printf(b, " At most %lld requests a day.", (long long)ch->budget);
    if (ch->window_posts)
        buf_printf(b, " The newest %d posts can be seen.", ch->window_posts);
    if (ch->window_ms)
        buf_printf(b, " The last %lld days can be seen.", (long long)(ch->window_ms / DF_DAY));
    if (ch->reply_limit)
        buf_printf(b, " A reply may have %d %s.", ch->reply_limit, unit_names[ch->reply_unit]);
    if (ch->reply_note.len)
        buf_printf(b, " %.*s", STR_FMT(ch->reply_note));
    buf_printf(b, "\n\nReference: <%.*s>\n\n", STR_FMT(ch->docs));
}

static int list_channels(struct cmd *c, int argc, char **argv)
{
    struct option_list dirs = {0};
    bool json = false, markdown = false;
    const struct option_spec specs[] = {
        {"channels", 0, OPT_LIST, "DIR", "a folder of channel packs of your own", &dirs},
        {"json", 'j', OPT_FLAG, NULL, "JSON Lines", &json},
        {"markdown", 0, OPT_FLAG, NULL, "as pages of a manual", &markdown},
        {0}};
    const struct usage usage = {"[NAME…]", "Lists the channels, their parameters and the "
                                           "environment variables of their credentials.",
                                "defuse source channels steam", 0, -1};
    int n = options_parse(c, argc, argv, specs, &usage), status = EXIT_DONE;
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct diags diags = {0};
    struct channels *channels = NULL;
    struct buf b = BUF_INIT(DF_MIB(4));
    if (channels_load(packs_dirs(c, &dirs), &channels, &diags) != DF_OK)
        status = cmd_diags(&diags);
    for (size_t i = 0; i < channels_count(channels); i++) {
        const struct channel *ch = channels_at(channels, i);
        bool meant = n == 0;
        for (int k = 1; k <= n; k++)
            meant = meant || channels_find(channels, str_of(argv[k])) == ch;
        if (meant && markdown)
            channel_markdown(&b, ch);
        else if (meant && json)
            channel_json(&b, ch, c->lang);
        else if (meant)
            channel_text(&b, c, ch);
    }
    for (int k = 1; k <= n && status == EXIT_DONE; k++)
        if (!channels_find(channels, str_of(argv[k])))
            status = cmd_usage("there is no channel '%s'; did you mean '%.*s'?", argv[k],
                               STR_FMT(channels_suggest(channels, str_of(argv[k]))));
    print(&b);
    channels_free(&channels);
    diags_free(&diags);
    return cmd_finish(status);
}

/* --- test --- */

struct have {
    const char *what;
    size_t count;
};

static void put_filled(struct buf *b, const struct collect_result *r, size_t width)
{
    struct have have[] = {{"text", 0}, {"title", 0}, {"date", 0}, {"author", 0}, {"stars", 0},
                          {"address", 0}, {"language", 0}};
    for (size_t i = 0; i < r->count; i++) {
        const struct post *p = &r->posts[i];
        have[0].count += p->text.len > 0;
        have[1].count += p->title.len > 0;
        have[2].count += p->created != DF_NO_TIME;
        have[3].count += p->author_name.len > 0 || p->author_id.len > 0;
        have[4].count += p->stars == p->stars;
        have[5].count += p->url.len > 0;
        have[6].count += p->lang.len > 0;
    }
    struct buf words = BUF_INIT(DF_KIB(4));
    buf_printf(&words, r->count == 1 ? "%zu post" : "%zu posts", r->count);
    for (size_t i = 0; i < sizeof have / sizeof *have && r->count; i++)
        buf_printf(&words, "%s %s %zu", i ? "," : "; of these with", have[i].what, have[i].count);
    if (r->gone_count)
        buf_printf(&words, "; %zu deleted there", r->gone_count);
    term_wrap(b, buf_view(&words), width, "  ");
    buf_free(&words);
}

static void put_sample(struct buf *b, const struct cmd *c, const struct post *p)
{
    size_t width = (size_t)(c->out.width > 40 ? c->out.width : 80) - 6;
    buf_puts(b, "  - ");
    term_put(b, &c->out, TERM_BOLD, p->id);
    buf_putc(b, '\n');
    buf_puts(b, "      ");
    if (p->created != DF_NO_TIME)
        time_put_local(b, p->created, STR("UTC"));
    else
        buf_puts(b, "no date");
    buf_printf(b, "  %.*s", STR_FMT(p->author_name.len ? p->author_name : STR("no author")));
    if (p->stars == p->stars)
        buf_printf(b, "  %.1f of 5", p->stars);
    buf_puts(b, "\n      ");
    term_fit(b, p->title.len ? p->title : p->text, width, false);
    buf_putc(b, '\n');
}

static void put_answer(struct buf *b, const struct cmd *c, const struct source *src,
                       const struct collect_result *r)
{
    const struct collect_health *h = &r->health;
    term_put(b, &c->out, TERM_BOLD, src->name);
    buf_printf(b, "  (%.*s)\n", STR_FMT(src->channel->name));
    if (h->status)
        buf_printf(b, "  answered with HTTP %d, %lld bytes in %d request%s\n", h->status,
                   (long long)h->bytes, h->requests, h->requests == 1 ? "" : "s");
}

/* What the readers told, a step in from the margin. */
static void put_trace(struct buf *b, struct str told)
{
    struct str line;
    while (str_split(&told, '\n', &line))
        if (line.len)
            buf_printf(b, "  %.*s\n", STR_FMT(line));
}

static int test_one(struct cmd *c, struct packs *p, const struct source *src)
{
    struct buf b = BUF_INIT(DF_MIB(1)), trace = BUF_INIT(DF_KIB(64));
    struct collect_result r;
    collector_trace(p->collector, &trace);
    collect(p->collector, src, STR_NONE, p->transport, &p->limits, clock_now(&p->clock), p->arena,
            &r, NULL);
    collector_trace(p->collector, NULL);
    put_answer(&b, c, src, &r);
    put_trace(&b, buf_view(&trace));
    size_t width = (size_t)(c->out.width > 40 ? c->out.width : 80) - 1;
    if (r.health.rc == DF_OK || r.count)
        put_filled(&b, &r, width);
    if (r.health.bad_items) {
        struct str why = arena_printf(p->arena, r.health.bad_items == 1
                                                    ? "%d item was left out: %.*s"
                                                    : "%d items were left out; the first: %.*s",
                                      r.health.bad_items, STR_FMT(r.health.bad_first));
        term_wrap(&b, why, width, "  ");
    }
    for (size_t i = 0; i < r.overall_count && i < 3; i++) {
        buf_puts(&b, "  rating of all: ");
        overall_put_text(&b, &r.overall[i]);
        buf_putc(&b, '\n');
    }
    for (size_t i = 0; i < r.count && i < 3; i++)
        put_sample(&b, c, &r.posts[i]);
    print(&b);
    buf_free(&trace);
    if (r.health.rc != DF_OK) {
        struct err e;
        err_set(&e, r.health.rc, "%.*s: %.*s", STR_FMT(src->name), STR_FMT(r.health.error));
        return cmd_fail(EXIT_PROBLEM, &e);
    }
    return r.count ? EXIT_DONE : EXIT_PROBLEM;
}

static int test_sources(struct cmd *c, int argc, char **argv)
{
    struct option_list params = {0}, dirs = {0};
    const struct option_spec specs[] = {
        {"param", 'p', OPT_LIST, "NAME=VALUE", "try this channel instead of a source", &params},
        {"channels", 0, OPT_LIST, "DIR", "a folder of channel packs of your own", &dirs},
        {0}};
    const struct usage usage = {
        "SOURCE… | CHANNEL -p NAME=VALUE…",
        "Asks once and tells what was found: encoding, what each selector matched, how many posts "
        "have text, date, author, stars, and why items were dropped.",
        "defuse source test feed -p url=https://blog.example.org/feed", 1,
        -1};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    return packs_each(c, argv + 1, n, &params, &dirs,
                      (struct collect_limits){.pages = 1, .follow = 3}, test_one);
}

int cmd_source(struct cmd *c, int argc, char **argv)
{
    static const struct command commands_of[] = {
        {"channels", list_channels, "the channels, their parameters and credentials"},
        {"test", test_sources, "ask once and tell what was found"},
        {"status", source_status_show, "how each source of the settings does"},
        {NULL, NULL, NULL},
    };
    static const struct command_group group = {
        "source", "Places where posts stand: what can be read, and how it goes.",
        "defuse source test feed -p url=https://www.example.org/feed.xml", commands_of};
    return cmd_group(c, &group, argc, argv);
}
