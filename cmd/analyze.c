/* analyze.c: posts as JSON Lines in, verdicts as JSON Lines out, in the same order. */
#include <stdio.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"
#include "core/file.h"
#include "core/limits.h"

static int run_lines(struct cmd *c, const struct ruleset *rs, bool brief)
{
    int status = EXIT_DONE;
    struct line_reader in = {.f = stdin, .name = "stdin"};
    struct scanner *s = scan_new(rs);
    struct buf out = BUF_INIT(DF_MIB(64));
    struct str line;
    struct err e = {0};
    enum df_rc rc;
    while ((rc = line_read(&in, &line, &e)) != DF_NONE) {
        struct post p;
        struct verdict v;
        if (rc == DF_FATAL)
            break;
        struct arena_mark m = arena_mark(c->arena);
        if (rc == DF_OK && str_trim(line).len == 0)
            continue;
        if (rc == DF_OK)
            rc = post_read_line(line, "stdin", in.number, c->arena, &p, &e);
        if (rc == DF_OK)
            rc = scan_post(s, &p, brief ? SCAN_BRIEF : SCAN_FULL, c->arena, &v, &e);
        if (rc == DF_OK) {
            verdict_put_json(&out, &v, brief);
            buf_putc(&out, '\n');
        } else {
            status = cmd_fail(EXIT_PROBLEM, &e);
        }
        arena_release(c->arena, m);
        if (out.len > DF_KIB(64)) {
            fwrite(out.ptr, 1, out.len, stdout);
            buf_reset(&out);
        }
    }
    if (rc == DF_FATAL)
        status = cmd_fail(EXIT_PROBLEM, &e);
    fwrite(out.ptr, 1, out.len, stdout);
    buf_free(&out);
    line_reader_free(&in);
    scan_free(&s);
    return status;
}

int cmd_analyze(struct cmd *c, int argc, char **argv)
{
    bool brief = false;
    struct option_list dirs = {0};
    const struct option_spec options[] = {
        {"brief", 'b', OPT_FLAG, NULL, "without facts, findings and what was silenced", &brief},
        {"rules", 'r', OPT_LIST, "DIR", "rules of this folder instead of the shipped ones", &dirs},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--brief] [--rules DIR] < POSTS",
        .about = "Reads posts (one JSON object a line, only \"text\" is required) and prints one\n"
                 "verdict a line, in the same order.",
        .example = "echo '{\"text\":\"Still no refund after three weeks!\"}' | defuse analyze"};
    int n = options_parse(c, argc, argv, options, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct ruleset *rs;
    struct diags diags = {0};
    struct ruleset_spec spec = {.dirs = dirs.items, .dir_count = dirs.count};
    int status;
    if (ruleset_load(&spec, &rs, &diags) != DF_OK)
        status = cmd_diags(&diags);
    else
        status = cmd_finish(run_lines(c, rs, brief));
    diags_free(&diags);
    ruleset_free(&rs);
    return status;
}
