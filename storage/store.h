/* store.h: SEAM. What is remembered, and how it is asked for. Users hold a `struct store *` and
 * call through its groups:   rc = st->cases->claim(st, id, who, now, arena, &row, &err);
 *
 * A driver is one file (or small folder) that fills these tables; its own state follows the
 * struct store inside its handle. Drivers: sqlite (one file on disk), mem (for tests and dry
 * runs), fault (wraps another and fails on order). What all of them must do is
 * tests/contract/store_contract.c.
 *
 * Must not know: rules, clocks, what a state means. It keeps words and times; casework decides.
 * Transactions: every group function that writes must run between store_begin and store_commit;
 * they nest, an inner rollback undoes the inner part only. Reading needs none.
 * Results: DF_OK · DF_NONE nothing there, or (where said) somebody else was faster · DF_RETRY the
 * database is busy · DF_REJECT this row breaks a rule of the data, others may go on · DF_FATAL
 * disk full, damaged file, no permission: stop.
 * Lifetime: texts handed out live in the caller's arena; texts handed in are copied.
 * Threads: a handle belongs to one thread; open one more for another thread or process. */
#ifndef DF_STORAGE_STORE_H
#define DF_STORAGE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "model/case.h"
#include "model/overall.h"
#include "model/post.h"
#include "model/verdict.h"

struct store {
    const struct store_ops *driver;
    const struct store_posts *posts;
    const struct store_cases *cases;
    const struct store_links *links;
    const struct store_ledger *ledger;
    const struct store_drafts *drafts;
    const struct store_outbox *outbox;
    const struct store_sources *sources;
    const struct store_ratings *ratings;
    const struct store_robots *robots;
    const struct store_meta *meta;
    int depth; /* open store_begin calls */
    /* For what can be had again: transactions begun while this is set do not wait for the disk. A
     * kill undoes none of them. A power cut may undo the last ones, whole and from the newest; the
     * next transaction begun without it, of any handle, makes all before it last as well. */
    bool unhurried;
    /* clock_ticks_ms() past which statements of this handle give up with DF_RETRY, so that a dear
     * question or another writer cannot keep a page waiting. 0: they may take their time. */
    int64_t deadline;
};

/* Opens by address: "sqlite:PATH" or a bare PATH, "mem:", "fault:SCRIPT@ADDRESS" (store_fault.h).
 * Creates what is missing and brings an older schema up to date. DF_FATAL with one clear line
 * when the file is damaged, from a newer defuse, or cannot be written. */
DF_CHECKED enum df_rc store_open(const char *address, struct store **out, struct err *err);
void store_close(struct store **st); /* an open transaction is rolled back */

DF_CHECKED enum df_rc store_begin(struct store *st, struct err *err);
DF_CHECKED enum df_rc store_commit(struct store *st, struct err *err);
void store_rollback(struct store *st); /* never fails: what cannot be undone was never kept */
/* The usual end of a writing function: commits when rc is DF_OK, rolls back otherwise. */
DF_CHECKED enum df_rc store_finish(struct store *st, enum df_rc rc, struct err *err);

/* ---- the driver itself ---- */
struct store_ops {
    const char *name; /* "sqlite": the word before the colon of an address */
    /* rest: the address without that word. */
    enum df_rc (*open)(const char *rest, struct store **out, struct err *err);
    void (*close)(struct store *st);
    /* depth 0 opens the real transaction and takes the right to write; deeper ones are marks. */
    enum df_rc (*begin)(struct store *st, int depth, struct err *err);
    enum df_rc (*commit)(struct store *st, int depth, struct err *err);
    void (*rollback)(struct store *st, int depth);
};

/* ---- posts: what was written, every version of it, and what was said about it ---- */
enum post_change { POST_SAME, POST_ADDED, POST_EDITED };

struct post_put {
    int64_t id;
    int version;
    enum post_change change;
};

struct post_row {
    int64_t id;
    int version;
    struct post post;
};

struct post_filter { /* empty or zero: no restriction */
    int64_t after;   /* ids above this: the way to page */
    struct str channel;
    struct str author_id; /* needs channel; walks all posts: rare questions only */
    int64_t since, until; /* created, or first seen where the place gives no date; DF_NO_TIME */
    int limit;
};

struct store_posts {
    /* Same channel and id and digest: POST_SAME, only reactions are renewed. Another digest: the
     * next version of the same post. post->seen is the time of arrival and must be known. */
    enum df_rc (*put)(struct store *, const struct post *, struct post_put *out, struct err *);
    /* version 0: the newest. DF_NONE: no such post or version. */
    enum df_rc (*get)(struct store *, int64_t id, int version, struct arena *,
                      struct post_row *out, struct err *);
    /* By channel and the id it has there. */
    enum df_rc (*find)(struct store *, struct str channel, struct str id, int64_t *out,
                       struct err *);
    /* The place says that it was deleted: noted, until it comes again. DF_NONE: not known here, or
     * noted already. What merely is no longer shown is not deleted. */
    enum df_rc (*gone)(struct store *, struct str channel, struct str id, int64_t at,
                       int64_t *out, struct err *);
    /* By id upwards; *count_out below the limit means the end. */
    enum df_rc (*list)(struct store *, const struct post_filter *, struct arena *,
                       struct post_row **out, int *count_out, struct err *);
    /* One opinion per version and rule set; a second one of the same rule set replaces it.
     * doc: the whole verdict as JSON. */
    enum df_rc (*judge)(struct store *, int64_t id, int version, const struct verdict *,
                        struct str doc, int64_t at, struct err *);
    /* The newest opinion on that version (0: on the newest version that has one), as JSON. */
    enum df_rc (*verdict)(struct store *, int64_t id, int version, struct arena *,
                          struct str *doc_out, struct err *);
};

/* ---- cases and their queue ---- */
struct queue_key { /* where a page ends: hand it in again for the next one */
    int64_t due;
    enum urgency urgency;
    int64_t id;
};

struct queue_filter {    /* zero: open cases that are awake, from the top */
    bool closed_too;     /* all cases, by number, instead of the open ones by due time */
    struct str author_id; /* all cases of this author on `channel`, by number */
    bool asleep_too;     /* snoozed ones as well */
    bool by_state, by_urgency;
    enum case_state state;
    enum urgency urgency; /* this or more urgent */
    struct str channel, lang, owner;
    struct str text; /* somewhere in title, text or author; letter case of ASCII ignored */
    int64_t now;     /* decides who is asleep */
    bool paged;
    struct queue_key after;
    int limit;
};

struct queue_count { /* open cases of one urgency */
    int64_t open, fresh, overdue, asleep;
};

struct store_cases {
    /* row->id is given; row->post_id is linked to it. DF_REJECT: that post has a case already. */
    enum df_rc (*open)(struct store *, struct case_row *row, struct err *);
    enum df_rc (*get)(struct store *, int64_t id, struct arena *, struct case_row *out,
                      struct err *);
    /* Writes the changed row back if it still is as it was read (row->rev); row->rev moves on.
     * DF_NONE: somebody changed it meanwhile, nothing was written. */
    enum df_rc (*update)(struct store *, struct case_row *row, struct err *);
    /* One atomic statement: nobody else has it and now `who` does. id 0: the first of the queue
     * (this urgent or more). DF_NONE: it was not free, or the queue is empty. */
    enum df_rc (*claim)(struct store *, int64_t id, enum urgency least, struct str who,
                        int64_t now, int64_t *id_out, struct err *);
    enum df_rc (*list)(struct store *, const struct queue_filter *, struct arena *,
                       struct case_row **out, int *count_out, struct err *);
    enum df_rc (*count)(struct store *, int64_t now, struct queue_count out[URGENCIES],
                        struct err *);
    /* Remembers the first time that a sink accepted an alert about it; later calls do nothing. */
    enum df_rc (*alerted)(struct store *, int64_t id, int64_t at, struct err *);
};

/* ---- links: which posts a case is about; a post is in one case at most ---- */
struct store_links {
    /* One more post for this case. DF_REJECT: it has a case already. */
    enum df_rc (*add)(struct store *, int64_t case_id, int64_t post_id, int64_t at, struct err *);
    /* DF_NONE: the post is in no case. */
    enum df_rc (*of_post)(struct store *, int64_t post_id, int64_t *case_id_out, struct err *);
    /* Numbers of all posts of the case, up to DF_MAX_CASE_POSTS. */
    enum df_rc (*posts)(struct store *, int64_t case_id, struct arena *, int64_t **out,
                        int *count_out, struct err *);
};

/* ---- ledger: append-only; casework/ledger.h computes and checks the hashes ---- */
enum { LEDGER_HASH = 32 };

struct ledger_row {
    int64_t seq, case_id, at;
    struct str who, act, from, to, why; /* why: STR_NONE when none was given, or erased */
    unsigned char why_digest[LEDGER_HASH], hash[LEDGER_HASH];
};

struct store_ledger {
    /* DF_NONE: the ledger is empty. Within a transaction nobody else can append after it. */
    enum df_rc (*last)(struct store *, int64_t *seq_out, unsigned char hash_out[LEDGER_HASH],
                       struct err *);
    enum df_rc (*append)(struct store *, const struct ledger_row *, struct err *);
    /* Rows above `after` in order; case_id 0: of all cases. */
    enum df_rc (*list)(struct store *, int64_t case_id, int64_t after, int limit, struct arena *,
                       struct ledger_row **out, int *count_out, struct err *);
};

/* ---- drafts: every reply text that was saved ---- */
struct draft_row {
    int64_t id, case_id, at;
    struct str who, lang, text;
    struct str findings, pieces; /* JSON arrays */
    struct str approved_by;      /* empty: nobody */
    int64_t approved_at;
};

struct store_drafts {
    enum df_rc (*put)(struct store *, struct draft_row *, struct err *); /* gives row->id */
    /* Newest first. */
    enum df_rc (*list)(struct store *, int64_t case_id, int limit, struct arena *,
                       struct draft_row **out, int *count_out, struct err *);
    /* DF_NONE: approved already, or by its own author. */
    enum df_rc (*approve)(struct store *, int64_t id, struct str who, int64_t at, struct err *);
};

/* ---- outbox: alerts on their way out ---- */
enum outbox_state { OUTBOX_WAITING, OUTBOX_SENT, OUTBOX_DEAD, OUTBOX_STATE_COUNT };

struct outbox_row {
    int64_t id, case_id; /* case_id 0: about no case */
    struct str dedup, alert_id, sink, kind, payload;
    enum outbox_state state;
    int attempt;
    int64_t created, next_at, sent_at;
    int last_code;
    struct str last_text;
};

struct outbox_count {
    struct str sink;
    int64_t waiting, sent, dead;
    int64_t oldest; /* created time of the oldest waiting; DF_NO_TIME */
};

struct store_outbox {
    /* DF_NONE: that dedup key is known, nothing was added. */
    enum df_rc (*add)(struct store *, const struct outbox_row *, struct err *);
    /* One atomic statement: takes up to `limit` due rows of that sink until `until`; counts the
     * attempt. Two drains never hold the same row. */
    enum df_rc (*lease)(struct store *, struct str sink, struct str holder, int64_t now,
                        int64_t until, int limit, struct arena *, struct outbox_row **out,
                        int *count_out, struct err *);
    /* How it went: row->state, next_at, sent_at, last_code, last_text. DF_NONE: the lease was
     * lost meanwhile, nothing was written. */
    enum df_rc (*settle)(struct store *, const struct outbox_row *, struct str holder,
                         struct err *);
    /* Nothing of that sink is tried before `until`. */
    enum df_rc (*hold)(struct store *, struct str sink, int64_t until, int64_t now, struct err *);
    /* Who holds leases just now, and: void all of this holder, who is dead. */
    enum df_rc (*holders)(struct store *, struct arena *, struct str **out, int *count_out,
                          struct err *);
    enum df_rc (*release)(struct store *, struct str holder, struct err *);
    /* Accepted there since: what a pace per minute is reckoned with. */
    enum df_rc (*spent)(struct store *, struct str sink, int64_t since, int64_t *out,
                        struct err *);
    /* state OUTBOX_STATE_COUNT: any; empty sink: any; ids above `after`. */
    enum df_rc (*list)(struct store *, enum outbox_state state, struct str sink, int64_t after,
                       int limit, struct arena *, struct outbox_row **out, int *count_out,
                       struct err *);
    enum df_rc (*count)(struct store *, struct arena *, struct outbox_count **out, int *count_out,
                        struct err *);
};

/* ---- sources: what is known of each between runs ---- */
struct source_row {
    struct str name, channel;
    struct str cursor, etag, last_modified; /* only the collector reads the cursor */
    int64_t last_try, last_ok, last_new, last_post; /* DF_NO_TIME: never */
    struct str last_error;                          /* empty after a good answer */
    int fails;                                      /* in a row */
    int64_t told_at;                                /* people were told of the failure */
    int64_t next_due, backoff_until;
    int64_t posts; /* brought, all time */
    bool first_run_done;
};

struct store_sources {
    enum df_rc (*get)(struct store *, struct str name, struct arena *, struct source_row *out,
                      struct err *);
    enum df_rc (*put)(struct store *, const struct source_row *, struct err *);
    enum df_rc (*list)(struct store *, struct arena *, struct source_row **out, int *count_out,
                       struct err *);
    enum df_rc (*forget)(struct store *, struct str name, struct err *);
};

/* ---- ratings: what places say of all their reviews together, as a series ---- */
struct rating_row {
    int64_t id, at; /* at: first seen so */
    struct str source;
    struct overall overall;
};

struct store_ratings {
    /* DF_NONE: it stands as the newest row of that source and thing says, nothing was added. */
    enum df_rc (*add)(struct store *, struct str source, const struct overall *, int64_t at,
                      struct err *);
    /* The newest of each thing of that source (empty: of all), by source and thing. */
    enum df_rc (*latest)(struct store *, struct str source, struct arena *,
                         struct rating_row **out, int *count_out, struct err *);
    /* The series, ids above `after`; *count_out below the limit means the end. */
    enum df_rc (*list)(struct store *, int64_t after, int limit, struct arena *,
                       struct rating_row **out, int *count_out, struct err *);
};

/* ---- robots: what sites allow, between runs; only the collector reads it ---- */
struct robots_row {
    struct str origin, body;
    int64_t until; /* to be asked for again after this */
};

struct store_robots {
    /* Those still good at `now`. */
    enum df_rc (*list)(struct store *, int64_t now, struct arena *, struct robots_row **out,
                       int *count_out, struct err *);
    enum df_rc (*put)(struct store *, const struct robots_row *, struct err *);
    enum df_rc (*forget)(struct store *, int64_t now, struct err *); /* those no longer good */
};

/* ---- meta: small settings and locks; storage/lock.h knows who is alive ---- */
struct lock_row {
    struct str holder;
    int64_t taken, expires;
};

struct store_meta {
    enum df_rc (*get)(struct store *, const char *key, struct arena *, struct str *out,
                      struct err *);
    enum df_rc (*put)(struct store *, const char *key, struct str value, struct err *);
    enum df_rc (*lock_get)(struct store *, const char *name, struct arena *, struct lock_row *,
                           struct err *);
    /* One atomic statement: free, expired, already ours, or held by `instead_of`, who was found
     * dead. DF_NONE: somebody else holds it. */
    enum df_rc (*lock_take)(struct store *, const char *name, struct str holder,
                            struct str instead_of, int64_t now, int64_t until, struct err *);
    enum df_rc (*lock_drop)(struct store *, const char *name, struct str holder, struct err *);
};

#endif
