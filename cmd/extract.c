/* extract.c: `defuse extract CHANNEL < BODY`: a saved answer → posts as JSON Lines. No network,
 * no database: how a channel pack is tried and tested. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "cmd/packs.h"
#include "collector/collector.h"
#include "core/file.h"
#include "core/limits.h"

int cmd_extract(struct cmd *c, int argc, char **argv)
{
    struct option_list params = {0}, dirs = {0};
    const char *url = "", *type = "", *now_text = NULL;
    const struct option_spec specs[] = {
        {"param", 'p', OPT_LIST, "NAME=VALUE", "a parameter of the channel", &params},
        {"channels", 0, OPT_LIST, "DIR", "a folder of channel packs of your own", &dirs},
        {"url", 'u', OPT_TEXT, "URL", "where the body came from, for relative links", &url},
        {"type", 't', OPT_TEXT, "TYPE", "its Content-Type, for the encoding", &type},
        {"now", 0, OPT_TEXT, "TIME", "read \"3 days ago\" from this moment (RFC 3339)", &now_text},
        {0}};
    const struct usage usage = {"CHANNEL < BODY",
                                "Reads a saved answer of a channel and prints its posts as JSON "
                                "Lines. No network, no database.",
                                "curl -s https://www.example.org/feed.xml | defuse extract feed", 1, 1};
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct diags diags = {0};
    struct channels *channels = NULL;
    struct collector *col = NULL;
    struct buf body = BUF_INIT(DF_MAX_BODY);
    struct source src;
    struct collect_result result;
    struct err e = {0};
    int status = EXIT_USAGE;
    struct extract_input in = {.url = str_of(url), .type = str_of(type), .now = DF_NO_TIME};
    if (now_text && !time_parse_rfc3339(str_of(now_text), &in.now))
        return cmd_usage("--now takes a time such as 2026-11-21T09:00:00Z");
    struct param_value *given = packs_params(c, &params, &diags);
    const char **folders = packs_dirs(c, &dirs);
    if (channels_load(folders, &channels, &diags) != DF_OK ||
        source_for_extract(channels, str_of(argv[1]), given, (size_t)params.count, c->arena, &src,
                           &diags) != DF_OK) {
        status = cmd_diags(&diags);
        goto out;
    }
    status = EXIT_PROBLEM;
    if (file_read_stream(stdin, "(input)", &body, &e) != DF_OK ||
        collector_new(channels, &col, &e) != DF_OK) {
        cmd_fail(status, &e);
        goto out;
    }
    in.body = buf_view(&body);
    if (collect_extract(col, &src, &in, c->arena, &result, &e) != DF_OK) {
        err_wrap(&e, "%s", argv[1]);
        cmd_fail(status, &e);
        goto out;
    }
    status = cmd_finish(packs_put_posts(&result, argv[1]));
out:
    diags_free(&diags);
    buf_free(&body);
    collector_free(&col);
    channels_free(&channels);
    return status;
}
