/* dates_exact.c: the two forms nearly all machines write, read without asking what else it could
 * be. Whatever is odd about them is left to the scanner of dates.c, which agrees with this. */
#include "collector/dates.h"
#include "core/clock.h"

struct moment {
    int year, month, day, hour, minute, second, milli, offset;
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two digits at p; -1 when they are none. */
static int two(const char *p)
{
    return digit(p[0]) && digit(p[1]) ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

/* "HH:MM:SS" at p. */
static bool exact_clock(const char *p, struct moment *d)
{
    d->hour = two(p);
    d->minute = two(p + 3);
    d->second = two(p + 6);
    return p[2] == ':' && p[5] == ':' && d->hour >= 0 && d->hour < 24 && d->minute >= 0 &&
           d->minute < 60 && d->second >= 0 && d->second < 60;
}

static bool exact_offset(struct str s, bool colon, struct moment *d)
{
    if (s.len != (colon ? 6u : 5u) || (s.ptr[0] != '+' && s.ptr[0] != '-') || (colon && s.ptr[3] != ':'))
        return false;
    int h = two(s.ptr + 1), m = two(s.ptr + (colon ? 4 : 3));
    d->offset = (s.ptr[0] == '-' ? -1 : 1) * (h * 60 + m);
    return h >= 0 && h <= 15 && m >= 0 && m < 60;
}

/* 2026-03-03T10:05:00.123Z */
static bool exact_iso(struct str s, struct moment *d)
{
    if (s.len < 20 || s.ptr[4] != '-' || s.ptr[7] != '-' || (s.ptr[10] != 'T' && s.ptr[10] != ' '))
        return false;
    int century = two(s.ptr), year = two(s.ptr + 2);
    d->year = century * 100 + year;
    d->month = two(s.ptr + 5);
    d->day = two(s.ptr + 8);
    if (century < 0 || year < 0 || !exact_clock(s.ptr + 11, d))
        return false;
    size_t at = 19;
    if (s.ptr[at] == '.')
        for (int unit = 100; ++at < s.len && digit(s.ptr[at]); unit /= 10)
            d->milli += (s.ptr[at] - '0') * unit;
    struct str zone = str_sub(s, at, s.len);
    return at != 20 && (str_is(zone, "Z") || exact_offset(zone, true, d));
}

/* Tue, 03 Mar 2026 10:05:00 +0000 */
static bool exact_mail(struct str s, struct moment *d)
{
    static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";
    static const char months[] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
    if (s.len < 29 || s.ptr[3] != ',' || s.ptr[4] != ' ' || s.ptr[7] != ' ' || s.ptr[11] != ' ' ||
        s.ptr[16] != ' ' || s.ptr[25] != ' ')
        return false;
    const char *day = memmem(days, sizeof days - 1, s.ptr, 3);
    const char *month = memmem(months, sizeof months - 1, s.ptr + 8, 4);
    int century = two(s.ptr + 12), year = two(s.ptr + 14);
    if (!day || !month || (day - days) % 4 || (month - months) % 4 || century < 0 || year < 0 ||
        !exact_clock(s.ptr + 17, d))
        return false;
    d->year = century * 100 + year;
    d->month = (int)(month - months) / 4 + 1;
    d->day = two(s.ptr + 5);
    struct str zone = str_sub(s, 26, s.len);
    return str_is(zone, "GMT") || exact_offset(zone, false, d);
}

bool date_exact(struct str s, int64_t *out)
{
    struct moment d = {0}, e = {0};
    if (!exact_iso(s, &d)) {
        if (!exact_mail(s, &e))
            return false;
        d = e;
    }
    struct civil c = {.year = d.year, .month = d.month, .day = d.day, .hour = d.hour,
                      .minute = d.minute, .second = d.second, .ms = d.milli};
    if (d.year < 1900 || d.year > 2199 || d.month < 1 || d.month > 12 || d.day < 1 ||
        civil_from_ms(civil_to_ms(&c, 0), 0).day != d.day) /* 30 February */
        return false;
    *out = civil_to_ms(&c, d.offset);
    return true;
}
