#include <criterion/criterion.h>

#include "core/clock.h"

Test(clock, rfc3339_round_trip)
{
    static const struct {
        const char *in, *out; /* out NULL: refused */
    } cases[] = {
        {"2026-11-21T09:14:00Z", "2026-11-21T09:14:00Z"},
        {"2026-11-21T17:14:00+08:00", "2026-11-21T09:14:00Z"},
        {"2026-11-21 09:14:00.250Z", "2026-11-21T09:14:00.250Z"},
        {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
        {"2026-02-29T00:00:00Z", NULL},
        {"2026-11-21T25:00:00Z", NULL},
        {"2026-11-21T09:14:00", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms;
        bool ok = time_parse_rfc3339(str_of(cases[i].in), &ms);
        cr_expect_eq(ok, cases[i].out != NULL, "%s", cases[i].in);
        if (!ok || !cases[i].out)
            continue;
        struct buf b = BUF_INIT(64);
        time_put_rfc3339(&b, ms);
        cr_expect_str_eq(b.ptr, cases[i].out);
        buf_free(&b);
    }
}

Test(clock, zones)
{
    int off;
    int64_t july = 1784073600000; /* 2026-07-15 */
    cr_assert(zone_offset(STR("Asia/Taipei"), july, &off));
    cr_expect_eq(off, 480);
    cr_assert(zone_offset(STR("America/Los_Angeles"), july, &off));
    cr_expect_eq(off, -420);
    int64_t january = 1768435200000; /* 2026-01-15 */
    cr_assert(zone_offset(STR("America/Los_Angeles"), january, &off));
    cr_expect_eq(off, -480);
    /* The change itself: 2026-03-08 02:00 local, 10:00 UTC. */
    cr_assert(zone_offset(STR("America/Los_Angeles"), 1772964000000 - 1000, &off));
    cr_expect_eq(off, -480);
    cr_assert(zone_offset(STR("America/Los_Angeles"), 1772964000000, &off));
    cr_expect_eq(off, -420);
    cr_assert(zone_offset(STR("Asia/Kathmandu"), july, &off));
    cr_expect_eq(off, 345);
    cr_assert(zone_offset(STR("-0730"), july, &off));
    cr_expect_eq(off, -450);
    cr_expect_not(zone_offset(STR("../etc/passwd"), july, &off));
    cr_expect_not(zone_offset(STR("Nowhere/Land"), july, &off));
}

Test(clock, weekday)
{
    int64_t ms;
    cr_assert(time_parse_rfc3339(STR("2026-11-21T12:00:00Z"), &ms));
    cr_expect_eq(civil_weekday(ms, 0), 5); /* a Saturday */
}
