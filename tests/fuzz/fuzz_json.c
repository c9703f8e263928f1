/* fuzz_json.c: reading JSON and its repair: what was valid stays valid, repair changes no value, and
 * nothing grows without end. */
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
    struct jval straight, tidied;
    struct err e = {0};
    enum df_rc rc = jval_parse(a, text, &straight);
    if (container && before && rc != DF_OK)
        abort();
    if (jval_read_lines(a, buf_view(&out), &tidied, &e) != DF_OK) {
        if (rc == DF_OK || !e.text[0])
            abort();
    } else if (rc == DF_OK && straight.kind >= J_ARRAY && !jval_equal(straight, tidied)) {
        abort();
    }
    json_decref(before);
    json_decref(after);
    buf_free(&out);
    arena_free(&a);
    return 0;
}
