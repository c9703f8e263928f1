/* schedule.h: when to ask a source again. Pure over the time given: interval with jitter, backoff
 * that doubles, Retry-After, budgets of the day, and an interval that follows how fast posts
 * come. Knows sources and their states, no network. */
#ifndef DF_COLLECTOR_SCHEDULE_H
#define DF_COLLECTOR_SCHEDULE_H

#include "collector/collector.h"
#include "collector/state.h"

int64_t schedule_every(const struct source *);  /* wanted interval */
int64_t schedule_pace(const struct source *);   /* least time between two requests */
int64_t schedule_budget(const struct source *); /* requests a day; 0 = no limit */
bool schedule_budget_left(const struct source *, struct source_state *, int64_t now);

/* What a poll brought, for the next time. */
struct poll_facts {
    bool good;              /* answered and believed */
    size_t posts, fresh;    /* in the answer; not seen before */
    bool first;             /* nothing was known before */
    bool overflow;
    int64_t newest;         /* creation time, DF_NO_TIME unknown */
    int64_t lag_ms;         /* typical age of the fresh ones, -1 unknown */
    int64_t retry_after_ms; /* -1 */
};

/* Updates interval, backoff, fails, next, gap and lag. error stays the caller's. */
void schedule_after(const struct source *, struct source_state *, const struct poll_facts *,
                    int64_t now);
/* Nothing was asked: its host is to be left alone until then. */
void schedule_held(const struct source *, struct source_state *, int64_t until);
/* How much longer than normal the source has been silent; 0 = not unusual. */
int64_t schedule_quiet(const struct source_state *, int64_t now);

#endif
