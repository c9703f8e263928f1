/* dates.c: one tolerant scanner over the text; every number and word either finds its place
 * (year, month, day, time, zone) or is passed over. What contradicts itself is not a date. */
#include "collector/dates.h"

#include "core/clock.h"
#include "core/utf8.h"

struct parts {
    int year, month, day; /* 0 = not seen */
    int hour, minute, second, milli; /* hour -1 = not seen */
    int offset;           /* minutes east */
    int era;              /* the year before its year 1: 令和, 民國 */
    bool zone, pm, am, year_seen, year_short;
    bool broken;
};

struct name_value {
    const char *name;
    int value;
};

/* Longest prefix first where one is the beginning of another; accents already taken off. */
static const struct name_value month_names[] = {
    {"juil", 7}, {"juin", 6}, {"jan", 1}, {"ene", 1}, {"gen", 1}, {"янв", 1}, {"feb", 2},
    {"fev", 2}, {"фев", 2}, {"mar", 3}, {"mrz", 3}, {"maa", 3}, {"мар", 3}, {"apr", 4},
    {"avr", 4}, {"abr", 4}, {"апр", 4}, {"may", 5}, {"mai", 5}, {"maj", 5}, {"mei", 5},
    {"mag", 5}, {"май", 5}, {"мая", 5}, {"jun", 6}, {"giu", 6}, {"июн", 6}, {"jul", 7},
    {"lug", 7}, {"июл", 7}, {"aug", 8}, {"aou", 8}, {"ago", 8}, {"agu", 8}, {"авг", 8},
    {"sep", 9}, {"set", 9}, {"сен", 9}, {"oct", 10}, {"okt", 10}, {"out", 10}, {"ott", 10},
    {"окт", 10}, {"nov", 11}, {"ноя", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12}, {"des", 12},
    {"дек", 12},
};

/* Zone names that appear in RFC 822 dates, in minutes. Ambiguous ones take the North American
 * meaning the RFC gives them. */
static const struct name_value zone_names[] = {
    {"z", 0}, {"ut", 0}, {"utc", 0}, {"gmt", 0}, {"wet", 0}, {"bst", 60}, {"cet", 60},
    {"mez", 60}, {"west", 60}, {"cest", 120}, {"mesz", 120}, {"eet", 120}, {"eest", 180},
    {"msk", 180}, {"ist", 330}, {"hkt", 480}, {"sgt", 480}, {"awst", 480}, {"jst", 540},
    {"kst", 540}, {"aest", 600}, {"aedt", 660}, {"nzst", 720}, {"nzdt", 780}, {"est", -300},
    {"edt", -240}, {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480},
    {"pdt", -420}, {"akst", -540}, {"akdt", -480}, {"hst", -600}, {"brt", -180}, {"art", -180},
};

/* Units of "N unit ago" in seconds, by how the word begins. */
static const struct name_value units[] = {
    {"second", 1}, {"sec", 1}, {"秒", 1}, {"detik", 1}, {"minute", 60}, {"min", 60}, {"分", 60},
    {"menit", 60}, {"hour", 3600}, {"hr", 3600}, {"小时", 3600}, {"小時", 3600}, {"時間", 3600},
    {"鐘頭", 3600}, {"jam", 3600}, {"day", 86400}, {"天", 86400}, {"日", 86400}, {"hari", 86400},
    {"week", 604800}, {"周", 604800}, {"週", 604800}, {"星期", 604800}, {"minggu", 604800},
    {"month", 2592000}, {"个月", 2592000}, {"個月", 2592000}, {"か月", 2592000},
    {"bulan", 2592000}, {"year", 31536000}, {"年", 31536000}, {"tahun", 31536000},
};

static const char *const ago_words[] = {" ago", "前", " lalu", " yang lalu"};

static const struct name_value day_words[] = {
    {"just now", 0}, {"刚刚", 0}, {"剛剛", 0}, {"today", 0}, {"今天", 0}, {"今日", 0},
    {"yesterday", 1}, {"昨天", 1}, {"昨日", 1}, {"前天", 2}, {"前日", 2},
};

/* Years counted from somewhere else. */
static const struct name_value eras[] = {
    {"民國", 1911}, {"民国", 1911}, {"令和", 2018}, {"平成", 1988}, {"昭和", 1925},
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static int64_t days_of(int y, int m, int d)
{
    return civil_to_ms(&(struct civil){.year = y, .month = m, .day = d}, 0) / DF_DAY;
}

static int month_length(int y, int m)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return m == 2 && leap ? 29 : lengths[m - 1];
}

/* Lower case without accents, ASCII and Cyrillic as needed for the tables above. */
static size_t fold_word(struct str s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        size_t len;
        uint32_t c = utf8_get(s.ptr + i, s.len - i, &len);
        i += len;
        if (c >= 'A' && c <= 'Z')
            c += 32;
        else if (c >= 0x0410 && c <= 0x042F)
            c += 32;
        else if (c >= 0xC0 && c <= 0xFF)
            c = (uint32_t) "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty"[c - 0xC0];
        char enc[4];
        size_t k = utf8_put(enc, c);
        if (n + k > room)
            break;
        memcpy(out + n, enc, k);
        n += k;
    }
    return n;
}

static const struct name_value *find_prefix(const struct name_value *t, size_t n, struct str w)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts(w, str_of(t[i].name)))
            return &t[i];
    return NULL;
}

static const struct name_value *find_exact(const struct name_value *t, size_t n, struct str w)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(w, t[i].name))
            return &t[i];
    return NULL;
}

/* A scanner position and the number just read. */
struct scan {
    const char *p, *end;
};

static int read_number(struct scan *s, int *digits)
{
    int v = 0, n = 0;
    while (s->p < s->end && digit(*s->p)) {
        if (v < 100000000)
            v = v * 10 + (*s->p - '0');
        n++;
        s->p++;
    }
    *digits = n;
    return v;
}

static bool take(struct scan *s, const char *z)
{
    size_t n = strlen(z);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, z, n) != 0)
        return false;
    s->p += n;
    return true;
}

static bool at_digit(const struct scan *s, size_t ahead)
{
    return (size_t)(s->end - s->p) > ahead && digit(s->p[ahead]);
}

static int full_year(int v, int digits)
{
    if (digits >= 3)
        return v;
    return v < 70 ? 2000 + v : 1900 + v;
}

static void set_fraction(struct parts *d, struct scan *s)
{
    int unit = 100;
    for (; s->p < s->end && digit(*s->p); s->p++, unit /= 10)
        d->milli += (*s->p - '0') * unit;
}

/* After "HH:" — minutes, seconds, fraction. */
static void read_clock(struct parts *d, struct scan *s, int hour)
{
    int n;
    d->hour = hour;
    d->minute = read_number(s, &n);
    if (n != 2 && n != 1)
        d->broken = true;
    if (s->p < s->end && *s->p == ':' && at_digit(s, 1)) {
        s->p++;
        d->second = read_number(s, &n);
        if ((s->p < s->end && (*s->p == '.' || *s->p == ',')) && at_digit(s, 1)) {
            s->p++;
            set_fraction(d, s);
        }
    }
}

static void read_offset(struct parts *d, struct scan *s)
{
    int sign = *s->p == '-' ? -1 : 1, n;
    s->p++;
    int v = read_number(s, &n), minutes = 0;
    if (n == 4) {
        minutes = v % 100;
        v /= 100;
    } else if (n <= 2 && s->p < s->end && *s->p == ':' && at_digit(s, 1)) {
        s->p++;
        minutes = read_number(s, &n);
    } else if (n > 2) {
        return;
    }
    if (v > 15 || minutes > 59)
        return;
    d->offset = sign * (v * 60 + minutes);
    d->zone = true;
}

/* Three numbers with the same separator, the first already read. */
static void read_numeric(struct parts *d, struct scan *s, int a, int an, bool month_first)
{
    char sep = *s->p++;
    int bn, cn = 0, c = 0;
    int b = read_number(s, &bn);
    if (s->p < s->end && *s->p == sep && at_digit(s, 1)) {
        s->p++;
        c = read_number(s, &cn);
    }
    if (an >= 3) { /* 2024-05-17, 2024-05; 113/05/17 in Taiwan */
        d->year = an == 3 && a >= 80 && a < 200 ? a + 1911 : a;
        d->year_seen = true;
        d->month = b;
        d->day = cn ? c : 1;
        return;
    }
    if (cn == 0) { /* 06/18: month and day, the year is missing */
        if (month_first || b > 12 || sep != '.') {
            d->month = a, d->day = b;
        } else {
            d->month = b, d->day = a;
        }
        if (d->month > 12) {
            int t = d->month;
            d->month = d->day, d->day = t;
        }
        return;
    }
    d->year = full_year(c, cn);
    d->year_seen = true;
    bool us = month_first && sep != '.';
    d->month = us ? a : b;
    d->day = us ? b : a;
    if (d->month > 12 && d->day <= 12) {
        int t = d->month;
        d->month = d->day, d->day = t;
    }
}

/* 20240517, 20240517123000 and 20031231T101410: numbers that are dates by their length. */
static bool read_compact(struct parts *d, struct str digits)
{
    int v[14];
    if (digits.len != 8 && digits.len != 12 && digits.len != 14)
        return false;
    for (size_t i = 0; i < digits.len; i++)
        v[i] = digits.ptr[i] - '0';
    int y = v[0] * 1000 + v[1] * 100 + v[2] * 10 + v[3], m = v[4] * 10 + v[5];
    int day = v[6] * 10 + v[7];
    if (y < 1970 || y > 2099 || m < 1 || m > 12 || day < 1 || day > 31)
        return false;
    d->year = y, d->month = m, d->day = day;
    d->year_seen = true;
    if (digits.len > 8) {
        d->hour = v[8] * 10 + v[9];
        d->minute = v[10] * 10 + v[11];
        d->second = digits.len == 14 ? v[12] * 10 + v[13] : 0;
    }
    return true;
}

/* Number followed by a Chinese or Japanese mark. */
static bool read_marked(struct parts *d, struct scan *s, int v, int n)
{
    if (take(s, "年") || take(s, "년")) {
        d->year = d->era ? d->era + v : full_year(v, n);
        d->year_seen = true;
    } else if (take(s, "月") || take(s, "월")) {
        d->month = v;
    } else if (take(s, "日") || take(s, "号") || take(s, "號") || take(s, "일")) {
        d->day = v;
    } else if (take(s, "时") || take(s, "時") || take(s, "点") || take(s, "點") ||
               take(s, "시")) {
        d->hour = v;
    } else if (take(s, "分") || take(s, "분")) {
        d->minute = v;
    } else if (take(s, "秒") || take(s, "초")) {
        d->second = v;
    } else {
        return false;
    }
    return true;
}

static void read_digits(struct parts *d, struct scan *s, bool month_first)
{
    const char *start = s->p;
    int n, v = read_number(s, &n);
    while (s->p < s->end && *s->p == ' ' && s->end - s->p > 3 && (unsigned char)s->p[1] >= 0xE0)
        s->p++; /* "2016 年" */
    if (read_marked(d, s, v, n))
        return;
    if (n >= 8 && !d->month && read_compact(d, str_n(start, (size_t)n)))
        return;
    if (n == 6 && d->day && d->hour < 0) { /* the clock of 20031231T101410 */
        d->hour = v / 10000, d->minute = v / 100 % 100, d->second = v % 100;
        return;
    }
    char next = s->p < s->end ? *s->p : '\0';
    if (next == '.' && !at_digit(s, 1) && n == 4 && !d->year_seen) { /* "2026. 3. 2." */
        d->year = v;
        d->year_seen = true;
    } else if (next == '.' && !at_digit(s, 1) && d->year_seen && !d->month && !d->day) {
        d->month = v;
    } else if (next == ':' && d->hour < 0 && n <= 2 && at_digit(s, 1)) {
        s->p++;
        read_clock(d, s, v);
    } else if ((next == '-' || next == '/' || next == '.') && !d->month && !d->day &&
               at_digit(s, 1)) {
        read_numeric(d, s, v, n, month_first);
    } else if (n >= 3) {
        if (n != 4 || d->year_seen)
            d->broken = true;
        d->year = v;
        d->year_seen = true;
    } else if (!d->day) {
        d->day = v;
        if (v > 31) {
            d->day = 0;
            d->year = full_year(v, n);
            d->year_seen = d->year_short = true;
        }
    } else if (!d->year_seen) {
        d->year = full_year(v, n);
        d->year_seen = true;
    }
}

static void read_word(struct parts *d, struct scan *s)
{
    const char *start = s->p;
    while (s->p < s->end) {
        unsigned char c = (unsigned char)*s->p;
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0x80))
            break;
        /* CJK marks are one character words: stop before a mark that starts a new one */
        s->p += c >= 0xE0 && c < 0xF0 && s->end - s->p >= 3 ? 3 : 1;
        if (c >= 0xE0)
            break;
    }
    char folded[32];
    struct str w = {folded, fold_word(str_n(start, (size_t)(s->p - start)), folded, 32)};
    const struct name_value *hit;
    if (str_is(w, "am")) {
        d->am = true;
    } else if (str_is(w, "pm")) {
        d->pm = true;
    } else if (d->hour >= 0 && !d->zone &&
               (hit = find_exact(zone_names, COUNT(zone_names), w)) != NULL) {
        d->offset = hit->value;
        d->zone = true;
    } else if (w.len >= 3 && (hit = find_prefix(month_names, COUNT(month_names), w)) != NULL) {
        d->month = hit->value; /* a later one wins: "mar. 5 avr." begins with a weekday */
    } else {
        s->p = start;
        for (size_t i = 0; i < COUNT(eras) && !d->era; i++)
            if (take(s, eras[i].name))
                d->era = eras[i].value;
        if (s->p > start)
            return;
        if (take(s, "下") || take(s, "晚") || take(s, "오후"))
            d->pm = true;
        else if (take(s, "上") || take(s, "早") || take(s, "오전"))
            d->am = true;
        else
            s->p = start + w.len > s->end ? s->end : s->p;
        if (s->p == start) { /* unknown word: pass over it */
            while (s->p < s->end && !digit(*s->p) && *s->p != ' ' && *s->p != ',' &&
                   *s->p != '+' && *s->p != '-')
                s->p++;
            if (s->p == start)
                s->p++;
        }
    }
}

static bool parts_fill(struct parts *d, const struct date_hint *hint)
{
    if (d->broken || (!d->month && !d->day && !d->year_seen))
        return false;
    if (d->hour < 0 && !d->month && !d->year_seen)
        return false; /* a lone number */
    if (d->year_seen && !d->month) {
        if (d->day || d->year_short)
            return false;
        d->month = d->day = 1;
    }
    if (!d->day)
        d->day = 1;
    if (d->month < 1 || d->month > 12 || d->day < 1 || d->hour > 24 || d->minute > 59 ||
        d->second > 60)
        return false;
    if (d->hour >= 0 && d->hour <= 12) {
        if (d->pm && d->hour < 12)
            d->hour += 12;
        else if (d->am && d->hour == 12)
            d->hour = 0;
    }
    if (!d->year_seen) {
        if (!hint || hint->now == DF_NO_TIME)
            return false;
        int64_t day = hint->now / DF_DAY; /* the latest such day that is not ahead of us */
        for (d->year = (int)(1970 + day / 365) + 1; d->year > 1970; d->year--)
            if (d->day <= month_length(d->year, d->month) &&
                days_of(d->year, d->month, d->day) <= day + 1)
                break;
    }
    return d->year >= 1900 && d->year <= 2199 && d->day <= month_length(d->year, d->month);
}

static int64_t zone_ms(struct str zone, int64_t ms)
{
    int minutes = 0;
    if (zone.len == 0 || !zone_offset(zone, ms, &minutes))
        return 0;
    return minutes * DF_MINUTE;
}

static int64_t to_utc(int64_t local_ms, const struct parts *d, const struct date_hint *hint)
{
    if (d->zone)
        return local_ms - d->offset * DF_MINUTE;
    if (!hint)
        return local_ms;
    /* the offset is asked at the moment it leads to, for the hour round a change of clocks */
    int64_t guess = local_ms - zone_ms(hint->zone, local_ms);
    return local_ms - zone_ms(hint->zone, guess);
}

/* Digits alone, perhaps with a fraction: an epoch whose unit shows in its size. */
static bool read_epoch(struct str s, int64_t *out)
{
    size_t n = 0;
    uint64_t v = 0; /* 19 digits fit */
    while (n < s.len && digit(s.ptr[n]) && n < 19)
        v = v * 10 + (uint64_t)(s.ptr[n++] - '0');
    struct str rest = str_sub(s, n, s.len);
    if (n < 9 || (rest.len && rest.ptr[0] != '.'))
        return false;
    for (size_t i = 1; i < rest.len; i++)
        if (!digit(rest.ptr[i]))
            return false;
    int64_t frac = 0;
    for (size_t i = 1, unit = 100; i < rest.len && unit; i++, unit /= 10)
        frac += (rest.ptr[i] - '0') * (int64_t)unit;
    if (n <= 11)
        *out = (int64_t)v * 1000 + frac;
    else if (n <= 13)
        *out = (int64_t)v;
    else if (n <= 16)
        *out = (int64_t)(v / 1000);
    else
        *out = (int64_t)(v / 1000000);
    return true;
}

#define MOST_AGO (100 * 365 * DF_DAY) /* nobody's review is older */

static bool read_relative(struct str s, const struct date_hint *hint, struct date_result *r)
{
    char low[96];
    struct str w = {low, fold_word(s, low, sizeof low)};
    int64_t now = hint ? hint->now : DF_NO_TIME;
    for (size_t i = 0; i < COUNT(ago_words); i++) {
        struct str mark = str_of(ago_words[i]);
        ptrdiff_t at = str_find(w, mark);
        if (at < 0)
            continue;
        struct scan sc = {w.ptr, w.ptr + at};
        int n = 0, v = 1;
        while (sc.p < sc.end && !digit(*sc.p))
            sc.p++;
        if (sc.p < sc.end)
            v = read_number(&sc, &n);
        else
            sc.p = w.ptr; /* "a day ago", "an hour ago" */
        struct str rest = str_trim(str_n(sc.p, (size_t)(sc.end - sc.p)));
        if (!n && str_starts(rest, STR("a ")))
            rest = str_sub(rest, 2, rest.len);
        else if (!n && str_starts(rest, STR("an ")))
            rest = str_sub(rest, 3, rest.len);
        const struct name_value *unit = find_prefix(units, COUNT(units), rest);
        if (!unit)
            continue;
        r->relative = true;
        int64_t seconds = (int64_t)v * unit->value;
        r->ms = now == DF_NO_TIME || seconds > MOST_AGO / 1000 ? DF_NO_TIME : now - seconds * 1000;
        return true;
    }
    for (size_t i = 0; i < COUNT(day_words); i++) {
        struct str mark = str_of(day_words[i].name);
        if (!str_starts(w, mark))
            continue;
        r->relative = true;
        if (now == DF_NO_TIME)
            return true;
        struct parts d = {.hour = -1};
        int64_t off = zone_ms(hint->zone, now);
        int64_t day = (now + off) / DF_DAY - day_words[i].value;
        struct scan sc = {w.ptr + mark.len, w.ptr + w.len};
        while (sc.p < sc.end && !digit(*sc.p))
            sc.p++;
        if (sc.p < sc.end) {
            read_digits(&d, &sc, false);
            if (d.hour >= 0 && d.hour <= 24 && d.minute <= 59 && d.second <= 60) {
                r->had_time = true;
                r->ms = (day * 1440 + d.hour * 60 + d.minute) * 60000 + d.second * 1000 - off;
                return true;
            }
        }
        r->ms = day_words[i].value ? day * DF_DAY - off : now;
        return true;
    }
    return false;
}

struct date_result date_read(struct str s, const struct date_hint *hint)
{
    struct date_result r = {.ms = DF_NO_TIME};
    struct parts d = {.hour = -1};
    s = str_trim(s);
    if (str_starts(s, STR("/Date("))) { /* as old .NET services write an epoch */
        size_t n = 6;
        while (n < s.len && digit(s.ptr[n]))
            n++;
        s = str_sub(s, 6, n - 6);
    }
    if (s.len == 0 || s.len > 128)
        return r;
    if (date_exact(s, &r.ms)) {
        r.had_time = r.had_zone = true;
        return r;
    }
    struct parts compact = {.hour = -1};
    bool digits_only = true;
    for (size_t i = 0; i < s.len; i++)
        digits_only = digits_only && digit(s.ptr[i]);
    bool dated = digits_only && s.len != 13 && read_compact(&compact, s);
    if (!dated && read_epoch(s, &r.ms)) {
        r.had_time = r.had_zone = true;
        return r;
    }
    if (read_relative(s, hint, &r))
        return r;
    struct scan sc = {s.ptr, str_end(s)};
    while (sc.p < sc.end) {
        char c = *sc.p;
        if (digit(c))
            read_digits(&d, &sc, hint && hint->month_first);
        else if ((c == '+' || c == '-') && d.hour >= 0 && at_digit(&sc, 1))
            read_offset(&d, &sc);
        else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80)
            read_word(&d, &sc);
        else
            sc.p++;
    }
    if (!parts_fill(&d, hint))
        return r;
    int64_t ms = days_of(d.year, d.month, d.day) * DF_DAY + d.milli;
    if (d.hour >= 0)
        ms += ((int64_t)d.hour * 60 + d.minute) * 60000 + (int64_t)d.second * 1000;
    r.ms = to_utc(ms, &d, hint);
    r.had_time = d.hour >= 0;
    r.had_zone = d.zone;
    return r;
}
