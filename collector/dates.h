/* dates.h: a date as people and machines write it → milliseconds UTC.
 * Forms: RFC 3339 and its loose relatives, RFC 822, ctime, epoch in s/ms/µs/ns, numeric with any
 * separator, month names of ten languages, Chinese and Japanese marks, words like "3 days ago".
 * Knows no channel; the pack's zone and the clock come in as a hint. Pure, allocates nothing. */
#ifndef DF_COLLECTOR_DATES_H
#define DF_COLLECTOR_DATES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct date_hint {
    struct str zone;  /* of dates without one: "+08:00", "Asia/Taipei"; "" = UTC */
    bool month_first; /* 03/04/2024 is March 4th */
    int64_t now;      /* for "yesterday" and dates without a year; DF_NO_TIME: those stay unknown */
};

struct date_result {
    int64_t ms;      /* DF_NO_TIME when it is not a date */
    bool had_time;   /* more than a day was given */
    bool had_zone;
    bool relative;   /* counted from now: good for people, not for telling new from old */
};

struct date_result date_read(struct str s, const struct date_hint *hint);
/* Only "2026-03-03T10:05:00.123Z" and "Tue, 03 Mar 2026 10:05:00 +0000": false for all else, also for
 * dates. */
bool date_exact(struct str s, int64_t *ms_out);

#endif
