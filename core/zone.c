/* zone.c: minutes east of UTC, by offset or by the tz database's name. The C library only knows
 * the database through the environment variable TZ, which is the whole process's: a zone is
 * therefore read once, as a table of its changes, and asked for from the table afterwards. */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"

enum {
    ZONES = 64,   /* named by packs and settings together; ours name ten */
    CHANGES = 256 /* 1970 to 2070 with two a year */
};
#define FIRST_DAY INT64_C(0)
#define LAST_DAY (INT64_C(100) * 365 * DF_DAY + 25 * DF_DAY)

struct zone {
    char name[64];
    int count;
    int64_t from[CHANGES]; /* ms; the first is INT64_MIN */
    int16_t minutes[CHANGES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct zone *zones[ZONES]; /* live as long as the program */
static int zone_count;

static int minutes_now(int64_t ms)
{
    time_t t = (time_t)(ms / 1000);
    struct tm tm;
    return localtime_r(&t, &tm) ? (int)(tm.tm_gmtoff / 60) : 0;
}

/* The first second after `from` with another offset than there, known to be by `to`. */
static int64_t change_between(int64_t from, int64_t to)
{
    int before = minutes_now(from);
    while (to - from > 1000) {
        int64_t mid = from + (to - from) / 2000 * 1000;
        if (minutes_now(mid) == before)
            from = mid;
        else
            to = mid;
    }
    return to;
}

/* Steps of a week: no zone has had two changes within one since 1970. */
static void read_changes(struct zone *z)
{
    int64_t at = FIRST_DAY;
    z->from[0] = INT64_MIN;
    z->minutes[0] = (int16_t)minutes_now(at);
    z->count = 1;
    for (int64_t next = at + 7 * DF_DAY; next < LAST_DAY && z->count < CHANGES;
         at = next, next += 7 * DF_DAY) {
        if (minutes_now(next) == z->minutes[z->count - 1])
            continue;
        z->from[z->count] = change_between(at, next);
        z->minutes[z->count++] = (int16_t)minutes_now(next);
    }
}

static struct zone *read_zone(const char *name)
{
    char path[160];
    if (strstr(name, "..") || name[0] == '/' || zone_count == ZONES ||
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name) >= (int)sizeof path ||
        access(path, R_OK) != 0)
        return NULL;
    struct zone *z = calloc(1, sizeof *z);
    if (!z)
        abort();
    snprintf(z->name, sizeof z->name, "%s", name);
    const char *env = getenv("TZ");
    char *old = env ? strdup(env) : NULL;
    setenv("TZ", name, 1);
    tzset();
    read_changes(z);
    if (old)
        setenv("TZ", old, 1);
    else
        unsetenv("TZ");
    tzset();
    free(old);
    return zones[zone_count++] = z;
}

static int offset_at(const struct zone *z, int64_t ms)
{
    int low = 0, high = z->count;
    while (high - low > 1) {
        int mid = (low + high) / 2;
        if (z->from[mid] <= ms)
            low = mid;
        else
            high = mid;
    }
    return z->minutes[low];
}

static bool named_offset(const char *name, int64_t ms, int *minutes_out)
{
    struct zone *z = NULL;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < zone_count && !z; i++)
        if (strcmp(zones[i]->name, name) == 0)
            z = zones[i];
    if (!z)
        z = read_zone(name);
    pthread_mutex_unlock(&lock);
    if (z)
        *minutes_out = offset_at(z, ms);
    return z != NULL;
}

bool zone_parse_offset(struct str s, int *minutes_out)
{
    int h = 0, m = 0;
    if (s.len < 3 || (s.ptr[0] != '+' && s.ptr[0] != '-') || !civil_digits(s, 1, 2, &h))
        return false;
    if (s.len == 6 && s.ptr[3] == ':') {
        if (!civil_digits(s, 4, 2, &m))
            return false;
    } else if (s.len == 5) {
        if (!civil_digits(s, 3, 2, &m))
            return false;
    } else if (s.len != 3) {
        return false;
    }
    if (h > 18 || m > 59)
        return false;
    *minutes_out = (s.ptr[0] == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

bool zone_offset(struct str zone, int64_t ms, int *minutes_out)
{
    if (zone.len == 0 || str_ieq(zone, STR("UTC")) || str_is(zone, "Z")) {
        *minutes_out = 0;
        return true;
    }
    if (zone_parse_offset(zone, minutes_out))
        return true;
    char name[sizeof zones[0]->name];
    if (zone.len >= sizeof name || memchr(zone.ptr, '\0', zone.len))
        return false;
    memcpy(name, zone.ptr, zone.len);
    name[zone.len] = '\0';
    return named_offset(name, ms, minutes_out);
}
