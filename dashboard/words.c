#include "dashboard/words.h"

#include <stdio.h>

#include "core/limits.h"

struct str words_fill(const struct words *w, const char *id, const struct str *args, int count)
{
    struct buf b = BUF_INIT(DF_KIB(4));
    struct str out;

    msg_put(&b, w->lang, id, args, count);
    out = arena_str(w->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

struct str words_int(const struct words *w, int64_t n)
{
    return arena_printf(w->arena, "%lld", (long long)n);
}

/* How a stretch of time is said: the two largest units that matter. Scripts refresh the clocks of
 * an open page with the same messages and the same rounding (assets/live.js). */
static struct str span(const struct words *w, const char *kind, int64_t ms)
{
    int64_t minutes = ms / DF_MINUTE, hours = minutes / 60, days = hours / 24;
    char id[48];
    const char *size = days >= 1 ? "days" : hours >= 1 ? "hours" : "minutes";

    snprintf(id, sizeof id, "time.%s.%s", kind, size);
    if (days >= 1)
        return WORDS(w, id, words_int(w, days), words_int(w, hours % 24));
    if (hours >= 1)
        return WORDS(w, id, words_int(w, hours), words_int(w, minutes % 60));
    return WORDS(w, id, words_int(w, minutes));
}

static struct view_time moment(const struct words *w, int64_t ms)
{
    struct view_time t = {0};
    struct buf b = BUF_INIT(64);

    time_put_rfc3339(&b, ms);
    t.iso = arena_str(w->arena, buf_view(&b));
    buf_reset(&b);
    time_put_local(&b, ms, w->zone);
    t.full = arena_str(w->arena, buf_view(&b));
    buf_free(&b);
    return t;
}

struct view_time words_due(const struct words *w, int64_t ms)
{
    struct view_time t;

    if (ms == DF_NO_TIME)
        return (struct view_time){0};
    t = moment(w, ms);
    t.over = ms < w->now;
    t.text = t.over ? span(w, "late", w->now - ms) : span(w, "left", ms - w->now);
    return t;
}

struct view_time words_past(const struct words *w, int64_t ms)
{
    struct view_time t;

    if (ms == DF_NO_TIME)
        return (struct view_time){0};
    t = moment(w, ms);
    if (ms > w->now + DF_DAY || w->now - ms >= DF_DAY)
        t.text = str_sub(t.full, 0, 16); /* date and time; the offset is in the tooltip */
    else if (w->now - ms < DF_MINUTE) /* or a little ahead: two clocks */
        t.text = str_of(msg(w->lang, "time.just-now"));
    else
        t.text = span(w, "ago", w->now - ms);
    return t;
}

struct view_time words_coming(const struct words *w, int64_t ms)
{
    struct view_time t;

    if (ms == DF_NO_TIME || ms == 0)
        return (struct view_time){0};
    t = moment(w, ms);
    t.text = ms <= w->now ? str_of(msg(w->lang, "time.now")) : span(w, "in", ms - w->now);
    return t;
}

struct str words_clock(const struct words *w)
{
    static const char *const ids[] = {"time.left.minutes", "time.left.hours", "time.left.days",
                                      "time.late.minutes", "time.late.hours", "time.late.days"};
    struct buf b = BUF_INIT(DF_KIB(1));
    struct str out;

    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (i)
            buf_putc(&b, '|');
        buf_puts(&b, msg(w->lang, ids[i]));
    }
    out = arena_str(w->arena, buf_view(&b));
    buf_free(&b);
    return out;
}

const char *words_label(const struct words *w, const char *kind, const char *name)
{
    char id[96];
    const char *text;

    if (name[0] == '\0')
        return "";
    snprintf(id, sizeof id, "label.%s.%s", kind, name);
    text = msg(w->lang, id);
    return text == id ? name : text;
}
