/* fuzz_scan.c: any bytes as a post under the shipped rules: classes do not depend on whether
 * findings are shown, spans lie within the text, and every level of folding agrees. */
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/fold.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(const struct post *p, const struct span *s)
{
    size_t n = utf8_count(s->field == FIELD_TITLE ? p->title : p->text);
    if (s->start > s->end || s->end > n)
        abort();
}

static void check(const struct post *p, const struct verdict *brief, const struct verdict *full)
{
    if (brief->sentiment != full->sentiment || brief->urgency != full->urgency ||
        brief->category != full->category || brief->ask != full->ask ||
        brief->score != full->score || brief->feelings != full->feelings)
        abort();
    for (int i = 0; i < full->finding_count; i++)
        for (int k = 0; k < full->findings[i].span_count; k++)
            check_span(p, &full->findings[i].spans[k]);
    for (int i = 0; i < full->silenced_count; i++)
        for (int k = 0; k < full->silenced[i].span_count; k++)
            check_span(p, &full->silenced[i].spans[k]);
    for (int i = 0; i < full->fact_count; i++)
        check_span(p, &full->facts[i].span);
}

static void check_folding(struct str text)
{
    char *a = malloc(fold_bound(text.len)), *b = malloc(fold_bound(text.len));
    struct fold_stats x = {0}, y = {0};
    size_t n = fold_at(FOLD_PLAIN_C, text, a, &x), m = fold_at(FOLD_BEST, text, b, &y);
    if (n != m || memcmp(a, b, n) != 0 || memcmp(&x, &y, sizeof x) != 0)
        abort();
    free(a);
    free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* one scanner for all: what a post leaves behind would show in the next */
    static struct ruleset *rs;
    static struct scanner *s;
    struct diags d = {0};
    if (!rs && ruleset_load(&(struct ruleset_spec){0}, &rs, &d) != DF_OK)
        abort();
    if (!s)
        s = scan_new(rs);
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict brief, full;
    size_t title = size > 8 && data[0] == 'T' ? data[1] % (size - 2) : 0;
    p.title = str_n((const char *)data, title);
    p.text = str_n((const char *)data + title, size - title);
    if (scan_post(s, &p, SCAN_BRIEF, a, &brief, NULL) == DF_OK &&
        scan_post(s, &p, SCAN_FULL, a, &full, NULL) == DF_OK)
        check(&p, &brief, &full);
    check_folding(p.text);
    arena_free(&a);
    return 0;
}
