/* rules_why.c: why one rule fires on a text, or why not. */
#include <stdio.h>

#include "cmd/rules.h"

int rules_why(struct cmd *c, int argc, char **argv)
{
    struct option_list dirs = {0};
    const char *pack = NULL, *stars = NULL, *title = NULL;
    const struct option_spec options[] = {
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {"pack", 'p', OPT_TEXT, "NAME", "'lint': the rules that check replies", &pack},
        {"stars", 0, OPT_TEXT, "N", "as if the post had this rating", &stars},
        {"title", 0, OPT_TEXT, "TEXT", "title of the post", &title},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--rules DIR] ID TEXT",
        .about = "Says why the rule fires on the text, or what is missing or silences it.",
        .example = "defuse rules why billing.charged-wrong 'I was not charged twice'",
        .min_args = 2, .max_args = 2};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct ruleset *rs = rules_open(&dirs, pack);
    if (!rs)
        return EXIT_USAGE;
    int number = rules_find(rs, argv[1], c->arena), status = EXIT_DONE;
    struct post p = POST_INIT;
    struct verdict v;
    struct err e = {0};
    struct scanner *s = scan_new(rs);
    struct buf out = BUF_INIT(1 << 20);
    p.text = str_of(argv[2]);
    p.title = str_of(title);
    if (number < 0)
        status = EXIT_USAGE;
    else if (str_trim(p.text).len == 0 && !title)
        status = cmd_usage("the text is empty: there is nothing to look at");
    else if (stars && !cmd_stars(stars, &p.stars))
        status = EXIT_USAGE;
    else if (scan_post(s, &p, SCAN_FULL, c->arena, &v, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    else
        scan_why(s, number, &out);
    printf("%.*s", STR_FMT(buf_view(&out)));
    buf_free(&out);
    scan_free(&s);
    ruleset_free(&rs);
    return cmd_finish(status);
}
