/* What leaves the collector as text: encodings, marks, ratings. */
#include <criterion/criterion.h>
#include <iconv.h>
#include <math.h>

#include "collector/charset.h"
#include "core/utf8.h"
#include "collector/markup.h"
#include "collector/rating.h"

static const struct {
    enum text_format format;
    const char *in, *out;
} marks[] = {
    {TEXT_HTML, "<p>One &amp;amp; <b>two</b></p><p>three<br>four</p>", "One &amp; two\n\nthree\nfour"},
    {TEXT_HTML, "<ul><li>a<li>b</ul>c", "- a\n- b\n\nc"},
    {TEXT_HTML, "<script>if (a<b) x</script>y<style>p{}</style>", "y"},
    {TEXT_HTML, "<a href='/r'>here</a>", "here (https://s.test/r)"},
    {TEXT_HTML, "<a href='https://s.test/long/path'>s.test/long…</a>", "https://s.test/long/path"},
    {TEXT_HTML, "<a href='https://s.test/t/x'>#<span>x</span></a>", "#x"},
    {TEXT_HTML, "<a href='javascript:x'>no</a>", "no"},
    {TEXT_HTML, "a < b & c > d &copy; &bogus; &#8217; &#x1F600;", "a < b & c > d © &bogus; ’ 😀"},
    {TEXT_HTML, "<blockquote><p>said</p></blockquote>mine", "> said\n\nmine"},
    {TEXT_HTML, "<pre>a\n  b</pre>", "a\n  b"},
    {TEXT_HTML, "不<img alt='[怒]' src=x>好", "不[怒]好"},
    {TEXT_BBCODE, "[h1]T[/h1][b]b[/b] [url=https://x.test]w[/url] [x] [list][*]i[/list]",
     "T\nb w (https://x.test) [x]\n- i"},
    {TEXT_MARKDOWN, "# H\n**b** _e_ snake_case [w](https://x.test)\n```\na*b\n```\n3 * 4",
     "H\nb e snake_case w (https://x.test)\na*b\n3 * 4"},
    {TEXT_PLAIN, "a\r\nb\rc  \n\n\n\nd", "a\nb\nc\n\nd"},
    {TEXT_PLAIN, "rev\xE2\x80\xAE" "esrever zero\xE2\x80\x8Bwidth \x07" "bell", "revesrever zerowidth bell"},
    {TEXT_PLAIN, "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
    {TEXT_PLAIN, "hid\xF3\xA0\x81\xA1" "den", "hidden"},
    {TEXT_PLAIN, "don\xC2\x92t", "don’t"},
};

/* The quick way over easy signs must not let one through that is to be changed. */
static const struct {
    uint32_t from, to, into; /* 0 = taken out */
} changed[] = {
    {0x01, 0x08, 0},     {0x0E, 0x1F, 0},     {0x7F, 0x7F, 0},     {0xA0, 0xA0, ' '},
    {0xAD, 0xAD, 0},     {0x34F, 0x34F, 0},   {0x61C, 0x61C, 0},   {0x180E, 0x180E, 0},
    {0x200B, 0x200B, 0}, {0x200E, 0x200F, 0}, {0x2028, 0x2029, '\n'}, {0x202A, 0x202E, 0},
    {0x202F, 0x202F, ' '}, {0x2060, 0x206F, 0}, {0xFDD0, 0xFDEF, 0}, {0xFEFF, 0xFEFF, 0},
    {0xFFF9, 0xFFFB, 0}, {0xFFFE, 0xFFFF, 0}, {0x1FFFE, 0x1FFFF, 0}, {0xE0000, 0xE0FFF, 0},
};

Test(markup, every_sign_is_kept_but_those)
{
    for (uint32_t c = ' ' + 1; c < 0x110000; c++) {
        if (c == 0x7F || (c >= 0x80 && c < 0xA0) || (c >= 0xD800 && c < 0xE000))
            continue; /* Windows-1252 and what is no character are told elsewhere */
        uint32_t want = (c & 0xFFFE) == 0xFFFE ? 0 : c;
        for (size_t i = 0; i < sizeof changed / sizeof *changed; i++)
            if (c >= changed[i].from && c <= changed[i].to)
                want = changed[i].into;
        char in[16] = "eight or x", out[16] = "eight or x"; /* reaches over the eight bytes */
        size_t n = 10, m = 10;
        struct arena *a = arena_new();
        n += utf8_put(in + n, c);
        in[n++] = 'y';
        m += want ? utf8_put(out + m, want) : 0;
        out[m++] = 'y';
        struct str r = text_clean(a, str_n(in, n));
        cr_assert(str_eq(r, str_n(out, m)), "U+%04X gave %.*s", c, STR_FMT(r));
        arena_free(&a);
    }
}

Test(markup, signs_that_grow_lose_nothing)
{
    char in[200];
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof in; i += 2)
        in[i] = '\xC2', in[i + 1] = '\x92';
    cr_expect_eq(text_clean(a, str_n(in, sizeof in)).len, 300); /* ’ has three bytes */
    arena_free(&a);
}

Test(markup, every_format)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        struct str r = markup_text(a, str_of(marks[i].in), marks[i].format, STR("https://s.test/d/"));
        cr_expect(str_is(r, marks[i].out), "%s\n gave: %.*s\n want: %s", marks[i].in, STR_FMT(r),
                  marks[i].out);
    }
    arena_free(&a);
}

/* --- encodings --- */

static struct str encode(struct arena *a, const char *utf8, const char *codec)
{
    char out[4096], *src = (char *)utf8, *dst = out;
    size_t left = strlen(utf8), room = sizeof out;
    iconv_t cd = iconv_open(codec, "UTF-8");
    cr_assert(cd != (iconv_t)-1);
    cr_assert(iconv(cd, &src, &left, &dst, &room) != (size_t)-1);
    iconv_close(cd);
    return arena_str(a, str_n(out, sizeof out - room));
}

static const struct {
    const char *text, *codec, *type;
} encodings[] = {
    {"<?xml version='1.0' encoding='gb2312'?><a>镕基说漏水</a>", "GB18030", ""},
    {"<?xml version='1.0' encoding='big5'?><a>漏水了</a>", "BIG5", ""},
    {"<?xml version='1.0' encoding='Shift_JIS'?><a>水漏れ①</a>", "CP932", ""},
    {"<?xml version='1.0' encoding='euc-kr'?><a>물이 새요</a>", "EUC-KR", ""},
    {"<?xml version='1.0' encoding='koi8-r'?><a>течёт</a>", "KOI8-R", ""},
    {"<a>caf\u00e9 \u2019</a>", "WINDOWS-1252", "text/html; charset=iso-8859-1"},
    {"<meta charset='windows-1251'><a>течёт</a>", "WINDOWS-1251", ""},
    {"<a>漏水</a>", "UTF-16LE", ""},
    {"<a>漏水</a>", "UTF-16BE", ""},
    {"<a>漏水</a>", "UTF-32LE", ""},
    {"\uFEFF<a>漏水</a>", "UTF-16LE", ""},
    {"\uFEFF<a>漏水</a>", "UTF-8", ""},
    /* the declaration lies: it is UTF-8 */
    {"<?xml version='1.0' encoding='iso-8859-1'?><a>漏水</a>", "UTF-8", "text/xml; charset=big5"},
};

Test(charset, declared_and_lying)
{
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        struct arena *a = arena_new();
        struct str want = str_of(encodings[i].text);
        if (str_starts(want, STR("\xEF\xBB\xBF")))
            want = str_sub(want, 3, want.len);
        struct str bytes = encode(a, encodings[i].text, encodings[i].codec);
        struct charset_result r = charset_decode(a, bytes, str_of(encodings[i].type));
        cr_expect(str_eq(r.text, want), "%s: %.*s", encodings[i].codec, STR_FMT(r.text));
        cr_expect_eq(r.replaced, 0);
        arena_free(&a);
    }
}

Test(charset, never_fails)
{
    struct arena *a = arena_new();
    struct charset_result r = charset_decode(a, STR("ok \xff\xfe\x80 \xc3"), STR("text/x; charset=nonsense"));
    cr_expect(utf8_valid(r.text));
    cr_expect(str_starts(r.text, STR("ok ")));
    arena_free(&a);
}

Test(gunzip, a_bomb_is_refused)
{
    /* 1000 zeros in gzip, allowed 100 */
    static const unsigned char gz[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60, 0x18, 0x05,
                                       0xa3, 0x60, 0x14, 0x8c, 0x54, 0, 0, 0x2e, 0xaf, 0xb5, 0xef,
                                       0xe8, 3, 0, 0};
    struct arena *a = arena_new();
    struct str out;
    struct err e = {0};
    cr_expect_eq(body_gunzip(a, STR("plain"), 100, &out, &e), DF_NONE);
    cr_expect_eq(body_gunzip(a, str_n((const char *)gz, sizeof gz), 100, &out, &e), DF_REJECT);
    cr_expect_eq(body_gunzip(a, str_n((const char *)gz, sizeof gz), 1 << 20, &out, &e), DF_OK);
    arena_free(&a);
}

/* --- ratings --- */

Test(rating, every_scale)
{
    static const struct {
        const char *text;
        double worst, best, want;
    } cases[] = {
        {"4", 1, 5, 4},     {"8", 0, 10, 4.2},  {"4,5", 1, 5, 4.5},  {"8/10", NAN, NAN, 4.11},
        {"80%", 1, 5, 4.2}, {"★★★★☆", 1, 5, 4}, {"ONE", 1, 5, 1},    {"Recommended", 0, 1, 5},
        {"差评", 1, 5, 1},  {"0", 0, 1, 1},     {"Rated 4.5 out of 5", 1, 5, 4.5},
        {"7", 1, 5, NAN},   {"great", 1, 5, NAN}, {"", 1, 5, NAN},    {"0.5", 1, 5, 1.4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = rating_read(str_of(cases[i].text), (struct rating_scale){NAN, NAN},
                                 (struct rating_scale){cases[i].worst, cases[i].best});
        cr_expect(isnan(cases[i].want) ? isnan(got) : fabs(got - cases[i].want) < 0.006,
                  "%s gave %f, want %f", cases[i].text, got, cases[i].want);
    }
}
