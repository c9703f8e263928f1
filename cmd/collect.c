/* collect.c: `defuse collect`: asks a place now and prints its posts; no database, nothing is
 * remembered. Sources of the settings by name, or a channel with -p. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/packs.h"
#include "collector/collector.h"
#include "core/limits.h"

/* One line about what came, for a person watching; scripts read stdout. */
static void tell(const char *name, const struct collect_result *r)
{
    const struct collect_health *h = &r->health;
    fprintf(stderr, "%s: %zu post(s), %d request(s), HTTP %d\n", name, r->count, h->requests,
            h->status);
    if (h->quota_left >= 0)
        fprintf(stderr, "%s: %lld request(s) left, says the host\n", name,
                (long long)h->quota_left);
}

static int collect_print(const char *name, const struct collect_result *r, bool terminal)
{
    struct err e;
    int status = packs_put_posts(r, name);
    if (r->health.rc != DF_OK) {
        err_set(&e, r->health.rc, "%s: %.*s", name, STR_FMT(r->health.error));
        return cmd_fail(EXIT_PROBLEM, &e);
    }
    if (terminal)
        tell(name, r);
    return status;
}

static int collect_channel(struct cmd *c, const char *channel, const struct option_list *params,
                           const struct option_list *dirs, int pages)
{
    struct diags diags = {0};
    struct channels *channels = NULL;
    struct collector *col = NULL;
    struct transport *net = NULL;
    struct source src;
    struct collect_result result;
    struct err e = {0};
    struct net_config config = {.schemes = NET_HTTP | NET_HTTPS | NET_FILE};
    struct collect_limits limits = {.pages = pages};
    struct param_value *given = packs_params(c, params, &diags);
    int status = EXIT_PROBLEM;
    if (channels_load(packs_dirs(c, dirs), &channels, &diags) != DF_OK ||
        source_make(channels, STR_NONE, str_of(channel), given, (size_t)params->count, NULL,
                    c->arena, &src, &diags) != DF_OK) {
        status = cmd_diags(&diags);
    } else if (collector_new(channels, &col, &e) != DF_OK ||
               transport_open(&config, &net, &e) != DF_OK) {
        cmd_fail(status, &e);
    } else {
        src.name = str_of(channel);
        collect(col, &src, STR_NONE, net, &limits, clock_now(&c->clock), c->arena, &result, NULL);
        status = collect_print(channel, &result, isatty(STDERR_FILENO));
    }
    diags_free(&diags);
    transport_free(&net);
    collector_free(&col);
    channels_free(&channels);
    return status;
}

int cmd_collect(struct cmd *c, int argc, char **argv)
{
    struct option_list params = {0}, dirs = {0};
    long long pages = 0;
    const struct option_spec specs[] = {
        {"param", 'p', OPT_LIST, "NAME=VALUE", "ask this channel instead of a source", &params},
        {"channels", 0, OPT_LIST, "DIR", "a folder of channel packs of your own", &dirs},
        {"pages", 0, OPT_NUMBER, "N", "read at most N pages", &pages},
        {0}};
    const struct usage usage = {"SOURCE… | CHANNEL -p NAME=VALUE…",
                                "Asks a public place now and prints its posts as JSON Lines. No "
                                "database, nothing is remembered.",
                                "defuse collect hackernews -p query=sqlite", 1, -1};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    if (params.count && n != 1)
        return cmd_usage("-p goes with one channel");
    return cmd_finish(collect_channel(c, argv[1], &params, &dirs, (int)pages));
}
