/* casework.h: what is done about a post. Turns verdicts into cases with a clock, carries cases
 * from step to step, keeps the ledger, and decides which alerts leave the house. Every decision
 * and its alerts are one transaction of the store: a kill at any moment loses nothing and doubles
 * nothing. It must not know how alerts look or travel, nor how a verdict came about.
 *
 * How a batch of posts is taken in (cmd/run):
 *     store_begin(st)
 *     for each post:  st->posts->put(st, &post, &put)
 *                     if put.change is not POST_SAME:  analyze;  casework_triage(…)
 *     st->sources->put(st, …cursor…);  store_commit(st)
 *
 * Lifetime: a casework is a plain struct over what the caller owns; results live in the arena
 * given. Threads: as its store. */
#ifndef DF_CASEWORK_CASEWORK_H
#define DF_CASEWORK_CASEWORK_H

#include "casework/clocks.h"
#include "casework/states.h"
#include "core/clock.h"
#include "core/msg.h"
#include "model/alert.h"
#include "storage/store.h"

#define CASEWORK_MACHINE STR("defuse") /* who, when no person did it */

/* A composed reply offered with a new case. */
struct suggestion {
    struct str text, lang;
    struct str findings, pieces; /* JSON arrays; empty: [] */
};

struct alert_route {
    struct str sink;    /* name of a configured destination */
    enum urgency least; /* this urgent or more goes there */
};

struct casework_conf {
    struct clock_plan clocks;
    enum urgency open_from;      /* opens a case at this urgency or above; the verdict's
                                    needs_reply opens one whatever the urgency */
    bool approval[URGENCIES];    /* a second person must approve before it is sent */
    const struct alert_route *routes;
    int route_count;
    /* Optional. DF_NONE: nothing to suggest. A failure is no reason not to open the case. */
    enum df_rc (*suggest)(void *ctx, const struct post *, const struct verdict *, struct arena *,
                          struct suggestion *out, struct err *);
    void *suggest_ctx;
};

struct casework_conf casework_conf_default(void);

struct casework {
    struct store *store;
    const struct clock *clock;
    const struct casework_conf *conf;
};

/* ---- posts come in ---- */
enum triage_did {
    TRIAGE_NOTHING,  /* nothing to answer */
    TRIAGE_OPENED,   /* a new case */
    TRIAGE_JOINED,   /* one more post for the author's case */
    TRIAGE_RETAGGED, /* an edit; the case knows the new version */
    TRIAGE_RAISED,   /* and it is more urgent than before */
    TRIAGE_REOPENED, /* an answered or closed case has something new to answer */
};

struct triage {
    enum triage_did did;
    int64_t case_id; /* 0: none */
    int alerts;      /* written to the outbox */
};

/* Keeps the verdict and decides. row: as put returned it, post->seen known. May run inside the
 * caller's transaction. The same post and version twice: the second time nothing happens. */
DF_CHECKED enum df_rc casework_triage(struct casework *cw, const struct post_row *row,
                                      const struct verdict *v, struct arena *a,
                                      struct triage *out, struct err *err);
/* Keeps the verdict only: posts that were there before the first run (baseline). */
DF_CHECKED enum df_rc casework_judge(struct casework *cw, const struct post_row *row,
                                     const struct verdict *v, struct err *err);

/* The place says that this post was deleted: its case is told so. DF_NONE: it has none. */
DF_CHECKED enum df_rc casework_gone(struct casework *cw, int64_t post_id, struct arena *a,
                                    struct err *err);

/* ---- people work ---- */
struct case_step {
    int64_t case_id; /* 0 with ACT_CLAIM: the first of the queue */
    enum case_act act;
    struct str who;
    struct str why;
    enum case_outcome outcome; /* close */
    int64_t until;             /* snooze */
    int64_t rev;               /* refuse when the case has moved on since; 0: do not care */
    enum urgency least;        /* claim the first: of this urgency or above */
    const struct suggestion *text; /* draft; also sent, when it went out differently */
    enum ui_lang lang;         /* of the person: a refusal is said in it */
};

/* DF_NONE: no such case, or an empty queue · DF_REJECT: not allowed, and err says why ·
 * DF_RETRY: somebody changed it meanwhile: look again. */
DF_CHECKED enum df_rc casework_act(struct casework *cw, const struct case_step *step,
                                   struct arena *a, struct case_row *out, struct err *err);

/* ---- all there is to know of one case, for a page or `queue show` ---- */
struct case_view {
    struct case_row row;
    struct post_row post;         /* the post that opened it, newest version */
    struct verdict verdict;       /* newest on that post; has_verdict */
    bool has_verdict;
    struct post_row *posts;       /* all of the case, the opening one included */
    int post_count;
    struct ledger_row *ledger;    /* oldest first */
    int ledger_count;
    struct draft_row *drafts;     /* newest first */
    int draft_count;
};

DF_CHECKED enum df_rc casework_view(struct casework *cw, int64_t case_id, struct arena *a,
                                    struct case_view *out, struct err *err);

#endif
