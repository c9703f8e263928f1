/* fuzz_post_plain.c: what the quick reader accepts, the careful one reads the same. */
#include <stdlib.h>

#include "model/post.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct post p, q;
    struct str line = {(const char *)data, size};
    struct buf one = BUF_INIT(64 << 20), two = BUF_INIT(64 << 20);
    if (post_read_plain(line, a, &p) == DF_OK) {
        if (post_read_line(line, "fuzz", 1, a, &q, NULL) != DF_OK)
            abort();
        post_put_json(&one, &p);
        post_put_json(&two, &q);
        if (!str_eq(buf_view(&one), buf_view(&two)))
            abort();
    }
    buf_free(&one);
    buf_free(&two);
    arena_free(&a);
    return 0;
}
