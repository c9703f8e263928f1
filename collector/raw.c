#include "collector/raw.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

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
