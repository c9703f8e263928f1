/* fuzz_table.c: any bytes as a file to import: a table, JSON Lines or an array; with and without a
 * map. Posts or faults with their places. */
#include <math.h>
#include <stdlib.h>

#include "collector/import.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void once(struct str bytes, const struct import_options *o)
{
    struct arena *a = arena_new();
    struct collect_result r = {0};
    struct diags d = {0};
    struct err e = {0};
    enum df_rc rc = import_read(bytes, "fuzz", o, a, &r, &d, &e);
    if (rc != DF_OK && !e.text[0] && !d.count)
        abort();
    for (size_t i = 0; rc == DF_OK && i < r.count; i++)
        if (!r.posts[i].id.len || !utf8_valid(r.posts[i].text))
            abort();
    diags_free(&d);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct import_options o = {.channel = STR("import"), .source = STR("fuzz"), .worst = NAN, .best = NAN};
    once(str_n((const char *)data, size), &o);
    return 0;
}
