/* Readers and what they stand on: JSON repair, selectors, templates, robots.txt, URLs, tables. */
#include <criterion/criterion.h>

#include "collector/css.h"
#include "collector/extract.h"
#include "collector/robots.h"
#include "core/clock.h"
#include "collector/table.h"
#include "collector/template.h"
#include "net/url.h"

Test(json_tidy, repairs)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"{\"a\": 1}", "{\"a\":1}\n"},
        {"cb({\"id\": 9007199254740993});", "{\"id\":\"9007199254740993\"}\n"},
        {"{\"n\": 9007199254740992, \"m\": -12345678901234567890}",
         "{\"n\":9007199254740992,\"m\":\"-12345678901234567890\"}\n"},
        {")]}'\n[1.5e300]", "[1.5e300]\n"},
        {"/* c */ {\"a\": [1, 2,], // x\n}", "{\"a\":[1,2]}\n"},
        {"{\"a\": \"x\ty\nz\"}", "{\"a\":\"x\\u0009y\\nz\"}\n"},
        {"{\"a\": \"it\\'s \\x41\"}", "{\"a\":\"it's \\u0041\"}\n"},
        {"{\"a\": \"he said \"no\" twice\"}", "{\"a\":\"he said \\\"no\\\" twice\"}\n"},
        {"{'a': 'b', c: undefined}", "{\"a\":\"b\",\"c\":null}\n"},
        {"{\"a\": 1}}}", "{\"a\":1}\n"},
        {"{\"a\": 1}\n{\"b\": 2}", "{\"a\":1}\n{\"b\":2}\n"},
        {"<![CDATA[ {\"a\": true} ]]>", "{\"a\":true}\n"},
        {"{\"cut\": \"of", "{\"cut\":\"of"}, /* stays broken: it must not look whole */
        {"{\"a\":\"\\ud83d x \\ude00 \\ud83d\\ude00 \\ud83d\\u0041\"}",
         "{\"a\":\"\\ufffd x \\ufffd \\ud83d\\ude00 \\ufffd\\u0041\"}\n"}, /* half pairs */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT(4096);
        json_tidy(&b, str_of(cases[i].in));
        cr_expect(str_is(buf_view(&b), cases[i].out), "%s gave %.*s", cases[i].in,
                  STR_FMT(buf_view(&b)));
        buf_free(&b);
    }
}

Test(css, to_xpath)
{
    static const struct {
        const char *css, *xpath; /* NULL = a fault */
    } cases[] = {
        {"div", ".//div"},
        {".a.b", ".//*[contains(concat(' ',normalize-space(@class),' '),' a ') and "
                 "contains(concat(' ',normalize-space(@class),' '),' b ')]"},
        {"ul#l > li", ".//ul[@id='l']/li"},
        {"a[href^=\"http\"]", ".//a[starts-with(@href,'http')]"},
        {"p:first-child", ".//p[not(preceding-sibling::*)]"},
        {"li:nth-child(3)", ".//li[count(preceding-sibling::*)=2]"},
        {"a, b", ".//a | .//b"},
        {"h2 + p", ".//h2/following-sibling::*[1]/self::p"},
        {"//x[@y]", "//x[@y]"},
        {"div[", NULL},
        {"a:hover", NULL},
        {"a >", NULL},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct selector s;
        struct err e = {0};
        enum df_rc rc = selector_parse(a, str_of(cases[i].css), &s, &e);
        if (cases[i].xpath)
            cr_expect(rc == DF_OK && str_is(s.xpath, cases[i].xpath), "%s gave %.*s", cases[i].css,
                      STR_FMT(s.xpath));
        else
            cr_expect(rc == DF_REJECT && e.text[0], "%s", cases[i].css);
    }
    struct selector s;
    cr_expect_eq(selector_parse(a, STR("a.next @href"), &s, NULL), DF_OK);
    cr_expect(str_is(s.attr, "href"));
    arena_free(&a);
}

static bool lookup(void *ctx, struct str name, struct str *out)
{
    (void)ctx;
    *out = str_is(name, "base") ? STR("https://h.test") : str_is(name, "q") ? STR("a b/\"c\"") : STR("");
    return !str_is(name, "unknown");
}

Test(template, by_place)
{
    static const struct {
        enum template_use use;
        const char *in, *out;
    } cases[] = {
        {TEMPLATE_PATH, "{base}/x/{q}", "https://h.test/x/a%20b/%22c%22"},
        {TEMPLATE_PATH, "{base}/{q:enc}", "https://h.test/a%20b%2F%22c%22"},
        {TEMPLATE_QUERY, "{q}", "a%20b%2F%22c%22"},
        {TEMPLATE_JSON, "{\"q\": \"{q}\"}", "{\"q\": \"a b/\\\"c\\\"\"}"},
        {TEMPLATE_RAW, "{{id} {q:raw}", "{id} a b/\"c\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT(256);
        cr_expect_eq(template_expand(&b, str_of(cases[i].in), cases[i].use, lookup, NULL, NULL, NULL),
                     DF_OK);
        cr_expect(str_is(buf_view(&b), cases[i].out), "%s gave %.*s", cases[i].in,
                  STR_FMT(buf_view(&b)));
        buf_free(&b);
    }
    struct buf b = BUF_INIT(64);
    struct err e = {0};
    bool empty = false;
    cr_expect_eq(template_expand(&b, STR("{unknown}"), TEMPLATE_RAW, lookup, NULL, NULL, &e), DF_REJECT);
    cr_expect_eq(template_expand(&b, STR("Bearer {none}"), TEMPLATE_RAW, lookup, NULL, &empty, &e), DF_OK);
    cr_expect(empty);
    buf_free(&b);
}

Test(robots, are_taken_for_keeping_and_given_back)
{
    struct robots *here = NULL, *later = NULL;
    struct str origin, text;
    int64_t until, now = 1000, delay;
    size_t at = 0;
    robots_learn(&here, STR("https://a.example"), 200, STR("User-agent: *\nDisallow: /x"), now);
    cr_assert(robots_take(here, &at, &origin, &text, &until));
    cr_expect(str_is(origin, "https://a.example"));
    cr_expect_eq(until, now + DF_DAY);
    cr_expect_not(robots_take(here, &at, &origin, &text, &until), "each is taken once");
    robots_give(&later, STR("https://a.example"), text, until, now + DF_HOUR);
    cr_expect(robots_known(later, STR("https://a.example"), now + DF_HOUR));
    cr_expect_not(robots_ask(later, STR("https://a.example"), STR("/x/1"), &delay));
    cr_expect_not(robots_known(later, STR("https://a.example"), now + DF_DAY));
    at = 0;
    cr_expect_not(robots_take(later, &at, &origin, &text, &until), "what was given is kept already");
    robots_give(&later, STR("https://old.example"), STR(""), now, now);
    robots_give(&later, STR("https://odd.example"), STR(""), now + 2 * DF_DAY, now);
    cr_expect_not(robots_known(later, STR("https://old.example"), now), "past its time");
    cr_expect_not(robots_known(later, STR("https://odd.example"), now), "longer than a day");
    robots_free(&here);
    robots_free(&later);
}

Test(robots, rfc_9309)
{
    static const char text[] = "User-agent: *\nDisallow: /private\nAllow: /private/open$\nDisallow: /*.pdf\n"
                               "\nUser-Agent: defuse\nUser-agent: other\nDisallow: /d # no\nCrawl-delay: 2\n";
    static const struct {
        const char *agent, *path;
        bool allowed;
    } cases[] = {
        {"someone", "/", true},          {"someone", "/private/x", false},
        {"someone", "/private/open", true}, {"someone", "/private/open/x", false},
        {"someone", "/a/b.pdf", false},  {"defuse", "/private/x", true},
        {"defuse", "/d/x", false},       {"DEFUSE", "/dx", false},
    };
    int64_t delay;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(robots_allows(str_of(text), str_of(cases[i].agent), str_of(cases[i].path), &delay),
                     cases[i].allowed, "%s %s", cases[i].agent, cases[i].path);
    cr_expect(robots_allows(str_of(text), STR("defuse"), STR("/"), &delay) && delay == 2000);
    cr_expect(robots_allows(STR(""), STR("defuse"), STR("/"), &delay));
}

Test(url, resolve)
{
    static const struct {
        const char *ref, *want;
    } cases[] = { /* RFC 3986 §5.4 */
        {"g", "http://a/b/c/g"},     {"./g", "http://a/b/c/g"},   {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},        {"//g", "http://g"},         {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"}, {"#s", "http://a/b/c/d;p?q#s"}, {"..", "http://a/b/"},
        {"../g", "http://a/b/g"},    {"../../../g", "http://a/g"}, {"https://x/y", "https://x/y"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str r = url_resolve(a, STR("http://a/b/c/d;p?q"), str_of(cases[i].ref));
        cr_expect(str_is(r, cases[i].want), "%s gave %.*s", cases[i].ref, STR_FMT(r));
    }
    cr_expect(str_is(url_public(a, STR("https://u:p@h.test/x?token=secret")), "https://h.test/x?…"));
    arena_free(&a);
}

Test(table, quotes_and_columns)
{
    struct arena *a = arena_new();
    struct raw_page page = {0};
    struct table_map map = {0};
    struct diags d = {0};
    struct err e = {0};
    cr_assert_eq(table_map_add(&map, STR("rating=Points"), &e), DF_OK);
    cr_assert_eq(table_read(STR("Review_Text;Points;Author\n\"a;\"\"b\"\"\nc\";3;Ann\nx;1\n"), "t.csv",
                            &map, a, &page, &d, &e), DF_OK);
    cr_expect_eq(page.count, 1);
    cr_expect(str_is(page.posts[0].text, "a;\"b\"\nc"));
    cr_expect(str_is(page.posts[0].rating, "3"));
    cr_expect(str_is(page.posts[0].author_name, "Ann"));
    cr_expect_eq(d.errors, 1);
    cr_expect_eq(d.items[0].err.line, 4);
    cr_expect_eq(table_map_add(&map, STR("txet=x"), &e), DF_REJECT);
    cr_expect(strstr(e.text, "text"));
    diags_free(&d);
    arena_free(&a);
}
