/* fuzz_rules.c: any bytes as a rule file and as a lexicon: faults or a rule set that can be used. */
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct image *m, struct str text)
{
    struct ruleset *rs = ruleset_of_image(m, m);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict v;
    p.text = str_sub(text, 0, 4096);
    for (unsigned flags = SCAN_FULL; flags <= SCAN_BRIEF; flags++)
        if (scan_post(s, &p, flags, a, &v, NULL) != DF_OK)
            abort();
    scan_free(&s);
    ruleset_free(&rs);
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena *a = arena_new();
    struct diags d = {0};
    struct src s;
    if (size > 1 << 16)
        goto out;
    src_init(&s, a, &d);
    if (size && data[0] == '#')
        lexicon_read(&s, text, "fuzz.tsv");
    else
        rule_read(&s, text, "fuzz.yaml");
    struct image *m = image_compile(&s);
    if (m)
        use(m, text);
    else if (d.errors == 0)
        abort(); /* refused without saying why */
out:
    diags_free(&d);
    arena_free(&a);
    return 0;
}
