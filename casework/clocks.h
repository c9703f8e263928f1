/* clocks.h: when an answer is due. A clock starts at the POST's own time: the public counts from
 * there, not from when we looked. Pure; zones come from core/clock.h. */
#ifndef DF_CASEWORK_CLOCKS_H
#define DF_CASEWORK_CLOCKS_H

#include "core/clock.h"
#include "model/verdict.h"

struct clock_plan {
    struct str zone; /* of the hours below; "UTC", "+08:00", "Asia/Taipei" */
    struct clock_rule {
        int64_t minutes;     /* 0: no clock */
        bool business_hours; /* runs only while we are open */
    } rules[URGENCIES];
    struct opening {
        int from, to; /* minutes after local midnight; from == to: closed that day */
    } week[7];        /* 0 = Monday; all closed means: always open */
};

/* P1 half an hour, P2 two hours (the hot phase), P3 a day, day and night; P4 none. */
struct clock_plan clock_plan_default(void);

/* DF_NO_TIME when that urgency has no clock. */
int64_t clock_due(const struct clock_plan *plan, enum urgency urgency, int64_t from);

#endif
