/* acts.c: the steps people take on a case. Each is a form; each ends in a redirect, so that a
 * reload repeats nothing, or in the page again with what was typed when it could not be done. */
#include "core/limits.h"
#include "dashboard/page.h"

static enum df_rc done(struct page *p, struct str url, const char *what)
{
    response_see(p->r, arena_printf(p->arena, "%.*s%cdone=%s", STR_FMT(url),
                                    str_chr(url, '?') < 0 ? '?' : '&', what));
    return DF_OK;
}

static enum df_rc done_case(struct page *p, int64_t id, const char *what)
{
    return done(p, arena_printf(p->arena, "/case/%lld", (long long)id), what);
}

static struct str field(const struct page *p, const char *name)
{
    return str_trim(fields_get(&p->q->form, name));
}

/* The version the form was made from; a form without one never wins. */
static int64_t form_rev(const struct page *p)
{
    long long rev;

    return str_i64(fields_get(&p->q->form, "version"), &rev) && rev > 0 ? rev : -1;
}

static struct case_step step_of(const struct page *p, int64_t id, enum case_act act)
{
    return (struct case_step){.case_id = id, .act = act, .who = p->actor, .rev = form_rev(p),
                              .lang = p->words.lang};
}

/* ---- when somebody was faster ------------------------------------------------------------------ */

static enum df_rc conflict(struct page *p, int64_t id, struct str mine, struct err *err)
{
    const struct words *w = &p->words;
    struct view_conflict v = {.id = id, .mine = mine};
    struct case_view c;
    const struct ledger_row *last;
    enum df_rc rc = casework_view(p->site->cases, id, p->arena, &c, err);

    if (rc != DF_OK)
        return rc;
    if (c.row.rev == form_rev(p)) /* nobody was faster: the database was busy */
        return err_set(err, DF_RETRY, "the database is being written to");
    last = c.ledger_count ? &c.ledger[c.ledger_count - 1] : NULL;
    v.version = words_int(w, c.row.rev);
    v.lang = page_lang(c.row.lang);
    if (c.draft_count)
        v.theirs = c.drafts[0].text;
    if (last)
        v.by = WORDS(w, mine.len ? "conflict.by" : "conflict.moved", last->who,
                     str_of(words_label(w, "act", arena_strz(p->arena, last->act))),
                     words_past(w, last->at).text);
    p->r->status = 409;
    if (mine.len == 0) /* nothing typed that could be lost: the case as it is now */
        return page_case_again(p, id, &(struct case_retry){.flash = v.by}, err);
    p->frame.page = "case";
    p->frame.title = WORDS(w, "case.title", words_int(w, id));
    tpl_conflict(p->html, &p->frame, &v);
    return DF_OK;
}

/* The page again, with what was typed and why it could not be done. */
static enum df_rc refused(struct page *p, int64_t id, struct str text, const struct err *why,
                          struct err *err)
{
    struct case_retry retry = {
        .text = text,
        .flash = WORDS(&p->words, "flash.refused", str_of(why->text)),
    };

    p->r->status = 422;
    return page_case_again(p, id, &retry, err);
}

/* A step's end: redirect, both texts, or the page again. */
static enum df_rc settle(struct page *p, enum df_rc rc, int64_t id, struct str text,
                         const char *what, struct err *err)
{
    struct err why = *err;

    switch (rc) {
    case DF_OK: return done_case(p, id, what);
    case DF_RETRY: return conflict(p, id, text, err);
    case DF_REJECT: return refused(p, id, text, &why, err);
    default: return rc;
    }
}

static enum df_rc act(struct page *p, const struct case_step *step, const char *what,
                      struct err *err)
{
    struct case_row row;
    enum df_rc rc = casework_act(p->site->cases, step, p->arena, &row, err);

    return settle(p, rc, step->case_id, STR_NONE, what, err);
}

/* ---- the steps ------------------------------------------------------------------------------- */

enum df_rc act_claim(struct page *p, int64_t id, struct err *err)
{
    struct case_step step = step_of(p, id, ACT_CLAIM);

    return act(p, &step, "claimed", err);
}

enum df_rc act_reopen(struct page *p, int64_t id, struct err *err)
{
    struct case_step step = step_of(p, id, ACT_REOPEN);

    step.why = field(p, "why");
    return act(p, &step, "reopened", err);
}

/* What follows an answer, and giving a case back: steps of one word. */
enum df_rc act_step(struct page *p, int64_t id, struct err *err)
{
    int word = case_act_of(field(p, "do"));
    struct case_step step;

    if (!page_is_plain_step(word))
        return DF_NONE;
    step = step_of(p, id, (enum case_act)word);
    return act(p, &step, "stepped", err);
}

enum df_rc act_note(struct page *p, int64_t id, struct err *err)
{
    struct case_step step = step_of(p, id, ACT_NOTE);

    step.why = field(p, "text");
    step.rev = 0; /* a note hurts nobody's work */
    return act(p, &step, "noted", err);
}

enum df_rc act_close(struct page *p, int64_t id, struct err *err)
{
    struct case_step step = step_of(p, id, ACT_CLOSE);
    int outcome = case_outcome_of(field(p, "reason"));

    step.why = field(p, "why");
    step.outcome = outcome < 0 ? OUTCOME_NONE : (enum case_outcome)outcome;
    return act(p, &step, "closed", err);
}

/* Nine in the morning of the next day, in the zone people read. */
static int64_t tomorrow(const struct page *p)
{
    int minutes = 0;
    struct civil day;

    zone_offset(p->words.zone, p->now, &minutes);
    day = civil_from_ms(p->now + DF_DAY, minutes);
    day.hour = 9;
    day.minute = day.second = day.ms = 0;
    return civil_to_ms(&day, minutes);
}

enum df_rc act_snooze(struct page *p, int64_t id, struct err *err)
{
    static const struct {
        const char *value;
        int64_t ms;
    } spans[] = {{"1h", DF_HOUR}, {"4h", 4 * DF_HOUR}, {"3d", 3 * DF_DAY}, {"7d", 7 * DF_DAY}};
    struct case_step step = step_of(p, id, ACT_SNOOZE);
    struct str wanted = field(p, "for");

    step.until = tomorrow(p);
    step.why = field(p, "why");
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (str_is(wanted, spans[i].value))
            step.until = p->now + spans[i].ms;
    return act(p, &step, "snoozed", err);
}

/* ---- the reply ------------------------------------------------------------------------------- */

static enum df_rc act_on_reply(struct page *p, enum case_act what, const struct case_view *c,
                               struct str text, const struct view_lint *lint, struct err *err)
{
    struct case_step step = step_of(p, c->row.id, ACT_DRAFT);
    struct suggestion words = {.text = text, .lang = c->row.lang,
                               .findings = lint->stored};
    bool same = c->draft_count && str_eq(c->drafts[0].text, text);
    struct case_row row;
    enum df_rc rc = store_begin(p->store, err);

    if (rc != DF_OK)
        return rc;
    step.text = &words;
    if (what == ACT_DRAFT || (what == ACT_APPROVE && !same)) {
        rc = casework_act(p->site->cases, &step, p->arena, &row, err);
        step.rev = 0; /* our own change just moved it */
    }
    if (rc == DF_OK && what != ACT_DRAFT) {
        step.act = what;
        step.why = field(p, "why");
        step.text = what == ACT_SENT && !same ? &words : NULL;
        rc = casework_act(p->site->cases, &step, p->arena, &row, err);
    }
    return store_finish(p->store, rc, err);
}

/* What was typed is shown with the findings; nothing is stored. */
static enum df_rc show_again(struct page *p, int64_t id, struct str text, const char *flash,
                             bool blocked, struct err *err)
{
    struct case_retry retry = {.text = text, .blocked = blocked};

    if (flash)
        retry.flash = str_of(msg(p->words.lang, flash));
    return page_case_again(p, id, &retry, err);
}

enum df_rc act_reply(struct page *p, int64_t id, struct err *err)
{
    static const struct {
        const char *word;
        enum case_act act;
        const char *done;
    } acts[] = {
        {"save", ACT_DRAFT, "saved"},
        {"approve", ACT_APPROVE, "approved"},
        {"sent", ACT_SENT, "sent"},
    };
    struct str text = field(p, "text"), wanted = field(p, "do");
    struct view_lint lint;
    struct case_view c;
    enum df_rc rc;
    size_t i = 0;

    if (text.len > DF_MAX_REPLY)
        return show_again(p, id, text, "flash.too-long", false, err);
    rc = casework_view(p->site->cases, id, p->arena, &c, err);
    if (rc != DF_OK)
        return rc;
    if (!fields_has(&p->q->form, "text") && c.draft_count) /* the page offered no editor */
        text = c.drafts[0].text;
    if (form_rev(p) != c.row.rev)
        return conflict(p, id, text, err);
    while (i < sizeof acts / sizeof *acts && !str_is(wanted, acts[i].word))
        i++;
    if (i == sizeof acts / sizeof *acts) /* "check", or a button we do not know */
        return show_again(p, id, text, NULL, false, err);
    rc = desk_lint(p, &c, text, &lint, err);
    if (rc != DF_OK)
        return rc;
    if (acts[i].act != ACT_DRAFT && lint.blocked && field(p, "why").len == 0) {
        p->r->status = 422;
        return show_again(p, id, text, "flash.blocked", true, err);
    }
    rc = act_on_reply(p, acts[i].act, &c, text, &lint, err);
    return settle(p, rc, id, text, acts[i].done, err);
}

/* Only the findings, for the script that asks while a person types. */
enum df_rc act_lint(struct page *p, int64_t id, struct err *err)
{
    struct str text = field(p, "text");
    struct view_lint lint;
    struct case_view c;
    enum df_rc rc = casework_view(p->site->cases, id, p->arena, &c, err);

    if (rc == DF_OK && text.len > DF_MAX_REPLY)
        text = str_sub(text, 0, DF_MAX_REPLY);
    if (rc == DF_OK)
        rc = desk_lint(p, &c, text, &lint, err);
    if (rc == DF_OK)
        tpl_lint(p->html, &lint);
    return rc;
}

/* ---- preferences: kept by the browser ------------------------------------------------------------ */

enum df_rc act_prefs(struct page *p, int64_t id, struct err *err)
{
    static const char *const kept[][2] = {{"lang", "defuse_lang"}, {"theme", "defuse_theme"}};
    struct str here = field(p, "here"), name = field(p, "actor");

    (void)id;
    (void)err;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        response_cookie(p->q, p->r, kept[i][1], str_sub(field(p, kept[i][0]), 0, 8));
    if (name.len <= DF_MAX_ACTOR)
        response_cookie(p->q, p->r, "defuse_name", name);
    /* Back to where it was asked, if that is a path of ours. */
    if (here.len < 1 || here.ptr[0] != '/' || (here.len > 1 && (here.ptr[1] == '/' || here.ptr[1] == '\\')))
        here = STR("/");
    response_see(p->r, here);
    return DF_OK;
}
