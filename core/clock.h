/* clock.h: SEAM. All code that needs "now" is handed a clock, so that tests and the example run
 * at a fixed hour. Wall time is UTC milliseconds; ticks are for measuring and never go back. */
#ifndef DF_CORE_CLOCK_H
#define DF_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"

#define DF_NO_TIME INT64_MIN /* unknown; never compared with a real time */
#define DF_SECOND INT64_C(1000)
#define DF_MINUTE (60 * DF_SECOND)
#define DF_HOUR (60 * DF_MINUTE)
#define DF_DAY (24 * DF_HOUR)

struct clock {
    int64_t (*now)(const struct clock *); /* ms since 1970 UTC */
    int64_t fixed;                        /* for the fixed clock; offset for the shifted one */
};

extern const struct clock clock_system;
struct clock clock_fixed(int64_t ms);   /* stands still */
struct clock clock_shifted(int64_t ms); /* starts at ms now and runs on */

static inline int64_t clock_now(const struct clock *c)
{
    return c->now(c);
}

int64_t clock_ticks_ms(void); /* monotonic */

/* --- civil time; proleptic Gregorian, no leap seconds --- */
struct civil {
    int year, month, day, hour, minute, second, ms;
};

int64_t civil_to_ms(const struct civil *c, int offset_minutes);
struct civil civil_from_ms(int64_t ms, int offset_minutes);
bool civil_valid(const struct civil *c);
int civil_weekday(int64_t ms, int offset_minutes); /* 0 = Monday */

/* RFC 3339 ("2026-11-21T09:14:00Z", offsets, fractions, a space for T); the whole text. */
bool time_parse_rfc3339(struct str s, int64_t *ms_out);
/* "2026-11-21T09:14:00Z", ".123" only when there are milliseconds. */
void time_put_rfc3339(struct buf *b, int64_t ms);
/* "2026-11-21 17:14 +08:00" for people. Zone: see zone_offset. */
void time_put_local(struct buf *b, int64_t ms, struct str zone);
/* n decimal digits at that place; false when they are not there. */
bool civil_digits(struct str s, size_t at, size_t n, int *out);

/* --- zones (zone.c) --- */
/* "+08:00", "+0800", "-07" to minutes. */
bool zone_parse_offset(struct str s, int *minutes_out);
/* Minutes east of UTC at that moment: "UTC", "+08:00", "-0700" or a tz database name
 * ("Asia/Taipei"); false when the zone is not known. The first question for a name changes the
 * environment for a moment: settings, packs and sources ask when they are read, before threads. */
bool zone_offset(struct str zone, int64_t ms, int *minutes_out);

#endif
