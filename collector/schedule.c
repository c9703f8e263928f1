#include "collector/schedule.h"

#include "core/clock.h"
#include "core/digest.h"

#define LEAST_INTERVAL (30 * DF_SECOND)
#define MOST_BACKOFF (6 * DF_HOUR)
#define QUIET_FACTOR 5   /* silent for five of its usual gaps is worth a word … */
#define QUIET_SAMPLES 5  /* … once its usual gap is known */

int64_t schedule_every(const struct source *s)
{
    return s->every_ms ? s->every_ms : s->channel->every_ms;
}

int64_t schedule_pace(const struct source *s)
{
    return s->pace_ms ? s->pace_ms : s->channel->pace_ms;
}

int64_t schedule_budget(const struct source *s)
{
    return s->budget < 0 ? 0 : s->budget ? s->budget : s->channel->budget;
}

bool schedule_budget_left(const struct source *s, struct source_state *st, int64_t now)
{
    int64_t budget = schedule_budget(s), day = now / DF_DAY;
    if (st->day != day) {
        st->day = day;
        st->used = 0;
    }
    return budget == 0 || st->used < budget;
}

/* Between 0.9 and 1.1 of a span, the same for the same poll: sources that began together drift
 * apart, and tests stay repeatable. */
static int64_t jitter(const struct source *s, const struct source_state *st, int64_t span)
{
    uint64_t h = hash64(s->name) + (uint64_t)st->polls * 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    return span * 9 / 10 + span / 5 * (int64_t)(h % 1000) / 1000;
}

static int64_t smooth(int64_t old, int64_t now)
{
    return old ? (old * 3 + now) / 4 : now;
}

/* Half of a page new means the next page may fall out of sight: come sooner. */
static int64_t next_interval(const struct source *s, const struct source_state *st,
                             const struct poll_facts *f)
{
    int64_t every = schedule_every(s), now = st->interval_ms ? st->interval_ms : every;
    int64_t least = every < LEAST_INTERVAL ? every : LEAST_INTERVAL;
    if (schedule_pace(s) > least)
        least = schedule_pace(s);
    if (f->overflow || (!f->first && f->posts && f->fresh * 2 > f->posts))
        now /= 2;
    else if (f->fresh * 4 < f->posts || !f->posts)
        now = now * 3 / 2;
    return now < least ? least : now > every ? every : now;
}

static void good(const struct source *s, struct source_state *st, const struct poll_facts *f,
                 int64_t now)
{
    st->fails = 0;
    st->backoff_until = st->hold_until = DF_NO_TIME;
    st->last_good = now;
    st->interval_ms = next_interval(s, st, f);
    if (f->newest != DF_NO_TIME && (st->newest == DF_NO_TIME || f->newest > st->newest) &&
        f->newest <= now + DF_DAY)
        st->newest = f->newest;
    if (f->fresh && !f->first) {
        if (st->last_new != DF_NO_TIME)
            st->gap_ms = smooth(st->gap_ms, (now - st->last_new) / (int64_t)f->fresh);
        if (f->lag_ms >= 0)
            st->lag_ms = smooth(st->lag_ms, f->lag_ms);
        st->samples += st->samples < 100;
    }
    if (f->fresh)
        st->last_new = now;
    st->next = now + jitter(s, st, st->interval_ms);
}

static void bad(const struct source *s, struct source_state *st, int64_t now)
{
    int64_t wait = schedule_every(s);
    st->fails++;
    for (int i = 1; i < st->fails && wait < MOST_BACKOFF; i++)
        wait *= 2;
    if (wait > MOST_BACKOFF && MOST_BACKOFF > schedule_every(s))
        wait = MOST_BACKOFF;
    st->next = now + jitter(s, st, wait);
    st->backoff_until = st->next;
}

void schedule_after(const struct source *s, struct source_state *st, const struct poll_facts *f,
                    int64_t now)
{
    st->polls++;
    st->last_poll = now;
    st->overflow = f->overflow;
    if (f->good)
        good(s, st, f, now);
    else
        bad(s, st, now);
    if (f->retry_after_ms > 0 && st->next < now + f->retry_after_ms) {
        st->next = now + f->retry_after_ms;
        st->backoff_until = st->next;
    }
    if (!schedule_budget_left(s, st, now) && st->next < (st->day + 1) * DF_DAY)
        st->next = (st->day + 1) * DF_DAY + jitter(s, st, DF_MINUTE);
}

int64_t schedule_quiet(const struct source_state *st, int64_t now)
{
    if (st->samples < QUIET_SAMPLES || st->last_new == DF_NO_TIME || !st->gap_ms)
        return 0;
    int64_t usual = st->gap_ms > st->interval_ms ? st->gap_ms : st->interval_ms;
    int64_t over = now - st->last_new - QUIET_FACTOR * usual;
    return over > 0 ? over : 0;
}

void schedule_held(const struct source *s, struct source_state *st, int64_t until)
{
    st->next = until + jitter(s, st, DF_SECOND);
    st->backoff_until = st->next;
}

/* --- what callers ask --- */

int64_t source_hold(struct str state, int64_t now)
{
    if (str_find(state, STR("\"hold\":")) < 0) /* nearly all */
        return DF_NO_TIME;
    struct arena *a = arena_new();
    struct source_state st;
    enum df_rc rc = state_read(state, a, &st, NULL);
    arena_free(&a);
    return rc == DF_OK && st.hold_until > now ? st.hold_until : DF_NO_TIME;
}

bool source_due(const struct source *s, struct str state, int64_t now)
{
    struct arena *a = arena_new();
    struct source_state st;
    enum df_rc rc = state_read(state, a, &st, NULL);
    bool due = rc != DF_OK || st.next == DF_NO_TIME || now >= st.next ||
               /* the clock was set back, or the interval was shortened */
               (st.last_poll != DF_NO_TIME && now < st.last_poll - DF_HOUR) ||
               (st.backoff_until == DF_NO_TIME && st.last_poll != DF_NO_TIME &&
                now >= st.last_poll + schedule_every(s) * 11 / 10);
    arena_free(&a);
    return due;
}

enum df_rc source_status(const struct source *s, struct str state, int64_t now, struct arena *a,
                         struct source_status *out, struct err *err)
{
    struct source_state st;
    enum df_rc rc = state_read(state, a, &st, err);
    int64_t budget = schedule_budget(s);
    bool left = schedule_budget_left(s, &st, now);
    *out = (struct source_status){
        .last_poll = st.last_poll, .last_good = st.last_good, .last_post = st.last_new,
        .next = st.next, .lag_ms = st.lag_ms,
        .interval_ms = st.interval_ms ? st.interval_ms : schedule_every(s),
        .backoff_until = st.backoff_until, .quota_left = st.quota_left, .used_today = st.used,
        .fails = st.fails, .error = st.error, .overflow = st.overflow,
        .quiet_ms = schedule_quiet(&st, now)};
    if (budget)
        out->quota_left = left ? budget - st.used : 0;
    return rc;
}
