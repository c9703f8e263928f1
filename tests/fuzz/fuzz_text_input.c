/* fuzz_text_input.c: the small readers: encodings, dates, ratings, robots.txt, addresses, CSV. */
#include <math.h>
#include <stdlib.h>

#include "collector/charset.h"
#include "collector/dates.h"
#include "collector/rating.h"
#include "collector/robots.h"
#include "collector/table.h"
#include "core/clock.h"
#include "core/utf8.h"
#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str in = str_n((const char *)data, size), plain;
    struct date_hint hint = {.zone = STR("Asia/Taipei"), .now = 1700000000000};
    struct raw_page page = {0};
    struct table_map map = {0};
    struct diags d = {0};
    int64_t delay;
    struct charset_result c = charset_decode(a, in, STR("text/html; charset=gbk"));
    if (!utf8_valid(c.text))
        abort();
    if (body_gunzip(a, in, 1 << 20, &plain, NULL) == DF_OK && plain.len > 1 << 20)
        abort();
    date_read(in, &hint);
    double stars = rating_read(in, (struct rating_scale){NAN, NAN}, (struct rating_scale){0, 10});
    if (stars < 1 || stars > 5) /* NaN is neither */
        abort();
    robots_allows(in, STR("defuse"), STR("/a/b?c=d"), &delay);
    url_resolve(a, STR("https://h.test/a/b;c?d"), in);
    url_public(a, in);
    if (table_read(c.text, "fuzz", &map, a, &page, &d, NULL) == DF_FATAL)
        abort();
    diags_free(&d);
    arena_free(&a);
    return 0;
}
