/* queue.c: `defuse queue`: people's work with cases from a terminal or a script. */
#include "cmd/queue.h"

#include <stdio.h>
#include <stdlib.h>

#include "casework/say.h"
#include "cmd/commands.h"
#include "core/file.h"
#include "core/limits.h"

struct queue_options {
    struct queue_list_options list;
    const char *who, *because, *file, *lang;
    bool json;
};

/* What may stand after `defuse queue`; those without a function are steps of a case. */
static const struct verb {
    const char *name;
    enum case_act act;
    bool is_act;
} verbs[] = {
    {"list", 0, false},
    {"show", 0, false},
    {"claim", ACT_CLAIM, true},
    {"release", ACT_RELEASE, true},
    {"draft", ACT_DRAFT, true},
    {"approve", ACT_APPROVE, true},
    {"sent", ACT_SENT, true},
    {"pending", ACT_PENDING, true},
    {"visible", ACT_VISIBLE, true},
    {"rejected", ACT_REJECTED, true},
    {"follow", ACT_FOLLOW, true},
    {"snooze", ACT_SNOOZE, true},
    {"wake", ACT_WAKE, true},
    {"note", ACT_NOTE, true},
    {"close", ACT_CLOSE, true},
    {"reopen", ACT_REOPEN, true},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

static const struct verb *find_verb(const char *name)
{
    const char *names[VERBS + 1] = {0};
    for (int i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
        names[i] = verbs[i].name;
    }
    const char *near = nearest_word(str_of(name), names);
    if (near)
        cmd_usage("queue: no such thing as '%s'; did you mean '%s'?", name, near);
    else
        cmd_usage("queue: no such thing as '%s'; see 'defuse queue --help'", name);
    return NULL;
}

/* "2h", "3d", "45m" from now, or a moment as RFC 3339. */
static enum df_rc read_until(const char *word, int64_t now, int64_t *out, struct err *err)
{
    static const struct {
        char letter;
        int64_t ms;
    } units[] = {{'m', DF_MINUTE}, {'h', DF_HOUR}, {'d', DF_DAY}, {'w', 7 * DF_DAY}};
    struct str s = str_of(word);
    long long n;
    if (time_parse_rfc3339(s, out))
        return DF_OK;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (s.len > 1 && s.ptr[s.len - 1] == units[i].letter &&
            str_i64(str_sub(s, 0, s.len - 1), &n) && n > 0 && n < 10000) {
            *out = now + n * units[i].ms;
            return DF_OK;
        }
    return err_set(err, DF_REJECT, "'%s' is no time: try 45m, 2h, 3d, 1w or 2026-12-01T09:00:00Z",
                   word);
}

static enum df_rc read_text(const char *file, struct arena *a, struct str *out, struct err *err)
{
    struct buf b = BUF_INIT(DF_MAX_REPLY);
    enum df_rc rc;
    if (file && strcmp(file, "-") != 0)
        return file_read(a, file, DF_MAX_REPLY, out, err);
    rc = file_read_stream(stdin, "standard input", &b, err);
    *out = rc == DF_OK ? arena_str(a, str_trim(buf_view(&b))) : STR_NONE;
    buf_free(&b);
    return rc;
}

/* The words after the case's number, as this act needs them. */
static enum df_rc read_words(const struct queue_cmd *q, const struct queue_options *o, int argc,
                             char **argv, struct case_step *step, struct suggestion *text,
                             struct err *err)
{
    struct arena *a = q->cmd->arena;
    const char *word = argc > 3 ? argv[3] : NULL;
    step->why = str_of(o->because);
    text->lang = str_of(o->lang);
    switch (step->act) {
    case ACT_NOTE:
        if (word)
            step->why = str_of(word);
        return DF_OK;
    case ACT_SNOOZE:
        return word ? read_until(word, q->now, &step->until, err)
                    : err_set(err, DF_REJECT, "queue snooze N TIME: until when? (2h, 3d, …)");
    case ACT_CLOSE: {
        int outcome = word ? case_outcome_of(str_of(word)) : OUTCOME_NONE;
        if (outcome < 0)
            return err_set(err, DF_REJECT, "'%s' is no outcome: resolved, watched, no-reply, "
                                           "out-of-scope, duplicate or suspected-false", word);
        step->outcome = (enum case_outcome)outcome;
        return DF_OK;
    }
    case ACT_DRAFT:
        step->text = text;
        if (word) {
            text->text = str_of(word);
            return DF_OK;
        }
        return read_text(o->file, a, &text->text, err);
    case ACT_SENT:
        if (!o->file)
            return DF_OK;
        step->text = text;
        return read_text(o->file, a, &text->text, err);
    default:
        return word ? err_set(err, DF_REJECT, "queue %s takes one number and no '%s'",
                              case_act_name(step->act), word)
                    : DF_OK;
    }
}

static void print_row(struct queue_cmd *q, const struct case_row *c)
{
    if (q->json) {
        struct json_out w = {.buf = &q->out};
        case_put_json(&w, c);
        buf_putc(&q->out, '\n');
    } else {
        buf_printf(&q->out, "%lld %s%s%.*s\n", (long long)c->id, case_state_name(c->state),
                   c->owner.len ? " " : "", STR_FMT(c->owner));
    }
    queue_flush(q);
}

enum df_rc queue_no_case(const struct queue_cmd *q, int64_t id, struct err *err)
{
    struct say_number n;
    return REFUSE(err, DF_REJECT, q->cmd->lang, "refused.no-case", say_number(&n, id));
}

/* What the linter says of a text that is to be kept; its findings are kept with it. */
static enum df_rc lint_text(struct queue_cmd *q, int64_t id, struct suggestion *text,
                            struct lint_report *report, struct err *err)
{
    const struct session *s = q->session;
    struct arena *a = q->cmd->arena;
    struct case_row c;
    enum df_rc rc = q->cw.store->cases->get(q->cw.store, id, a, &c, err);
    if (rc != DF_OK)
        return rc == DF_NONE ? queue_no_case(q, id, err) : rc;
    struct reply_ctx known = session_reply_ctx(s, c.channel);
    struct lint_ctx ctx = {
        .channel = c.channel,
        .lang = text->lang.len ? text->lang : c.lang,
        .limit = known.limit,
        .unit = known.unit,
        .now = known.now,
        .offset_minutes = known.offset_minutes,
        .own = known.contact[REPLY_EN],
        .thanks = c.category == CATEGORY_PRAISE,
    };
    rc = reply_lint(reply_lint_set(s->replies), text->text, &ctx, a, report, err);
    if (rc != DF_OK)
        return rc;
    struct buf b = BUF_INIT(DF_MAX_LINE);
    lint_put_findings(&b, report, q->cmd->lang);
    text->findings = arena_str(a, buf_view(&b));
    buf_free(&b);
    return DF_OK;
}

static void print_findings(const struct queue_cmd *q, const struct lint_report *report)
{
    fflush(stdout);
    for (int i = 0; i < report->count; i++) {
        const struct lint_finding *f = &report->items[i];
        struct str level = arena_printf(q->cmd->arena, "lint.%s", lint_severity_name(f->severity));
        fprintf(stderr, "%s: %.*s: %.*s; %s: %.*s\n", msg(q->cmd->lang, level.ptr), STR_FMT(f->rule),
                STR_FMT(f->why[q->cmd->lang]), msg(q->cmd->lang, "lint.fix"),
                STR_FMT(f->fix[q->cmd->lang]));
    }
}

static int run_act(struct queue_cmd *q, const struct queue_options *o, const struct verb *verb,
                   int argc, char **argv)
{
    struct err err = {0};
    struct suggestion text = {0};
    struct case_row row;
    long long id = 0;
    const char *who = cmd_person(o->who);
    if (argc < 3 && verb->act != ACT_CLAIM)
        return cmd_usage("queue %s: which case?", verb->name);
    if (argc > 2 && (!str_i64(str_of(argv[2]), &id) || id < 1))
        return cmd_usage("queue %s: '%s' is no number of a case", verb->name, argv[2]);
    struct case_step step = {.case_id = id, .act = verb->act, .who = str_of(who),
                             .least = URGENCY_P4, .lang = q->cmd->lang};
    enum df_rc rc = read_words(q, o, argc, argv, &step, &text, &err);
    if (rc != DF_OK)
        return cmd_fail(EXIT_USAGE, &err);
    struct lint_report report = {0};
    if (step.text && lint_text(q, id, &text, &report, &err) != DF_OK)
        return cmd_fail(EXIT_PROBLEM, &err);
    if (step.act == ACT_SENT && report.blocks && step.why.len == 0) {
        print_findings(q, &report);
        err_set(&err, DF_REJECT, "%s", msg(q->cmd->lang, "queue.blocked"));
        return cmd_fail(EXIT_PROBLEM, &err);
    }
    rc = casework_act(&q->cw, &step, q->cmd->arena, &row, &err);
    if (rc != DF_OK)
        return cmd_fail(EXIT_PROBLEM, &err);
    print_row(q, &row);
    print_findings(q, &report);
    return cmd_finish(report.blocks ? EXIT_PROBLEM : EXIT_DONE);
}

static int run_verb(struct queue_cmd *q, struct queue_options *o, const struct verb *verb,
                    int argc, char **argv)
{
    long long id;
    if (verb->is_act)
        return run_act(q, o, verb, argc, argv);
    if (strcmp(verb->name, "show") == 0) {
        if (argc < 3 || !str_i64(str_of(argv[2]), &id))
            return cmd_usage("queue show: the number of a case, please");
        return queue_show(q, id);
    }
    o->list.who = cmd_person(o->who);
    o->list.lang = o->lang;
    return queue_list(q, &o->list);
}

int cmd_queue(struct cmd *c, int argc, char **argv)
{
    struct queue_options o = {0};
    const struct option_spec specs[] = {
        {"state", 0, OPT_TEXT, "STATE", "only cases that are new, claimed, sent, closed…", &o.list.state},
        {"urgency", 'u', OPT_TEXT, "P2", "this urgent or more", &o.list.urgency},
        {"channel", 0, OPT_TEXT, "NAME", "only of this channel", &o.list.channel},
        {"lang", 0, OPT_TEXT, "LANG", "only in this language; of a draft: its language", &o.lang},
        {"text", 't', OPT_TEXT, "WORDS", "only with these words in title, text or author", &o.list.text},
        {"mine", 'm', OPT_FLAG, NULL, "only what I have claimed", &o.list.mine},
        {"owner", 0, OPT_TEXT, "NAME", "only what NAME has claimed", &o.list.owner},
        {"asleep", 0, OPT_FLAG, NULL, "snoozed ones too", &o.list.asleep},
        {"all", 'a', OPT_FLAG, NULL, "closed and snoozed ones too", &o.list.all},
        {"replies", 'r', OPT_FLAG, NULL, "with the suggested replies", &o.list.replies},
        {"limit", 'n', OPT_NUMBER, "N", "at most N cases (50)", &o.list.limit},
        {"after", 0, OPT_TEXT, "CASE", "go on after this case", &o.list.after},
        {"as", 0, OPT_TEXT, "NAME", "who does it (else $DEFUSE_USER, the login name)", &o.who},
        {"because", 'b', OPT_TEXT, "WHY", "the reason, for the ledger", &o.because},
        {"file", 'f', OPT_TEXT, "FILE", "text of the reply (- or none: standard input)", &o.file},
        {"json", 'j', OPT_FLAG, NULL, "one JSON object a line", &o.json},
        {0},
    };
    static const struct usage usage = {
        .args = "list|show|claim|release|draft|approve|sent|pending|visible|\n"
                "       rejected|follow|snooze|wake|note|close|reopen [CASE [WORD]] [OPTION]…",
        .about = "claim without a number takes the next; snooze CASE 2h; note CASE TEXT;\n"
                 "close CASE resolved|watched|no-reply|out-of-scope|duplicate|suspected-false",
        .example = "defuse queue claim 12 && defuse queue draft 12 < reply.txt",
        .min_args = 0,
        .max_args = 3,
    };
    int n = options_parse(c, argc, argv, specs, &usage);
    if (n < 0)
        return OPTIONS_EXIT(n);
    const struct verb *verb = n ? find_verb(argv[1]) : &verbs[0];
    if (!verb)
        return EXIT_USAGE;

    struct session s;
    int status = session_open(c, SESSION_ALL, &s);
    if (status == EXIT_DONE) {
        struct queue_cmd q = {.cmd = c,
                              .session = &s,
                              .cw = {s.store, &s.clock, &s.wiring.conf},
                              .zone = s.config.zone,
                              .now = clock_now(&s.clock),
                              .json = o.json,
                              .out = BUF_INIT(4 * DF_MAX_LINE)};
        status = run_verb(&q, &o, verb, n + 1, argv);
        buf_free(&q.out);
    }
    session_close(&s);
    return status;
}
