/* What every storage driver must do with overall ratings, robots.txt and deleted posts. */
#include <math.h>

#include "tests/lib/store_fixture.h"

#define E (&fixture_err)

static struct overall stands(const char *about, double stars, const char *rating, int64_t reviews)
{
    return (struct overall){.about = str_of(about), .stars = stars, .rating = str_of(rating),
                            .best = NAN, .ratings = -1, .reviews = reviews};
}

FOR_EACH_STORE(store_ratings, a_row_only_when_something_changed)
{
    struct overall one = stands("Kettle One", 4.3, "8,6", 88), two = stands("", 5, "5", -1);
    struct rating_row *rows;
    int n;
    OK(st->ratings->latest(st, STR_NONE, a, &rows, &n, E));
    cr_assert_eq(n, 0);
    OK(store_begin(st, E));
    OK(st->ratings->add(st, STR("shop"), &one, NOON, E));
    IS(DF_NONE, st->ratings->add(st, STR("shop"), &one, NOON + 1, E));
    OK(st->ratings->add(st, STR("shop"), &two, NOON + 1, E)); /* another thing */
    OK(st->ratings->add(st, STR("cafe"), &one, NOON + 1, E)); /* another source */
    one.reviews = 89;
    OK(st->ratings->add(st, STR("shop"), &one, NOON + 2, E));
    one.reviews = 88; /* back again: a change as well */
    OK(st->ratings->add(st, STR("shop"), &one, NOON + 3, E));
    one.best = 10;
    OK(st->ratings->add(st, STR("shop"), &one, NOON + 4, E));
    IS(DF_NONE, st->ratings->add(st, STR("shop"), &one, NOON + 5, E));
    OK(store_commit(st, E));

    OK(st->ratings->list(st, 0, 100, a, &rows, &n, E));
    cr_assert_eq(n, 6);
    cr_expect_eq(rows[0].at, NOON);
    cr_expect(str_is(rows[0].overall.about, "Kettle One") && str_is(rows[0].overall.rating, "8,6"));
    cr_expect(isnan(rows[0].overall.best));
    cr_expect_eq(rows[0].overall.ratings, -1);
    cr_expect_eq(rows[3].overall.reviews, 89);
    OK(st->ratings->list(st, rows[1].id, 2, a, &rows, &n, E));
    cr_assert_eq(n, 2);
    cr_expect(str_is(rows[0].source, "cafe"));

    OK(st->ratings->latest(st, STR("shop"), a, &rows, &n, E));
    cr_assert_eq(n, 2);
    cr_expect_eq(rows[0].overall.about.len, 0);
    cr_expect_eq(rows[1].at, NOON + 4);
    cr_expect_eq(rows[1].overall.best, 10);
    OK(st->ratings->latest(st, STR_NONE, a, &rows, &n, E));
    cr_assert_eq(n, 3);
    cr_expect(str_is(rows[0].source, "cafe") && str_is(rows[2].source, "shop"));
}

FOR_EACH_STORE(store_ratings, what_was_not_committed_is_not_there)
{
    struct overall one = stands("x", 4, "4", 1);
    struct robots_row r = {STR("https://a.example"), STR("User-agent: *"), NOON};
    struct rating_row *rows;
    struct robots_row *files;
    int n;
    OK(store_begin(st, E));
    OK(st->ratings->add(st, STR("s"), &one, NOON, E));
    OK(st->robots->put(st, &r, E));
    store_rollback(st);
    OK(st->ratings->list(st, 0, 10, a, &rows, &n, E));
    cr_expect_eq(n, 0);
    OK(st->robots->list(st, 0, a, &files, &n, E));
    cr_expect_eq(n, 0);
}

FOR_EACH_STORE(store_ratings, robots_are_kept_until_their_time)
{
    struct robots_row b = {STR("https://b.example"), STR("User-agent: *\nDisallow: /"), NOON + 10};
    struct robots_row c = {STR("https://a.example"), STR_NONE, NOON + 20}, *rows;
    int n;
    OK(store_begin(st, E));
    OK(st->robots->put(st, &b, E));
    OK(st->robots->put(st, &c, E));
    OK(store_commit(st, E));
    OK(st->robots->list(st, NOON, a, &rows, &n, E));
    cr_assert_eq(n, 2);
    cr_expect(str_is(rows[0].origin, "https://a.example") && rows[0].body.len == 0);
    cr_expect(str_eq(rows[1].body, b.body));
    cr_expect_eq(rows[1].until, NOON + 10);
    OK(st->robots->list(st, NOON + 10, a, &rows, &n, E));
    cr_expect_eq(n, 1);
    OK(store_begin(st, E));
    b.body = STR("");
    b.until = NOON + 30;
    OK(st->robots->put(st, &b, E)); /* the newer one replaces it */
    OK(st->robots->forget(st, NOON + 25, E));
    OK(store_commit(st, E));
    OK(st->robots->list(st, 0, a, &rows, &n, E));
    cr_assert_eq(n, 1);
    cr_expect(str_is(rows[0].origin, "https://b.example") && rows[0].body.len == 0);
}

FOR_EACH_STORE(store_gone, a_deletion_is_noted_once_until_the_post_comes_again)
{
    struct post p = fixture_post("1", "where is my parcel");
    struct post_row row = fixture_put(st, &p), got;
    struct post_put put;
    int64_t id = 0;
    OK(st->posts->get(st, row.id, 0, a, &got, E));
    cr_expect_eq(got.post.deleted, DF_NO_TIME);
    OK(store_begin(st, E));
    IS(DF_NONE, st->posts->gone(st, p.channel, STR("2"), NOON, &id, E));
    IS(DF_NONE, st->posts->gone(st, STR("other"), STR("1"), NOON, &id, E));
    OK(st->posts->gone(st, p.channel, STR("1"), NOON, &id, E));
    cr_expect_eq(id, row.id);
    IS(DF_NONE, st->posts->gone(st, p.channel, STR("1"), NOON + 1, &id, E));
    OK(store_commit(st, E));
    OK(st->posts->get(st, row.id, 0, a, &got, E));
    cr_expect_eq(got.post.deleted, NOON);
    cr_expect(str_eq(got.post.text, p.text), "the words stay");
    OK(store_begin(st, E));
    OK(st->posts->put(st, &p, &put, E));
    OK(store_commit(st, E));
    cr_expect_eq(put.change, POST_SAME);
    OK(st->posts->get(st, row.id, 0, a, &got, E));
    cr_expect_eq(got.post.deleted, DF_NO_TIME);
}
