/* fuzz_request.c: any bytes as target, form, cookies and text of a page. What is read is valid
 * UTF-8 without NUL, and what is written keeps inside its place. */
#include <stdlib.h>

#include "core/utf8.h"
#include "dashboard/filter.h"
#include "dashboard/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str s)
{
    if (!utf8_valid(s) || (s.len && memchr(s.ptr, '\0', s.len)))
        abort();
}

static void check_fields(const struct fields *p)
{
    for (size_t i = 0; i < p->count; i++) {
        check(p->items[i].name);
        check(p->items[i].value);
    }
}

/* In an attribute nothing may end it; between tags, every "<" opens one of our boxes. */
static void check_written(struct str in)
{
    static const struct str ours[] = {
        {"<span class=\"ghost\"", 19}, {"</span>", 7},
    };
    struct html h;

    html_init(&h, UI_EN);
    html_attr(&h, (struct outside){in});
    for (size_t i = 0; i < h.out.len; i++)
        if (strchr("<>\"'", h.out.ptr[i]))
            abort();
    buf_reset(&h.out);
    html_text(&h, (struct outside){in});
    for (size_t i = 0; i < h.out.len; i++)
        if (h.out.ptr[i] == '<' && !str_starts(str_sub(buf_view(&h.out), i, 19), ours[0]) &&
            !str_starts(str_sub(buf_view(&h.out), i, 7), ours[1]))
            abort();
    buf_reset(&h.out);
    html_url(&h, in);
    if (str_ieq(str_sub(buf_view(&h.out), 0, 11), STR("javascript:")))
        abort();
    html_free(&h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str in = str_n((const char *)data, size);
    struct request r = {.arena = a};
    struct fields p;
    struct filter f;
    struct queue_filter query;

    if (request_target(&r, in, NULL) == DF_OK)
        check(r.path);
    check_fields(&r.query);
    if (fields_parse(a, in, &p, NULL) == DF_OK)
        filter_parse(a, fields_get(&p, "q"), STR("me"), &f, &query);
    check_fields(&p);
    fields_cookies(a, in, &p);
    check_fields(&p);
    check_written(in);
    arena_free(&a);
    return 0;
}
