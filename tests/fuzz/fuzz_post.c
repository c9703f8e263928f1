/* fuzz_post.c: a JSON line becomes a post, and what was written from it reads back the same. */
#include <stdlib.h>

#include "model/post.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct post p, q;
    struct buf one = BUF_INIT(64 << 20), two = BUF_INIT(64 << 20);
    if (post_read_line(str_n((const char *)data, size), "fuzz", 1, a, &p, NULL) == DF_OK) {
        post_put_json(&one, &p);
        if (post_read_line(buf_view(&one), "again", 1, a, &q, NULL) != DF_OK)
            abort();
        post_put_json(&two, &q);
        if (!str_eq(buf_view(&one), buf_view(&two)))
            abort();
    }
    buf_free(&one);
    buf_free(&two);
    arena_free(&a);
    return 0;
}
