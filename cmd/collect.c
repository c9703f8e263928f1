/* collect.c: `defuse collect`: asks a place now and prints its posts; no database, nothing is
 * remembered. Sources of the settings by name, or a channel with -p. */
#include <stdio.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/packs.h"
#include "cmd/session.h"

static int collect_one(struct cmd *c, struct packs *p, const struct source *src)
{
    struct collect_result r;
    struct err e;
    char name[128];
    (void)c;
    snprintf(name, sizeof name, "%.*s", STR_FMT(src->name));
    collect(p->collector, src, STR_NONE, p->transport, &p->limits, clock_now(&p->clock), p->arena,
            &r, NULL);
    int status = packs_put_posts(&r, name);
    if (r.health.rc != DF_OK) {
        err_set(&e, r.health.rc, "%s: %.*s", name, STR_FMT(r.health.error));
        return cmd_fail(EXIT_PROBLEM, &e);
    }
    if (isatty(STDERR_FILENO)) /* for a person watching; scripts read stdout */
        fprintf(stderr, "%s: posts %zu, requests %d, HTTP %d\n", name, r.count,
                r.health.requests, r.health.status);
    return status;
}

int cmd_collect(struct cmd *c, int argc, char **argv)
{
    struct option_list params = {0}, dirs = {0};
    long long pages = 0;
    const struct option_spec specs[] = {
        {"param", 'p', OPT_LIST, "NAME=VALUE", "ask this channel instead of a source", &params},
        {"channels", 0, OPT_LIST, "DIR", "a folder of channel packs of your own", &dirs},
        {"pages", 0, OPT_NUMBER, "N", "read at most N pages of each", &pages},
        {0}};
    const struct usage usage = {"SOURCE… | CHANNEL -p NAME=VALUE…",
                                "Asks public places now and prints their posts as JSON Lines. No "
                                "database, nothing is remembered.",
                                "defuse collect hackernews -p query=sqlite", 1, -1};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    return packs_each(c, argv + 1, n, &params, &dirs, (struct collect_limits){.pages = (int)pages},
                      collect_one);
}
