/* collector.h: bytes from public places → posts. The public door of this folder.
 *
 *   channel   a loaded pack (channels/NAME/): where to look, how to read it. Immutable.
 *   source    a channel with its parameters filled in: "the reviews of app 440".
 *   state     what must be remembered between two polls of one source (cursor, etag, backoff,
 *             health): ONE opaque JSON string. The caller stores it with the posts, in the same
 *             transaction, and hands it back next time. "" = never polled.
 *
 * It must not know of rules, databases or the dashboard. No global state; the clock is an argument.
 * Threads: `struct channels` may be shared once loaded; a `struct collector` belongs to one thread,
 * and starts some of its own while many sources are polled (collector_threads).
 * Lifetimes: channels and collector process; everything in a collect_result lives in the caller's
 * (batch) arena.
 *
 *   channels_load(NULL, &chs, &diags);  collector_new(chs, &col, &err);
 *   source_make(chs, name, "steam", params, n, arena, &src, &diags);
 *   if (source_due(&src, state, now)) collect(col, &src, state, transport, &limits, now, …); */
#ifndef DF_COLLECTOR_COLLECTOR_H
#define DF_COLLECTOR_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/channel.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"
#include "model/overall.h"
#include "model/post.h"
#include "net/transport.h"

struct collector; /* compiled extractors, tokens, what robots.txt files said */

DF_CHECKED enum df_rc collector_new(const struct channels *, struct collector **out, struct err *);
void collector_free(struct collector **);
/* Compiles all programs of a pack now, so that a fault in it is told at `defuse check`. */
DF_CHECKED enum df_rc collector_compile(struct collector *, const struct channel *, struct err *);

/* From now on what readers find (encoding, selectors) is told into `trace`, a line each; NULL ends
 * it. For `defuse source test`. */
void collector_trace(struct collector *, struct buf *trace);

/* Threads that collect_many may start to read bodies; processors less one, at least one, unless
 * told. 0: the polling thread reads them itself. What comes out is the same for any number. */
void collector_threads(struct collector *, int count);

/* What sites allow (robots.txt), for a caller who keeps it between runs: give what was kept, take
 * what was learnt since, one a call, *at from 0 on. It is good until `until`, a day at most. */
struct robots_file {
    struct str origin, text;
    int64_t until;
};
void collector_give_rules(struct collector *, const struct robots_file *, int64_t now);
bool collector_take_rules(struct collector *, size_t *at, struct robots_file *out);

/* --- a source --- */

struct source {
    struct str name;               /* as in the configuration; goes to logs and to status */
    const struct channel *channel;
    const struct param_value *params; /* one per declared parameter, defaults filled in */
    int64_t every_ms;              /* wanted interval; 0 = the pack's */
    int64_t pace_ms;               /* never faster than this; 0 = the pack's */
    int64_t budget;                /* requests a day; 0 = the pack's, <0 = unlimited */
    bool ignore_robots;            /* only by explicit word in the configuration */
    bool baseline;                 /* the first poll reads one page: nobody asked for history */
    struct str user_agent, proxy;  /* "" = the transport's */
};

/* Checks parameters against the pack: unknown names (with a suggestion), missing, wrong type. All
 * faults go to diags; DF_REJECT when there was one. file/line: where the source is written. */
DF_CHECKED enum df_rc source_make(const struct channels *, struct str name, struct str channel,
                                  const struct param_value *given, size_t count, const char *file,
                                  struct arena *, struct source *out, struct diags *);

/* For `defuse extract` and imports: required parameters may be missing. */
DF_CHECKED enum df_rc source_for_extract(const struct channels *, struct str channel,
                                         const struct param_value *given, size_t count,
                                         struct arena *, struct source *out, struct diags *);

/* --- one poll --- */

struct collect_limits {
    int pages;   /* per poll; 0 = the pack's */
    int follow;  /* pages reached through a list; 0 = the pack's */
    int posts;   /* 0 = DF_MAX_POSTS_PER_POLL */
};

enum collect_outcome {
    COLLECT_NEW,         /* posts arrived */
    COLLECT_SAME,        /* answered, nothing new (304, or all known) */
    COLLECT_EMPTY,       /* an empty page where there were posts before: not believed */
    COLLECT_FAILED,      /* network, status, or an error inside a 200 */
    COLLECT_DENIED,      /* robots.txt says no, or the budget of the day is spent */
    COLLECT_HELD,        /* its host asked another source for a pause: nobody's fault, comes later */
};

struct collect_health {
    enum collect_outcome outcome;
    int status;             /* last HTTP status; 0 = none */
    int requests, pages;
    int64_t bytes;
    bool not_modified;
    bool window_overflow;   /* nothing of the last poll was seen again: posts may be missed */
    int bad_items;          /* items the extractor could not read */
    struct str bad_first;   /* why, for the first of them */
    int64_t retry_after_ms; /* -1 */
    int64_t quota_left;     /* -1 unknown */
    int64_t next_ms;        /* when to poll again */
    int64_t quiet_ms;       /* >0: silent this much longer than its own normal */
    int fails;              /* polls failed in a row, this one included */
    bool recovered;         /* first good poll after DF_ALERT_FAILS or more failures */
    struct str error;       /* "" = none; a sentence, without credentials */
    enum df_rc rc;          /* OK/NONE good; RETRY later; REJECT needs a person */
};

struct collect_result {
    struct post *posts;     /* newest page first, as the channel gave them; no duplicates */
    size_t count;
    struct str *gone;       /* ids of posts the channel says were deleted */
    size_t gone_count, gone_cap;
    struct overall *overall; /* what the channel says of all reviews together, one per thing */
    size_t overall_count;
    struct str state;       /* to be stored; never "" */
    struct collect_health health;
};

/* Polls one source now, whatever its schedule says. Returns health.rc; *out is always filled in
 * (also on failure: its state carries backoff and error), posts of good pages are kept. */
enum df_rc collect(struct collector *, const struct source *, struct str state,
                   struct transport *, const struct collect_limits *, int64_t now,
                   struct arena *, struct collect_result *out, struct err *);

/* Polls many at once: per-host spacing and concurrency kept, each finished source reported through
 * `done` (from this thread) with an arena that is reset after it returns. */
struct collect_job {
    const struct source *source;
    struct str state;
    void *ctx;
};
/* False: enough. Nothing more is asked for; what is under way is still reported. */
typedef bool collect_done(struct collect_job *, struct collect_result *, void *ctx);
DF_CHECKED enum df_rc collect_many(struct collector *, struct collect_job *, size_t count,
                                   struct transport *, const struct collect_limits *,
                                   int64_t (*clock_ms)(void *), void *clock, collect_done *,
                                   void *ctx, struct err *);

/* --- a saved body --- */

struct extract_input {
    struct str body;
    struct str type;   /* Content-Type, "" unknown */
    struct str url;    /* where it came from, "" unknown: relative links need it */
    struct str cursor; /* paging value that led here */
    int64_t now;       /* for relative dates; DF_NO_TIME = leave them unknown */
};

/* No network. Posts of one body; bad items are counted in health and the rest goes on. Posts may
 * point into the body: it must live as long as they do. */
enum df_rc collect_extract(struct collector *, const struct source *, const struct extract_input *,
                           struct arena *, struct collect_result *out, struct err *);

/* --- schedule and health, read from the state --- */

struct source_status {
    int64_t last_poll, last_good, last_post, next; /* DF_NO_TIME unknown */
    int64_t lag_ms;       /* time from a post's creation to our first sight of it, typical */
    int64_t interval_ms;  /* now in use */
    int64_t backoff_until;
    int64_t quota_left;   /* -1 unknown */
    int64_t used_today;
    int64_t quiet_ms;     /* silent this much longer than its own normal; 0 = not unusual */
    int fails;
    struct str error;
    bool overflow;
};

bool source_due(const struct source *, struct str state, int64_t now);
/* Did the host of this source ask for a pause that is not over? Until when; DF_NO_TIME: no. */
int64_t source_hold(struct str state, int64_t now);
/* Tells collect_many so, before it polls other sources of that host. */
void collector_hold(struct collector *, const struct source *, int64_t until, int64_t now);
/* A state that cannot be read counts as "" (never polled): DF_REJECT says so, *out is still set. */
enum df_rc source_status(const struct source *, struct str state, int64_t now, struct arena *,
                         struct source_status *out, struct err *);

#endif
