/* fuzz_feed.c: any text as a feed: items, or a reason why there are none. */
#include "collector/extract.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct raw_page page = {0};
    struct extract_body body = {.text = utf8_repair(a, str_n((const char *)data, size)),
                                .url = STR("https://feed.test/dir/feed.xml")};
    struct err e = {0};
    if (extract_feed(&body, a, &page, &e) != DF_OK && !e.text[0])
        __builtin_trap();
    arena_free(&a);
    return 0;
}
