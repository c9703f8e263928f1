/* triage.c: a post and what was said about it → a case opened, joined, re-tagged or reopened. */
#include "casework/decide.h"
#include "core/limits.h"

struct casework_conf casework_conf_default(void)
{
    return (struct casework_conf){.clocks = clock_plan_default(), .open_from = URGENCY_P3};
}

/* What one triage works on. */
struct intake {
    struct casework *cw;
    const struct post_row *row;
    const struct verdict *v;
    struct arena *arena;
    struct triage *out;
};

static bool wants_answer(const struct intake *in)
{
    return in->v->urgency <= in->cw->conf->open_from || in->v->needs_reply;
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a == DF_NO_TIME || b == DF_NO_TIME)
        return a == DF_NO_TIME ? b : a;
    return a < b ? a : b;
}

/* The author's own time; ours where the place gives none or one that lies in the future. */
static int64_t spoken_at(const struct post *p, int64_t theirs)
{
    return theirs == DF_NO_TIME || theirs > p->seen ? p->seen : theirs;
}

static void tag(struct case_row *c, const struct intake *in)
{
    c->category = in->v->category;
    c->sentiment = in->v->sentiment;
    c->lang = in->v->lang;
    c->reason = decide_reason(in->v, in->arena);
}

static enum df_rc suggest(const struct intake *in, const struct case_row *c, struct str *text_out,
                          struct err *err)
{
    const struct casework_conf *conf = in->cw->conf;
    struct suggestion s = {0};
    struct err why_not = {0};
    *text_out = STR_NONE;
    if (!conf->suggest || conf->suggest(conf->suggest_ctx, &in->row->post, in->v, in->arena, &s,
                                        &why_not) != DF_OK)
        return DF_OK;
    struct draft_row draft = {
        .case_id = c->id,
        .at = clock_now(in->cw->clock),
        .who = CASEWORK_MACHINE,
        .lang = s.lang,
        .text = s.text,
        .findings = s.findings.len ? s.findings : STR("[]"),
        .pieces = s.pieces.len ? s.pieces : STR("[]"),
    };
    *text_out = s.text;
    return in->cw->store->drafts->put(in->cw->store, &draft, err);
}

static enum df_rc tell(const struct intake *in, const struct case_row *c, enum alert_kind kind,
                       struct str reply, struct err *err)
{
    return decide_alert(in->cw, c, kind, in->row, in->v, reply, in->arena, &in->out->alerts, err);
}

static enum df_rc open_case(const struct intake *in, struct err *err)
{
    const struct clock_plan *clocks = &in->cw->conf->clocks;
    const struct post *p = &in->row->post;
    struct case_row c = CASE_INIT;
    struct str reply;
    c.post_id = in->row->id;
    c.version = in->row->version;
    c.urgency = in->v->urgency;
    c.channel = p->channel;
    c.author_id = p->author_id;
    c.posted = p->created;
    c.seen = p->seen;
    c.opened = clock_now(in->cw->clock);
    c.due = clock_due(clocks, c.urgency, spoken_at(p, p->created));
    c.answer_by = clock_due(clocks, c.urgency, p->seen);
    c.seen_late = c.due != DF_NO_TIME && c.due <= p->seen;
    tag(&c, in);
    enum df_rc rc = in->cw->store->cases->open(in->cw->store, &c, err);
    if (rc == DF_OK)
        rc = decide_note(in->cw, &c, ACT_OPEN, "", CASEWORK_MACHINE, c.reason, err);
    if (rc == DF_OK)
        rc = suggest(in, &c, &reply, err);
    if (rc == DF_OK)
        rc = tell(in, &c, ALERT_OPENED, reply, err);
    in->out->did = TRIAGE_OPENED;
    in->out->case_id = c.id;
    return rc;
}

/* Decided on purpose, not by neglect: only a more urgent matter opens these again. */
static bool stays_closed(const struct case_row *c)
{
    return c->outcome == OUTCOME_OUT_OF_SCOPE || c->outcome == OUTCOME_DUPLICATE ||
           c->outcome == OUTCOME_SUSPECTED_FALSE;
}

static bool answered(const struct case_row *c)
{
    return c->state == CASE_SENT || c->state == CASE_PENDING || c->state == CASE_VISIBLE ||
           c->state == CASE_FOLLOWING;
}

static void raise_clock(struct case_row *c, const struct intake *in)
{
    const struct clock_plan *clocks = &in->cw->conf->clocks;
    const struct post *p = &in->row->post;
    int64_t said = p->edited != DF_NO_TIME ? p->edited
                   : in->row->version > 1  ? p->seen
                                           : p->created;
    c->urgency = in->v->urgency;
    c->due = earlier(c->due, clock_due(clocks, c->urgency, spoken_at(p, said)));
    c->answer_by = earlier(c->answer_by, clock_due(clocks, c->urgency, p->seen));
    c->wake = 0;
}

static void reopen(struct case_row *c, const struct intake *in)
{
    if (c->state == CASE_CLOSED)
        c->owner = STR_NONE; /* who closed it may be gone */
    c->state = c->owner.len ? CASE_CLAIMED : CASE_NEW;
    c->outcome = OUTCOME_NONE;
    c->closed = DF_NO_TIME;
    c->due = c->answer_by = DF_NO_TIME; /* the old clock has been answered: a new one starts */
    raise_clock(c, in);
}

/* Something new in a matter that has a case: an edit of its post, or one more post. */
static enum df_rc absorb(const struct intake *in, int64_t case_id, enum case_act act,
                         struct err *err)
{
    struct store *st = in->cw->store;
    struct case_row c;
    struct str reply = STR_NONE;
    enum df_rc rc = st->cases->get(st, case_id, in->arena, &c, err);
    if (rc != DF_OK)
        return rc;
    in->out->case_id = case_id;
    bool own = c.post_id == in->row->id;
    if (act == ACT_EDITED && own && c.version >= in->row->version)
        return DF_OK; /* this version has been here */

    const char *from = case_state_name(c.state), *urgency_before = urgency_name(c.urgency);
    bool wants = wants_answer(in), raised = wants && in->v->urgency < c.urgency;
    bool again = wants && (answered(&c) || (c.state == CASE_CLOSED &&
                                            (raised || !stays_closed(&c))));
    if (own)
        c.version = in->row->version;
    if (own || raised)
        tag(&c, in);
    if (again)
        reopen(&c, in);
    else if (raised && c.state != CASE_CLOSED)
        raise_clock(&c, in);
    else
        raised = false;
    in->out->did = again                ? TRIAGE_REOPENED
                   : raised             ? TRIAGE_RAISED
                   : act == ACT_JOINED  ? TRIAGE_JOINED
                                        : TRIAGE_RETAGGED;

    rc = st->cases->update(st, &c, err);
    if (rc == DF_NONE)
        return decide_lost(case_id, UI_EN, err);
    struct str what = arena_printf(in->arena, "post %lld version %d: %s, %s, %s",
                                   (long long)in->row->id, in->row->version,
                                   urgency_name(in->v->urgency), sentiment_name(in->v->sentiment),
                                   category_name(in->v->category));
    if (rc == DF_OK)
        rc = decide_note(in->cw, &c, act, from, CASEWORK_MACHINE, what, err);
    if (rc == DF_OK && raised)
        rc = decide_note(in->cw, &c, ACT_RAISE, from, CASEWORK_MACHINE,
                         arena_printf(in->arena, "%s to %s", urgency_before,
                                      urgency_name(c.urgency)),
                         err);
    if (rc == DF_OK && again)
        rc = decide_note(in->cw, &c, ACT_REOPEN, from, CASEWORK_MACHINE, c.reason, err);
    /* A milder post that joins must not replace the words for the graver one. */
    bool fits = act != ACT_JOINED || in->v->urgency <= c.urgency;
    if (rc == DF_OK && wants && fits && (c.state == CASE_NEW || c.state == CASE_CLAIMED))
        rc = suggest(in, &c, &reply, err);
    if (rc == DF_OK && (again || raised))
        rc = tell(in, &c, again ? ALERT_REOPENED : ALERT_RAISED, reply, err);
    return rc;
}

/* The author's own follow-up in the thread of a post that has a case. DF_NONE: it is none. */
static enum df_rc case_of_thread(const struct intake *in, int64_t *case_id, struct err *err)
{
    struct store *st = in->cw->store;
    const struct post *p = &in->row->post;
    struct post_row parent;
    int64_t parent_id;
    if (p->parent.len == 0 || p->author_id.len == 0)
        return DF_NONE;
    enum df_rc rc = st->posts->find(st, p->channel, p->parent, &parent_id, err);
    if (rc == DF_OK)
        rc = st->posts->get(st, parent_id, 0, in->arena, &parent, err);
    if (rc == DF_OK && !str_eq(parent.post.author_id, p->author_id))
        rc = DF_NONE;
    return rc == DF_OK ? st->links->of_post(st, parent_id, case_id, err) : rc;
}

static enum df_rc decide(const struct intake *in, struct err *err)
{
    struct store *st = in->cw->store;
    int64_t case_id = 0;
    enum df_rc rc = st->links->of_post(st, in->row->id, &case_id, err);
    if (rc == DF_OK)
        return absorb(in, case_id, ACT_EDITED, err);
    if (rc == DF_NONE)
        rc = case_of_thread(in, &case_id, err);
    if (rc == DF_OK) {
        rc = st->links->add(st, case_id, in->row->id, clock_now(in->cw->clock), err);
        return rc == DF_OK ? absorb(in, case_id, ACT_JOINED, err) : rc;
    }
    if (rc == DF_NONE)
        rc = wants_answer(in) ? open_case(in, err) : DF_OK;
    return rc;
}

enum df_rc casework_judge(struct casework *cw, const struct post_row *row,
                          const struct verdict *v, struct err *err)
{
    struct store *st = cw->store;
    struct buf doc = BUF_INIT(DF_MAX_LINE);
    verdict_put_json(&doc, v, false);
    enum df_rc rc = doc.full ? err_set(err, DF_REJECT, "a verdict of more than %zu bytes", doc.max)
                             : store_begin(st, err);
    if (rc == DF_OK)
        rc = store_finish(st, st->posts->judge(st, row->id, row->version, v, buf_view(&doc),
                                               clock_now(cw->clock), err), err);
    buf_free(&doc);
    return rc;
}

enum df_rc casework_triage(struct casework *cw, const struct post_row *row,
                           const struct verdict *v, struct arena *a, struct triage *out,
                           struct err *err)
{
    const struct intake in = {cw, row, v, a, out};
    *out = (struct triage){0};
    enum df_rc rc = store_begin(cw->store, err);
    if (rc != DF_OK)
        return rc;
    rc = casework_judge(cw, row, v, err);
    if (rc == DF_OK)
        rc = decide(&in, err);
    rc = store_finish(cw->store, rc, err);
    if (rc != DF_OK)
        *out = (struct triage){0};
    return rc;
}

enum df_rc casework_gone(struct casework *cw, int64_t post_id, struct arena *a, struct err *err)
{
    struct store *st = cw->store;
    struct case_row c;
    int64_t case_id;
    enum df_rc rc = st->links->of_post(st, post_id, &case_id, err);
    if (rc == DF_OK)
        rc = st->cases->get(st, case_id, a, &c, err);
    if (rc != DF_OK)
        return rc;
    rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    struct str what = arena_printf(a, "post %lld was deleted there", (long long)post_id);
    return store_finish(st, decide_note(cw, &c, ACT_GONE, case_state_name(c.state),
                                        CASEWORK_MACHINE, what, err), err);
}
