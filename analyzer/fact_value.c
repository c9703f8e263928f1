/* fact_value.c: amounts, spans of time, dates and counts to their one form. */
#include <math.h>

#include "analyzer/facts.h"
#include "core/clock.h"
#include "core/utf8.h"

struct word {
    const char *text;
    double value;
};

/* Longest first where one begins another. */
static const struct word numbers[] = {
    {"once", 1}, {"twice", 2}, {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5},
    {"six", 6}, {"seven", 7}, {"eight", 8}, {"nine", 9}, {"ten", 10}, {"eleven", 11},
    {"twelve", 12}, {"fifteen", 15}, {"twenty", 20}, {"thirty", 30}, {"forty", 40},
    {"fifty", 50}, {"dozen", 12}, {"half", 0.5}, {NULL, 0}};

static const struct word digits_zh[] = {
    {"零", 0}, {"一", 1}, {"二", 2}, {"两", 2}, {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6},
    {"七", 7}, {"八", 8}, {"九", 9}, {NULL, 0}};
static const struct word scales_zh[] = {
    {"十", 10}, {"百", 100}, {"千", 1000}, {"万", 10000}, {NULL, 0}};

static size_t starts(struct str s, const struct word *table, double *out)
{
    for (int i = 0; table[i].text; i++)
        if (str_starts(s, str_of(table[i].text))) {
            *out = table[i].value;
            return strlen(table[i].text);
        }
    return 0;
}

/* 1,200.50 with an optional k behind it. */
static size_t read_digits(struct str s, double *out)
{
    size_t i = 0;
    double v = 0, scale = 0;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (c >= '0' && c <= '9') {
            if (scale > 0) {
                v += (c - '0') * scale;
                scale /= 10;
            } else {
                v = v * 10 + (c - '0');
            }
        } else if (c == '.' && scale == 0 && i + 1 < s.len && s.ptr[i + 1] >= '0' &&
                   s.ptr[i + 1] <= '9') {
            scale = 0.1;
        } else if (c != ',' || i == 0) {
            break;
        }
    }
    if (i && i < s.len && s.ptr[i] == 'k' && (i + 1 == s.len || s.ptr[i + 1] == ' ')) {
        v *= 1000;
        i++;
    }
    *out = v;
    return i;
}

/* 三, 十二, 二十, 两千五, 半. */
static size_t read_chinese(struct str s, double *out)
{
    double sum = 0, digit = -1, v, last = 1;
    size_t i = 0, n;
    if (str_starts(s, STR("半"))) {
        *out = 0.5;
        return 3;
    }
    while (i < s.len) {
        struct str rest = str_sub(s, i, s.len);
        if ((n = starts(rest, digits_zh, &v))) {
            digit = v;
        } else if ((n = starts(rest, scales_zh, &v))) {
            sum += (digit < 0 ? 1 : digit) * v;
            last = v;
            digit = -1;
        } else {
            break;
        }
        i += n;
    }
    if (digit >= 0)
        sum += last >= 100 ? digit * last / 10 : digit; /* 两千五 is 2500 */
    *out = sum;
    return i;
}

/* The first number in s; where it ends in *end. False when it states none ("several"). */
static bool find_number(struct str s, double *out, size_t *from, size_t *end)
{
    for (size_t i = 0; i < s.len; i++) {
        struct str rest = str_sub(s, i, s.len);
        bool word_start = i == 0 || !((s.ptr[i - 1] >= 'a' && s.ptr[i - 1] <= 'z'));
        size_t n = s.ptr[i] >= '0' && s.ptr[i] <= '9' ? read_digits(rest, out) : 0;
        if (!n && word_start)
            n = starts(rest, numbers, out);
        if (!n && (unsigned char)s.ptr[i] >= 0xE3)
            n = read_chinese(rest, out);
        if (n) {
            *from = i;
            *end = i + n;
            return true;
        }
    }
    return false;
}

static struct str plain_number(struct arena *a, double v)
{
    if (v == floor(v) && v < 1e15)
        return arena_printf(a, "%.0f", v);
    struct str s = arena_printf(a, "%.2f", v);
    while (s.len && s.ptr[s.len - 1] == '0')
        s.len--;
    return s;
}

static const struct {
    const char *text, *code;
} currencies[] = {
    {"us$", "USD"}, {"hk$", "HKD"}, {"nt$", "TWD"}, {"s$", "SGD"}, {"a$", "AUD"}, {"ntd", "TWD"},
    {"twd", "TWD"}, {"hkd", "HKD"}, {"港币", "HKD"}, {"港元", "HKD"}, {"台币", "TWD"},
    {"新台币", "TWD"}, {"美元", "USD"}, {"美金", "USD"}, {"usd", "USD"}, {"dollar", "USD"},
    {"bucks", "USD"}, {"欧元", "EUR"}, {"euro", "EUR"}, {"eur", "EUR"}, {"€", "EUR"},
    {"gbp", "GBP"}, {"pound", "GBP"}, {"£", "GBP"}, {"人民币", "CNY"}, {"rmb", "CNY"},
    {"cny", "CNY"}, {"日元", "JPY"}, {"jpy", "JPY"}, {"yen", "JPY"}, {"rupee", "INR"},
    {"rs", "INR"}, {"蚊", "HKD"}, {"$", "USD"}, {"¥", "CNY"}, {"块", "CNY"}, {"元", "CNY"}};

static struct str amount(struct arena *a, struct str s)
{
    double v;
    size_t from, end;
    if (!find_number(s, &v, &from, &end))
        return s;
    struct str after = str_trim(str_sub(s, end, s.len));
    if (str_starts(after, STR("万")))
        v *= 10000;
    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
        if (str_find(s, str_of(currencies[i].text)) >= 0)
            return arena_printf(a, "%s %.*s", currencies[i].code,
                                STR_FMT(plain_number(a, v)));
    return plain_number(a, v);
}

/* ISO 8601; half hours become minutes, half days hours. */
static struct str elapsed(struct arena *a, struct str s)
{
    static const struct {
        const char *text;
        char time, unit; /* time: 'T' for the part below a day */
        char finer_time, finer;
        int of;
    } units[] = {{"分钟", 'T', 'M', 0, 0, 0},   {"min", 'T', 'M', 0, 0, 0},
                 {"小时", 'T', 'H', 'T', 'M', 60}, {"钟头", 'T', 'H', 'T', 'M', 60},
                 {"hour", 'T', 'H', 'T', 'M', 60}, {"hr", 'T', 'H', 'T', 'M', 60},
                 {"星期", 0, 'W', 0, 'D', 7},   {"礼拜", 0, 'W', 0, 'D', 7},
                 {"week", 0, 'W', 0, 'D', 7},   {"month", 0, 'M', 0, 'D', 30},
                 {"个月", 0, 'M', 0, 'D', 30},  {"day", 0, 'D', 'T', 'H', 24},
                 {"year", 0, 'Y', 0, 'M', 12},  {"天", 0, 'D', 'T', 'H', 24},
                 {"周", 0, 'W', 0, 'D', 7},     {"月", 0, 'M', 0, 'D', 30},
                 {"年", 0, 'Y', 0, 'M', 12},    {"钟", 'T', 'H', 'T', 'M', 60}};
    double v;
    size_t from, end;
    if (!find_number(s, &v, &from, &end))
        return s;
    if (str_find(s, STR("half")) >= 0 && v >= 1)
        v += 0.5;
    if (str_find(str_sub(s, end, s.len), STR("半")) >= 0)
        v += 0.5;
    struct str unit = str_sub(s, end, s.len);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (str_find(unit, str_of(units[i].text)) < 0)
            continue;
        bool finer = v != floor(v) && units[i].of;
        char time = finer ? units[i].finer_time : units[i].time;
        return arena_printf(a, "P%s%.*s%c", time ? "T" : "",
                            STR_FMT(plain_number(a, finer ? round(v * units[i].of) : v)),
                            finer ? units[i].finer : units[i].unit);
    }
    return s;
}

static int month_named(struct str s)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int m = 0; m < 12; m++)
        if (str_find(s, str_of(names[m])) >= 0)
            return m + 1;
    return 0;
}

/* A date without a year is the last such day before the post was written. */
static struct str date(struct arena *a, struct str s, int64_t created)
{
    int n[3] = {0}, count = 0;
    for (size_t i = 0; i < s.len && count < 3; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            continue;
        while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9' && n[count] < 10000)
            n[count] = n[count] * 10 + (s.ptr[i++] - '0');
        count++;
    }
    struct civil c = {0};
    int named = month_named(s);
    if (named && count >= 1) {
        c = (struct civil){.year = count > 1 ? n[1] : 0, .month = named, .day = n[0]};
    } else if (count == 3 && n[0] >= 1900) {
        c = (struct civil){.year = n[0], .month = n[1], .day = n[2]};
    } else if (count == 2 && str_find(s, STR("月")) >= 0) {
        c = (struct civil){.month = n[0], .day = n[1]};
    } else {
        return s;
    }
    bool guessed = c.year == 0;
    if (guessed && created != DF_NO_TIME) {
        c.year = civil_from_ms(created, 0).year;
        if (civil_valid(&c) && civil_to_ms(&c, 0) > created + DF_DAY)
            c.year--;
    }
    if (c.year == 0) {
        c.year = 2000; /* a leap year: any day may exist */
        return civil_valid(&c) ? arena_printf(a, "--%02d-%02d", c.month, c.day) : s;
    }
    return civil_valid(&c) ? arena_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day) : s;
}

static struct str count_of(struct arena *a, struct str s)
{
    double v;
    size_t from, end;
    return find_number(s, &v, &from, &end) ? plain_number(a, v) : s;
}

struct str fact_value(struct arena *a, struct str kind, struct str folded, int64_t created)
{
    if (str_is(kind, "amount"))
        return amount(a, folded);
    if (str_is(kind, "elapsed"))
        return elapsed(a, folded);
    if (str_is(kind, "date"))
        return date(a, folded, created);
    if (str_is(kind, "contact_attempts") || str_is(kind, "attempts"))
        return count_of(a, folded);
    return folded;
}
