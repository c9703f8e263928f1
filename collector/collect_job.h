/* collect_job.h: one poll as a machine that asks for requests and is fed with answers, so that one
 * poll can block (collect.c) and thousands can run side by side (collect_many.c). It does no I/O.
 *
 *   robots.txt? → login? → page → page … → detail pages → done
 *
 *   job_start(&j, …);
 *   while (job_next(&j, &request)) {
 *       …perform…
 *       if (job_feed(&j, rc, &response, &err, now))
 *           job_read(&j, reader);
 *   }
 *   job_finish(&j, now);
 *
 * Threads: a job belongs to the thread that polls; only job_read may be done by another one, and
 * nothing else may touch the job meanwhile. A job asks for its next page after the last one is
 * read, so the posts of a source come in the order of its pages. */
#ifndef DF_COLLECTOR_COLLECT_JOB_H
#define DF_COLLECTOR_COLLECT_JOB_H

#include "collector/collector_private.h"
#include "collector/state.h"

enum job_phase { JOB_ROBOTS, JOB_LOGIN, JOB_PAGES, JOB_DETAILS, JOB_DONE };

#define JOB_MAX_CURSORS 64

struct job {
    struct collector *col;
    const struct source *source;
    struct arena *arena;
    struct source_state state;
    struct collect_result *result;
    enum job_phase phase;
    int max_pages, max_follow, max_posts;
    int64_t delay_ms;          /* of robots.txt */
    struct str cursor, url;    /* of the page now asked for; url "" = by the template */
    struct str cursors[JOB_MAX_CURSORS]; /* of this poll: one that comes back is a loop */
    int cursor_count;
    struct str *follow;
    size_t follow_count, follow_at, follow_cap;
    bool conditional;          /* the request asked "has it changed?" */
    bool first;                /* nothing is known of this source yet */
    bool overlap;              /* something of the last poll was seen again */
    bool complete;             /* the poll came to its natural end */
    bool logged_in_again;
    int64_t now;
    size_t fresh;
    uint64_t *keys;            /* of the posts of this poll, in their order */
    size_t key_count;
    struct str etag, modified; /* of the first page */
    struct net_response response; /* whose body waits to be read */
    int64_t held_until;        /* DF_NO_TIME: it is not */
    struct job *next;          /* in a queue of read_pool.c */
    void *user;                /* whose job it is */
};

void job_start(struct job *j, struct collector *, const struct source *, struct str state,
               const struct collect_limits *, int64_t now, struct arena *, struct collect_result *);
/* False: nothing more to fetch. */
bool job_next(struct job *j, struct net_request *out);
/* Takes the answer to the last request. True: its body is to be read by job_read. */
bool job_feed(struct job *j, enum df_rc rc, const struct net_response *, const struct err *,
              int64_t now);
/* Decoding, extraction, posts; decides which page is next. Slow. (collect_read.c) */
void job_read(struct job *j, struct body_reader *);
/* Ends the poll as it is: the host wants no request before `until`. */
void job_hold(struct job *j, int64_t until);
/* State, schedule and health; the result is whole after this. */
void job_finish(struct job *j, int64_t now);

/* Least time before the next request of this job to the same host. */
int64_t job_pace(const struct job *j);
/* Loopback and files: no pause is needed. */
bool host_is_ours(struct str url);

/* --- between collect_job.c, collect_answer.c and collect_read.c --- */

void job_stop(struct job *j);
void job_fail(struct job *j, enum collect_outcome outcome, enum df_rc rc, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* natural: the place has no more, as opposed to: we stop here. */
void job_end_pages(struct job *j, bool natural);
DF_CHECKED enum df_rc job_page_request(struct job *j, struct net_request *out, struct err *err);
/* A status in words; credentials: some were sent along. */
const char *job_status_words(int status, enum df_rc rc, bool credentials);

#endif
