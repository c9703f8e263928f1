/* said.h: the suggestions made last, so that the next one says it in other words: ten equal
 * answers on one page are an insult of their own. Fixed size, oldest out first; any thread. */
#ifndef DF_CMD_SAID_H
#define DF_CMD_SAID_H

#include <pthread.h>

#include "core/arena.h"
#include "core/buf.h"

enum { SAID_KEPT = 48 };

struct said {
    pthread_mutex_t lock;
    struct buf texts[SAID_KEPT];
    unsigned next;
};

#define SAID_INIT ((struct said){.lock = PTHREAD_MUTEX_INITIALIZER})

void said_add(struct said *s, struct str text);
/* Copies in the arena; returns how many. */
int said_list(struct said *s, struct arena *a, struct str **out);
void said_free(struct said *s);

#endif
