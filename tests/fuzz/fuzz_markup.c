/* fuzz_markup.c: every kind of marked-up text: valid UTF-8 out, no control characters. */
#include <stdlib.h>

#include "collector/markup.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str in = utf8_repair(a, str_n((const char *)data, size));
    for (int f = TEXT_HTML; f <= TEXT_BBCODE; f++) {
        struct str out = markup_text(a, in, (enum text_format)f, STR("https://page.test/"));
        if (!utf8_valid(out))
            abort();
        for (size_t i = 0; i < out.len; i++)
            if ((unsigned char)out.ptr[i] < ' ' && out.ptr[i] != '\n')
                abort();
    }
    line_clean(a, in);
    arena_free(&a);
    return 0;
}
