/* case.h: one thing to answer, as plain data. Words for states and outcomes are written here and
 * nowhere else. What may follow what is casework's business (casework/states.h). */
#ifndef DF_MODEL_CASE_H
#define DF_MODEL_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/str.h"
#include "model/verdict.h"

/* X(ENUM_SUFFIX, "word") in the order a case usually takes. */
#define CASE_STATES(X)                                                                         \
    X(NEW, "new") X(CLAIMED, "claimed") X(DRAFTED, "drafted") X(APPROVED, "approved")          \
    X(SENT, "sent") X(PENDING, "pending") X(VISIBLE, "visible") X(REJECTED, "rejected")        \
    X(FOLLOWING, "following") X(CLOSED, "closed")
#define CASE_OUTCOMES(X)                                                                       \
    X(NONE, "") X(RESOLVED, "resolved") X(WATCHED, "watched") X(NO_REPLY, "no-reply")          \
    X(OUT_OF_SCOPE, "out-of-scope") X(DUPLICATE, "duplicate")                                  \
    X(SUSPECTED_FALSE, "suspected-false")

#define CASE_ENUM_STATE(e, n) CASE_##e,
#define CASE_ENUM_OUTCOME(e, n) OUTCOME_##e,
enum case_state { CASE_STATES(CASE_ENUM_STATE) CASE_STATE_COUNT };
enum case_outcome { CASE_OUTCOMES(CASE_ENUM_OUTCOME) CASE_OUTCOME_COUNT };

const char *case_state_name(enum case_state v);
const char *case_outcome_name(enum case_outcome v); /* "" for OUTCOME_NONE: still open */
/* -1 when the word is none of them. */
int case_state_of(struct str word);
int case_outcome_of(struct str word);

struct case_row {
    int64_t id;      /* the number people say */
    int64_t post_id; /* the post that opened it */
    int version;     /* newest version of that post which triage has seen */
    int64_t rev;     /* moves on with every change */
    enum case_state state;
    enum case_outcome outcome;
    enum urgency urgency; /* the clock it runs by: the highest any version asked for */
    enum category category;
    enum sentiment sentiment;
    struct str channel;
    struct str author_id; /* of the post, empty when unknown: finds their earlier cases */
    struct str lang;   /* of the verdict: who can answer */
    struct str reason; /* one line: why it is here */
    struct str owner;  /* empty: nobody has it */
    int64_t posted;    /* the post's own time, DF_NO_TIME when the place gives none */
    int64_t seen;      /* when it first reached us */
    int64_t opened;
    int64_t alerted;    /* first alert that a sink accepted; DF_NO_TIME: none yet */
    int64_t due;        /* public answer due, by the post's time; DF_NO_TIME: no clock */
    int64_t answer_by;  /* the same from when we could know: what the team is measured by */
    bool seen_late;     /* due had passed before we saw it */
    int answered_late;  /* 1 late, 0 in time, -1 not answered yet */
    int64_t sent;       /* DF_NO_TIME: not yet */
    int64_t closed;     /* DF_NO_TIME: open */
    int64_t wake;       /* snoozed until then; 0: awake */
};

#define CASE_INIT                                                                              \
    ((struct case_row){.posted = DF_NO_TIME, .alerted = DF_NO_TIME, .due = DF_NO_TIME,         \
                       .answer_by = DF_NO_TIME, .answered_late = -1, .sent = DF_NO_TIME,       \
                       .closed = DF_NO_TIME})

/* One JSON object, keys in the order of the struct; times as RFC 3339, null when unknown. */
struct json_out;
void case_put_json(struct json_out *w, const struct case_row *c);

#endif
