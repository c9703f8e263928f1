/* fuzz_reply.c: any bytes as a reply are judged: spans lie inside the text, counts add up, and the
 * report is JSON. The first byte chooses language, unit and limit. */
#include <stdlib.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "reply/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct lint_set *set; /* loaded once, lives as long as the process */

static void check(struct str text, const struct lint_report *r)
{
    if (r->blocks + r->warns + r->notes != r->count)
        abort();
    for (int i = 0; i < r->count; i++)
        for (int k = 0; k < r->items[i].span_count; k++)
            if (r->items[i].spans[k].start >= r->items[i].spans[k].end ||
                r->items[i].spans[k].end > utf8_count(text))
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const langs[] = {"", "en", "zh-Hant", "zh-Hans", "yue"};
    struct diags d = {0};
    if ((!set && lint_load(NULL, &set, &d) != DF_OK) || size == 0)
        return 0;
    struct arena *a = arena_new();
    struct str text = str_n((const char *)data + 1, size - 1);
    struct lint_ctx ctx = {.lang = str_of(langs[data[0] % 5]), .limit = data[0] % 97,
                           .unit = (enum length_unit)(data[0] % LENGTH_UNITS),
                           .recent = &text, .recent_count = data[0] & 1,
                           .now = INT64_C(1795255200000), .offset_minutes = 480};
    struct lint_report r;
    if (reply_lint(set, text, &ctx, a, &r, NULL) == DF_OK) {
        struct buf b = BUF_INIT(DF_MAX_LINE);
        json_t *doc = NULL;
        check(text, &r);
        lint_put_report(&b, &r, &ctx, UI_ZH_HANT);
        if (json_parse(buf_view(&b), "report", &doc, NULL) != DF_OK)
            abort();
        json_decref(doc);
        buf_free(&b);
    }
    arena_free(&a);
    return 0;
}
