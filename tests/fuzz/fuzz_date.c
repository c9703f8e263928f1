/* fuzz_date.c: any text as a date and as a rating: in a sane range, or unknown; the same text with
 * and without a clock agrees unless it is relative. */
#include <stdlib.h>

#include "collector/dates.h"
#include "collector/rating.h"
#include "core/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1772445600000)
#define YEARS(n) ((n) * 366 * DF_DAY)

static void as_date(struct str s, const char *zone, bool month_first)
{
    struct date_hint with = {str_of(zone), month_first, NOW}, without = {str_of(zone), month_first, DF_NO_TIME};
    struct date_result a = date_read(s, &with), b = date_read(s, &without);
    if (a.ms != DF_NO_TIME && (a.ms < -YEARS(2000) || a.ms > YEARS(8100)))
        abort();
    if (b.relative && b.ms != DF_NO_TIME)
        abort();
    if (!a.relative && b.ms != DF_NO_TIME && a.ms != b.ms)
        abort();
}

static void as_rating(struct str s, struct rating_scale given, struct rating_scale pack)
{
    double stars = rating_read(s, given, pack);
    if (stars == stars && !(stars >= 1 && stars <= 5))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rating_scale none = {0. / 0., 0. / 0.};
    struct str s = str_n((const char *)data, size < 400 ? size : 400);
    as_date(s, "", false);
    as_date(s, "Asia/Taipei", true);
    as_date(s, "-07:00", false);
    as_rating(s, none, none);
    as_rating(s, none, (struct rating_scale){0, 1});
    as_rating(s, none, (struct rating_scale){1, 10});
    as_rating(s, (struct rating_scale){-1, 1}, (struct rating_scale){1, 5});
    return 0;
}
