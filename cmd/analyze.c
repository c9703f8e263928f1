/* analyze.c: posts as JSON Lines in, verdicts as JSON Lines out; or one text explained. */
#include "cmd/analyze.h"

#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/rules.h"

/* Two folders with --text are two rule sets to compare; without it they are layers of one. */
static int explain(struct cmd *c, const struct option_list *dirs, const struct post *p)
{
    bool two = dirs->count > 1;
    struct ruleset *rs = two ? rules_open_one(dirs->items[0]) : rules_open(dirs, NULL);
    struct ruleset *other = rs && two ? rules_open_one(dirs->items[1]) : NULL;
    int status = EXIT_USAGE;
    if (rs && (other || !two))
        status = analyze_text(c, rs, other, dirs->items, p);
    ruleset_free(&rs);
    ruleset_free(&other);
    return status;
}

int cmd_analyze(struct cmd *c, int argc, char **argv)
{
    bool brief = false;
    struct option_list dirs = {0};
    const char *text = NULL, *title = NULL, *stars = NULL;
    long long jobs = sysconf(_SC_NPROCESSORS_ONLN);
    const struct option_spec options[] = {
        {"brief", 'b', OPT_FLAG, NULL, "without facts, findings and what was silenced", &brief},
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {"jobs", 'j', OPT_NUMBER, "N", "threads; all processors unless told", &jobs},
        {"text", 't', OPT_TEXT, "TEXT", "explain this text; two --rules: the difference", &text},
        {"title", 0, OPT_TEXT, "TEXT", "its title, with --text", &title},
        {"stars", 0, OPT_TEXT, "N", "its rating, with --text", &stars},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--brief] [--rules DIR]… < POSTS | --text TEXT",
        .about = "Reads posts (one JSON object a line, only \"text\" is required) and prints one\n"
                 "verdict a line, in the same order. With --text it explains one text.",
        .example = "echo '{\"text\":\"Still no refund after three weeks!\"}' | defuse analyze"};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (jobs < 1 || jobs > 64)
        return cmd_usage("--jobs is a number from 1 to 64");
    if (text) {
        if (str_trim(str_of(text)).len == 0 && !title)
            return cmd_usage("--text is empty: there is nothing to explain");
        if (dirs.count > 2)
            return cmd_usage("--text compares two rule sets, not %d", dirs.count);
        struct post p = POST_INIT;
        p.text = str_of(text);
        p.title = str_of(title);
        if (stars && !cmd_stars(stars, &p.stars))
            return EXIT_USAGE;
        return explain(c, &dirs, &p);
    }
    if (title || stars)
        return cmd_usage("--title and --stars go with --text");
    struct ruleset *rs = rules_open(&dirs, NULL);
    if (!rs)
        return EXIT_USAGE;
    int status = cmd_finish(analyze_lines(rs, brief, (unsigned)jobs));
    ruleset_free(&rs);
    return status;
}
