/* export.c: `defuse export posts|cases|ledger|ratings`: all of it, as JSON Lines or CSV, in the order of
 * arrival. Cells that a spreadsheet would run as a formula are made plain text. */
#include <math.h>
#include <stdio.h>

#include "casework/casework.h"
#include "cmd/commands.h"
#include "cmd/ratings.h"
#include "cmd/session.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/yaml.h"

enum { PAGE = 500 };

struct exporter {
    struct store *store;
    struct arena *arena; /* of one page */
    struct buf out;
    struct post_filter filter;
    bool csv;
};

/* --- CSV: RFC 4180 with LF; a cell that begins like a formula gets an apostrophe --- */

static void cell(struct exporter *x, struct str s)
{
    struct buf *b = &x->out;
    bool formula = s.len && strchr("=+-@\t\r", s.ptr[0]);
    if (b->len && b->ptr[b->len - 1] != '\n')
        buf_putc(b, ',');
    buf_putc(b, '"');
    if (formula)
        buf_putc(b, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            buf_putc(b, '"');
        buf_putc(b, s.ptr[i]);
    }
    buf_putc(b, '"');
}

static void cell_int(struct exporter *x, int64_t v, bool known)
{
    cell(x, known ? arena_printf(x->arena, "%lld", (long long)v) : STR_NONE);
}

static void cell_time(struct exporter *x, int64_t ms)
{
    struct buf t = BUF_INIT(64);
    if (ms != DF_NO_TIME)
        time_put_rfc3339(&t, ms);
    cell(x, buf_view(&t));
    buf_free(&t);
}

static void head(struct exporter *x, const char *names)
{
    struct str all = str_of(names), one;
    if (!x->csv)
        return;
    while (str_split(&all, ' ', &one))
        cell(x, one);
    buf_putc(&x->out, '\n');
}

static void flush(struct exporter *x)
{
    if (x->out.len)
        fwrite(x->out.ptr, 1, x->out.len, stdout);
    buf_reset(&x->out);
}

/* --- posts --- */

static void put_post(struct exporter *x, const struct post_row *r)
{
    const struct post *p = &r->post;
    if (!x->csv) {
        post_put_json(&x->out, p);
        buf_putc(&x->out, '\n');
        return;
    }
    cell(x, p->channel);
    cell(x, p->source);
    cell(x, p->id);
    cell_int(x, r->version, true);
    cell(x, p->url);
    cell(x, p->author_id);
    cell(x, p->author_name);
    cell(x, p->title);
    cell(x, p->text);
    cell(x, p->lang);
    cell(x, isnan(p->stars) ? STR_NONE : arena_printf(x->arena, "%g", p->stars));
    cell(x, p->rating);
    cell_time(x, p->created);
    cell_time(x, p->edited);
    cell_time(x, p->seen);
    cell(x, p->parent);
    cell_int(x, p->likes, p->likes >= 0);
    cell_int(x, p->shares, p->shares >= 0);
    cell_int(x, p->replies, p->replies >= 0);
    buf_putc(&x->out, '\n');
}

static enum df_rc export_posts(struct exporter *x, struct err *err)
{
    enum df_rc rc = DF_OK;
    head(x, "channel source id version url author_id author title text lang stars rating created "
            "edited seen parent likes shares replies");
    x->filter.limit = PAGE;
    for (int count = PAGE; rc == DF_OK && count == PAGE;) {
        struct post_row *rows;
        arena_reset(x->arena);
        rc = x->store->posts->list(x->store, &x->filter, x->arena, &rows, &count, err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            put_post(x, &rows[i]);
            flush(x);
            x->filter.after = rows[i].id;
        }
    }
    return rc;
}

/* --- cases --- */

static void put_case(struct exporter *x, const struct case_row *c)
{
    if (!x->csv) {
        struct json_out w = {.buf = &x->out};
        case_put_json(&w, c);
        buf_putc(&x->out, '\n');
        return;
    }
    cell_int(x, c->id, true);
    cell_int(x, c->post_id, true);
    cell(x, str_of(case_state_name(c->state)));
    cell(x, str_of(case_outcome_name(c->outcome)));
    cell(x, str_of(urgency_name(c->urgency)));
    cell(x, str_of(category_name(c->category)));
    cell(x, str_of(sentiment_name(c->sentiment)));
    cell(x, c->channel);
    cell(x, c->lang);
    cell(x, c->reason);
    cell(x, c->owner);
    cell_time(x, c->posted);
    cell_time(x, c->seen);
    cell_time(x, c->due);
    cell_time(x, c->answer_by);
    cell_int(x, c->seen_late, true);
    cell_int(x, c->answered_late, c->answered_late >= 0);
    cell_time(x, c->alerted);
    cell_time(x, c->sent);
    cell_time(x, c->closed);
    buf_putc(&x->out, '\n');
}

static enum df_rc export_cases(struct exporter *x, struct err *err)
{
    struct queue_filter f = {.closed_too = true, .asleep_too = true, .limit = PAGE,
                             .channel = x->filter.channel};
    enum df_rc rc = DF_OK;
    head(x, "id post_id state outcome urgency category sentiment channel lang reason owner posted "
            "seen due answer_by seen_late answered_late alerted sent closed");
    for (int count = PAGE; rc == DF_OK && count == PAGE;) {
        struct case_row *rows;
        arena_reset(x->arena);
        rc = x->store->cases->list(x->store, &f, x->arena, &rows, &count, err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            put_case(x, &rows[i]);
            flush(x);
            f.paged = true;
            f.after.id = rows[i].id;
        }
    }
    return rc;
}

/* --- ledger --- */

static void put_step(struct exporter *x, const struct ledger_row *r)
{
    if (x->csv) {
        cell_int(x, r->seq, true);
        cell_int(x, r->case_id, true);
        cell_time(x, r->at);
        cell(x, r->who);
        cell(x, r->act);
        cell(x, r->from);
        cell(x, r->to);
        cell(x, r->why);
        buf_putc(&x->out, '\n');
        return;
    }
    struct json_out w = {.buf = &x->out};
    json_open(&w, '{');
    json_pair_int(&w, "seq", r->seq);
    json_pair_int(&w, "case", r->case_id);
    json_pair_time(&w, "at", r->at);
    json_pair_str(&w, "who", r->who);
    json_pair_str(&w, "act", r->act);
    json_pair_str(&w, "from", r->from);
    json_pair_str(&w, "to", r->to);
    json_pair_str(&w, "why", r->why);
    json_close(&w, '}');
    buf_putc(&x->out, '\n');
}

static enum df_rc export_ledger(struct exporter *x, struct err *err)
{
    enum df_rc rc = DF_OK;
    int64_t after = 0;
    head(x, "seq case at who act from to why");
    for (int count = PAGE; rc == DF_OK && count == PAGE;) {
        struct ledger_row *rows;
        arena_reset(x->arena);
        rc = x->store->ledger->list(x->store, 0, after, PAGE, x->arena, &rows, &count, err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            put_step(x, &rows[i]);
            flush(x);
            after = rows[i].seq;
        }
    }
    return rc;
}

/* --- ratings --- */

static void put_rating(struct exporter *x, const struct rating_row *r)
{
    if (!x->csv) {
        rating_put_json(&x->out, r);
        buf_putc(&x->out, '\n');
        return;
    }
    const struct overall *o = &r->overall;
    cell_time(x, r->at);
    cell(x, r->source);
    cell(x, o->about);
    cell(x, arena_printf(x->arena, "%g", o->stars));
    cell(x, o->rating);
    cell(x, isnan(o->best) ? STR_NONE : arena_printf(x->arena, "%g", o->best));
    cell_int(x, o->ratings, o->ratings >= 0);
    cell_int(x, o->reviews, o->reviews >= 0);
    buf_putc(&x->out, '\n');
}

static enum df_rc export_ratings(struct exporter *x, struct err *err)
{
    enum df_rc rc = DF_OK;
    int64_t after = 0;
    head(x, "at source about stars rating best ratings reviews");
    for (int count = PAGE; rc == DF_OK && count == PAGE;) {
        struct rating_row *rows;
        arena_reset(x->arena);
        rc = x->store->ratings->list(x->store, after, PAGE, x->arena, &rows, &count, err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            put_rating(x, &rows[i]);
            flush(x);
            after = rows[i].id;
        }
    }
    return rc;
}

static const struct {
    const char *name;
    enum df_rc (*run)(struct exporter *, struct err *);
} kinds[] = {{"posts", export_posts},
             {"cases", export_cases},
             {"ledger", export_ledger},
             {"ratings", export_ratings}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int find_kind(const char *word)
{
    const char *names[KINDS + 1] = {0};
    for (int i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, word) == 0)
            return i;
        names[i] = kinds[i].name;
    }
    const char *near = nearest_word(str_of(word), names);
    cmd_usage("export: '%s' is none of posts, cases, ledger, ratings%s%s%s", word,
              near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return -1;
}

static enum df_rc read_time(const char *name, const char *text, int64_t *out, struct err *err)
{
    *out = DF_NO_TIME;
    if (text && !time_parse_rfc3339(str_of(text), out))
        return err_set(err, DF_REJECT, "%s: '%s' is no time like 2026-11-21T09:00:00Z", name,
                       text);
    return DF_OK;
}

int cmd_export(struct cmd *c, int argc, char **argv)
{
    const char *channel = NULL, *since = NULL, *until = NULL;
    bool csv = false;
    const struct option_spec specs[] = {
        {"csv", 0, OPT_FLAG, NULL, "CSV with a header line instead of JSON Lines", &csv},
        {"channel", 0, OPT_TEXT, "NAME", "only of this channel (posts, cases)", &channel},
        {"since", 0, OPT_TEXT, "TIME", "posts from this moment on", &since},
        {"until", 0, OPT_TEXT, "TIME", "posts before this moment", &until},
        {0},
    };
    static const struct usage usage = {
        .args = "posts|cases|ledger|ratings [OPTION]…",
        .about = "Writes everything that is stored, in the order of arrival, to standard output.",
        .example = "defuse export cases --csv > cases.csv",
        .min_args = 1,
        .max_args = 1,
    };
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    int kind = find_kind(argv[1]);
    if (kind < 0)
        return EXIT_USAGE;

    struct err err = {0};
    struct session s;
    struct exporter x = {.csv = csv, .out = BUF_INIT(4 * DF_MAX_LINE),
                         .filter = {.channel = str_of(channel)}};
    enum df_rc rc = read_time("--since", since, &x.filter.since, &err);
    if (rc == DF_OK)
        rc = read_time("--until", until, &x.filter.until, &err);
    if (rc != DF_OK)
        return cmd_fail(EXIT_USAGE, &err);
    int status = session_open(c, SESSION_STORE, &s);
    if (status == EXIT_DONE) {
        x.store = s.store;
        x.arena = arena_new();
        rc = kinds[kind].run(&x, &err);
        status = rc == DF_OK ? cmd_finish(EXIT_DONE) : cmd_fail(EXIT_PROBLEM, &err);
        arena_free(&x.arena);
    }
    buf_free(&x.out);
    session_close(&s);
    return status;
}
