/* rules_backtest.c: what another rule set would have said of the same posts: newly flagged, no
 * longer flagged, changed, with counts and examples. */
#include <errno.h>
#include <stdio.h>

#include "cmd/rules.h"
#include "core/file.h"
#include "core/json.h"
#include "model/verdict.h"

enum { ATTRIBUTES = 5 };

struct change {
    const char *name;
    long long count;
    struct str examples[3];
    int kept;
};

struct backtest {
    struct cmd *c;
    struct change flagged, cleared, changed[ATTRIBUTES];
    struct change classes[64]; /* "urgency P3 → P2" */
    int class_count;
    long long posts, bad;
};

static void note(struct backtest *t, struct change *ch, struct str text)
{
    ch->count++;
    if (ch->kept < 3)
        ch->examples[ch->kept++] = arena_str(t->c->arena, str_sub(text, 0, 400));
}

static void note_class(struct backtest *t, const char *attr, const char *from, const char *to,
                       struct str text)
{
    char name[80];
    snprintf(name, sizeof name, "%s %s -> %s", attr, from, to);
    int i = 0;
    while (i < t->class_count && strcmp(t->classes[i].name, name) != 0)
        i++;
    if (i == t->class_count) {
        if (i == 64)
            return;
        t->classes[t->class_count++].name = arena_strz(t->c->arena, str_of(name));
    }
    note(t, &t->classes[i], text);
}

/* Would a person be shown this post? */
static bool flagged(const struct verdict *v)
{
    return v->needs_reply || v->urgency <= URGENCY_P3;
}

static void compare(struct backtest *t, const struct post *p, const struct verdict *a,
                    const struct verdict *b)
{
    t->posts++;
    if (!flagged(a) && flagged(b))
        note(t, &t->flagged, p->text);
    if (flagged(a) && !flagged(b))
        note(t, &t->cleared, p->text);
    if (a->sentiment != b->sentiment)
        note_class(t, "sentiment", sentiment_name(a->sentiment), sentiment_name(b->sentiment),
                   p->text);
    if (a->urgency != b->urgency)
        note_class(t, "urgency", urgency_name(a->urgency), urgency_name(b->urgency), p->text);
    if (a->category != b->category)
        note_class(t, "category", category_name(a->category), category_name(b->category),
                   p->text);
    if (a->ask != b->ask)
        note_class(t, "ask", ask_name(a->ask), ask_name(b->ask), p->text);
}

static void put_change(struct backtest *t, const struct change *ch)
{
    printf("%8lld  %s\n", ch->count, ch->name);
    for (int i = 0; i < ch->kept; i++) {
        struct buf b = BUF_INIT(1 << 16);
        term_fit(&b, ch->examples[i], (size_t)(t->c->out.width > 30 ? t->c->out.width - 14 : 60),
                 false);
        printf("            %.*s\n", STR_FMT(buf_view(&b)));
        buf_free(&b);
    }
}

static void put_json_change(struct json_out *w, const struct change *ch)
{
    json_open(w, '{');
    json_pair_str(w, "change", str_of(ch->name));
    json_pair_int(w, "count", ch->count);
    json_key(w, "examples");
    json_open(w, '[');
    for (int i = 0; i < ch->kept; i++)
        json_put_str(w, ch->examples[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void report(struct backtest *t, bool json)
{
    for (int i = 1; i < t->class_count; i++) /* most frequent first */
        for (int k = i; k > 0 && t->classes[k].count > t->classes[k - 1].count; k--) {
            struct change swap = t->classes[k];
            t->classes[k] = t->classes[k - 1];
            t->classes[k - 1] = swap;
        }
    if (!json) {
        printf("%8lld  posts\n", t->posts);
        if (t->posts && !t->flagged.count && !t->cleared.count && !t->class_count) {
            printf("          no verdict changes\n");
            return;
        }
        put_change(t, &t->flagged);
        put_change(t, &t->cleared);
        for (int i = 0; i < t->class_count; i++)
            put_change(t, &t->classes[i]);
        return;
    }
    struct buf b = BUF_INIT(16u << 20);
    struct json_out w = {.buf = &b};
    json_open(&w, '{');
    json_pair_int(&w, "posts", t->posts);
    json_key(&w, "changes");
    json_open(&w, '[');
    put_json_change(&w, &t->flagged);
    put_json_change(&w, &t->cleared);
    for (int i = 0; i < t->class_count; i++)
        put_json_change(&w, &t->classes[i]);
    json_close(&w, ']');
    json_close(&w, '}');
    printf("%.*s\n", STR_FMT(buf_view(&b)));
    buf_free(&b);
}

static int run(struct backtest *t, FILE *f, const char *name, const struct ruleset *old,
               const struct ruleset *new)
{
    struct line_reader in = {.f = f, .name = name};
    struct scanner *so = scan_new(old), *sn = scan_new(new);
    struct arena *a = arena_new();
    struct str line;
    struct err e = {0};
    enum df_rc rc;
    int status = EXIT_DONE;
    while ((rc = line_read(&in, &line, &e)) != DF_NONE && rc != DF_FATAL) {
        struct post p;
        struct verdict v, w;
        arena_reset(a);
        if (rc == DF_OK)
            rc = post_read_line(line, name, in.number, a, &p, &e);
        if (rc == DF_OK)
            rc = scan_post(so, &p, SCAN_BRIEF, a, &v, &e);
        if (rc == DF_OK)
            rc = scan_post(sn, &p, SCAN_BRIEF, a, &w, &e);
        if (rc == DF_OK)
            compare(t, &p, &v, &w);
        else
            status = cmd_fail(EXIT_PROBLEM, &e);
    }
    if (rc == DF_FATAL)
        status = cmd_fail(EXIT_PROBLEM, &e);
    scan_free(&so);
    scan_free(&sn);
    arena_free(&a);
    line_reader_free(&in);
    return status;
}

int rules_backtest(struct cmd *c, int argc, char **argv)
{
    bool json = false;
    const struct option_spec options[] = {
        {"json", 0, OPT_FLAG, NULL, "one JSON object", &json},
        {NULL},
    };
    const struct usage usage = {
        .args = "[--json] OLD NEW [POSTS]",
        .about = "Runs two rule sets (folders, or 'shipped') over the same posts (a file of JSON\n"
                 "lines, or stdin; `defuse export posts` writes the stored ones) and shows what\n"
                 "would change: newly flagged, no longer flagged, changed, with examples.",
        .example = "defuse export posts | defuse rules backtest shipped ./rules",
        .min_args = 2, .max_args = 3};
    int n = options_parse(c, argc, argv, options, &usage), status = EXIT_USAGE;
    if (n < 0)
        return OPTIONS_EXIT(n);
    struct ruleset *old = rules_open_one(argv[1]), *new = old ? rules_open_one(argv[2]) : NULL;
    FILE *f = n > 2 ? fopen(argv[3], "rb") : stdin;
    struct backtest *t = ARENA_NEW(c->arena, struct backtest);
    t->c = c;
    t->flagged.name = "newly flagged";
    t->cleared.name = "no longer flagged";
    if (!f) {
        fprintf(stderr, "defuse: %s: %s\n", argv[3], strerror(errno));
        status = EXIT_PROBLEM;
    } else if (old && new) {
        status = run(t, f, n > 2 ? argv[3] : "stdin", old, new);
        report(t, json);
    }
    if (f && f != stdin)
        fclose(f);
    ruleset_free(&old);
    ruleset_free(&new);
    return cmd_finish(status);
}
