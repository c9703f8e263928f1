/* case_choices.c: what may be done with a case, as buttons. The rules are casework's table. */
#include "dashboard/case.h"

static bool may(const struct page *p, const struct case_view *c, enum case_act act)
{
    struct err ignored;

    return act_check(act, &c->row, p->actor, p->words.lang, &ignored) == DF_OK;
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

bool case_waits(const struct page *p, const struct case_view *c)
{
    return p->site->cases->conf->approval[c->row.urgency] && c->row.state != CASE_APPROVED;
}

static bool wrote_it(const struct page *p, const struct case_view *c)
{
    return c->draft_count && str_eq(c->drafts[0].who, p->actor);
}

void case_fill_choices(struct page *p, const struct case_view *c, struct view_case *v)
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

        if (!may(p, c, acts[i].act) || (acts[i].act == ACT_SENT && case_waits(p, c)) ||
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
