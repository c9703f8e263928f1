/* views.h: what each page shows, as plain data. The page files (page_*.c) fill these from the
 * store; the templates (templates/NAME.html) only lay them out. Nothing here knows requests,
 * storage or time: every text is final, in the reader's language, and lives in the request's arena.
 * Text from outside the house is `struct outside`, everything else is ours. */
#ifndef DF_DASHBOARD_VIEWS_H
#define DF_DASHBOARD_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dashboard/html.h"

struct view_time {
    struct str iso;  /* for <time datetime>; empty: not known */
    struct str text; /* "in 41 min", "2 h late", "21 Nov 09:14" */
    struct str full; /* date and time with the offset */
    bool over;       /* the moment has passed and that matters */
};

/* Round every page. */
struct view_frame {
    const char *page;     /* entry of the menu that is open: "queue", "sources" or "" */
    struct str title;
    const char *lang;     /* language tag of the page */
    const char *theme;    /* "", "light" or "dark" */
    struct str actor;     /* the name steps are signed with */
    struct str token;     /* goes back with every form */
    struct str here;      /* path and query, to come back to after changing a preference */
    struct str flash;     /* what the last step did; empty: nothing */
    bool flash_bad;
    struct str now;       /* the server's clock in milliseconds, for live countdowns */
    struct str clock;     /* their six wordings, for the script */
    struct str css, js, icon; /* addresses of the assets, by content */
};

/* One case in a list. */
struct view_row {
    int64_t id;
    const char *urgency;  /* "P1".."P4" */
    bool burning;         /* P1: the alarm colour at its edge */
    bool here;            /* the case that is open */
    struct view_time due;
    const char *clock;    /* a word beside the clock: "snoozed", "" */
    int stars;            /* 0: none */
    struct str stars_label;
    struct outside title; /* may be empty */
    struct outside line;  /* first words */
    const char *lang;     /* of the line */
    const char *channel;
    struct outside source; /* the name it was given in the settings; else the channel */
    struct outside author;
    const char *category, *ask, *state;
    struct str assignee;
    int posts;            /* in this case */
};

struct view_tab {
    const char *label;
    struct str url;
    int64_t count;
    bool here;
};

struct view_pill {
    struct str text, remove; /* "channel:steam"; the address without it */
};

struct view_queue {
    int64_t mark;            /* changes when any case does */
    struct str query;        /* filter text as typed */
    struct view_tab tabs[4];
    size_t tab_count;
    struct view_pill *pills;
    size_t pill_count;
    struct view_row *rows;
    size_t row_count;
    struct str summary;      /* "51–100 of 312" */
    struct str prev, next;   /* addresses; empty: none */
    struct str health;       /* one line on the sources */
    bool health_bad;
    struct str empty_title, empty_text, empty_url, empty_link; /* when there are no rows */
    const char *problem;     /* a filter that could not be read; NULL: none */
};

/* A piece of the post's text: plain, or marked with the reasons that point at it. */
struct view_piece {
    struct outside text;
    struct str ids;      /* "why-1 why-3"; empty: plain */
    struct str numbers;  /* "1 3", shown at the end of a span; may be empty */
};

struct view_reason {
    size_t number;       /* 0: not marked in the text */
    struct outside why;
    struct str rule, weight;
    const char *effect;  /* class of the weight: "up", "down" */
};

struct view_fact {
    const char *kind;
    struct outside text;
};

struct view_change {     /* a stretch of the diff of an edited post */
    enum { CHANGE_SAME, CHANGE_GONE, CHANGE_NEW } kind;
    struct outside text;
};

struct view_version {
    struct view_time seen;
    struct view_change *changes;
    size_t change_count;
};

struct view_step {       /* one row of the ledger */
    struct view_time at;
    struct str who, what;
    struct outside note; /* "why", as people typed it */
};

struct view_finding {    /* of the reply linter */
    const char *level;   /* "block", "warn" or "note": its class */
    const char *label;
    struct outside span, why, fix;
};

struct view_lint {
    struct view_finding *items;
    size_t count;
    struct str counted;  /* "148 of 350 characters" */
    struct str stored;   /* the findings as JSON, as a draft keeps them */
    bool too_long, blocked;
    bool empty;              /* nothing to judge */
};

struct view_choice {
    const char *value, *label;
};

struct view_said {       /* another post of the same case */
    struct outside author, text;
    const char *lang;
    struct str url;
    struct view_time posted;
};

struct view_case {
    struct view_row row;
    struct str version;          /* goes back with every form */
    struct outside author;
    struct str url;              /* of the post; html_url checks it */
    const char *lang, *sentiment;
    struct view_time posted, seen, edited;
    struct view_piece *title_pieces, *pieces;
    size_t title_piece_count, piece_count;
    struct view_reason *reasons, *minor, *silenced;
    size_t reason_count, minor_count, silenced_count;
    struct view_fact *facts;
    size_t fact_count;
    struct view_version *versions;
    size_t version_count;
    struct view_step *steps;
    size_t step_count;
    struct view_said *said;      /* further posts of this case */
    size_t said_count;
    struct view_row *others;     /* the author's other cases */
    size_t other_count;
    struct str draft;
    const char *draft_lang;
    struct str draft_note;       /* where the text comes from */
    struct view_lint lint;
    struct view_choice reply_acts[5], *plain, *closes, *snoozes; /* the likely act is first */
    size_t reply_count, plain_count, close_count, snooze_count;
    bool ask_why;                /* the linter blocks: going on needs a reason */
    bool can_claim, can_write, can_snooze, can_close, can_reopen;
    struct str next;             /* the next case's address; empty: none */
};

/* Two people wrote at once. */
struct view_conflict {
    int64_t id;
    struct str version;          /* the present one */
    struct str by;               /* who changed it meanwhile, and when */
    struct str mine, theirs;
    const char *lang;
};

struct view_source {
    struct outside name;
    struct str channel, state;
    bool bad;
    struct view_time last_good, newest, next;
    int64_t posts;
    struct outside error;
};

struct view_sources {
    struct view_source *items;
    size_t count;
    struct str summary;
    bool bad;
};

/* The server could not do what was asked. */
struct view_problem {
    int status;
    struct str title, text;
    struct str saved; /* what was typed, so that nothing is lost; may be empty */
};

void tpl_frame_open(struct html *h, const struct view_frame *f);
void tpl_frame_close(struct html *h, const struct view_frame *f);
void tpl_token(struct html *h, const struct view_frame *f);
void tpl_queue(struct html *h, const struct view_frame *f, const struct view_queue *v);
void tpl_row(struct html *h, const struct view_row *r);
void tpl_case(struct html *h, const struct view_frame *f, const struct view_case *v);
void tpl_lint(struct html *h, const struct view_lint *v);
void tpl_conflict(struct html *h, const struct view_frame *f, const struct view_conflict *v);
void tpl_sources(struct html *h, const struct view_frame *f, const struct view_sources *v);
void tpl_problem(struct html *h, const struct view_frame *f, const struct view_problem *v);

#endif
