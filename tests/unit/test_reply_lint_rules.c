/* Every rule of the linter carries texts it must find and texts it must leave alone: all are run,
 * through the linter itself, so that check digits and exceptions count too. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "core/data.h"
#include "core/yaml.h"
#include "reply/lint.h"

static struct lint_set *set;

static bool finds(struct str rule, struct str text, struct arena *a)
{
    struct lint_report r;
    struct err e = {0};
    struct lint_ctx ctx = {0};
    cr_assert_eq(reply_lint(set, text, &ctx, a, &r, &e), DF_OK);
    for (int i = 0; i < r.count; i++)
        if (str_eq(r.items[i].rule, rule))
            return true;
    return false;
}

static int run_examples(const struct yaml *rule, const char *key, bool want, struct arena *a)
{
    const struct yaml *list = yaml_get(rule, key), *id = yaml_get(rule, "id");
    cr_assert(list && list->count, "rule %.*s has no '%s'", STR_FMT(id->text), key);
    for (int i = 0; i < list->count; i++)
        cr_expect_eq(finds(id->text, list->items[i]->text, a), want, "%s:%d %.*s %s \"%.*s\"",
                     list->file, list->items[i]->line, STR_FMT(id->text),
                     want ? "must find" : "must not find", STR_FMT(list->items[i]->text));
    return list->count;
}

static int run_file(const char *path, const char *key, struct arena *a)
{
    struct str text;
    struct err e = {0};
    struct diags d = {0};
    const struct yaml *doc, *rules;
    int n = 0;
    cr_assert_eq(data_read(a, path, &text, &e), DF_OK);
    cr_assert_eq(yaml_parse(a, text, path, &doc, &d), DF_OK);
    rules = yaml_get(doc, key);
    for (int i = 0; rules && i < rules->count; i++) {
        const struct yaml *s = yaml_get(rules->items[i], "severity");
        bool part = s && str_is(s->text, "part"), code = !yaml_get(rules->items[i], "yes");
        if (part || (code && str_is(str_of(key), "checks")))
            continue; /* parts find, they are no findings; the others have their own tests */
        n += run_examples(rules->items[i], "yes", true, a);
        n += run_examples(rules->items[i], "no", false, a);
    }
    diags_free(&d);
    return n;
}

Test(lint_rules, every_example_holds)
{
    struct diags d = {0};
    struct arena *a = arena_new();
    struct str *paths;
    size_t count;
    struct err e = {0};
    cr_assert_eq(lint_load(NULL, &set, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    cr_assert_eq(data_list(a, "rules/lint/", ".yaml", &paths, &count, &e), DF_OK);
    int n = run_file("rules/replies/checks.yaml", "checks", a);
    for (size_t i = 0; i < count; i++)
        n += run_file(arena_strz(a, paths[i]), "rules", a);
    cr_assert_gt(n, 200);
    lint_free(&set);
    diags_free(&d);
    arena_free(&a);
}
