/* import.c: `defuse import`: files people export → posts, into the database or onto stdout. What
 * is in the database already is not doubled. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts/alerts.h"
#include "cmd/commands.h"
#include "cmd/ingest.h"
#include "cmd/packs.h"
#include "collector/import.h"
#include "core/file.h"
#include "core/limits.h"

#define BATCH 500 /* posts in one transaction */
#define MAX_FILE DF_MIB(512)

struct importer {
    struct cmd *cmd;
    struct session session;
    struct collector *collector;
    struct import_options options;
    bool saved_answers; /* the channel's own extractor reads the files */
    bool print;
    struct ingest_count count;
    int read;
};

static enum df_rc read_file(struct importer *im, const char *path, struct arena *a,
                            struct collect_result *out, struct diags *diags, struct err *err)
{
    struct buf b = BUF_INIT(MAX_FILE);
    struct str text = STR_NONE;
    enum df_rc rc;
    bool standard = strcmp(path, "-") == 0;
    if (standard)
        rc = file_read_stream(stdin, "(input)", &b, err);
    else
        rc = file_read(a, path, MAX_FILE, &text, err);
    if (rc == DF_NONE)
        rc = err_at(err, DF_REJECT, path, 0, 0, "no such file");
    if (standard)
        text = arena_str(a, buf_view(&b)); /* posts point into it */
    if (rc == DF_OK && im->saved_answers) {
        struct source src;
        rc = source_for_extract(im->session.channels, im->options.channel, NULL, 0, a, &src, diags);
        struct extract_input in = {.body = text, .now = DF_NO_TIME};
        src.name = im->options.source;
        if (rc == DF_OK)
            rc = collect_extract(im->collector, &src, &in, a, out, err);
        if (rc == DF_OK && out->health.bad_items)
            diags_addf(diags, DIAG_ERROR, path, 0, 0, "%d items could not be read; the first: %.*s",
                       out->health.bad_items, STR_FMT(out->health.bad_first));
    } else if (rc == DF_OK) {
        rc = import_read(text, path, &im->options, a, out, diags, err);
    }
    buf_free(&b);
    return rc;
}

/* In batches, each its own transaction: an import that is broken off can be done again. */
static enum df_rc store_posts(struct importer *im, const struct collect_result *r, struct err *err)
{
    struct session *s = &im->session;
    struct arena *a = arena_new();
    struct channel channel = {.name = im->options.channel};
    const struct channel *known = channels_find(s->channels, im->options.channel);
    struct source src = {.name = im->options.source, .channel = known ? known : &channel};
    struct ingest in = {.casework = {.store = s->store, .clock = &s->clock, .conf = &s->wiring.conf},
                        .scanner = scan_new(s->rules), .clock = &s->clock};
    enum df_rc rc = DF_OK;
    for (size_t i = 0; i < r->count && rc == DF_OK; i += BATCH) {
        struct source_row row;
        struct collect_result part = *r;
        rc = s->store->sources->get(s->store, src.name, a, &row, err);
        if (rc == DF_NONE)
            row = (struct source_row){.last_try = DF_NO_TIME, .last_ok = DF_NO_TIME,
                                      .last_new = DF_NO_TIME, .last_post = DF_NO_TIME,
                                      .told_at = DF_NO_TIME};
        part.posts = r->posts + i;
        part.count = r->count - i < BATCH ? r->count - i : BATCH;
        part.state = row.cursor.len ? row.cursor : STR("{}");
        part.health.outcome = COLLECT_NEW;
        if (rc == DF_OK || rc == DF_NONE)
            rc = ingest_source(&in, &src, &row, &part, a, &im->count, err);
        arena_reset(a);
        if (im->cmd->err.tty)
            fprintf(stderr, "\r%zu of %zu", i + part.count, r->count);
    }
    if (im->cmd->err.tty && r->count)
        fputc('\n', stderr);
    scan_free(&in.scanner);
    arena_free(&a);
    return rc;
}

static int import_file(struct importer *im, const char *path)
{
    struct arena *a = arena_new();
    struct diags diags = {0};
    struct collect_result r;
    struct err e = {0};
    int status = EXIT_DONE;
    enum df_rc rc = read_file(im, path, a, &r, &diags, &e);
    if (rc == DF_OK) {
        im->read += (int)r.count;
        if (im->print)
            status = packs_put_posts(&r, path);
        else
            rc = store_posts(im, &r, &e);
    }
    if (diags.errors) {
        cmd_diags(&diags);
        status = EXIT_PROBLEM;
    }
    if (rc != DF_OK && e.text[0])
        status = cmd_fail(EXIT_PROBLEM, &e);
    else if (rc != DF_OK)
        status = EXIT_PROBLEM;
    diags_free(&diags);
    arena_free(&a);
    return status;
}

static int number_option(const char *text, double *out)
{
    return !text || str_f64(str_of(text), out);
}

int cmd_import(struct cmd *c, int argc, char **argv)
{
    struct option_list map = {0};
    const char *channel = NULL, *source = "import", *zone = "", *lang = "", *best = NULL, *worst = NULL;
    struct importer im = {.cmd = c, .options = {.best = NAN, .worst = NAN}};
    const struct option_spec specs[] = {
        {"map", 'm', OPT_LIST, "FIELD=COLUMN", "which column is which field of a post", &map},
        {"channel", 0, OPT_TEXT, "NAME", "channel of the posts; also reads its saved answers", &channel},
        {"source", 0, OPT_TEXT, "NAME", "name of the source they are filed under", &source},
        {"zone", 0, OPT_TEXT, "ZONE", "time zone of dates that name none", &zone},
        {"month-first", 0, OPT_FLAG, NULL, "03/04/2026 is March 4th", &im.options.month_first},
        {"lang", 0, OPT_TEXT, "LANG", "language of the posts", &lang},
        {"best", 0, OPT_TEXT, "N", "highest rating, when it is not 5", &best},
        {"worst", 0, OPT_TEXT, "N", "lowest rating, when it is not 1", &worst},
        {"html", 0, OPT_FLAG, NULL, "texts are HTML", &im.options.html},
        {"print", 'p', OPT_FLAG, NULL, "print the posts; touch no database", &im.print},
        {0}};
    const struct usage usage = {
        "FILE…",
        "Takes in CSV, TSV or JSON Lines (also a spreadsheet saved as CSV), or with --channel the "
        "saved answers of a channel. Fields: id url author_id author title text lang rating "
        "created edited parent likes shares replies.",
        "defuse import reviews.csv --map text='Review Text' --best 10", 1, -1};
    int n = options_parse(c, argc, argv, specs, &usage), minutes;
    struct err e = {0};
    if (n < 0)
        return OPTIONS_EXIT(n);
    for (int i = 0; i < map.count; i++)
        if (table_map_add(&im.options.map, str_of(map.items[i]), &e) != DF_OK)
            return cmd_fail(EXIT_USAGE, &e);
    if (!number_option(best, &im.options.best) || !number_option(worst, &im.options.worst))
        return cmd_usage("--best and --worst take a number");
    if (*zone && !zone_offset(str_of(zone), 0, &minutes))
        return cmd_usage("'%s' is no time zone", zone);
    im.options.mapped = map.count > 0;
    im.options.zone = str_of(zone);
    im.options.lang = str_of(lang);
    im.options.channel = str_of(channel ? channel : "import");
    im.options.source = str_of(source);
    int status = EXIT_DONE;
    struct diags diags = {0};
    if (!im.print)
        status = session_open(c, SESSION_ALL, &im.session);
    else if (channels_load(NULL, &im.session.channels, &diags) != DF_OK)
        status = cmd_diags(&diags);
    im.saved_answers = status == EXIT_DONE && channel && !map.count &&
                       channels_find(im.session.channels, str_of(channel)) &&
                       str_is(channels_find(im.session.channels, str_of(channel))->status, "export");
    if (status == EXIT_DONE && collector_new(im.session.channels, &im.collector, &e) != DF_OK)
        status = cmd_fail(EXIT_PROBLEM, &e);
    for (int i = 1; i <= n && (status == EXIT_DONE || status == EXIT_PROBLEM); i++) {
        int one = import_file(&im, argv[i]);
        status = one > status ? one : status;
    }
    if (!im.print && c->out.tty)
        printf("%d posts read, %d new, %d edited, %d cases opened\n", im.read, im.count.posts,
               im.count.edited, im.count.opened);
    collector_free(&im.collector);
    if (im.print)
        channels_free(&im.session.channels);
    else
        session_close(&im.session);
    diags_free(&diags);
    return cmd_finish(status);
}
