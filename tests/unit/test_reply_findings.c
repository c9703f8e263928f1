/* Replies name rules ("finding: [safety.fire]"). A rule that is renamed would leave a plan that
 * never holds, in silence: every name must be a rule of the shipped set. */
#include <criterion/criterion.h>

#include "analyzer/analyzer.h"
#include "core/data.h"
#include "core/yaml.h"

static bool known(const struct ruleset *rs, struct str name)
{
    bool prefix = str_ends(name, STR("*"));
    struct str head = str_sub(name, 0, name.len - prefix);
    for (uint32_t i = 0; i < ruleset_rule_count(rs); i++) {
        struct str id = ruleset_rule(rs, i).id;
        if (prefix ? str_starts(id, head) : str_eq(id, head))
            return true;
    }
    return false;
}

static int walk(const struct ruleset *rs, const struct yaml *y)
{
    int n = 0;
    bool names = str_is(y->key, "finding") && y->kind == YAML_SEQ;
    for (int i = 0; (y->kind == YAML_SEQ || y->kind == YAML_MAP) && i < y->count; i++) {
        if (names) {
            cr_expect(known(rs, y->items[i]->text), "%s:%d: no rule is called %.*s", y->file,
                      y->items[i]->line, STR_FMT(y->items[i]->text));
            n++;
        } else {
            n += walk(rs, y->items[i]);
        }
    }
    return n;
}

Test(reply_findings, every_named_rule_exists)
{
    struct arena *a = arena_new();
    struct ruleset *rs;
    struct diags d = {0};
    struct err e = {0};
    struct str *paths, text;
    size_t count;
    int n = 0;
    cr_assert_eq(ruleset_load(&(struct ruleset_spec){0}, &rs, &d), DF_OK);
    cr_assert_eq(data_list(a, "rules/replies/", ".yaml", &paths, &count, &e), DF_OK);
    for (size_t i = 0; i < count; i++) {
        const struct yaml *doc;
        const char *path = arena_strz(a, paths[i]);
        cr_assert_eq(data_read(a, path, &text, &e), DF_OK);
        cr_assert_eq(yaml_parse(a, text, path, &doc, &d), DF_OK);
        n += walk(rs, doc);
    }
    cr_assert_gt(n, 15);
    ruleset_free(&rs);
    diags_free(&d);
    arena_free(&a);
}
