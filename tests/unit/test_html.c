#include <criterion/criterion.h>

#include "dashboard/html.h"

static struct html begin(void)
{
    struct html h;

    html_init(&h, UI_EN);
    return h;
}

static void expect(struct html *h, const char *want)
{
    cr_expect_str_eq(h->out.ptr ? h->out.ptr : "", want);
    html_free(h);
}

Test(html, text_is_escaped_by_place)
{
    static const struct {
        const char *in, *text, *attr, *part;
    } cases[] = {
        {"a < b & c > d", "a &lt; b &amp; c &gt; d", "a &lt; b &amp; c &gt; d",
         "a%20%3C%20b%20%26%20c%20%3E%20d"},
        {"\"'`", "&quot;&#39;`", "&quot;&#39;`", "%22%27%60"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
         "&lt;script&gt;alert(1)&lt;/script&gt;", "%3Cscript%3Ealert%281%29%3C%2Fscript%3E"},
        {"退款 é", "退款 é", "退款 é", "%E9%80%80%E6%AC%BE%20%C3%A9"},
        {"", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html h = begin();
        html_text(&h, str_of(cases[i].in));
        expect(&h, cases[i].text);
        h = begin();
        html_attr(&h, str_of(cases[i].in));
        expect(&h, cases[i].attr);
        h = begin();
        html_url_part(&h, str_of(cases[i].in));
        expect(&h, cases[i].part);
    }
}

Test(html, urls_lead_to_web_pages_or_to_us)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"https://example.com/a?b=1&c=2", "https://example.com/a?b=1&amp;c=2"},
        {"HTTP://example.com/", "HTTP://example.com/"},
        {"/case/1", "/case/1"},
        {"?q=x", "?q=x"},
        {"#why-1", "#why-1"},
        {"//evil.example/", "#"},
        {"/\\evil.example/", "#"},
        {"javascript:alert(1)", "#"},
        {"java\tscript:alert(1)", "#"},
        {" https://example.com/", "#"},
        {"data:text/html,x", "#"},
        {"https:evil", "#"},
        {"", "#"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct html h = begin();
        html_url(&h, str_of(cases[i].in));
        expect(&h, cases[i].out);
    }
}

Test(html, hidden_characters_of_others_become_boxes)
{
    static const struct {
        const char *in, *text, *attr;
    } cases[] = {
        {"a\xE2\x80\xAE" "b", "a<span class=\"ghost\" title=\"U+202E\">RLO</span>b", "a\xEF\xBF\xBD" "b"},
        {"x\xE2\x80\x8By", "x<span class=\"ghost\" title=\"U+200B\">ZWSP</span>y", "x\xEF\xBF\xBDy"},
        {"\x01", "<span class=\"ghost\">U+0001</span>", "\xEF\xBF\xBD"},
        {"\xFF\xFE", "\xEF\xBF\xBD\xEF\xBF\xBD", "\xEF\xBF\xBD\xEF\xBF\xBD"}, /* invalid UTF-8 */
        {"\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7", "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7",
         "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7"}, /* a flag keeps its tags, a tag alone is told */
        {"x\xF3\xA0\x81\xA7", "x<span class=\"ghost\">U+E0067</span>", "x\xEF\xBF\xBD"},
        {"line\nnext\ttab", "line\nnext\ttab", "line\nnext\ttab"},
        {"\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9",
         "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9"}, /* a family keeps its joiner */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outside o = {str_of(cases[i].in)};
        struct html h = begin();
        html_text(&h, o);
        expect(&h, cases[i].text);
        h = begin();
        html_attr(&h, o);
        expect(&h, cases[i].attr);
        h = begin();
        html_plain(&h, o);
        expect(&h, cases[i].attr);
    }
}

Test(html, towers_of_marks_are_folded)
{
    char text[64] = "Z";
    struct html h = begin();

    for (int i = 0; i < 20; i++)
        strcat(text, "\xCC\x80"); /* lint: allow banned because the text is ours and short */
    html_text(&h, (struct outside){str_of(text)});
    expect(&h, "Z\xCC\x80\xCC\x80\xCC\x80\xCC\x80\xCC\x80<span class=\"ghost\">+++</span>");
}

/* Whatever the bytes, what is written holds no way out of its place. */
Test(html, no_bytes_break_out)
{
    unsigned seed = 7;
    for (int round = 0; round < 2000; round++) {
        char raw[40];
        struct html h = begin();

        for (size_t i = 0; i < sizeof raw; i++) {
            seed = seed * 1103515245u + 12345u;
            raw[i] = (seed >> 16) % 3 ? "<>\"'&=/ \n`"[(seed >> 20) % 10] : (char)(seed >> 24);
        }
        html_attr(&h, str_n(raw, sizeof raw));
        cr_assert(h.out.ptr);
        for (size_t i = 0; i < h.out.len; i++)
            cr_assert(!strchr("<>\"'", h.out.ptr[i]) || h.out.ptr[i] == '\0');
        cr_assert_eq(memchr(h.out.ptr, '\0', h.out.len), NULL);
        html_free(&h);
    }
}
