#include "cmd/source_status.h"

#include <stdio.h>

#include "cmd/commands.h"
#include "cmd/ratings.h"
#include "cmd/session.h"
#include "core/json.h"
#include "core/limits.h"

#define INDENT "         "

/* What the places say of all reviews together, of one source. */
struct standing {
    struct rating_row *rows;
    int count;
};

static void status_json(struct buf *b, const struct source *src, const struct source_status *st,
                        const struct standing *ratings)
{
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_key(&w, "source"), json_put_str(&w, src->name);
    json_key(&w, "channel"), json_put_str(&w, src->channel->name);
    json_key(&w, "ok"), json_put_bool(&w, st->fails == 0 && st->last_good != DF_NO_TIME);
    json_pair_time(&w, "last_poll", st->last_poll);
    json_pair_time(&w, "last_good", st->last_good);
    json_pair_time(&w, "last_post", st->last_post);
    json_pair_time(&w, "next", st->next);
    json_pair_time(&w, "backoff_until", st->backoff_until);
    json_key(&w, "interval_ms"), json_put_int(&w, st->interval_ms);
    json_key(&w, "lag_ms"), json_put_int(&w, st->lag_ms);
    json_key(&w, "quiet_ms"), json_put_int(&w, st->quiet_ms);
    json_key(&w, "requests_today"), json_put_int(&w, st->used_today);
    json_key(&w, "quota_left"), json_put_int(&w, st->quota_left);
    json_key(&w, "fails"), json_put_int(&w, st->fails);
    json_key(&w, "window_overflow"), json_put_bool(&w, st->overflow);
    json_key(&w, "error"), json_put_str(&w, st->error);
    if (ratings->count) {
        json_key(&w, "ratings");
        json_open(&w, '[');
        for (int i = 0; i < ratings->count; i++) {
            struct buf one = BUF_INIT(DF_KIB(8));
            rating_put_json(&one, &ratings->rows[i]);
            json_put_raw(&w, buf_view(&one));
            buf_free(&one);
        }
        json_close(&w, ']');
    }
    json_close(&w, '}');
    buf_putc(b, '\n');
}

/* "3 min ago", "in 2 h", "never" */
static void put_span(struct buf *b, int64_t ms, int64_t now)
{
    if (ms == DF_NO_TIME) {
        buf_puts(b, "never");
        return;
    }
    int64_t d = ms - now, span = d < 0 ? -d : d;
    const char *unit = span < DF_HOUR ? "min" : span < 2 * DF_DAY ? "h" : "d";
    int64_t n = span < DF_HOUR ? span / DF_MINUTE : span < 2 * DF_DAY ? span / DF_HOUR : span / DF_DAY;
    if (span < DF_MINUTE)
        buf_puts(b, d < 0 ? "just now" : "now");
    else
        buf_printf(b, d < 0 ? "%lld %s ago" : "in %lld %s", (long long)n, unit);
}

/* Sentences under the first line, within the width of the screen. */
static void put_more(struct buf *b, size_t width, struct buf *words)
{
    term_wrap(b, buf_view(words), width - 1, INDENT);
    buf_reset(words);
}

static void put_times(struct buf *b, const struct source_status *st, int64_t now)
{
    buf_puts(b, st->last_good == DF_NO_TIME ? "never answered yet" : "answered ");
    if (st->last_good != DF_NO_TIME)
        put_span(b, st->last_good, now);
    if (st->last_post != DF_NO_TIME) {
        buf_puts(b, ", something new ");
        put_span(b, st->last_post, now);
    } else if (st->last_good != DF_NO_TIME) {
        buf_puts(b, ", nothing new so far");
    }
    buf_puts(b, st->fails ? ", tried again " : ", asked again ");
    put_span(b, st->next == DF_NO_TIME || st->next < now ? now : st->next, now);
    if (st->quota_left >= 0)
        buf_printf(b, "; %lld requests left of the quota", (long long)st->quota_left);
}

static void status_text(struct buf *b, const struct cmd *c, const struct source *src,
                        const struct source_status *st, const struct standing *ratings, int64_t now)
{
    size_t width = (size_t)(c->out.width > 40 ? c->out.width : 80);
    struct buf words = BUF_INIT(DF_KIB(8));
    bool never = st->last_good == DF_NO_TIME && st->fails == 0;
    enum term_style style = st->fails ? TERM_RED : never ? TERM_DIM : TERM_GREEN;
    term_put(b, &c->out, style, st->fails ? STR("failing") : never ? STR("not yet") : STR("good   "));
    buf_puts(b, "  ");
    term_put(b, &c->out, TERM_BOLD, src->name);
    buf_printf(b, "  (%.*s)\n", STR_FMT(src->channel->name));
    put_times(&words, st, now);
    put_more(b, width, &words);
    if (st->fails) {
        if (st->fails > 1)
            buf_printf(&words, "failed %d times in a row: ", st->fails);
        buf_str(&words, st->error);
        put_more(b, width, &words);
    }
    if (st->overflow) {
        buf_puts(&words, "posts may have been missed: more came between two polls than the place "
                         "shows; a shorter `every` helps");
        put_more(b, width, &words);
    }
    if (st->quiet_ms > 0) {
        buf_puts(&words, "quiet for longer than it usually is: is it still the right address?");
        put_more(b, width, &words);
    }
    for (int i = 0; i < ratings->count; i++) {
        buf_puts(&words, "rating of all: ");
        overall_put_text(&words, &ratings->rows[i].overall);
        buf_puts(&words, ", so since ");
        put_span(&words, ratings->rows[i].at, now);
        put_more(b, width, &words);
    }
    buf_free(&words);
}

/* One source: its state and its ratings, onto the screen. */
static enum df_rc show_one(struct cmd *c, struct session *s, const struct source *src, bool json,
                           int64_t now, struct buf *b, bool *failing, struct err *err)
{
    struct source_row row = {0};
    struct source_status st;
    struct standing ratings = {0};
    enum df_rc rc = s->store->sources->get(s->store, src->name, c->arena, &row, err);
    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    rc = s->store->ratings->latest(s->store, src->name, c->arena, &ratings.rows, &ratings.count, err);
    if (rc != DF_OK)
        return rc;
    rc = source_status(src, row.cursor, now, c->arena, &st, err);
    if (json)
        status_json(b, src, &st, &ratings);
    else
        status_text(b, c, src, &st, &ratings, now);
    *failing = *failing || st.fails;
    return rc;
}

int source_status_show(struct cmd *c, int argc, char **argv)
{
    bool json = false, failing = false;
    const struct option_spec specs[] = {{"json", 'j', OPT_FLAG, NULL, "JSON Lines", &json}, {0}};
    const struct usage usage = {"", "Says how each source does: last good answer, last new post, next "
                                    "poll, quota, failures, and how the place's own overall rating "
                                    "stands. Exit 1 when one fails.",
                                "defuse source status", 0, 0};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct session s;
    struct buf b = BUF_INIT(DF_MIB(16));
    int status = session_open(c, SESSION_CHANNELS | SESSION_STORE, &s);
    int64_t now = status == EXIT_DONE ? clock_now(&s.clock) : 0;
    for (int i = 0; i < s.source_count && status != EXIT_USAGE && s.store; i++) {
        struct err e;
        enum df_rc rc = show_one(c, &s, &s.sources[i], json, now, &b, &failing, &e);
        if (rc != DF_OK)
            status = cmd_fail(EXIT_PROBLEM, &e);
        if (rc == DF_FATAL || rc == DF_RETRY)
            break;
    }
    if (!s.source_count && status == EXIT_DONE && !json)
        buf_puts(&b, "The settings name no source yet; `defuse source channels` lists what there is.\n");
    if (b.len)
        fwrite(b.ptr, 1, b.len, stdout);
    buf_free(&b);
    session_close(&s);
    return cmd_finish(failing && status == EXIT_DONE ? EXIT_PROBLEM : status);
}
