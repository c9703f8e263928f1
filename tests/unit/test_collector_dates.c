#include <criterion/criterion.h>
#include <stdio.h>

#include "collector/dates.h"
#include "core/clock.h"

static const struct {
    const char *text, *want; /* "" = no date */
} cases[] = {
    {"Mon, 13 Nov 2017 20:44:44 +0800", "2017-11-13T12:44:44Z"},
    {"Mon Nov 13 20:44:44 +0800 2017", "2017-11-13T12:44:44Z"},
    {"Thu Jun 14 14:18:43 2007", "2007-06-14T06:18:43Z"},
    {"2003-12-13T08:29:29-04:00", "2003-12-13T12:29:29Z"},
    {"2003-12-13T08:29:29.123456Z", "2003-12-13T08:29:29.123Z"},
    {"20031231T101410Z", "2003-12-31T10:14:10Z"},
    {"20260829", "2026-08-28T16:00:00Z"},
    {"1520000000", "2018-03-02T14:13:20Z"},
    {"1520000000.5", "2018-03-02T14:13:20.500Z"},
    {"1520000000123", "2018-03-02T14:13:20.123Z"},
    {"2016-08-29 00:41:13", "2016-08-28T16:41:13Z"},
    {"29/08/2016", "2016-08-28T16:00:00Z"},
    {"08/29/2016", "2016-08-28T16:00:00Z"},
    {"2016年8月29日 12:30", "2016-08-29T04:30:00Z"},
    {"2016年8月29日 下午3:05", "2016-08-29T07:05:00Z"},
    {"Jan 5, 2024 3:04 PM", "2024-01-05T07:04:00Z"},
    {"12:30am January 5th, 2024", "2024-01-04T16:30:00Z"},
    {"jeu., 05 déc. 2019 10:00:00 GMT", "2019-12-05T10:00:00Z"},
    {"mar. 5 avr. 2022", "2022-04-04T16:00:00Z"},
    {"Wed, 02 Oct 2002 08:00:00 EST", "2002-10-02T13:00:00Z"},
    {"Sat, 07 Sep 02 00:00:01 GMT", "2002-09-07T00:00:01Z"},
    {"Tue, 20 Sep 2011 14:21:07 -0700 (PDT)", "2011-09-20T21:21:07Z"},
    {"2019-04-04T24:00:00Z", "2019-04-05T00:00:00Z"},
    {"3 days ago", "2023-11-11T22:13:20Z"},
    {"an hour ago", "2023-11-14T21:13:20Z"},
    {"5分钟前", "2023-11-14T22:08:20Z"},
    {"昨天 12:00", "2023-11-14T04:00:00Z"},
    {"06/18 13:03", "2023-06-18T05:03:00Z"},
    {"Thu, 32 Jan 2012", ""},
    {"2012-02-30", ""},
    {"hello", ""},
    {"42", ""},
    {"", ""},
};

Test(dates, every_form)
{
    struct date_hint hint = {.zone = STR("Asia/Shanghai"), .now = 1700000000000};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date_result r = date_read(str_of(cases[i].text), &hint);
        struct buf b = BUF_INIT(64);
        if (r.ms != DF_NO_TIME)
            time_put_rfc3339(&b, r.ms);
        cr_expect_str_eq(b.ptr ? b.ptr : "", cases[i].want, "%s gave %s", cases[i].text,
                         b.ptr ? b.ptr : "nothing");
        buf_free(&b);
    }
}

/* A word before it sends a date past the quick way for machines' forms: both must agree. */
Test(dates, quick_way_and_scanner_agree)
{
    static const char *const forms[] = {
        "20%02d-%02d-%02dT%02d:05:09Z", "20%02d-%02d-%02dT%02d:05:09.25+05:45",
        "20%02d-%02d-%02d %02d:05:09.1234567-11:30", "20%02d-%02d-%02dT%02d:05:09+16:00",
        "20%02d-%02d-%02dT%02d:05:60Z", "20%02d-%02d-%02dT%02d:05:09.Z", "20%02d-%02d-%02dT%02d:05:09",
    };
    static const char *const mail[] = {"GMT", "+0530", "-0830", "+1600", "+0560", "EST", "+05:30"};
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct date_hint hint = {.zone = STR("Asia/Shanghai"), .now = 1700000000000};
    char text[2][64];
    for (int n = 0; n < 3200; n++) {
        int year = n % 40, month = n % 14, day = n % 33, hour = n % 25;
        if (n % 2)
            snprintf(text[0], sizeof text[0], forms[n / 2 % 7], year, month, day, hour);
        else
            snprintf(text[0], sizeof text[0], "Tue, %02d %.3s 20%02d %02d:07:00 %s", day,
                     months + month % 12 * 3, year, hour, mail[n / 2 % 7]);
        snprintf(text[1], sizeof text[1], "on %.60s", text[0]);
        struct date_result x = date_read(str_of(text[0]), &hint), y = date_read(str_of(text[1]), &hint);
        cr_expect(x.ms == y.ms && x.had_time == y.had_time && x.had_zone == y.had_zone, "%s", text[0]);
    }
}

Test(dates, relative_needs_a_clock)
{
    static const char *const words[] = {"3 days ago", "昨天 12:00", "06/18 13:03", "just now"};
    struct date_hint hint = {.now = DF_NO_TIME};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        cr_expect_eq(date_read(str_of(words[i]), &hint).ms, DF_NO_TIME, "%s", words[i]);
    hint.now = 1700000000000;
    cr_expect(date_read(STR("3 days ago"), &hint).relative);
}

Test(dates, month_first_only_when_said)
{
    struct date_hint hint = {.month_first = true, .now = DF_NO_TIME};
    cr_expect_eq(date_read(STR("03/04/2024"), &hint).ms, date_read(STR("2024-03-04"), NULL).ms);
    hint.month_first = false;
    cr_expect_eq(date_read(STR("03/04/2024"), &hint).ms, date_read(STR("2024-04-03"), NULL).ms);
}
