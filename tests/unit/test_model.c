#include <criterion/criterion.h>
#include <math.h>

#include "model/post.h"
#include "model/verdict.h"

static enum df_rc read_post(struct arena *a, const char *line, struct post *p, struct err *e)
{
    return post_read_line(str_of(line), "stdin", 7, a, p, e);
}

Test(post, round_trip)
{
    static const char line[] =
        "{\"id\":\"us/1/2\",\"channel\":\"appstore\",\"source\":\"shop-us\",\"url\":\"https://x.test/2\","
        "\"author\":{\"id\":\"9007199254740993\",\"name\":\"阿明\",\"followers\":12},\"title\":\"t\","
        "\"text\":\"壞了 \\\"again\\\"\\n\",\"lang\":\"zh-Hant\",\"stars\":1.5,\"rating\":\"3/10\","
        "\"created\":\"2026-11-21T09:14:00Z\",\"parent\":\"us/1/1\",\"reactions\":{\"likes\":3,\"replies\":0}}";
    struct arena *a = arena_new();
    struct post p;
    struct err e;
    cr_assert_eq(read_post(a, line, &p, &e), DF_OK, "%s", e.text);
    cr_expect(str_is(p.author_id, "9007199254740993"));
    cr_expect_eq(p.shares, POST_NO_COUNT);
    struct buf b = BUF_INIT(4096);
    post_put_json(&b, &p);
    cr_expect_str_eq(b.ptr, line);
    buf_free(&b);
    arena_free(&a);
}

Test(post, only_text_is_required)
{
    struct arena *a = arena_new();
    struct post p;
    struct err e;
    cr_assert_eq(read_post(a, "{\"text\":\"hi\",\"author\":\"bo\",\"id\":12}", &p, &e), DF_OK);
    cr_expect(isnan(p.stars));
    cr_expect_eq(p.created, DF_NO_TIME);
    cr_expect(str_is(p.author_name, "bo"));
    cr_expect(str_is(p.id, "12"));
    arena_free(&a);
}

Test(post, faults_name_the_key_and_the_place)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"{\"id\":\"1\"}", "needs 'text'"},
        {"{\"text\":5}", "'text' should be a text"},
        {"{\"text\":\"a\",\"stars\":9}", "'stars' should be a number from 1 to 5"},
        {"{\"text\":\"a\",\"created\":\"today\"}", "'created' should be a time"},
        {"[1]", "should be a JSON object"},
        {"{\"text\":\"a\"", "not valid JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct post p;
        struct err e;
        cr_expect_eq(read_post(a, cases[i].line, &p, &e), DF_REJECT);
        cr_expect_not_null(strstr(e.text, cases[i].says), "%s", e.text);
        cr_expect_eq(e.line, 7);
        arena_free(&a);
    }
}

Test(post, digest_follows_what_an_edit_changes)
{
    struct arena *a = arena_new();
    struct post p = POST_INIT, q = POST_INIT;
    p.text = q.text = STR("same");
    q.likes = 99;
    cr_expect(str_eq(post_digest(a, &p), post_digest(a, &q)));
    q.stars = 2;
    cr_expect_not(str_eq(post_digest(a, &p), post_digest(a, &q)));
    arena_free(&a);
}

Test(verdict, round_trip)
{
    static const char line[] =
        "{\"id\":\"1\",\"lang\":\"en\",\"sentiment\":\"negative\",\"score\":-0.75,\"urgency\":\"P2\","
        "\"category\":\"billing\",\"ask\":\"refund\",\"motive\":\"compensation\",\"feelings\":[\"angry\",\"cheated\"],"
        "\"needs_reply\":\"yes\",\"facts\":[{\"kind\":\"amount\",\"value\":\"USD 20\",\"text\":\"$20\",\"spans\":"
        "[{\"field\":\"text\",\"start\":3,\"end\":6}]}],\"findings\":[{\"rule\":\"billing.twice\",\"why\":\"w\","
        "\"weight\":1.5,\"spans\":[{\"field\":\"title\",\"start\":0,\"end\":4}]}],\"silenced\":[],\"ruleset\":\"abc\"}";
    struct arena *a = arena_new();
    struct err e;
    json_t *j = NULL;
    struct verdict v;
    cr_assert_eq(json_parse(str_of(line), "t", &j, &e), DF_OK);
    cr_assert_eq(verdict_from_json(j, a, &v, &e), DF_OK, "%s", e.text);
    json_decref(j);
    struct buf b = BUF_INIT(4096);
    verdict_put_json(&b, &v, false);
    cr_expect_str_eq(b.ptr, line);
    buf_free(&b);
    arena_free(&a);
}
