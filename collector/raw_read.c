/* raw_read.c: what a pack's jq gave → raw posts. Keys are those of defuse-channels(5); whatever has
 * another type than expected is as good as absent. */
#include <math.h>

#include "collector/jq_lib.h"
#include "collector/raw.h"
#include "core/limits.h"

static struct str as_str(struct arena *a, struct jval v)
{
    switch (v.kind) {
    case J_STRING: return jval_text(v);
    case J_TRUE: return STR("true");
    case J_FALSE: return STR("false");
    case J_NUMBER:
        if (v.number == floor(v.number) && fabs(v.number) <= 9007199254740992.0) /* 2^53: exact up to here */
            return arena_printf(a, "%.0f", v.number);
        return arena_printf(a, "%.15g", v.number);
    default: return STR_NONE;
    }
}

static struct str get_str(struct arena *a, struct jval obj, struct str key)
{
    return as_str(a, jval_get(obj, key));
}

static double get_num(struct jval obj, struct str key, double otherwise)
{
    struct jval v = jval_get(obj, key);
    double d = otherwise, parsed;
    if (v.kind == J_NUMBER)
        d = v.number;
    else if (str_f64(str_sub(jval_text(v), 0, strnlen(v.kind == J_STRING ? v.text : "", v.count)), &parsed))
        d = parsed;
    return d;
}

static int64_t get_count(struct jval obj, struct str key)
{
    double d = get_num(obj, key, -1);
    return d >= 0 && d < 9e15 ? (int64_t)d : RAW_NO_COUNT;
}

static bool get_bool(struct jval obj, struct str key)
{
    return jval_get(obj, key).kind == J_TRUE;
}

static const struct {
    struct str name;
    enum text_format format;
} formats[] = {{STR("html"), TEXT_HTML}, {STR("text"), TEXT_PLAIN}, {STR("markdown"), TEXT_MARKDOWN},
               {STR("bbcode"), TEXT_BBCODE}};

static void read_author(struct arena *a, struct jval obj, struct raw_post *p)
{
    struct jval v = jval_get(obj, STR("author"));
    p->author_name = as_str(a, v);
    if (v.kind == J_OBJECT) {
        p->author_id = get_str(a, v, STR("id"));
        p->author_name = get_str(a, v, STR("name"));
        p->followers = get_count(v, STR("followers"));
    }
}

/* No id of its own: `hash` names the values that together are one. Numbers are written by libjq. */
static struct str read_hash(struct arena *a, struct jval obj)
{
    struct jval v = jval_get(obj, STR("hash"));
    static const struct str words[] = {[J_NULL] = STR("null"), [J_FALSE] = STR("false"), [J_TRUE] = STR("true")};
    struct buf b = BUF_INIT(DF_MAX_BODY);
    if (v.kind != J_ARRAY || !v.count)
        return STR_NONE;
    for (uint32_t i = 0; i < v.count; i++) {
        buf_putc(&b, i ? ',' : '[');
        if (v.items[i].kind == J_STRING) {
            buf_json(&b, jval_text(v.items[i]));
        } else if (v.items[i].kind <= J_TRUE) {
            buf_str(&b, words[v.items[i].kind]);
        } else {
            buf_free(&b);
            return jq_lib_dump(a, v);
        }
    }
    buf_putc(&b, ']');
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

static void read_post(struct arena *a, struct jval obj, struct raw_page *page)
{
    struct str bad = get_str(a, obj, STR("!bad"));
    if (bad.len) {
        raw_bad(a, page, "%.*s", STR_FMT(str_sub(bad, 0, 200)));
        return;
    }
    struct raw_post *p = raw_push(a, page);
    p->id = get_str(a, obj, STR("id"));
    p->scope = get_str(a, obj, STR("scope"));
    p->url = get_str(a, obj, STR("url"));
    p->base = get_str(a, obj, STR("base"));
    p->title = get_str(a, obj, STR("title"));
    p->text = get_str(a, obj, STR("text"));
    p->lang = get_str(a, obj, STR("lang"));
    p->rating = get_str(a, obj, STR("rating"));
    p->best = get_num(obj, STR("best"), NAN);
    p->worst = get_num(obj, STR("worst"), NAN);
    p->created = get_str(a, obj, STR("created"));
    p->edited = get_str(a, obj, STR("edited"));
    p->edited_flag = get_bool(obj, STR("edited"));
    if (p->edited_flag || str_is(p->edited, "false"))
        p->edited = STR_NONE;
    p->deleted = get_bool(obj, STR("deleted"));
    p->parent = get_str(a, obj, STR("parent"));
    p->likes = get_count(obj, STR("likes"));
    p->shares = get_count(obj, STR("shares"));
    p->replies = get_count(obj, STR("replies"));
    read_author(a, obj, p);
    p->hash = read_hash(a, obj);
    struct str format = get_str(a, obj, STR("format"));
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(format, formats[i].name)) {
            p->format = formats[i].format;
            p->format_given = true;
        }
    p->title_format = get_bool(obj, STR("title_html")) ? TEXT_HTML : TEXT_PLAIN;
}

/* One or a list of {rating, about, best, worst, ratings, reviews}. */
static void read_totals(struct arena *a, struct jval totals, struct raw_page *page)
{
    const struct jval *t = totals.kind == J_ARRAY ? totals.items : &totals;
    uint32_t n = totals.kind == J_ARRAY ? totals.count : 1;
    for (uint32_t i = 0; i < n && i < DF_MAX_OVERALLS; i++)
        if (t[i].kind == J_OBJECT)
            *ARENA_PUSH(a, page->totals, page->total_count, page->total_cap) =
                (struct raw_total){.about = get_str(a, t[i], STR("about")),
                                   .rating = get_str(a, t[i], STR("rating")),
                                   .best = get_num(t[i], STR("best"), NAN),
                                   .worst = get_num(t[i], STR("worst"), NAN),
                                   .ratings = get_count(t[i], STR("ratings")),
                                   .reviews = get_count(t[i], STR("reviews"))};
}

void raw_read_page(struct arena *a, struct jval out, struct str url, struct raw_page *page)
{
    page->error = get_str(a, out, STR("error"));
    if (str_is(page->error, "false"))
        page->error = STR_NONE;
    struct jval posts = jval_get(out, STR("posts")), follow = jval_get(out, STR("follow"));
    for (uint32_t i = 0; posts.kind == J_ARRAY && i < posts.count; i++) {
        if (posts.items[i].kind == J_OBJECT) {
            size_t before = page->count;
            read_post(a, posts.items[i], page);
            if (page->count > before && !page->posts[before].base.len)
                page->posts[before].base = url;
        } else if (posts.items[i].kind != J_NULL) {
            raw_bad(a, page, "an item did not become an object");
        }
    }
    for (uint32_t i = 0; follow.kind == J_ARRAY && i < follow.count; i++) {
        struct str to = as_str(a, follow.items[i]);
        if (to.len)
            *ARENA_PUSH(a, page->follow, page->follow_count, page->follow_cap) = to;
    }
    struct str next = get_str(a, out, STR("next"));
    if (next.len && !str_is(next, "false"))
        page->next = next;
    double retry = get_num(out, STR("retry"), -1);
    page->retry_ms = retry >= 0 && retry < 1e7 ? (int64_t)(retry * 1000) : -1;
    read_totals(a, jval_get(out, STR("total")), page);
}
