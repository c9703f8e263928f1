/* act.c: one step of a person, checked against the table of states, with its ledger row. */
#include "casework/decide.h"
#include "casework/say.h"
#include "core/limits.h"

struct step {
    struct casework *cw;
    const struct case_step *ask;
    struct arena *arena;
    struct case_row c;
    int64_t now;
};

static enum df_rc too_long(const struct case_step *ask, const char *id, size_t max, struct err *err)
{
    struct say_number most;
    const struct str args[] = {say_number(&most, (int64_t)max)};
    return say_refusal(err, DF_REJECT, ask->lang, id, args, 1);
}

static enum df_rc check_arguments(const struct case_step *ask, struct err *err)
{
    const struct act_rule *r = act_rule(ask->act);
    struct str word = say_act(ask->lang, ask->act);
    bool wordless = !ask->text || str_trim(ask->text->text).len == 0;
    if (!(r->needs & BY_PEOPLE))
        return REFUSE(err, DF_REJECT, ask->lang, "refused.machine", word);
    if (ask->who.len == 0)
        return REFUSE(err, DF_REJECT, ask->lang, "refused.no-name", word);
    if ((r->needs & NEEDS_WHY) && ask->why.len == 0)
        return REFUSE(err, DF_REJECT, ask->lang, "refused.no-why", word);
    if ((r->needs & NEEDS_OUTCOME) && ask->outcome == OUTCOME_NONE)
        return REFUSE(err, DF_REJECT, ask->lang, "refused.no-outcome", word);
    if ((r->needs & NEEDS_TEXT) && wordless)
        return REFUSE(err, DF_REJECT, ask->lang, "refused.no-text", word);
    if (ask->why.len > DF_MAX_NOTE)
        return too_long(ask, "refused.long-why", DF_MAX_NOTE, err);
    if (ask->text && ask->text->text.len > DF_MAX_REPLY)
        return too_long(ask, "refused.long-reply", DF_MAX_REPLY, err);
    return DF_OK;
}

static enum df_rc save_text(struct step *s, struct err *err)
{
    const struct suggestion *t = s->ask->text;
    struct draft_row draft = {
        .case_id = s->c.id,
        .at = s->now,
        .who = s->ask->who,
        .lang = t->lang.len ? t->lang : s->c.lang,
        .text = t->text,
        .findings = t->findings.len ? t->findings : STR("[]"),
        .pieces = t->pieces.len ? t->pieces : STR("[]"),
    };
    return s->cw->store->drafts->put(s->cw->store, &draft, err);
}

static enum df_rc approve(struct step *s, struct err *err)
{
    struct store *st = s->cw->store;
    struct draft_row *drafts;
    struct say_number id;
    int count = 0;
    enum df_rc rc = st->drafts->list(st, s->c.id, 1, s->arena, &drafts, &count, err);
    if (rc == DF_OK && count == 0)
        return REFUSE(err, DF_REJECT, s->ask->lang, "refused.no-draft", say_number(&id, s->c.id));
    if (rc == DF_OK)
        rc = st->drafts->approve(st, drafts[0].id, s->ask->who, s->now, err);
    if (rc == DF_NONE)
        return REFUSE(err, DF_REJECT, s->ask->lang, "refused.own-draft",
                      say_number(&id, s->c.id), drafts[0].who);
    return rc;
}

static enum df_rc sent(struct step *s, struct err *err)
{
    struct case_row *c = &s->c;
    if (s->cw->conf->approval[c->urgency] && (c->state != CASE_APPROVED || s->ask->text))
        return REFUSE(err, DF_REJECT, s->ask->lang, "refused.approval",
                      str_of(urgency_name(c->urgency)));
    if (c->sent == DF_NO_TIME) { /* the first answer is the one that is measured */
        c->sent = s->now;
        c->answered_late = c->answer_by != DF_NO_TIME && s->now > c->answer_by;
    }
    c->wake = 0;
    return s->ask->text ? save_text(s, err) : DF_OK;
}

static enum df_rc snooze(struct step *s, struct err *err)
{
    if (s->ask->until <= s->now)
        return say_refusal(err, DF_REJECT, s->ask->lang, "refused.past", NULL, 0);
    s->c.wake = s->ask->until;
    return DF_OK;
}

/* What the act changes besides state and owner. */
static enum df_rc apply(struct step *s, struct err *err)
{
    struct case_row *c = &s->c;
    switch (s->ask->act) {
    case ACT_DRAFT: return save_text(s, err);
    case ACT_APPROVE: return approve(s, err);
    case ACT_SENT: return sent(s, err);
    case ACT_SNOOZE: return snooze(s, err);
    case ACT_WAKE: c->wake = 0; return DF_OK;
    case ACT_CLOSE:
        c->outcome = s->ask->outcome;
        c->closed = s->now;
        c->wake = 0;
        return DF_OK;
    case ACT_REOPEN:
        c->outcome = OUTCOME_NONE;
        c->closed = DF_NO_TIME;
        return DF_OK;
    default: return DF_OK; /* the table says it all */
    }
}

/* Only the claim itself decides who was first: it is one statement of the database. */
static enum df_rc claim(struct step *s, struct err *err)
{
    struct store *st = s->cw->store;
    int64_t id = 0;
    enum df_rc rc = st->cases->claim(st, s->ask->case_id, s->ask->least, s->ask->who, s->now, &id,
                                     err);
    if (rc == DF_NONE && s->ask->case_id == 0)
        return say_refusal(err, DF_NONE, s->ask->lang, "refused.empty", NULL, 0);
    if (rc == DF_NONE) {
        rc = st->cases->get(st, s->ask->case_id, s->arena, &s->c, err);
        if (rc == DF_OK)
            rc = act_check(ACT_CLAIM, &s->c, s->ask->who, s->ask->lang, err);
        return rc == DF_OK ? decide_lost(s->ask->case_id, s->ask->lang, err) : rc;
    }
    if (rc == DF_OK)
        rc = st->cases->get(st, id, s->arena, &s->c, err);
    if (rc == DF_OK)
        rc = decide_note(s->cw, &s->c, ACT_CLAIM, case_state_name(CASE_NEW), s->ask->who,
                         s->ask->why, err);
    return rc;
}

static struct str ledger_words(const struct step *s)
{
    const struct case_step *ask = s->ask;
    if (ask->act == ACT_CLOSE)
        return arena_printf(s->arena, "%s%s%.*s", case_outcome_name(ask->outcome),
                            ask->why.len ? ": " : "", STR_FMT(ask->why));
    if (ask->act != ACT_SNOOZE)
        return ask->why;
    struct buf b = BUF_INIT(DF_MAX_NOTE + 64);
    buf_puts(&b, "until ");
    time_put_rfc3339(&b, ask->until);
    buf_puts(&b, ask->why.len ? ": " : "");
    buf_str(&b, ask->why);
    struct str words = arena_str(s->arena, buf_view(&b));
    buf_free(&b);
    return words;
}

static enum df_rc other_step(struct step *s, struct err *err)
{
    struct store *st = s->cw->store;
    const struct act_rule *r = act_rule(s->ask->act);
    struct case_row *c = &s->c;
    enum df_rc rc = st->cases->get(st, s->ask->case_id, s->arena, c, err);
    if (rc != DF_OK)
        return rc;
    if (s->ask->rev && s->ask->rev != c->rev)
        return decide_lost(c->id, s->ask->lang, err);
    rc = act_check(s->ask->act, c, s->ask->who, s->ask->lang, err);
    if (rc != DF_OK)
        return rc;
    const char *from = case_state_name(c->state);
    if ((r->needs & TAKES_FREE) && c->owner.len == 0)
        c->owner = s->ask->who;
    rc = apply(s, err);
    if (r->to >= 0)
        c->state = (enum case_state)r->to;
    if (r->needs & DROPS_OWNER)
        c->owner = STR_NONE;
    if (rc == DF_OK)
        rc = st->cases->update(st, c, err);
    if (rc == DF_NONE)
        return decide_lost(c->id, s->ask->lang, err);
    if (rc == DF_OK)
        rc = decide_note(s->cw, c, s->ask->act, from, s->ask->who, ledger_words(s), err);
    return rc;
}

enum df_rc casework_act(struct casework *cw, const struct case_step *ask, struct arena *a,
                        struct case_row *out, struct err *err)
{
    struct step s = {.cw = cw, .ask = ask, .arena = a, .now = clock_now(cw->clock)};
    enum df_rc rc = check_arguments(ask, err);
    if (rc == DF_OK)
        rc = store_begin(cw->store, err);
    if (rc != DF_OK)
        return rc;
    rc = ask->act == ACT_CLAIM ? claim(&s, err) : other_step(&s, err);
    struct say_number id;
    if (rc == DF_NONE && ask->case_id)
        rc = REFUSE(err, DF_NONE, ask->lang, "refused.no-case", say_number(&id, ask->case_id));
    rc = store_finish(cw->store, rc, err);
    if (rc == DF_OK && out)
        *out = s.c;
    return rc;
}
