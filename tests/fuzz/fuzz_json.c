/* fuzz_json.c: the repair of JSON: what was valid stays valid, and nothing grows without end. */
#include <stdlib.h>

#include "collector/extract.h"
#include "core/json.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = utf8_repair(a, str_n((const char *)data, size));
    struct buf out = BUF_INIT(text.len * 8 + 64);
    json_t *before = NULL, *after = NULL;
    json_tidy(&out, text);
    if (out.full)
        abort();
    bool container = text.len && (text.ptr[0] == '{' || text.ptr[0] == '[');
    if (container && json_parse(text, "in", &before, NULL) == DF_OK &&
        json_parse(str_trim(buf_view(&out)), "out", &after, NULL) != DF_OK)
        abort();
    if (container && before && !json_well_formed(str_trim(buf_view(&out))))
        abort();
    if (json_is_plain(text) && (!json_well_formed(text) || (before && after && !json_equal(before, after))))
        abort(); /* what is plain needs no repair: it must come out as it went in */
    json_decref(before);
    json_decref(after);
    buf_free(&out);
    arena_free(&a);
    return 0;
}
