#include "cmd/said.h"

#include "core/limits.h"

void said_add(struct said *s, struct str text)
{
    pthread_mutex_lock(&s->lock);
    struct buf *b = &s->texts[s->next++ % SAID_KEPT];
    buf_free(b);
    b->max = DF_MAX_REPLY;
    buf_str(b, text);
    pthread_mutex_unlock(&s->lock);
}

int said_list(struct said *s, struct arena *a, struct str **out)
{
    struct str *list = arena_array(a, SAID_KEPT, sizeof *list);
    int n = 0;
    pthread_mutex_lock(&s->lock);
    for (int i = 0; i < SAID_KEPT; i++)
        if (s->texts[i].len)
            list[n++] = arena_str(a, buf_view(&s->texts[i]));
    pthread_mutex_unlock(&s->lock);
    *out = list;
    return n;
}

void said_free(struct said *s)
{
    for (int i = 0; i < SAID_KEPT; i++)
        buf_free(&s->texts[i]);
}
