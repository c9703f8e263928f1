/* page_case.c: one case: what was said, why it is here, and the answer. */
#include <math.h>

#include "core/limits.h"
#include "dashboard/diff.h"
#include "dashboard/marks.h"
#include "dashboard/page.h"

/* Below it a finding moved nothing: a fact that was found, a rule that only silences. */
#define LEAST_WEIGHT 0.005

enum { OTHERS_SHOWN = 5, OTHERS_READ = 50, VERSIONS_SHOWN = 10, NEXT_LOOKED_AT = 2 };

/* ---- why ------------------------------------------------------------------------------------- */

/* What people should read first: rules, which somebody wrote a sentence for. Learned phrases are
 * many and small; they come first only where no rule spoke. */
static bool is_learned(const struct finding *f)
{
    return str_starts(f->rule, STR("learned."));
}

/* The rule's own sentence; verdicts are stored with the English one. */
static struct str why_of(const struct page *p, struct str rule, struct str english)
{
    const struct site_rules *rules = &p->site->rules;
    struct str own = rules->why && p->words.lang != UI_EN
                         ? rules->why(rules->arg, rule, p->words.lang) : STR_NONE;

    return own.len ? own : english;
}

static struct view_reason reason_of(struct page *p, const struct finding *f)
{
    ptrdiff_t colon = str_chr(f->rule, ':');
    struct str phrase = str_sub(f->rule, (size_t)(colon + 1), f->rule.len);

    return (struct view_reason){
        .why = {is_learned(f) && colon > 0 ? WORDS(&p->words, "case.learned", phrase)
                                           : why_of(p, f->rule, f->why)},
        .rule = f->rule,
        .weight = arena_printf(p->arena, "%+.2f", f->weight),
    };
}

/* Splits the findings into main and smaller reasons; those of the main ones that point at words
 * are numbered and handed to marked[], in that order. Returns how many. */
static size_t fill_reasons(struct page *p, const struct verdict *d, struct finding *marked,
                           struct view_case *v)
{
    size_t n = (size_t)d->finding_count, numbers = 0;
    bool ruled = false;

    v->reasons = arena_array(p->arena, n + 1, sizeof *v->reasons);
    v->minor = arena_array(p->arena, n + 1, sizeof *v->minor);
    for (size_t i = 0; i < n; i++)
        ruled |= !is_learned(&d->findings[i]);
    for (size_t i = 0; i < n; i++) {
        const struct finding *f = &d->findings[i];
        struct view_reason r = reason_of(p, f);

        if (v->reason_count == DF_MAX_MARKED_REASONS || (ruled && is_learned(f)) ||
            fabs(f->weight) < LEAST_WEIGHT) {
            v->minor[v->minor_count++] = r;
            continue;
        }
        if (f->span_count) {
            marked[numbers++] = *f;
            r.number = numbers;
        }
        v->reasons[v->reason_count++] = r;
    }
    return numbers;
}

static void fill_silenced(struct page *p, const struct verdict *d, struct view_case *v)
{
    v->silenced = arena_array(p->arena, (size_t)d->silenced_count + 1, sizeof *v->silenced);
    v->silenced_count = (size_t)d->silenced_count;
    for (int i = 0; i < d->silenced_count; i++)
        v->silenced[i] = (struct view_reason){
            .why = {why_of(p, d->silenced[i].rule, d->silenced[i].why)},
            .rule = WORDS(&p->words, "case.silenced-by", d->silenced[i].rule, d->silenced[i].by),
        };
}

static void fill_facts(struct page *p, const struct verdict *d, struct view_case *v)
{
    v->facts = arena_array(p->arena, (size_t)d->fact_count + 1, sizeof *v->facts);
    v->fact_count = (size_t)d->fact_count;
    for (int i = 0; i < d->fact_count; i++)
        v->facts[i] = (struct view_fact){
            .kind = words_label(&p->words, "fact", arena_strz(p->arena, d->facts[i].kind)),
            .text = {d->facts[i].text.len ? d->facts[i].text : d->facts[i].value},
        };
}

static void fill_post(struct page *p, const struct case_view *c, struct view_case *v)
{
    const struct post *post = &c->post.post;
    const struct words *w = &p->words;
    struct finding marked[DF_MAX_MARKED_REASONS];
    size_t count = fill_reasons(p, &c->verdict, marked, v);

    v->author.text = post->author_name;
    v->url = post->url;
    v->lang = page_lang(c->has_verdict ? c->verdict.lang : post->lang);
    v->posted = words_past(w, post->created != DF_NO_TIME ? post->created : post->seen);
    v->seen = words_past(w, post->seen);
    v->edited = words_past(w, post->edited);
    v->sentiment = words_label(w, "sentiment", sentiment_name(c->row.sentiment));
    marks_cut(p->arena, post->title, FIELD_TITLE, marked, count, &v->title_pieces,
              &v->title_piece_count);
    marks_cut(p->arena, post->text, FIELD_TEXT, marked, count, &v->pieces, &v->piece_count);
}

/* What else was said about the same matter. */
static void fill_said(struct page *p, const struct case_view *c, struct view_case *v)
{
    v->said = arena_array(p->arena, (size_t)c->post_count + 1, sizeof *v->said);
    for (int i = 0; i < c->post_count; i++) {
        const struct post *post = &c->posts[i].post;

        if (c->posts[i].id != c->row.post_id)
            v->said[v->said_count++] = (struct view_said){
                .author = {post->author_name},
                .text = {post->text},
                .lang = page_lang(post->lang),
                .url = post->url,
                .posted = words_past(&p->words, post->created != DF_NO_TIME ? post->created
                                                                            : post->seen),
            };
    }
}

/* ---- what happened --------------------------------------------------------------------------- */

/* Newest first; each is shown as what it changed in the one before. */
static enum df_rc fill_versions(struct page *p, const struct case_view *c, struct view_case *v,
                                struct err *err)
{
    struct post_row after = c->post, before;
    int least = after.version > VERSIONS_SHOWN ? after.version - VERSIONS_SHOWN : 1;

    v->versions = arena_array(p->arena, VERSIONS_SHOWN + 1, sizeof *v->versions);
    for (int n = after.version - 1; n >= least; n--) {
        struct view_version *out = &v->versions[v->version_count];
        enum df_rc rc = p->store->posts->get(p->store, after.id, n, p->arena, &before, err);

        if (rc == DF_NONE)
            continue;
        if (rc != DF_OK)
            return rc;
        out->seen = words_past(&p->words, after.post.edited != DF_NO_TIME ? after.post.edited
                                                                          : after.post.seen);
        diff_texts(p->arena, before.post.text, after.post.text, &out->changes, &out->change_count);
        v->version_count++;
        after = before;
    }
    return DF_OK;
}

static void fill_steps(struct page *p, const struct case_view *c, struct view_case *v)
{
    v->steps = arena_array(p->arena, (size_t)c->ledger_count + 1, sizeof *v->steps);
    v->step_count = (size_t)c->ledger_count;
    for (int i = 0; i < c->ledger_count; i++) {
        const struct ledger_row *l = &c->ledger[c->ledger_count - 1 - i];

        v->steps[i] = (struct view_step){
            .at = words_past(&p->words, l->at),
            .who = l->who,
            .what = str_of(words_label(&p->words, "act", arena_strz(p->arena, l->act))),
            .note = {l->why},
        };
    }
}

/* The same author's other cases, newest first. */
static enum df_rc fill_others(struct page *p, const struct case_view *c, struct view_case *v,
                              struct err *err)
{
    struct queue_filter f = {.channel = c->row.channel, .author_id = c->post.post.author_id,
                             .closed_too = true, .asleep_too = true, .now = p->now,
                             .limit = OTHERS_READ};
    struct case_row *rows;
    int count = 0;
    enum df_rc rc;

    if (f.author_id.len == 0)
        return DF_OK;
    rc = p->store->cases->list(p->store, &f, p->arena, &rows, &count, err);
    if (rc != DF_OK)
        return rc == DF_NONE ? DF_OK : rc;
    v->others = arena_array(p->arena, OTHERS_SHOWN, sizeof *v->others);
    for (int i = count - 1; i >= 0 && v->other_count < OTHERS_SHOWN; i--) {
        if (rows[i].id == c->row.id)
            continue;
        rc = page_row(p, &rows[i], &v->others[v->other_count], err);
        if (rc != DF_OK)
            return rc;
        v->other_count++;
    }
    return DF_OK;
}

/* ---- what may be done ------------------------------------------------------------------------ */

static bool may(const struct page *p, const struct case_view *c, enum case_act act)
{
    struct err ignored;

    return act_check(act, &c->row, p->actor, &ignored) == DF_OK;
}

static const char *text_of(struct page *p, const char *id)
{
    return msg(p->words.lang, id);
}

static const enum case_act plain_steps[] = {ACT_VISIBLE,  ACT_PENDING, ACT_REJECTED,
                                           ACT_FOLLOW,   ACT_WAKE,    ACT_RELEASE};

bool page_is_plain_step(int act)
{
    for (size_t i = 0; i < sizeof plain_steps / sizeof *plain_steps; i++)
        if ((int)plain_steps[i] == act)
            return true;
    return false;
}

static void fill_plain_steps(struct page *p, const struct case_view *c, struct view_case *v)
{
    size_t n = sizeof plain_steps / sizeof *plain_steps;

    v->plain = arena_array(p->arena, n, sizeof *v->plain);
    for (size_t i = 0; i < n; i++) {
        const char *word = case_act_name(plain_steps[i]);

        if (may(p, c, plain_steps[i]) && (plain_steps[i] != ACT_WAKE || c->row.wake > p->now))
            v->plain[v->plain_count++] =
                (struct view_choice){word, words_label(&p->words, "do", word)};
    }
}

/* A second person must agree to this text before it may go out. */
static bool waits(const struct page *p, const struct case_view *c)
{
    return p->site->cases->conf->approval[c->row.urgency] && c->row.state != CASE_APPROVED;
}

static bool wrote_it(const struct page *p, const struct case_view *c)
{
    return c->draft_count && str_eq(c->drafts[0].who, p->actor);
}

static void fill_choices(struct page *p, const struct case_view *c, struct view_case *v)
{
    static const struct {
        const char *value, *label;
    } snoozes[] = {
        {"1h", "snooze.1h"}, {"4h", "snooze.4h"}, {"tomorrow", "snooze.tomorrow"},
        {"3d", "snooze.3d"}, {"7d", "snooze.7d"},
    };
    /* The likely act comes first and is the main button. */
    static const struct {
        enum case_act act;
        const char *value, *label;
    } acts[] = {
        {ACT_SENT, "sent", "case.mark-sent"},
        {ACT_APPROVE, "approve", "case.approve"},
        {ACT_DRAFT, "save", "case.save"},
    };

    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        size_t at = v->reply_count;

        if (!may(p, c, acts[i].act) || (acts[i].act == ACT_SENT && waits(p, c)) ||
            (acts[i].act == ACT_APPROVE && wrote_it(p, c)))
            continue;
        if (acts[i].act == ACT_DRAFT && c->row.state <= CASE_CLAIMED) {
            for (; at > 0; at--)
                v->reply_acts[at] = v->reply_acts[at - 1];
        }
        v->reply_acts[at] = (struct view_choice){acts[i].value, text_of(p, acts[i].label)};
        v->reply_count++;
    }
    v->can_write = may(p, c, ACT_DRAFT);
    if (v->can_write)
        v->reply_acts[v->reply_count++] = (struct view_choice){"check", text_of(p, "case.check")};
    v->can_claim = c->row.owner.len == 0 && may(p, c, ACT_CLAIM);
    v->can_snooze = may(p, c, ACT_SNOOZE);
    v->can_close = may(p, c, ACT_CLOSE);
    v->can_reopen = may(p, c, ACT_REOPEN);
    fill_plain_steps(p, c, v);
    v->closes = arena_array(p->arena, CASE_OUTCOME_COUNT, sizeof *v->closes);
    for (int o = OUTCOME_NONE + 1; o < CASE_OUTCOME_COUNT; o++) {
        const char *name = case_outcome_name((enum case_outcome)o);

        v->closes[v->close_count++] =
            (struct view_choice){name, words_label(&p->words, "outcome", name)};
    }
    v->snooze_count = sizeof snoozes / sizeof *snoozes;
    v->snoozes = arena_array(p->arena, v->snooze_count, sizeof *v->snoozes);
    for (size_t i = 0; i < v->snooze_count; i++)
        v->snoozes[i] = (struct view_choice){snoozes[i].value, text_of(p, snoozes[i].label)};
}

static enum df_rc fill_reply(struct page *p, const struct case_view *c,
                             const struct case_retry *retry, struct view_case *v, struct err *err)
{
    const struct words *w = &p->words;
    enum df_rc rc;

    v->draft_lang = v->lang;
    if (retry->text.ptr) {
        v->draft = retry->text;
    } else if (c->draft_count) {
        const struct draft_row *d = &c->drafts[0];

        v->draft = d->text;
        v->draft_lang = page_lang(d->lang);
        if (str_eq(d->who, CASEWORK_MACHINE))
            v->draft_note = str_of(msg(w->lang, "case.suggested"));
        else if (d->approved_by.len)
            v->draft_note = WORDS(w, "case.approved-by", d->who, d->approved_by);
        else if (c->row.state == CASE_DRAFTED && waits(p, c))
            v->draft_note = WORDS(w, "case.waits", d->who, words_past(w, d->at).text);
        else
            v->draft_note = WORDS(w, "case.written-by", d->who, words_past(w, d->at).text);
    } else if (v->can_write) {
        rc = desk_suggest(p, c, &v->draft, &v->draft_note, err);
        if (rc == DF_OK)
            v->draft_note = str_of(msg(w->lang, "case.suggested"));
        else if (rc != DF_NONE)
            return rc;
    }
    v->ask_why = retry->blocked;
    return desk_lint(p, c, v->draft, &v->lint, err);
}

static enum df_rc first_other(struct page *p, const struct queue_filter *f, int64_t id,
                              struct str *url_out, struct err *err)
{
    struct case_row *rows;
    int count = 0;
    enum df_rc rc = p->store->cases->list(p->store, f, p->arena, &rows, &count, err);

    if (rc != DF_OK)
        return rc;
    for (int i = 0; i < count; i++)
        if (rows[i].id != id) {
            *url_out = arena_printf(p->arena, "/case/%lld", (long long)rows[i].id);
            return DF_OK;
        }
    return DF_NONE;
}

/* The next one to answer: after this one in the queue, else its top. */
static enum df_rc fill_next(struct page *p, const struct case_row *c, struct view_case *v,
                            struct err *err)
{
    struct queue_filter f = {.now = p->now, .limit = NEXT_LOOKED_AT};
    enum df_rc rc = DF_NONE;

    if (c->state != CASE_CLOSED) {
        f.paged = true;
        f.after = (struct queue_key){c->due, c->urgency, c->id};
        rc = first_other(p, &f, c->id, &v->next, err);
    }
    f.paged = false;
    if (rc == DF_NONE)
        rc = first_other(p, &f, c->id, &v->next, err);
    return rc == DF_NONE ? DF_OK : rc;
}

enum df_rc page_case_again(struct page *p, int64_t id, const struct case_retry *retry,
                           struct err *err)
{
    struct view_case v = {0};
    struct case_view c;
    enum df_rc rc = casework_view(p->site->cases, id, p->arena, &c, err);

    if (rc == DF_OK)
        rc = page_row(p, &c.row, &v.row, err);
    if (rc != DF_OK)
        return rc;
    p->frame.page = "case";
    p->frame.title = WORDS(&p->words, "case.title", words_int(&p->words, id));
    if (retry->flash.len) {
        p->frame.flash = retry->flash;
        p->frame.flash_bad = true;
    }
    v.version = words_int(&p->words, c.row.rev);
    fill_post(p, &c, &v);
    fill_said(p, &c, &v);
    fill_silenced(p, &c.verdict, &v);
    fill_facts(p, &c.verdict, &v);
    fill_steps(p, &c, &v);
    fill_choices(p, &c, &v);
    rc = fill_versions(p, &c, &v, err);
    if (rc == DF_OK)
        rc = fill_others(p, &c, &v, err);
    if (rc == DF_OK)
        rc = fill_reply(p, &c, retry, &v, err);
    if (rc == DF_OK)
        rc = fill_next(p, &c.row, &v, err);
    if (rc == DF_OK)
        tpl_case(p->html, &p->frame, &v);
    return rc;
}

enum df_rc page_case(struct page *p, int64_t id, struct err *err)
{
    return page_case_again(p, id, &(struct case_retry){0}, err);
}
