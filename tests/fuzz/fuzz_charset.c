/* fuzz_charset.c: any bytes as a body; the first line is its Content-Type. Valid UTF-8 comes out,
 * and what was packed never grows past its limit. */
#include <stdlib.h>

#include "collector/charset.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str body = str_n((const char *)data, size), type = STR_NONE, plain = STR_NONE;
    str_split(&body, '\n', &type);
    struct charset_result r = charset_decode(a, body, type);
    if (!utf8_valid(r.text) || !r.used)
        abort();
    if (body_gunzip(a, body, 1 << 16, &plain, NULL) == DF_OK && plain.len > 1 << 16)
        abort();
    arena_free(&a);
    return 0;
}
