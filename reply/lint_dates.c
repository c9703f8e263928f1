/* lint_dates.c: dates and hours in a reply, held against the calendar: "31 November", "25:00",
 * "Monday, 22 November" when that is a Sunday, "by 3 November" when that is over. English and
 * Chinese ways of writing; a date it cannot read is none. */
#include <ctype.h>
#include <stdlib.h>

#include "reply/lint_private.h"

struct dated {
    int year, month, day;  /* year 0: not said */
    int weekday;           /* 0 = Monday, -1: not said */
    size_t start, end;     /* bytes */
    bool deadline;         /* "by …", "…前" */
};

static const char *const months[12] = {"jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const month_rest[12] = {"uary", "ruary", "ch", "il", "", "e",
                                           "y", "ust", "tember", "ober", "ember", "ember"};
static const char *const weekdays[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const weekday_rest[7] = {"day", "sday", "nesday", "rsday", "day", "urday", "day"};
static const char *const chinese_days[8] = {"一", "二", "三", "四", "五", "六", "日", "天"};

/* A cursor over the text in small letters; every eat_ moves it on success only. */
struct cursor {
    struct str s;
    size_t at;
};

static bool eat(struct cursor *c, const char *word)
{
    struct str rest = str_sub(c->s, c->at, c->s.len);
    if (!str_starts(rest, str_of(word)))
        return false;
    c->at += strlen(word);
    return true;
}

static bool eat_any(struct cursor *c, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (eat(c, words[i]))
            return true;
    return false;
}

static bool eat_number(struct cursor *c, size_t max_digits, int *out)
{
    size_t n = 0;
    int v = 0;
    while (c->at + n < c->s.len && isdigit((unsigned char)c->s.ptr[c->at + n])) {
        v = n < max_digits ? v * 10 + c->s.ptr[c->at + n] - '0' : v;
        n++;
    }
    if (n == 0 || n > max_digits)
        return false;
    c->at += n;
    *out = v;
    return true;
}

static bool word_ends(const struct cursor *c)
{
    return c->at >= c->s.len || !isalpha((unsigned char)c->s.ptr[c->at]);
}

/* A name of a list with its optional rest; -1 when there is none here. */
static int eat_name(struct cursor *c, const char *const *names, const char *const *rests, int count)
{
    size_t from = c->at;
    for (int i = 0; i < count; i++) {
        c->at = from;
        if (eat(c, names[i]) && (eat(c, rests[i]) || true) && word_ends(c))
            return i;
    }
    c->at = from;
    return -1;
}

static int days_in(int month, int year)
{
    static const int days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year == 0 || (year % 4 == 0 && (year % 100 || year % 400 == 0));
    return month == 2 && !leap ? 28 : days[month - 1];
}

static bool exists(const struct dated *d)
{
    return d->month >= 1 && d->month <= 12 && d->day >= 1 && d->day <= days_in(d->month, d->year);
}

/* "15 november 2026", "november 15th, 2026" */
static bool read_english(struct cursor *c, struct dated *d)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};
    struct cursor k = *c;
    int month, day = 0, year;
    if (eat_number(&k, 2, &day)) {
        eat_any(&k, ordinals);
        if (!eat(&k, " "))
            return false;
        eat(&k, "of ");
        month = eat_name(&k, months, month_rest, 12);
    } else {
        month = eat_name(&k, months, month_rest, 12);
        if (month < 0 || (!eat(&k, " ") && !eat(&k, ". ")) || !eat_number(&k, 2, &day))
            return false;
        eat_any(&k, ordinals);
    }
    if (month < 0 || (k.at < k.s.len && isalnum((unsigned char)k.s.ptr[k.at])))
        return false;
    *d = (struct dated){.month = month + 1, .day = day, .weekday = -1};
    c->at = k.at;
    if ((eat(&k, ", ") || eat(&k, " ")) && eat_number(&k, 4, &year) && year > 1900) {
        d->year = year;
        c->at = k.at;
    }
    return true;
}

/* "2026-11-15", "2026/11/15" */
static bool read_iso(struct cursor *c, struct dated *d)
{
    struct cursor k = *c;
    int y, m, day;
    if (!eat_number(&k, 4, &y) || y < 1900 || (!eat(&k, "-") && !eat(&k, "/")) ||
        !eat_number(&k, 2, &m) || (!eat(&k, "-") && !eat(&k, "/")) || !eat_number(&k, 2, &day))
        return false;
    *d = (struct dated){.year = y, .month = m, .day = day, .weekday = -1};
    c->at = k.at;
    return true;
}

/* "2026年11月15日", "11月15號(一)", "11月15日星期一" */
static bool read_chinese(struct cursor *c, struct dated *d)
{
    static const char *const ends[] = {"日", "号", "號", NULL};
    static const char *const opens[] = {"(", "（", " (", NULL};
    static const char *const weeks[] = {"星期", "周", "週", "禮拜", "礼拜", NULL};
    struct cursor k = *c;
    int y = 0, m, day;
    if (!eat_number(&k, 4, &m))
        return false;
    if (eat(&k, "年")) {
        y = m;
        if (!eat_number(&k, 2, &m))
            return false;
    }
    if (!eat(&k, "月") || !eat_number(&k, 2, &day) || !eat_any(&k, ends))
        return false;
    *d = (struct dated){.year = y, .month = m, .day = day, .weekday = -1};
    c->at = k.at;
    bool bracket = eat_any(&k, opens), week = eat_any(&k, weeks);
    for (int i = 0; (bracket || week) && i < 8; i++)
        if (eat(&k, chinese_days[i])) {
            d->weekday = i == 7 ? 6 : i;
            c->at = k.at;
        }
    return true;
}

/* A weekday just before ("monday, 15 november") or after ("15 november (mon"). */
static void read_weekday(struct str s, struct dated *d)
{
    size_t from = d->start;
    while (from > 0 && (s.ptr[from - 1] == ' ' || s.ptr[from - 1] == ','))
        from--;
    size_t word = from;
    while (word > 0 && isalpha((unsigned char)s.ptr[word - 1]))
        word--;
    struct cursor k = {str_sub(s, 0, from), word};
    int w = eat_name(&k, weekdays, weekday_rest, 7);
    if (w >= 0 && k.at == from) {
        d->weekday = w;
        d->start = word;
    }
    k = (struct cursor){s, d->end};
    if ((eat(&k, " (") || eat(&k, ", ")) &&
        (w = eat_name(&k, weekdays, weekday_rest, 7)) >= 0) {
        d->weekday = w;
        d->end = k.at;
    }
}

static void read_deadline(struct str s, struct dated *d)
{
    static const char *const before[] = {"by ", "before ", "until ", "till ", "no later than ", NULL};
    static const char *const after[] = {"前", "之前", "以前", "中午前", "下班前", NULL};
    struct str head = str_sub(s, 0, d->start);
    struct cursor k = {s, d->end};
    for (int i = 0; before[i]; i++)
        d->deadline |= str_ends(head, str_of(before[i])) &&
                       (head.len == strlen(before[i]) ||
                        !isalpha((unsigned char)head.ptr[head.len - strlen(before[i]) - 1]));
    eat(&k, " ");
    d->deadline |= eat_any(&k, after);
}

/* The next date at or after *at; moves *at behind it. */
static bool next_date(struct str s, size_t *at, struct dated *d)
{
    for (; *at < s.len; (*at)++) {
        bool inside = *at > 0 && isalnum((unsigned char)s.ptr[*at - 1]);
        struct cursor c = {s, *at};
        if (inside || !(read_iso(&c, d) || read_chinese(&c, d) || read_english(&c, d)))
            continue;
        d->start = *at;
        d->end = c.at;
        *at = c.at;
        read_weekday(s, d);
        read_deadline(s, d);
        return true;
    }
    return false;
}

static struct str small(const struct lint_view *v)
{
    char *p = arena_alloc(v->a, v->text.len + 1);
    for (size_t i = 0; i < v->text.len; i++)
        p[i] = (char)tolower((unsigned char)v->text.ptr[i]);
    return str_n(p, v->text.len);
}

static uint32_t point_at(const struct lint_view *v, size_t byte)
{
    size_t lo = 0, hi = v->count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (v->cps[mid].at < byte)
            lo = mid + 1;
        else
            hi = mid;
    }
    return (uint32_t)lo;
}

static struct span span_of(const struct lint_view *v, size_t start, size_t end)
{
    return (struct span){FIELD_TEXT, point_at(v, start), point_at(v, end)};
}

/* "25:00", "18:75": an hour no clock shows. Longer chains of digits and colons are no hours. */
static int bad_hours(const struct lint_view *v, struct str s, struct span *spans, int found)
{
    for (size_t i = 0; i < s.len && found < LINT_SPANS; i++) {
        bool inside = i > 0 && (isalnum((unsigned char)s.ptr[i - 1]) || strchr(":./-", s.ptr[i - 1]));
        struct cursor c = {s, i};
        int hour, minute;
        if (inside || !eat_number(&c, 2, &hour) || !eat(&c, ":") || c.at + 2 > s.len)
            continue;
        size_t from = c.at;
        if (!eat_number(&c, 2, &minute) || c.at != from + 2 ||
            (c.at < s.len && strchr(":0123456789", s.ptr[c.at])))
            continue;
        if (hour > 24 || minute > 59 || (hour == 24 && minute))
            spans[found++] = span_of(v, i, c.at);
    }
    return found;
}

int lint_date_impossible(const struct lint_view *v, struct span *spans)
{
    struct str s = small(v);
    struct dated d;
    int found = 0;
    for (size_t at = 0; found < LINT_SPANS && next_date(s, &at, &d);)
        if (!exists(&d))
            spans[found++] = span_of(v, d.start, d.end);
    return bad_hours(v, s, spans, found);
}

static bool knows_now(const struct lint_ctx *c)
{
    return c->now != 0 && c->now != DF_NO_TIME;
}

/* Midnight of the date; without a year the one nearest to now. */
static int64_t day_of(const struct dated *d, const struct lint_ctx *ctx)
{
    int year = civil_from_ms(ctx->now, ctx->offset_minutes).year;
    int64_t best = 0;
    for (int y = d->year ? d->year : year - 1; y <= (d->year ? d->year : year + 1); y++) {
        struct civil c = {.year = y, .month = d->month, .day = d->day};
        if (d->day > days_in(d->month, y))
            continue;
        int64_t ms = civil_to_ms(&c, ctx->offset_minutes);
        if (best == 0 || llabs(ms - ctx->now) < llabs(best - ctx->now))
            best = ms;
    }
    return best;
}

int lint_date_weekday(const struct lint_view *v, struct span *spans)
{
    struct str s = small(v);
    struct dated d;
    int found = 0;
    for (size_t at = 0; found < LINT_SPANS && next_date(s, &at, &d);) {
        if (!exists(&d) || d.weekday < 0 || (d.year == 0 && !knows_now(v->ctx)))
            continue;
        if (civil_weekday(day_of(&d, v->ctx), v->ctx->offset_minutes) != d.weekday)
            spans[found++] = span_of(v, d.start, d.end);
    }
    return found;
}

int lint_date_past(const struct lint_view *v, struct span *spans)
{
    struct str s = small(v);
    struct dated d;
    int found = 0;
    if (!knows_now(v->ctx))
        return 0;
    for (size_t at = 0; found < LINT_SPANS && next_date(s, &at, &d);)
        if (exists(&d) && d.deadline && day_of(&d, v->ctx) + DF_DAY <= v->ctx->now)
            spans[found++] = span_of(v, d.start, d.end);
    return found;
}
