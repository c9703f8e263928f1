/* The handle and the posts group of the memory driver. */
#include "storage/store_mem.h"

#include <stdlib.h>

#include "core/digest.h"
#include "storage/store_key.h"
#include "storage/store_mem_table.h"

static enum df_rc open_mem(const char *rest, struct store **out, struct err *err)
{
    (void)rest;
    (void)err;
    struct mem *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->arena = arena_new();
    m->store = (struct store){
        .driver = &store_mem_ops,
        .posts = &mem_posts,
        .cases = &mem_cases,
        .links = &mem_links,
        .ledger = &mem_ledger,
        .drafts = &mem_drafts,
        .outbox = &mem_outbox,
        .sources = &mem_sources,
        .ratings = &mem_ratings,
        .robots = &mem_robots,
        .meta = &mem_meta,
    };
    m->posts.width = m->old_posts.width = sizeof(struct mem_post);
    m->verdicts.width = sizeof(struct mem_verdict);
    m->cases.width = sizeof(struct case_row);
    m->links.width = sizeof(struct mem_link);
    m->ledger.width = sizeof(struct ledger_row);
    m->drafts.width = sizeof(struct draft_row);
    m->outbox.width = sizeof(struct mem_outbox);
    m->sources.width = sizeof(struct mem_source);
    m->ratings.width = sizeof(struct rating_row);
    m->robots.width = sizeof(struct mem_robots);
    m->locks.width = sizeof(struct mem_lock);
    m->meta.width = sizeof(struct mem_meta);
    *out = &m->store;
    return DF_OK;
}

static void close_mem(struct store *st)
{
    struct mem *m = mem_of(st);
    struct mem_table *tables[] = {&m->posts,  &m->old_posts, &m->verdicts, &m->cases,
                                  &m->links,  &m->ledger,    &m->drafts,   &m->outbox,
                                  &m->sources, &m->ratings,  &m->robots,   &m->locks,
                                  &m->meta};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        free(tables[i]->rows);
    free(m->notes);
    arena_free(&m->arena);
    free(m);
}

static enum df_rc begin(struct store *st, int depth, struct err *err)
{
    struct mem *m = mem_of(st);
    if (depth >= MEM_MAX_DEPTH)
        return err_set(err, DF_FATAL, "transactions nested more than %d deep", MEM_MAX_DEPTH);
    m->marks[depth] = m->note_count;
    return DF_OK;
}

static enum df_rc commit(struct store *st, int depth, struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    if (depth == 0)
        while (m->note_count)
            free(m->notes[--m->note_count].before);
    return DF_OK;
}

static void rollback(struct store *st, int depth)
{
    mem_undo(mem_of(st), mem_of(st)->marks[depth]);
}

const struct store_ops store_mem_ops = {
    .name = "mem",
    .open = open_mem,
    .close = close_mem,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
};

static struct mem_post *lookup(struct mem *m, struct str channel, struct str id)
{
    uint64_t hash = hash64(channel) ^ hash64(id);
    MEM_EACH(struct mem_post, p, &m->posts)
        if (p->hash == hash && str_eq(p->row.post.channel, channel) &&
            str_eq(p->row.post.id, id))
            return p;
    return NULL;
}

static void renew_counts(struct post *old, const struct post *p)
{
    old->likes = p->likes < 0 ? old->likes : p->likes;
    old->shares = p->shares < 0 ? old->shares : p->shares;
    old->replies = p->replies < 0 ? old->replies : p->replies;
    old->followers = p->followers < 0 ? old->followers : p->followers;
}

static struct str hex(struct arena *a, const unsigned char digest[32])
{
    char text[DIGEST_HEX + 1];
    digest_hex(digest, DIGEST_BYTES, text);
    return arena_str(a, str_of(text));
}

static void edit(struct mem *m, struct mem_post *old, const struct post *p,
                 const unsigned char digest[32])
{
    struct mem_post before = *old;
    *(struct mem_post *)mem_add(m, &m->old_posts) = before;
    struct post *now = &old->row.post;
    old->row.version++;
    memcpy(old->digest, digest, sizeof old->digest);
    now->digest = hex(m->arena, digest);
    now->title = arena_str(m->arena, p->title);
    now->text = arena_str(m->arena, p->text);
    now->rating = arena_str(m->arena, p->rating);
    now->stars = p->stars;
    now->edited = p->edited;
    now->seen = p->seen;
}

static enum df_rc put(struct store *st, const struct post *p, struct post_put *out,
                      struct err *err)
{
    struct mem *m = mem_of(st);
    unsigned char digest[32];
    enum df_rc rc = store_post_check(p, digest, err);
    if (rc != DF_OK)
        return rc;
    struct mem_post *old = lookup(m, p->channel, p->id);
    if (old) {
        bool same = memcmp(old->digest, digest, sizeof digest) == 0;
        mem_touch(m, &m->posts, old);
        old->row.post.deleted = DF_NO_TIME;
        renew_counts(&old->row.post, p);
        if (!same)
            edit(m, old, p, digest);
        *out = (struct post_put){old->row.id, old->row.version, same ? POST_SAME : POST_EDITED};
        return DF_OK;
    }
    struct mem_post *n = mem_add(m, &m->posts);
    n->row = (struct post_row){(int64_t)m->posts.count, 1, mem_copy_post(m->arena, p)};
    n->row.post.digest = hex(m->arena, digest);
    n->hash = hash64(p->channel) ^ hash64(p->id);
    n->first_seen = p->seen;
    memcpy(n->digest, digest, sizeof digest);
    *out = (struct post_put){n->row.id, 1, POST_ADDED};
    return DF_OK;
}

static void hand_out(const struct mem_post *p, bool newest, struct arena *a, struct post_row *out)
{
    *out = p->row;
    out->post = mem_copy_post(a, &p->row.post);
    if (newest)
        out->post.seen = p->first_seen;
}

static enum df_rc get(struct store *st, int64_t id, int version, struct arena *a,
                      struct post_row *out, struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    if (id < 1 || (size_t)id > m->posts.count)
        return DF_NONE;
    struct mem_post *p = mem_at(&m->posts, (size_t)id - 1);
    if (version == 0 || version == p->row.version) {
        hand_out(p, true, a, out);
        return DF_OK;
    }
    MEM_EACH(struct mem_post, old, &m->old_posts)
        if (old->row.id == id && old->row.version == version) {
            hand_out(old, false, a, out);
            return DF_OK;
        }
    return DF_NONE;
}

static enum df_rc find(struct store *st, struct str channel, struct str id, int64_t *out,
                       struct err *err)
{
    (void)err;
    const struct mem_post *p = lookup(mem_of(st), channel, id);
    if (p)
        *out = p->row.id;
    return p ? DF_OK : DF_NONE;
}

static enum df_rc gone(struct store *st, struct str channel, struct str id, int64_t at,
                       int64_t *out, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_post *p = lookup(m, channel, id);
    (void)err;
    if (!p || p->row.post.deleted != DF_NO_TIME)
        return DF_NONE;
    mem_touch(m, &m->posts, p);
    p->row.post.deleted = at;
    *out = p->row.id;
    return DF_OK;
}

static bool matches(const struct mem_post *p, const struct post_filter *f)
{
    const struct post *q = &p->row.post;
    int64_t when = q->created != DF_NO_TIME ? q->created : p->first_seen;
    return p->row.id > f->after && (!f->channel.len || str_eq(q->channel, f->channel)) &&
           (!f->author_id.len || str_eq(q->author_id, f->author_id)) &&
           (f->since == DF_NO_TIME || when >= f->since) &&
           (f->until == DF_NO_TIME || when < f->until);
}

static enum df_rc list(struct store *st, const struct post_filter *f, struct arena *a,
                       struct post_row **out, int *count_out, struct err *err)
{
    struct post_row *rows = NULL;
    size_t count = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_post, p, &mem_of(st)->posts)
        if (matches(p, f) && count < (size_t)f->limit)
            hand_out(p, true, a, ARENA_PUSH(a, rows, count, cap));
    *out = rows;
    *count_out = (int)count;
    return DF_OK;
}

static enum df_rc judge(struct store *st, int64_t id, int version, const struct verdict *v,
                        struct str doc, int64_t at, struct err *err)
{
    struct mem *m = mem_of(st);
    if (id < 1 || (size_t)id > m->posts.count)
        return err_set(err, DF_REJECT, "a verdict on post %lld, which there is not",
                       (long long)id);
    struct mem_verdict *slot = NULL;
    MEM_EACH(struct mem_verdict, o, &m->verdicts)
        if (o->post_id == id && o->version == version && str_eq(o->ruleset, v->ruleset))
            slot = o;
    if (slot)
        mem_touch(m, &m->verdicts, slot);
    else
        slot = mem_add(m, &m->verdicts);
    *slot = (struct mem_verdict){id, at, version, arena_str(m->arena, v->ruleset),
                                 arena_str(m->arena, doc)};
    return DF_OK;
}

static enum df_rc verdict(struct store *st, int64_t id, int version, struct arena *a,
                          struct str *doc_out, struct err *err)
{
    const struct mem_verdict *best = NULL;
    (void)err;
    MEM_EACH(struct mem_verdict, v, &mem_of(st)->verdicts)
        if (v->post_id == id && (version == 0 || v->version == version) &&
            (!best || v->version > best->version ||
             (v->version == best->version && v->at >= best->at)))
            best = v;
    if (best)
        *doc_out = arena_str(a, best->doc);
    return best ? DF_OK : DF_NONE;
}

const struct store_posts mem_posts = {
    .put = put,   .get = get,     .find = find,      .gone = gone,
    .list = list, .judge = judge, .verdict = verdict};
