#include "casework/say.h"

#include "core/buf.h"

#define NAME(e, n) n,
static const char *const names[] = {CASE_ACTS(NAME) NULL};
#undef NAME

enum {
    NEW = 1 << CASE_NEW,
    CLAIMED = 1 << CASE_CLAIMED,
    DRAFTED = 1 << CASE_DRAFTED,
    APPROVED = 1 << CASE_APPROVED,
    SENT = 1 << CASE_SENT,
    PENDING = 1 << CASE_PENDING,
    VISIBLE = 1 << CASE_VISIBLE,
    REJECTED = 1 << CASE_REJECTED,
    FOLLOWING = 1 << CASE_FOLLOWING,
    CLOSED = 1 << CASE_CLOSED,

    WORK = CLAIMED | DRAFTED | APPROVED, /* somebody is writing */
    OUT = SENT | PENDING | VISIBLE | FOLLOWING,
    OPEN = NEW | WORK | OUT | REJECTED,
    ANY = OPEN | CLOSED,
    STAYS = -1,
};

/* A rejected answer (the place took it down) goes back to writing. `sent` is allowed without a
 * draft: people also answer by hand. Whether an approval must come first is the configuration's. */
static const struct act_rule rules[CASE_ACT_COUNT] = {
    [ACT_OPEN] = {0, CASE_NEW, 0},
    [ACT_CLAIM] = {NEW, CASE_CLAIMED, TAKES_FREE | BY_PEOPLE},
    [ACT_RELEASE] = {WORK | REJECTED, CASE_NEW, NEEDS_OWNER | DROPS_OWNER | BY_PEOPLE},
    [ACT_DRAFT] = {NEW | WORK | REJECTED, CASE_DRAFTED,
                   NEEDS_OWNER | NEEDS_TEXT | TAKES_FREE | BY_PEOPLE},
    [ACT_APPROVE] = {DRAFTED, CASE_APPROVED, BY_PEOPLE},
    [ACT_SENT] = {WORK | REJECTED, CASE_SENT, NEEDS_OWNER | BY_PEOPLE},
    [ACT_PENDING] = {SENT, CASE_PENDING, BY_PEOPLE},
    [ACT_VISIBLE] = {SENT | PENDING, CASE_VISIBLE, BY_PEOPLE},
    [ACT_REJECTED] = {SENT | PENDING | VISIBLE, CASE_REJECTED, BY_PEOPLE},
    [ACT_FOLLOW] = {SENT | PENDING | VISIBLE, CASE_FOLLOWING, BY_PEOPLE},
    [ACT_CLOSE] = {OPEN, CASE_CLOSED, NEEDS_OUTCOME | BY_PEOPLE},
    [ACT_REOPEN] = {CLOSED | OUT, CASE_NEW, DROPS_OWNER | NEEDS_WHY | BY_PEOPLE},
    [ACT_NOTE] = {ANY, STAYS, NEEDS_WHY | BY_PEOPLE},
    [ACT_SNOOZE] = {OPEN, STAYS, NEEDS_UNTIL | BY_PEOPLE},
    [ACT_WAKE] = {OPEN, STAYS, BY_PEOPLE},
    [ACT_EDITED] = {ANY, STAYS, 0},
    [ACT_JOINED] = {ANY, STAYS, 0},
    [ACT_RAISE] = {OPEN, STAYS, 0},
    [ACT_GONE] = {ANY, STAYS, 0},
};

const char *case_act_name(enum case_act act)
{
    return names[act];
}

int case_act_of(struct str word)
{
    for (int i = 0; names[i]; i++)
        if (str_is(word, names[i]))
            return i;
    return -1;
}

const struct act_rule *act_rule(enum case_act act)
{
    return &rules[act];
}

bool act_allowed(enum case_act act, enum case_state from)
{
    return rules[act].from >> from & 1;
}

static enum df_rc refuse(enum case_act act, const struct case_row *c, enum ui_lang lang,
                         struct err *err)
{
    struct buf fitting = BUF_INIT(512);
    struct say_number id;
    for (int s = 0; s < CASE_STATE_COUNT; s++)
        if (act_allowed(act, (enum case_state)s)) {
            buf_puts(&fitting, !fitting.len ? "" : lang == UI_EN ? ", " : "、");
            buf_str(&fitting, say_state(lang, (enum case_state)s));
        }
    enum df_rc rc = REFUSE(err, DF_REJECT, lang, "refused.state", say_number(&id, c->id),
                           say_state(lang, c->state), say_act(lang, act), buf_view(&fitting));
    buf_free(&fitting);
    return rc;
}

enum df_rc act_check(enum case_act act, const struct case_row *c, struct str who,
                     enum ui_lang lang, struct err *err)
{
    const struct act_rule *r = &rules[act];
    struct say_number id;
    if (!act_allowed(act, c->state)) {
        if (act == ACT_CLAIM && c->owner.len)
            return REFUSE(err, DF_REJECT, lang, "refused.claimed", say_number(&id, c->id),
                          c->owner);
        return refuse(act, c, lang, err);
    }
    if ((r->needs & NEEDS_OWNER) && c->owner.len && !str_eq(c->owner, who))
        return REFUSE(err, DF_REJECT, lang, "refused.theirs", say_number(&id, c->id), c->owner,
                      say_act(lang, act));
    return DF_OK;
}
