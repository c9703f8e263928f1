#include "cmd/ingest.h"

#include <stdlib.h>

#include "casework/watch.h"

/* Oldest first, so that the queue and the ledger tell the story in its order; posts without a
 * date keep the order of the page, turned round because pages are newest first. */
struct ordered {
    const struct post *post;
    int64_t at;
    size_t place;
};

static int by_time(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->at != DF_NO_TIME && y->at != DF_NO_TIME && x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->place > y->place ? -1 : 1;
}

static const struct ordered *in_order(const struct collect_result *r, struct arena *a)
{
    struct ordered *list = arena_array(a, r->count, sizeof *list);
    for (size_t i = 0; i < r->count; i++)
        list[i] = (struct ordered){&r->posts[i], r->posts[i].created, i};
    if (r->count)
        qsort(list, r->count, sizeof *list, by_time);
    return list;
}

static enum df_rc ingest_post(struct ingest *in, const struct source *src, const struct post *from,
                              bool baseline, struct arena *a, struct ingest_count *n,
                              struct err *err)
{
    struct store *st = in->casework.store;
    struct post_row row = {.post = *from};
    struct post_put put;
    struct verdict v;
    row.post.source = src->name;
    row.post.channel = src->channel->name;
    row.post.seen = clock_now(in->clock);
    enum df_rc rc = st->posts->put(st, &row.post, &put, err);
    if (rc != DF_OK || put.change == POST_SAME)
        return rc;
    row.id = put.id;
    row.version = put.version;
    rc = scan_post(in->scanner, &row.post, SCAN_FULL, a, &v, err);
    if (rc != DF_OK)
        return rc;
    n->posts += put.change == POST_ADDED;
    n->edited += put.change == POST_EDITED;
    if (baseline)
        return casework_judge(&in->casework, &row, &v, err);
    struct triage t;
    rc = casework_triage(&in->casework, &row, &v, a, &t, err);
    if (rc == DF_OK) {
        n->opened += t.did == TRIAGE_OPENED || t.did == TRIAGE_REOPENED;
        n->raised += t.did == TRIAGE_RAISED;
        n->joined += t.did == TRIAGE_JOINED;
    }
    return rc;
}

/* One post whole or not at all: one that cannot be kept is told of and the rest goes on. */
static enum df_rc ingest_or_refuse(struct ingest *in, const struct source *src,
                                   const struct post *post, bool baseline, struct arena *a,
                                   struct ingest_count *n, struct err *err)
{
    struct store *st = in->casework.store;
    struct ingest_count so_far = *n;
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    rc = store_finish(st, ingest_post(in, src, post, baseline, a, n, err), err);
    if (rc != DF_REJECT)
        return rc;
    *n = so_far;
    if (n->refused++ == 0) {
        n->first = *err;
        err_wrap(&n->first, "%.*s", STR_FMT(str_sub(post->id, 0, 80)));
    }
    return DF_OK;
}

/* The place says that a post was deleted: noted once, where there is a case in its ledger too. */
static enum df_rc note_gone(struct ingest *in, const struct source *src, struct str id,
                            struct arena *a, struct err *err)
{
    struct store *st = in->casework.store;
    int64_t post;
    enum df_rc rc = st->posts->gone(st, src->channel->name, id, clock_now(in->clock), &post, err);
    if (rc == DF_OK)
        rc = casework_gone(&in->casework, post, a, err);
    return rc == DF_NONE ? DF_OK : rc;
}

static void source_after(const struct ingest *in, const struct source *src,
                         const struct collect_result *r, const struct ingest_count *n,
                         struct source_row *row)
{
    int64_t now = clock_now(in->clock);
    const struct collect_health *h = &r->health;
    bool good = h->outcome == COLLECT_NEW || h->outcome == COLLECT_SAME;
    row->name = src->name;
    row->channel = src->channel->name;
    row->cursor = r->state;
    if (h->outcome != COLLECT_HELD) /* that one was not asked */
        row->last_try = now;
    row->last_error = h->error;
    row->fails = h->fails;
    row->next_due = h->next_ms;
    row->backoff_until = h->fails > 0 || h->outcome == COLLECT_HELD ? h->next_ms : 0;
    row->posts += n->posts;
    if (good) {
        row->last_ok = now;
        row->first_run_done = true;
    }
    if (n->posts)
        row->last_new = now;
    for (size_t i = 0; i < r->count; i++)
        if (r->posts[i].created != DF_NO_TIME && r->posts[i].created > row->last_post)
            row->last_post = r->posts[i].created;
}

enum df_rc ingest_source(struct ingest *in, const struct source *src,
                         const struct source_row *before, const struct collect_result *result,
                         struct arena *a, struct ingest_count *count, struct err *err)
{
    struct store *st = in->casework.store;
    struct ingest_count n = {0};
    struct source_row row = *before;
    bool baseline = src->baseline && !before->first_run_done;
    const struct ordered *list = in_order(result, a);
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    for (size_t i = 0; i < result->count && rc == DF_OK; i++) {
        struct arena_mark frame = arena_mark(a);
        rc = ingest_or_refuse(in, src, list[i].post, baseline, a, &n, err);
        arena_release(a, frame);
    }
    for (size_t i = 0; i < result->gone_count && rc == DF_OK; i++)
        rc = note_gone(in, src, result->gone[i], a, err);
    for (size_t i = 0; i < result->overall_count && rc == DF_OK; i++) {
        rc = st->ratings->add(st, src->name, &result->overall[i], clock_now(in->clock), err);
        if (rc == DF_NONE) /* as it stood */
            rc = DF_OK;
    }
    if (rc == DF_OK) {
        int told;
        source_after(in, src, result, &n, &row);
        rc = watch_source(&in->casework, &row, a, &told, err);
        if (rc == DF_OK)
            rc = st->sources->put(st, &row, err);
    }
    rc = store_finish(st, rc, err);
    if (rc == DF_OK) {
        count->posts += n.posts;
        count->edited += n.edited;
        count->opened += n.opened;
        count->raised += n.raised;
        count->joined += n.joined;
        count->refused += n.refused;
        count->first = n.first;
    }
    return rc;
}
