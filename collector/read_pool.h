/* read_pool.h: threads that read bodies (job_read), so that the thread which polls moves bytes and
 * keeps the database, and a large body holds up nobody's answer.
 *
 *   put    hands a job over. Until take gives it back only the pool touches it and its arena.
 *   take   gives jobs back as they get ready. A job has one body at a time, so the posts of one
 *          source are in the order of its pages whatever the threads do; between sources the
 *          order is as open as that of their answers.
 *   full   too many bytes wait: ask for no new page until some are read (DF_MAX_UNREAD). Answers
 *          under way still come in; the caller's window bounds them.
 *
 * Lifetime: one collect_many. Threads start when there is something for them to do, and take one
 * body_reader each. All functions belong to the thread that polls; `ready` is called by the others
 * when a job can be taken. Without a thread (none wanted, none to be had) put reads by itself. */
#ifndef DF_COLLECTOR_READ_POOL_H
#define DF_COLLECTOR_READ_POOL_H

#include "collector/collect_job.h"

struct read_pool;

/* readers: one for the caller and one for each thread. */
struct read_pool *read_pool_new(struct body_reader *readers, int threads, void (*ready)(void *ctx),
                                void *ctx);
void read_pool_free(struct read_pool **); /* waits for those that are being read */

void read_pool_put(struct read_pool *, struct job *);
struct job *read_pool_take(struct read_pool *); /* NULL: none is ready */
/* Returns when one is ready or the time is over. */
void read_pool_wait(struct read_pool *, int64_t ms);
bool read_pool_full(const struct read_pool *);
int read_pool_count(const struct read_pool *); /* put and not yet taken */

#endif
