#include "collector/raw.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/json.h"

static struct raw_post raw_init(void)
{
    return (struct raw_post){.best = NAN, .worst = NAN, .followers = RAW_NO_COUNT,
                             .likes = RAW_NO_COUNT, .shares = RAW_NO_COUNT,
                             .replies = RAW_NO_COUNT};
}

struct raw_post *raw_push(struct arena *a, struct raw_page *page)
{
    struct raw_post *p = ARENA_PUSH(a, page->posts, page->count, page->cap);
    *p = raw_init();
    return p;
}

static void put(struct json_out *w, const char *key, struct str s)
{
    if (!s.len)
        return;
    json_key(w, key);
    json_put_str(w, s);
}

void raw_put_json(struct buf *b, const struct raw_page *page)
{
    static const char *const formats[] = {"html", "text", "markdown", "bbcode"};
    struct json_out w = {.buf = b};
    json_open(&w, '{');
    put(&w, "next", page->next);
    put(&w, "lang", page->lang);
    json_key(&w, "items");
    json_open(&w, '[');
    for (size_t i = 0; i < page->count; i++) {
        const struct raw_post *p = &page->posts[i];
        json_open(&w, '{');
        put(&w, "id", p->id);
        put(&w, "url", p->url);
        json_key(&w, "author");
        json_open(&w, '{');
        put(&w, "id", p->author_id);
        put(&w, "name", p->author_name);
        json_close(&w, '}');
        put(&w, "title", p->title);
        json_pair_bool(&w, "title_html", p->title_format == TEXT_HTML);
        put(&w, "text", p->text);
        put(&w, "format", str_of(formats[p->format]));
        put(&w, "base", p->base);
        put(&w, "lang", p->lang);
        put(&w, "created", p->created);
        put(&w, "edited", p->edited);
        put(&w, "parent", p->parent);
        if (p->replies >= 0)
            json_pair_int(&w, "replies", p->replies);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    buf_putc(b, '\n');
}

void raw_bad(struct arena *a, struct raw_page *page, const char *fmt, ...)
{
    if (page->bad++)
        return;
    char text[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    page->bad_first = arena_str(a, str_of(text));
}
