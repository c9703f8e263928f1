#include "collector/collect_hosts.h"

#include <stdlib.h>

#include "collector/collect_job.h"
#include "core/digest.h"
#include "net/url.h"

#define PER_HOST 1      /* requests at once: what a polite reader does */
#define PER_OWN_HOST 64 /* loopback and files */

struct host {
    uint64_t key; /* 0 = free slot */
    struct turn *head, *tail;
    int64_t next_at; /* ticks */
    int in_flight;
    bool ours, taken;
    size_t heap_at; /* index + 1; 0 = not in the heap */
};

struct hosts {
    struct host *slots; /* open addressing */
    size_t mask;
    struct host **heap; /* those that have something to ask and may */
    size_t heap_count;
};

struct hosts *hosts_new(size_t most)
{
    struct hosts *hs = calloc(1, sizeof *hs);
    size_t room = 64;
    while (room < most * 2 + 2)
        room *= 2;
    if (!hs || !(hs->slots = calloc(room, sizeof *hs->slots)) ||
        !(hs->heap = calloc(most + 1, sizeof *hs->heap)))
        abort();
    hs->mask = room - 1;
    return hs;
}

void hosts_free(struct hosts **hs)
{
    if (!*hs)
        return;
    free((*hs)->slots);
    free((*hs)->heap);
    free(*hs);
    *hs = NULL;
}

uint64_t host_key_of(struct str url)
{
    struct url u;
    return (url_split(url, &u) ? hash64(u.host) : hash64(url)) | 1;
}

struct host *hosts_find(struct hosts *hs, struct str url)
{
    uint64_t key = host_key_of(url);
    size_t at = key & hs->mask;
    while (hs->slots[at].key && hs->slots[at].key != key)
        at = (at + 1) & hs->mask;
    if (!hs->slots[at].key)
        hs->slots[at] = (struct host){.key = key, .ours = host_is_ours(url)};
    return &hs->slots[at];
}

bool host_ours(const struct host *h)
{
    return h->ours;
}

uint64_t host_key(const struct host *h)
{
    return h->key;
}

/* --- the heap --- */

static void swap(struct hosts *hs, size_t a, size_t b)
{
    struct host *t = hs->heap[a];
    hs->heap[a] = hs->heap[b];
    hs->heap[b] = t;
    hs->heap[a]->heap_at = a + 1;
    hs->heap[b]->heap_at = b + 1;
}

static void push(struct hosts *hs, struct host *h)
{
    if (h->heap_at || h->taken || !h->head ||
        h->in_flight >= (h->ours ? PER_OWN_HOST : PER_HOST))
        return;
    size_t i = hs->heap_count++;
    hs->heap[i] = h;
    h->heap_at = i + 1;
    while (i && hs->heap[(i - 1) / 2]->next_at > hs->heap[i]->next_at) {
        swap(hs, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static struct host *pop(struct hosts *hs)
{
    struct host *top = hs->heap[0];
    size_t i = 0;
    if (--hs->heap_count) {
        hs->heap[0] = hs->heap[hs->heap_count];
        hs->heap[0]->heap_at = 1;
    }
    top->heap_at = 0;
    while (true) {
        size_t l = i * 2 + 1, r = l + 1, m = i;
        if (l < hs->heap_count && hs->heap[l]->next_at < hs->heap[m]->next_at)
            m = l;
        if (r < hs->heap_count && hs->heap[r]->next_at < hs->heap[m]->next_at)
            m = r;
        if (m == i)
            return top;
        swap(hs, i, m);
        i = m;
    }
}

/* --- turns --- */

void hosts_wait(struct hosts *hs, struct turn *t, bool front)
{
    struct host *h = t->host;
    t->next = front ? h->head : NULL;
    if (!h->head)
        h->head = h->tail = t;
    else if (front)
        h->head = t;
    else
        h->tail = h->tail->next = t;
    push(hs, h);
}

struct turn *hosts_take(struct hosts *hs, int64_t now)
{
    if (hosts_next_at(hs) > now)
        return NULL;
    struct host *h = pop(hs);
    struct turn *t = h->head;
    h->head = t->next;
    h->in_flight++;
    h->taken = true;
    return t;
}

void hosts_asked(struct hosts *hs, struct host *h, int64_t next_at)
{
    h->next_at = next_at;
    h->taken = false;
    push(hs, h);
}

void hosts_later(struct hosts *hs, struct turn *t, int64_t next_at)
{
    t->host->next_at = next_at;
    hosts_wait(hs, t, true);
    hosts_answered(hs, t->host);
}

void hosts_answered(struct hosts *hs, struct host *h)
{
    h->in_flight--;
    h->taken = false;
    push(hs, h);
}

int64_t hosts_next_at(const struct hosts *hs)
{
    return hs->heap_count ? hs->heap[0]->next_at : INT64_MAX;
}
