/* fuzz_page.c: any page through structured data and through selectors. The first line of the
 * input is a selector. */
#include "collector/css.h"
#include "collector/jq_value.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str rest = utf8_repair(a, str_n((const char *)data, size)), first = STR_NONE;
    struct buf out = BUF_INIT(1 << 24);
    struct selector s;
    jv found;
    struct pair field = {STR("text"), STR("p, .t @title"), 0};
    str_split(&rest, '\n', &first);
    struct extract_rule rule = {.kind = EXTRACT_HTML, .item = first, .fields = &field, .field_count = 1};
    if (selector_parse(a, first, &s, NULL) == DF_OK && first.len < 200) {
        enum df_rc rc = html_to_value(a, rest, &rule, NULL, &found, NULL);
        if (rc == DF_FATAL)
            __builtin_trap();
        if (rc == DF_OK)
            jv_free(found);
    }
    if (structured_to_json(&out, a, rest, STR("https://page.test/"), NULL) == DF_FATAL)
        __builtin_trap();
    buf_reset(&out);
    xml_to_json(&out, a, rest);
    buf_free(&out);
    arena_free(&a);
    return 0;
}
