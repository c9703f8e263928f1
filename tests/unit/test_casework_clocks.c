#include <criterion/criterion.h>

#include "casework/clocks.h"

static int64_t at(const char *rfc3339)
{
    int64_t ms = 0;
    cr_assert(time_parse_rfc3339(str_of(rfc3339), &ms), "%s", rfc3339);
    return ms;
}

Test(casework_clocks, plain_clocks_run_day_and_night)
{
    struct clock_plan p = clock_plan_default();
    int64_t t = at("2026-11-21T23:50:00Z");
    cr_expect_eq(clock_due(&p, URGENCY_P1, t), t + 30 * DF_MINUTE);
    cr_expect_eq(clock_due(&p, URGENCY_P2, t), t + 2 * DF_HOUR);
    cr_expect_eq(clock_due(&p, URGENCY_P3, t), t + DF_DAY);
    cr_expect_eq(clock_due(&p, URGENCY_P4, t), DF_NO_TIME);
    cr_expect_eq(clock_due(&p, URGENCY_P1, DF_NO_TIME), DF_NO_TIME);
}

static struct clock_plan office(const char *zone, int minutes)
{
    struct clock_plan p = clock_plan_default();
    p.zone = str_of(zone);
    p.rules[URGENCY_P3] = (struct clock_rule){minutes, true};
    for (int day = 0; day < 5; day++)
        p.week[day] = (struct opening){9 * 60, 18 * 60};
    return p;
}

Test(casework_clocks, business_clocks_run_while_we_are_open)
{
    static const struct {
        const char *zone, *from, *due;
        int minutes;
    } cases[] = {
        /* Friday 20 November 2026, inside hours */
        {"Asia/Taipei", "2026-11-20T10:00:00+08:00", "2026-11-20T12:00:00+08:00", 120},
        /* before opening: starts at nine */
        {"Asia/Taipei", "2026-11-20T03:00:00+08:00", "2026-11-20T11:00:00+08:00", 120},
        /* over the week-end */
        {"Asia/Taipei", "2026-11-20T17:00:00+08:00", "2026-11-23T10:00:00+08:00", 120},
        /* on Saturday */
        {"Asia/Taipei", "2026-11-21T12:00:00+08:00", "2026-11-23T11:00:00+08:00", 120},
        /* ends exactly at closing time */
        {"Asia/Taipei", "2026-11-20T16:00:00+08:00", "2026-11-20T18:00:00+08:00", 120},
        /* two full days */
        {"UTC", "2026-11-16T09:00:00Z", "2026-11-17T18:00:00Z", 1080},
        /* Berlin's clocks go back in the night to Sunday 25 October 2026: offset +02 then +01 */
        {"Europe/Berlin", "2026-10-23T17:00:00+02:00", "2026-10-26T10:00:00+01:00", 120},
        /* and forward on 29 March 2026 */
        {"Europe/Berlin", "2026-03-27T17:00:00+01:00", "2026-03-30T10:00:00+02:00", 120},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct clock_plan p = office(cases[i].zone, cases[i].minutes);
        int64_t due = clock_due(&p, URGENCY_P3, at(cases[i].from));
        cr_expect_eq(due, at(cases[i].due), "%s: off by %lld minutes", cases[i].from,
                     (long long)(due - at(cases[i].due)) / 60000);
        cr_expect_eq(clock_due(&p, URGENCY_P1, at(cases[i].from)),
                     at(cases[i].from) + 30 * DF_MINUTE, "an emergency does not wait for Monday");
    }
}

Test(casework_clocks, a_team_that_is_never_open_is_always_open)
{
    struct clock_plan p = office("UTC", 60);
    for (int day = 0; day < 7; day++)
        p.week[day] = (struct opening){0, 0};
    cr_expect_eq(clock_due(&p, URGENCY_P3, 5 * DF_DAY), 5 * DF_DAY + DF_HOUR);
}
