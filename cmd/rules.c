/* rules.c: `defuse rules SUBCOMMAND`: finds the subcommand. */
#include "cmd/rules.h"

#include "cmd/commands.h"
#include "core/yaml.h"

static const struct command subcommands[] = {
    {"test", rules_test, "run the yes and no examples of every rule"},
    {"train", rules_train, "learn phrase weights from labelled text"},
    {"lint", rules_lint, "look for what is probably a mistake"},
    {"backtest", rules_backtest, "what another rule set would say of the same posts"},
    {"coverage", rules_coverage, "which rules fire on labelled texts"},
    {"why", rules_why, "say why a rule does or does not fire on a text"},
    {NULL, NULL, NULL},
};

struct ruleset *rules_open(const struct option_list *dirs, const char *pack)
{
    struct diags d = {0};
    struct ruleset *rs = NULL;
    struct ruleset_spec spec = {.dirs = dirs->items, .dir_count = dirs->count,
                                .pack = rules_alone(pack)};
    if (ruleset_load(&spec, &rs, &d) != DF_OK)
        cmd_diags(&d);
    diags_free(&d);
    return rs;
}

struct ruleset *rules_open_one(const char *dir)
{
    struct option_list one = {&dir, strcmp(dir, "shipped") == 0 ? 0 : 1};
    return rules_open(&one, NULL);
}

const char *rules_alone(const char *pack)
{
    return pack && strcmp(pack, "lint") == 0 ? pack : NULL;
}

int rules_check_pack(const struct ruleset *rs, const char *pack, struct arena *a)
{
    const char *names[64];
    int n = 0;
    for (uint32_t i = 0; pack && i < ruleset_rule_count(rs); i++) {
        struct str name = rule_pack(ruleset_rule(rs, i).file);
        if (str_is(name, pack))
            return EXIT_DONE;
        if (n < 63 && (n == 0 || !str_is(name, names[n - 1])))
            names[n++] = arena_strz(a, name);
    }
    if (!pack)
        return EXIT_DONE;
    names[n] = NULL;
    const char *near = nearest_word(str_of(pack), names);
    return cmd_usage("no pack is called '%s'%s%s%s", pack, near ? "; did you mean '" : "",
                     near ? near : "", near ? "'?" : "");
}

/* Ids are longer than a typing slip: next to one, those of the same group or with the same end. */
static const char *nearest_id(const struct ruleset *rs, struct str id, struct arena *a)
{
    uint32_t count = ruleset_rule_count(rs);
    const char **names = arena_array(a, count + 1, sizeof *names);
    struct str group = id, rest = id;
    for (uint32_t i = 0; i < count; i++)
        names[i] = arena_strz(a, ruleset_rule(rs, i).id);
    const char *near = nearest_word(id, names);
    if (near || !str_split(&rest, '.', &group))
        return near;
    struct buf b = BUF_INIT(1 << 12);
    int n = 0;
    for (uint32_t i = 0; i < count; i++)
        if (str_starts(str_of(names[i]), group) && names[i][group.len] == '.' && n++ < 8)
            buf_printf(&b, "%s%s", n > 1 ? ", " : "", names[i]);
    if (n)
        near = arena_strz(a, buf_view(&b));
    buf_free(&b);
    return near;
}

int rules_find(const struct ruleset *rs, const char *id, struct arena *a)
{
    int number = ruleset_find(rs, str_of(id));
    if (number >= 0)
        return number;
    const char *near = nearest_id(rs, str_of(id), a);
    cmd_usage("no rule is called '%s'%s%s%s", id, near ? "; did you mean " : "", near ? near : "",
              near ? "?" : "");
    return -1;
}

int cmd_rules(struct cmd *c, int argc, char **argv)
{
    static const struct command_group group = {
        "rules", "Tests, explains and compares rules; their format is in defuse-rules(5).",
        "defuse rules test --rules ./rules", subcommands};
    return cmd_group(c, &group, argc, argv);
}
