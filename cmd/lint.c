/* lint.c: `defuse lint`: is the reply on standard input safe to post? Marks the words, says why and
 * what to write instead. Exit 0: nothing blocks, 1: something does. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "cmd/lint_case.h"
#include "cmd/packs.h"
#include "collector/channel.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "reply/lint.h"
#include "reply/reply.h"

/* The same names in the same order: a channel's unit is a length's unit. */
_Static_assert((int)REPLY_CHARS == (int)LENGTH_CHARS && (int)REPLY_BYTES == (int)LENGTH_BYTES &&
                   (int)REPLY_WEIGHTED == (int)LENGTH_WEIGHTED, "units of length");

static const enum term_style styles[] = {
    [LINT_NOTE] = TERM_CYAN, [LINT_WARN] = TERM_YELLOW, [LINT_BLOCK] = TERM_RED};

static const char *word_of(enum ui_lang lang, const char *group, const char *name)
{
    static char id[64];
    snprintf(id, sizeof id, "%s.%s", group, name);
    return msg(lang, id);
}

/* --- the text with its marks --- */

/* Number of the first finding that marks this code point, from 1; 0: none. */
static int mark_at(const struct lint_report *r, uint32_t at)
{
    for (int i = 0; i < r->count; i++)
        for (int k = 0; k < r->items[i].span_count; k++)
            if (r->items[i].spans[k].start <= at && at < r->items[i].spans[k].end)
                return i + 1;
    return 0;
}

/* Marked words stand in [brackets] with the number of their finding, and in colour. */
static void put_marked(struct buf *b, const struct term *t, struct str text,
                       const struct lint_report *r)
{
    int open = 0;
    uint32_t at = 0;
    for (size_t i = 0, step; i <= text.len; i += step, at++) {
        int mark = i < text.len ? mark_at(r, at) : 0;
        if (open && mark != open) {
            buf_printf(b, "]%d%s", open, term_off(t));
            open = 0;
        }
        if (i == text.len)
            break;
        if (mark && !open)
            buf_printf(b, "%s[", term_on(t, styles[r->items[mark - 1].severity]));
        open = mark;
        utf8_get(text.ptr + i, text.len - i, &step);
        if (text.ptr[i] == '\n')
            buf_putc(b, '\n');
        else
            term_put(b, t, TERM_PLAIN, str_sub(text, i, step));
    }
    buf_puts(b, "\n\n");
}

static void put_finding(struct buf *b, const struct cmd *c, const struct lint_finding *f, int n)
{
    const struct term *t = &c->out;
    buf_printf(b, "%2d ", n);
    term_put(b, t, styles[f->severity],
             str_of(word_of(c->lang, "lint", lint_severity_name(f->severity))));
    buf_puts(b, "  ");
    term_put(b, t, TERM_BOLD, f->rule);
    buf_putc(b, '\n');
    buf_puts(b, "   ");
    buf_str(b, f->why[c->lang]);
    buf_puts(b, "\n   ");
    term_put(b, t, TERM_DIM, str_of(msg(c->lang, "lint.fix")));
    buf_puts(b, ": ");
    buf_str(b, f->fix[c->lang]);
    buf_putc(b, '\n');
}

static void put_summary(struct buf *b, const struct cmd *c, const struct lint_report *r,
                        const struct lint_ctx *ctx)
{
    const struct str counts[] = {arena_printf(c->arena, "%d", r->blocks),
                                 arena_printf(c->arena, "%d", r->warns),
                                 arena_printf(c->arena, "%d", r->notes)};
    struct str length = arena_printf(c->arena, "%zu", r->length);
    struct str unit = str_of(word_of(c->lang, "label.unit", length_unit_name(ctx->unit)));
    struct str limit = arena_printf(c->arena, "%zu", ctx->limit);
    if (r->count)
        msg_put(b, c->lang, "lint.sum", counts, 3);
    else
        buf_puts(b, msg(c->lang, "desk.clean"));
    buf_puts(b, " · ");
    if (ctx->limit)
        msg_put(b, c->lang, "desk.counted-of", (struct str[]){length, limit, unit}, 3);
    else
        msg_put(b, c->lang, "desk.counted", (struct str[]){length, unit}, 2);
    buf_putc(b, '\n');
}

static void print_report(const struct cmd *c, struct str text, const struct lint_report *r,
                         const struct lint_ctx *ctx)
{
    struct buf b = BUF_INIT(DF_MIB(4));
    if (r->count)
        put_marked(&b, &c->out, text, r);
    for (int i = 0; i < r->count; i++)
        put_finding(&b, c, &r->items[i], i + 1);
    put_summary(&b, c, r, ctx);
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
}

static void print_json(const struct cmd *c, const struct lint_report *r, const struct lint_ctx *ctx)
{
    struct buf b = BUF_INIT(DF_MIB(4));
    lint_put_report(&b, r, ctx, c->lang);
    buf_putc(&b, '\n');
    fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
}

/* --- what is asked --- */

/* The channel's limit, from its pack. EXIT_DONE or the status to end with. */
static int use_channel(struct cmd *c, const char *name, struct lint_ctx *ctx)
{
    struct channels *all = NULL;
    struct diags d = {0};
    int status = EXIT_DONE;
    if (channels_load(NULL, &all, &d) != DF_OK) {
        status = cmd_diags(&d);
        goto out;
    }
    const struct channel *ch = channels_find(all, str_of(name));
    if (!ch) {
        struct str near = channels_suggest(all, str_of(name));
        status = near.len ? cmd_usage("no channel '%s'; did you mean '%.*s'?", name, STR_FMT(near))
                          : cmd_usage("no channel '%s'; see 'defuse source channels'", name);
        goto out;
    }
    ctx->channel = arena_str(c->arena, ch->name);
    ctx->limit = ch->reply_limit > 0 ? (size_t)ch->reply_limit : 0;
    ctx->unit = (enum length_unit)ch->reply_unit;
out:
    diags_free(&d);
    channels_free(&all);
    return status;
}

static int read_reply(struct cmd *c, struct str *out)
{
    struct buf b = BUF_INIT(DF_MAX_REPLY);
    struct err e = {0};
    int status = EXIT_DONE;
    if (file_read_stream(stdin, "stdin", &b, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    struct str text = buf_view(&b);
    while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
        text.len--; /* the shell's line end is no part of the reply */
    *out = utf8_repair(c->arena, arena_str(c->arena, text));
    buf_free(&b);
    return status;
}

int cmd_lint(struct cmd *c, int argc, char **argv)
{
    const char *channel = NULL, *lang = NULL;
    bool json = false, thanks = false;
    long long case_id = 0;
    struct option_list dirs = {0};
    const struct option_spec options[] = {
        {"channel", 0, OPT_TEXT, "NAME", "the channel it will stand in: its limit counts", &channel},
        {"lang", 0, OPT_TEXT, "LANG", "of the post: en, zh-Hant, zh-Hans or yue", &lang},
        {"case", 0, OPT_NUMBER, "N", "all of this from a case of the queue", &case_id},
        {"thanks", 0, OPT_FLAG, NULL, "an answer to praise: no regret, no next step asked", &thanks},
        {"rules", 'r', OPT_LIST, "DIR", "a folder with lint rules of your own", &dirs},
        {"json", 0, OPT_FLAG, NULL, "the report as one JSON object", &json},
        {NULL},
    };
    const struct usage usage = {
        .args = "[OPTION]… < REPLY",
        .about = "Checks a public reply for what should never be posted: personal data, promises "
                 "nobody can keep, blame, empty words and more. Exit status 0: nothing blocks; "
                 "1: something does.\n",
        .example = "echo 'Please calm down, it will surely arrive tomorrow.' | defuse lint"};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct lint_ctx ctx = {.now = clock_now(&c->clock)};
    if (lang && reply_lang_of(str_of(lang)) < 0)
        return cmd_usage("no language '%s': en, zh-Hant, zh-Hans or yue", lang);
    struct lint_set *set = NULL;
    struct lint_report report;
    struct diags d = {0};
    struct err e = {0};
    struct str text;
    const char **own = packs_dirs(c, &dirs);
    int status = case_id ? lint_use_case(c, case_id, &ctx) : EXIT_DONE;
    if (status == EXIT_DONE && channel)
        status = use_channel(c, channel, &ctx);
    if (lang)
        ctx.lang = str_of(lang);
    ctx.thanks = ctx.thanks || thanks;
    if (status == EXIT_DONE && lint_load(own, &set, &d) != DF_OK)
        status = cmd_diags(&d);
    if (status == EXIT_DONE)
        status = read_reply(c, &text);
    if (status == EXIT_DONE && reply_lint(set, text, &ctx, c->arena, &report, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    if (status == EXIT_DONE) {
        if (json)
            print_json(c, &report, &ctx);
        else
            print_report(c, text, &report, &ctx);
        status = cmd_finish(report.blocks ? EXIT_PROBLEM : EXIT_DONE);
    }
    lint_free(&set);
    diags_free(&d);
    return status;
}
