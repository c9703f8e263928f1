/* robots.h: RFC 9309: may this path be fetched by us? Parsing and matching are pure; the collector
 * fetches the files and knows them for a day; who runs it may keep them for the next run.
 * "defuse" is our product token. */
#ifndef DF_COLLECTOR_ROBOTS_H
#define DF_COLLECTOR_ROBOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"

struct robots; /* what is known of hosts; owned by one collector */

/* Does this robots.txt let `agent` fetch path (with query)? An empty file allows all.
 * delay_ms_out: Crawl-delay of the group, 0 when there is none. */
bool robots_allows(struct str text, struct str agent, struct str path, int64_t *delay_ms_out);

/* What is known for a host at `now`: false = must be fetched first. */
bool robots_known(struct robots *, struct str origin, int64_t now);
/* status: of the answer for /robots.txt; 4xx allows all. (5xx and no answer are the caller's: the
 * site may not be read now, and nothing is learnt.) */
void robots_learn(struct robots **, struct str origin, int status, struct str text, int64_t now);
bool robots_ask(struct robots *, struct str origin, struct str path, int64_t *delay_ms_out);
/* What a run before this one learnt; nothing that is past its time, none longer than a day. */
void robots_give(struct robots **, struct str origin, struct str text, int64_t until, int64_t now);
/* Learnt here and not yet taken, one a call; *at begins at 0. Slices live as long as it stays known. */
bool robots_take(struct robots *, size_t *at, struct str *origin, struct str *text, int64_t *until);
void robots_free(struct robots **);

#endif
