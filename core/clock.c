#include "core/clock.h"

#include <time.h>

static int64_t wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t now_system(const struct clock *c)
{
    (void)c;
    return wall();
}

static int64_t now_fixed(const struct clock *c)
{
    return c->fixed;
}

static int64_t now_shifted(const struct clock *c)
{
    return wall() + c->fixed;
}

const struct clock clock_system = {now_system, 0};

struct clock clock_fixed(int64_t ms)
{
    return (struct clock){now_fixed, ms};
}

struct clock clock_shifted(int64_t ms)
{
    return (struct clock){now_shifted, ms - wall()};
}

int64_t clock_ticks_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Days since 1970-01-01; the year is taken to start in March so that leap days come last. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

int64_t civil_to_ms(const struct civil *c, int offset_minutes)
{
    int64_t days = days_from_civil(c->year, c->month, c->day);
    return ((days * 24 + c->hour) * 60 + c->minute - offset_minutes) * 60000 +
           (int64_t)c->second * 1000 + c->ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil civil_from_ms(int64_t ms, int offset_minutes)
{
    ms += (int64_t)offset_minutes * DF_MINUTE;
    int64_t z = floor_div(ms, DF_DAY), in_day = ms - z * DF_DAY;
    z += 719468;
    int64_t era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(in_day / DF_HOUR),
        .minute = (int)(in_day / DF_MINUTE % 60),
        .second = (int)(in_day / 1000 % 60),
        .ms = (int)(in_day % 1000),
    };
}

bool civil_valid(const struct civil *c)
{
    static const int len[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
        return false;
    bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;
    int days = c->month == 2 && !leap ? 28 : len[c->month - 1];
    /* 23:59:60 is a leap second: accepted, it becomes the next minute. */
    return c->day <= days && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
           c->second >= 0 && c->second <= 60 && c->ms >= 0 && c->ms <= 999;
}

int civil_weekday(int64_t ms, int offset_minutes)
{
    int64_t days = floor_div(ms + (int64_t)offset_minutes * DF_MINUTE, DF_DAY);
    return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool civil_digits(struct str s, size_t at, size_t n, int *out)
{
    if (at + n > s.len)
        return false;
    int v = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        v = v * 10 + (s.ptr[i] - '0');
    }
    *out = v;
    return true;
}

bool time_parse_rfc3339(struct str s, int64_t *ms_out)
{
    struct civil c = {0};
    if (s.len < 20 || !civil_digits(s, 0, 4, &c.year) || s.ptr[4] != '-' || !civil_digits(s, 5, 2, &c.month) ||
        s.ptr[7] != '-' || !civil_digits(s, 8, 2, &c.day) || !strchr("Tt ", s.ptr[10]) ||
        !civil_digits(s, 11, 2, &c.hour) || s.ptr[13] != ':' || !civil_digits(s, 14, 2, &c.minute) ||
        s.ptr[16] != ':' || !civil_digits(s, 17, 2, &c.second))
        return false;
    size_t at = 19;
    if (s.ptr[at] == '.') {
        int scale = 100;
        size_t from = ++at;
        for (; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++, scale /= 10)
            c.ms += (s.ptr[at] - '0') * scale;
        if (at == from)
            return false;
    }
    int offset = 0;
    struct str tail = str_sub(s, at, s.len);
    if (!(str_is(tail, "Z") || str_is(tail, "z")) && (tail.len < 6 || !zone_parse_offset(tail, &offset)))
        return false;
    if (!civil_valid(&c))
        return false;
    *ms_out = civil_to_ms(&c, offset);
    return true;
}

void time_put_rfc3339(struct buf *b, int64_t ms)
{
    struct civil c = civil_from_ms(ms, 0);
    buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
               c.second);
    if (c.ms)
        buf_printf(b, ".%03d", c.ms);
    buf_putc(b, 'Z');
}

void time_put_local(struct buf *b, int64_t ms, struct str zone)
{
    int off = 0;
    if (!zone_offset(zone, ms, &off))
        off = 0;
    struct civil c = civil_from_ms(ms, off);
    int abs = off < 0 ? -off : off;
    buf_printf(b, "%04d-%02d-%02d %02d:%02d %c%02d:%02d", c.year, c.month, c.day, c.hour, c.minute,
               off < 0 ? '-' : '+', abs / 60, abs % 60);
}
