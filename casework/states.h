/* states.h: what may be done to a case when. The rules are one table (states.c); there is no
 * other place that knows them. Pure: no store, no clock. */
#ifndef DF_CASEWORK_STATES_H
#define DF_CASEWORK_STATES_H

#include "core/err.h"
#include "core/msg.h"
#include "model/case.h"

/* X(ENUM_SUFFIX, "word"): the words stand in the ledger and on the command line. */
#define CASE_ACTS(X)                                                                           \
    X(OPEN, "open") X(CLAIM, "claim") X(RELEASE, "release") X(DRAFT, "draft")                  \
    X(APPROVE, "approve") X(SENT, "sent") X(PENDING, "pending") X(VISIBLE, "visible")          \
    X(REJECTED, "rejected") X(FOLLOW, "follow") X(CLOSE, "close") X(REOPEN, "reopen")          \
    X(NOTE, "note") X(SNOOZE, "snooze") X(WAKE, "wake") X(EDITED, "edited")                    \
    X(JOINED, "joined") X(RAISE, "raise") X(GONE, "gone")

#define CASE_ENUM_ACT(e, n) ACT_##e,
enum case_act { CASE_ACTS(CASE_ENUM_ACT) CASE_ACT_COUNT };

const char *case_act_name(enum case_act act);
int case_act_of(struct str word); /* -1: none of them */

enum act_needs {
    NEEDS_OWNER = 1,   /* only who has claimed it may */
    NEEDS_WHY = 2,     /* a reason in words */
    NEEDS_OUTCOME = 4, /* what came of it */
    NEEDS_TEXT = 8,    /* a reply text */
    NEEDS_UNTIL = 16,  /* a time */
    TAKES_FREE = 32,   /* whoever does it becomes the owner when there is none */
    DROPS_OWNER = 64,  /* nobody has it afterwards */
    BY_PEOPLE = 128,   /* a person may ask for it; the others are the machine's own */
};

struct act_rule {
    unsigned from; /* bit per enum case_state */
    int to;        /* enum case_state, or -1: the state stays */
    unsigned needs;
};

const struct act_rule *act_rule(enum case_act act);
bool act_allowed(enum case_act act, enum case_state from);
/* DF_REJECT with a sentence that says from where it is allowed, in that language. */
DF_CHECKED enum df_rc act_check(enum case_act act, const struct case_row *c, struct str who,
                                enum ui_lang lang, struct err *err);

#endif
