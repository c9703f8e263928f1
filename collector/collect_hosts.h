/* collect_hosts.h: whose turn is it? Requests wait in a queue for each host; a heap gives the host
 * that may be asked next, so that a slow or strict one holds up nobody else. Pure over the ticks it
 * is given; knows neither sources nor requests. Of one thread. */
#ifndef DF_COLLECTOR_COLLECT_HOSTS_H
#define DF_COLLECTOR_COLLECT_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

struct hosts;
struct host;

/* The first member of what waits. */
struct turn {
    struct host *host;
    struct turn *next;
};

/* most: how many turns there will be at once. */
struct hosts *hosts_new(size_t most);
void hosts_free(struct hosts **);

struct host *hosts_find(struct hosts *, struct str url);
uint64_t host_key_of(struct str url); /* the same for all addresses of a host; never 0 */
bool host_ours(const struct host *); /* loopback and files: no pause is needed */
uint64_t host_key(const struct host *);

/* Waits for its host's next turn; front: before the others there. */
void hosts_wait(struct hosts *, struct turn *, bool front);
/* One that may ask now, or NULL. Its host takes no other turn until hosts_asked. */
struct turn *hosts_take(struct hosts *, int64_t now);
/* It asks; the host's next turn is at next_at. */
void hosts_asked(struct hosts *, struct host *, int64_t next_at);
/* It does not ask: it goes back in front and waits until next_at with all others there. */
void hosts_later(struct hosts *, struct turn *, int64_t next_at);
/* It has its answer, or had nothing to ask. */
void hosts_answered(struct hosts *, struct host *);
/* When the next turn is; INT64_MAX: not before an answer comes. */
int64_t hosts_next_at(const struct hosts *);

#endif
