#include "alerts/text.h"

#include "core/buf.h"
#include "core/utf8.h"

static const struct str ELLIPSIS = {"…", 3};

/* Joiners inside emoji and Indic words (U+200C, U+200D) stay: they carry meaning. */
static bool deceives(uint32_t cp)
{
    return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0) ||
           cp == 0x00AD || cp == 0x061C || cp == 0x200B || cp == 0x200E || cp == 0x200F ||
           (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
           (cp >= 0xE0000 && cp <= 0xE007F);
}

static bool starts_link(struct str s, size_t i)
{
    struct str rest = str_sub(s, i, 8);
    return str_ieq(str_sub(rest, 0, 7), STR("http://")) || str_ieq(rest, STR("https://"));
}

struct str text_cut(struct str s, enum length_unit unit, size_t max, struct arena *a)
{
    struct str fits = length_cut(s, unit, max);
    if (fits.len == s.len)
        return s;
    size_t mark = length_count(ELLIPSIS, unit);
    fits = max > mark ? length_cut(s, unit, max - mark) : STR_NONE;
    return arena_printf(a, "%.*s%s", STR_FMT(fits), ELLIPSIS.ptr);
}

struct user_text user_text_clean(struct str s, enum length_unit unit, size_t max, struct arena *a)
{
    struct buf b = BUF_INIT(3 * s.len + 16); /* a bad byte becomes U+FFFD, three bytes */
    size_t step;
    for (size_t i = 0; i < s.len; i += step) {
        uint32_t cp = utf8_get(s.ptr + i, s.len - i, &step);
        if (starts_link(s, i)) {
            buf_puts(&b, "hxxp");
            step = 4;
        } else if (!deceives(cp)) {
            buf_utf8(&b, cp);
        }
    }
    struct str clean = str_trim(buf_view(&b));
    struct user_text t = {text_cut(clean.len ? arena_str(a, clean) : STR_NONE, unit, max, a)};
    buf_free(&b);
    return t;
}

struct str safe_url(struct str url)
{
    if (!str_starts(url, STR("https://")) && !str_starts(url, STR("http://")))
        return STR_NONE;
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];
        if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == 0x7F)
            return STR_NONE;
    }
    return url;
}
