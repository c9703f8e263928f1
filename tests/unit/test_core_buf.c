#include <criterion/criterion.h>
#include <math.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/json.h"
#include "core/limits.h"

Test(buf, never_grows_past_its_maximum)
{
    struct buf b = BUF_INIT(8);
    cr_expect(buf_puts(&b, "12345678"));
    cr_expect_not(buf_putc(&b, '9'));
    cr_expect(b.full);
    cr_expect_not(buf_puts(&b, ""), "once full, always full until reset");
    cr_expect_str_eq(b.ptr, "12345678");
    buf_reset(&b);
    cr_expect(buf_puts(&b, "again"));
    buf_free(&b);
}

Test(buf, json_strings)
{
    static const struct {
        struct str in;
        const char *out;
    } cases[] = {
        {{"a\"b\\c", 5}, "\"a\\\"b\\\\c\""},
        {{"\b\f\n\r\t\x01\x1f", 7}, "\"\\b\\f\\n\\r\\t\\u0001\\u001f\""},
        {{"\x7f", 1}, "\"\\u007f\""},
        {{"\0", 1}, "\"\\u0000\""},
        {{"壞了 😀", 11}, "\"壞了 😀\""},
        {{"\xff\xe5\xa3", 3}, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {{NULL, 0}, "\"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT(256);
        buf_json(&b, cases[i].in);
        cr_expect_str_eq(b.ptr, cases[i].out);
        buf_free(&b);
    }
}

Test(buf, url_parts)
{
    struct buf b = BUF_INIT(256);
    buf_url(&b, STR("a b/ü?&=~"));
    cr_expect_str_eq(b.ptr, "a%20b%2F%C3%BC%3F%26%3D~");
    buf_free(&b);
}

Test(json, numbers_are_short_and_finite)
{
    static const struct {
        double in;
        const char *out;
    } cases[] = {
        {1, "1"},         {0.5, "0.5"},  {-0.00001, "0"}, {1.23456, "1.2346"},
        {-0.25, "-0.25"}, {NAN, "null"}, {INFINITY, "null"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT(64);
        struct json_out w = {.buf = &b};
        json_put_num(&w, cases[i].in);
        cr_expect_str_eq(b.ptr, cases[i].out);
        buf_free(&b);
    }
}

Test(json, writer_keeps_the_commas)
{
    struct buf b = BUF_INIT(256);
    struct json_out w = {.buf = &b};
    json_open(&w, '{');
    json_key(&w, "a");
    json_open(&w, '[');
    json_put_int(&w, -1);
    json_put_bool(&w, true);
    json_put_null(&w);
    json_close(&w, ']');
    json_key(&w, "t");
    json_put_time(&w, DF_NO_TIME);
    json_key(&w, "r");
    json_put_raw(&w, STR("{}"));
    json_close(&w, '}');
    cr_expect_str_eq(b.ptr, "{\"a\":[-1,true,null],\"t\":null,\"r\":{}}");
    buf_free(&b);
}

Test(json, depth_and_duplicates_are_refused)
{
    struct err e;
    json_t *v = NULL;
    struct buf deep = BUF_INIT(4096);
    for (int i = 0; i <= DF_MAX_JSON_DEPTH; i++)
        buf_putc(&deep, '[');
    cr_expect_eq(json_parse(buf_view(&deep), "x", &v, &e), DF_REJECT);
    cr_expect_not_null(strstr(e.text, "nested deeper"));
    cr_expect_eq(json_parse(STR("{\"a\":1,\"a\":2}"), "x", &v, &e), DF_REJECT);
    cr_expect_eq(json_parse(STR("{\"s\":\"[[[[\"}"), "x", &v, &e), DF_OK, "brackets in strings");
    json_decref(v);
    buf_free(&deep);
}
