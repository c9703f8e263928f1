/* Words for people keep to their script: no Simplified character in Traditional text and none of
 * the other kind in Simplified text: messages, reasons and remedies of rules, pieces of replies. */
#include <criterion/criterion.h>

#include "analyzer/fold_table.h"
#include "core/data.h"
#include "core/utf8.h"
#include "core/yaml.h"

static struct arena *arena;

/* Characters used in both scripts, but not in these words or as these quotation marks. */
static const char *const not_hans[] = {"回覆", "答覆", "帐号", "「", "」", NULL};
static const char *const not_hant[] = {"“", "”", NULL};

static void check(struct str text, enum fold_tag wrong, const char *file, int line)
{
    const char *const *words = wrong == FOLD_TRADITIONAL ? not_hans : not_hant;
    for (int i = 0; words[i]; i++)
        cr_expect_lt(str_find(text, str_of(words[i])), 0, "%s:%d: %s in \"%.*s\"", file, line,
                     words[i], STR_FMT(text));
    for (size_t i = 0, step; i < text.len; i += step) {
        uint32_t cp = utf8_get(text.ptr + i, text.len - i, &step);
        cr_expect_neq((int)fold_tag(fold_entry(cp)), (int)wrong, "%s:%d: %.*s is %s in \"%.*s\"",
                      file, line, (int)step, text.ptr + i,
                      wrong == FOLD_SIMPLIFIED ? "Simplified" : "Traditional", STR_FMT(text));
    }
}

static struct str read(struct str path)
{
    struct str text;
    struct err e = {0};
    cr_assert_eq(data_read(arena, arena_strz(arena, path), &text, &e), DF_OK, "%s", e.text);
    return text;
}

static size_t list(const char *dir, const char *suffix, struct str **out)
{
    size_t n;
    struct err e = {0};
    cr_assert_eq(data_list(arena, dir, suffix, out, &n, &e), DF_OK, "%s", e.text);
    return n;
}

Test(wording, messages_keep_to_their_script)
{
    struct str *paths;
    arena = arena_new();
    size_t n = list("i18n/", ".tsv", &paths);
    int rows = 0;
    for (size_t i = 0; i < n; i++) {
        const char *file = arena_strz(arena, paths[i]);
        struct str rest = read(paths[i]), line, cell;
        for (int number = 1; str_split(&rest, '\n', &line); number++) {
            if (line.len == 0 || line.ptr[0] == '#')
                continue;
            for (int c = 0; c < 4 && str_split(&line, '\t', &cell); c++)
                if (c >= 2)
                    check(cell, c == 2 ? FOLD_SIMPLIFIED : FOLD_TRADITIONAL, file, number);
            rows++;
        }
    }
    cr_assert_gt(rows, 100);
    arena_free(&arena);
}

static enum fold_tag wrong_for(struct str key)
{
    if (str_ends(key, STR("zh_hant")) || str_is(key, "zh-Hant") || str_is(key, "yue"))
        return FOLD_SIMPLIFIED;
    if (str_ends(key, STR("zh_hans")) || str_is(key, "zh-Hans"))
        return FOLD_TRADITIONAL;
    return FOLD_TAGS;
}

static int walk(const struct yaml *y, enum fold_tag wrong)
{
    int n = 0;
    if (y->kind == YAML_SCALAR && wrong != FOLD_TAGS) {
        check(y->text, wrong, y->file, y->line);
        return 1;
    }
    for (int i = 0; (y->kind == YAML_SEQ || y->kind == YAML_MAP) && i < y->count; i++)
        n += walk(y->items[i], wrong != FOLD_TAGS ? wrong
                  : y->kind == YAML_MAP ? wrong_for(y->items[i]->key) : FOLD_TAGS);
    return n;
}

static int walk_files(const char *dir)
{
    struct str *paths;
    size_t n = list(dir, ".yaml", &paths);
    int texts = 0;
    for (size_t i = 0; i < n; i++) {
        struct diags d = {0};
        const struct yaml *doc;
        cr_assert_eq(yaml_parse(arena, read(paths[i]), arena_strz(arena, paths[i]), &doc, &d),
                     DF_OK);
        texts += walk(doc, FOLD_TAGS);
        diags_free(&d);
    }
    return texts;
}

Test(wording, rules_and_replies_keep_to_their_script)
{
    static const char *const dirs[] = {"rules/", "channels/"};
    int texts = 0;
    arena = arena_new();
    for (size_t k = 0; k < 2; k++)
        texts += walk_files(dirs[k]);
    cr_assert_gt(texts, 600);
    arena_free(&arena);
}
