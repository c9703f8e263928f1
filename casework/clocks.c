#include "casework/clocks.h"

enum { MINUTES_A_DAY = 24 * 60, MAX_DAYS = 400 };

struct clock_plan clock_plan_default(void)
{
    return (struct clock_plan){
        .zone = STR("UTC"),
        .rules = {[URGENCY_P1] = {30, false},
                  [URGENCY_P2] = {120, false},
                  [URGENCY_P3] = {1440, false},
                  [URGENCY_P4] = {0, false}},
    };
}

static bool never_open(const struct clock_plan *p)
{
    for (int i = 0; i < 7; i++)
        if (p->week[i].from < p->week[i].to)
            return false;
    return true;
}

/* Moment of `minute` after local midnight on the local day that holds ms. On a day when clocks
 * change, the offset that holds at that moment counts. */
static int64_t at_minute(const struct clock_plan *p, int64_t ms, int minute)
{
    int offset = 0, then = 0;
    zone_offset(p->zone, ms, &offset);
    struct civil c = civil_from_ms(ms, offset);
    struct civil midnight = {c.year, c.month, c.day, 0, 0, 0, 0};
    int64_t guess = civil_to_ms(&midnight, offset) + minute * DF_MINUTE;
    zone_offset(p->zone, guess, &then);
    return guess - (then - offset) * DF_MINUTE;
}

/* Walks the opening hours from `from` until so many of their minutes have passed. */
static int64_t through_hours(const struct clock_plan *p, int64_t from, int64_t left)
{
    int64_t now = from;
    for (int day = 0; day < MAX_DAYS; day++) {
        int offset = 0;
        zone_offset(p->zone, now, &offset);
        const struct opening *o = &p->week[civil_weekday(now, offset)];
        int64_t opens = at_minute(p, now, o->from), closes = at_minute(p, now, o->to);
        int64_t start = now > opens ? now : opens;
        if (o->from < o->to && start < closes) {
            if (closes - start >= left)
                return start + left;
            left -= closes - start;
        }
        now = at_minute(p, now, MINUTES_A_DAY);
    }
    return now;
}

int64_t clock_due(const struct clock_plan *plan, enum urgency urgency, int64_t from)
{
    const struct clock_rule *r = &plan->rules[urgency];
    if (r->minutes == 0 || from == DF_NO_TIME)
        return DF_NO_TIME;
    if (!r->business_hours || never_open(plan))
        return from + r->minutes * DF_MINUTE;
    return through_hours(plan, from, r->minutes * DF_MINUTE);
}
