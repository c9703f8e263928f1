#include <criterion/criterion.h>

#include "casework/states.h"

/* The whole table once more, as sentences, so that a change of it is a decision. */
static const struct {
    enum case_act act;
    const char *from; /* states in which it is allowed */
    const char *to;   /* NULL: it stays */
} table[] = {
    {ACT_OPEN, "", "new"},
    {ACT_CLAIM, "new", "claimed"},
    {ACT_RELEASE, "claimed drafted approved rejected", "new"},
    {ACT_DRAFT, "new claimed drafted approved rejected", "drafted"},
    {ACT_APPROVE, "drafted", "approved"},
    {ACT_SENT, "claimed drafted approved rejected", "sent"},
    {ACT_PENDING, "sent", "pending"},
    {ACT_VISIBLE, "sent pending", "visible"},
    {ACT_REJECTED, "sent pending visible", "rejected"},
    {ACT_FOLLOW, "sent pending visible", "following"},
    {ACT_CLOSE, "new claimed drafted approved sent pending visible rejected following", "closed"},
    {ACT_REOPEN, "sent pending visible following closed", "new"},
    {ACT_NOTE, "new claimed drafted approved sent pending visible rejected following closed", NULL},
    {ACT_SNOOZE, "new claimed drafted approved sent pending visible rejected following", NULL},
    {ACT_WAKE, "new claimed drafted approved sent pending visible rejected following", NULL},
    {ACT_EDITED, "new claimed drafted approved sent pending visible rejected following closed", NULL},
    {ACT_JOINED, "new claimed drafted approved sent pending visible rejected following closed", NULL},
    {ACT_RAISE, "new claimed drafted approved sent pending visible rejected following", NULL},
    {ACT_GONE, "new claimed drafted approved sent pending visible rejected following closed", NULL},
};

static bool listed(const char *words, const char *word)
{
    struct str all = str_of(words), one;
    while (str_split(&all, ' ', &one))
        if (str_is(one, word))
            return true;
    return false;
}

Test(casework_states, every_act_is_allowed_where_the_table_says)
{
    cr_assert_eq(sizeof table / sizeof *table, (size_t)CASE_ACT_COUNT);
    for (int i = 0; i < CASE_ACT_COUNT; i++) {
        const struct act_rule *r = act_rule(table[i].act);
        cr_expect_eq(r->to, table[i].to ? case_state_of(str_of(table[i].to)) : -1, "%s",
                     case_act_name(table[i].act));
        for (int s = 0; s < CASE_STATE_COUNT; s++)
            cr_expect_eq(act_allowed(table[i].act, (enum case_state)s),
                         listed(table[i].from, case_state_name((enum case_state)s)), "%s from %s",
                         case_act_name(table[i].act), case_state_name((enum case_state)s));
    }
}

Test(casework_states, words_go_there_and_back)
{
    for (int i = 0; i < CASE_ACT_COUNT; i++)
        cr_expect_eq(case_act_of(str_of(case_act_name((enum case_act)i))), i);
    for (int i = 0; i < CASE_STATE_COUNT; i++)
        cr_expect_eq(case_state_of(str_of(case_state_name((enum case_state)i))), i);
    for (int i = 0; i < CASE_OUTCOME_COUNT; i++)
        cr_expect_eq(case_outcome_of(str_of(case_outcome_name((enum case_outcome)i))), i);
    cr_expect_eq(case_act_of(STR("shout")), -1);
}

Test(casework_states, a_refusal_says_from_where_it_is_allowed)
{
    struct err err = {0};
    struct case_row c = CASE_INIT;
    c.id = 7;
    cr_expect_eq(act_check(ACT_APPROVE, &c, STR("ann"), UI_EN, &err), DF_REJECT);
    cr_expect_str_eq(err.text, "case 7 is new; 'approve' is for cases that are: drafted");
    c.state = CASE_CLAIMED;
    c.owner = STR("bob");
    cr_expect_eq(act_check(ACT_CLAIM, &c, STR("ann"), UI_EN, &err), DF_REJECT);
    cr_expect_str_eq(err.text, "case 7 is claimed by bob already");
    cr_expect_eq(act_check(ACT_DRAFT, &c, STR("ann"), UI_EN, &err), DF_REJECT);
    cr_expect_eq(act_check(ACT_DRAFT, &c, STR("bob"), UI_EN, &err), DF_OK);
}
