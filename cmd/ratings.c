#include "cmd/ratings.h"

#include <math.h>

#include "core/json.h"

static void put_number(struct json_out *w, const char *key, double v)
{
    if (!isnan(v)) {
        json_key(w, key);
        json_put_num(w, v);
    }
}

static void put_count(struct json_out *w, const char *key, int64_t n)
{
    if (n >= 0) {
        json_key(w, key);
        json_put_int(w, n);
    }
}

void rating_put_json(struct buf *b, const struct rating_row *r)
{
    const struct overall *o = &r->overall;
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    json_pair_time(&w, "at", r->at);
    json_key(&w, "source"), json_put_str(&w, r->source);
    if (o->about.len)
        json_key(&w, "about"), json_put_str(&w, o->about);
    put_number(&w, "stars", o->stars);
    json_key(&w, "rating"), json_put_str(&w, o->rating);
    put_number(&w, "best", o->best);
    put_count(&w, "ratings", o->ratings);
    put_count(&w, "reviews", o->reviews);
    json_close(&w, '}');
}

void overall_put_text(struct buf *b, const struct overall *o)
{
    int64_t n = o->ratings >= 0 ? o->ratings : o->reviews;
    buf_printf(b, "%.2f of 5", o->stars);
    if (n >= 0)
        buf_printf(b, " from %lld", (long long)n);
    if (o->about.len)
        buf_printf(b, " (%.*s)", STR_FMT(o->about));
}
