#include "net/transport_curl_header.h"

#include <curl/curl.h>
#include <stdio.h>

#include "core/clock.h"

#define MOST_SPAN (365 * DF_DAY)
#define LAST_YEAR INT64_C(253402300799) /* the end of 9999; past it somebody is joking */

int64_t header_date(struct str value)
{
    char z[64];
    if (value.len >= sizeof z)
        return DF_NO_TIME;
    snprintf(z, sizeof z, "%.*s", STR_FMT(value));
    time_t at = curl_getdate(z, NULL);
    return at < 0 || at > LAST_YEAR ? DF_NO_TIME : (int64_t)at * DF_SECOND;
}

static int64_t in_bounds(int64_t span)
{
    return span < 0 ? 0 : span > MOST_SPAN ? MOST_SPAN : span;
}

int64_t header_span(struct str value, int64_t now)
{
    long long seconds;
    double fraction;
    if (str_i64(value, &seconds))
        return in_bounds(seconds > MOST_SPAN / DF_SECOND ? MOST_SPAN
                         : seconds < 0                   ? 0
                                                         : seconds * DF_SECOND);
    if (str_f64(value, &fraction))
        return fraction >= 0 && fraction < 1e6 ? (int64_t)(fraction * 1000) : -1;
    int64_t at = header_date(value);
    return at == DF_NO_TIME ? -1 : in_bounds(at - now);
}

/* Of `; rel="prev next"; title="x"`: is "next" among the words of rel? */
static bool is_next(struct str attrs)
{
    struct str part, word;
    while (str_split(&attrs, ';', &part)) {
        ptrdiff_t equals = str_chr(part, '=');
        if (equals < 0 || !str_ieq(str_trim(str_sub(part, 0, (size_t)equals)), STR("rel")))
            continue;
        struct str words = str_trim(str_sub(part, (size_t)equals + 1, part.len));
        ptrdiff_t comma = str_chr(words, ','); /* the end of this link */
        if (comma >= 0)
            words = str_trim(str_sub(words, 0, (size_t)comma));
        if (words.len >= 2 && words.ptr[0] == '"' && words.ptr[words.len - 1] == '"')
            words = str_sub(words, 1, words.len - 2);
        while (str_split(&words, ' ', &word))
            if (str_ieq(word, STR("next")))
                return true;
    }
    return false;
}

struct str header_next(struct str value)
{
    ptrdiff_t open, close;
    while ((open = str_chr(value, '<')) >= 0) {
        value = str_sub(value, (size_t)open + 1, value.len);
        if ((close = str_chr(value, '>')) < 0)
            break;
        struct str url = str_sub(value, 0, (size_t)close);
        value = str_sub(value, (size_t)close + 1, value.len);
        ptrdiff_t next = str_chr(value, '<');
        if (is_next(next < 0 ? value : str_sub(value, 0, (size_t)next)))
            return url;
    }
    return STR_NONE;
}
