/* Outbox, sources and meta of the memory driver. */
#include <stdlib.h>

#include "storage/store_mem_table.h"

static enum df_rc add(struct store *st, const struct outbox_row *r, struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    MEM_EACH(struct mem_outbox, o, &m->outbox)
        if (str_eq(o->row.dedup, r->dedup))
            return DF_NONE;
    struct mem_outbox *n = mem_add(m, &m->outbox);
    n->row = mem_copy_outbox(m->arena, r);
    n->row.id = (int64_t)m->outbox.count;
    n->row.state = OUTBOX_WAITING;
    n->row.attempt = 0;
    n->row.next_at = r->created;
    n->row.sent_at = DF_NO_TIME;
    n->row.last_code = 0;
    n->row.last_text = STR_NONE;
    return DF_OK;
}

static struct mem_outbox *next_due(struct mem *m, struct str sink, int64_t now)
{
    struct mem_outbox *best = NULL;
    MEM_EACH(struct mem_outbox, o, &m->outbox)
        if (o->row.state == OUTBOX_WAITING && str_eq(o->row.sink, sink) &&
            o->row.next_at <= now && o->until <= now &&
            (!best || o->row.next_at < best->row.next_at))
            best = o;
    return best;
}

static enum df_rc lease(struct store *st, struct str sink, struct str holder, int64_t now,
                        int64_t until, int limit, struct arena *a, struct outbox_row **out,
                        int *count_out, struct err *err)
{
    struct mem *m = mem_of(st);
    struct outbox_row *rows = NULL;
    struct mem_outbox *o;
    size_t n = 0, cap = 0;
    (void)err;
    while (n < (size_t)limit && (o = next_due(m, sink, now))) {
        mem_touch(m, &m->outbox, o);
        o->holder = arena_str(m->arena, holder);
        o->until = until;
        o->row.attempt++;
        *ARENA_PUSH(a, rows, n, cap) = mem_copy_outbox(a, &o->row);
    }
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static void unlease(struct mem *m, struct mem_outbox *o)
{
    mem_touch(m, &m->outbox, o);
    o->holder = STR_NONE;
    o->until = 0;
}

static enum df_rc settle(struct store *st, const struct outbox_row *r, struct str holder,
                         struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    if (r->id < 1 || (size_t)r->id > m->outbox.count)
        return DF_NONE;
    struct mem_outbox *o = mem_at(&m->outbox, (size_t)r->id - 1);
    if (o->row.state != OUTBOX_WAITING || !str_eq(o->holder, holder))
        return DF_NONE;
    unlease(m, o);
    o->row.state = r->state;
    o->row.next_at = r->next_at;
    o->row.sent_at = r->sent_at;
    o->row.last_code = r->last_code;
    o->row.last_text = r->last_text.len ? arena_str(m->arena, r->last_text) : STR_NONE;
    return DF_OK;
}

static enum df_rc hold(struct store *st, struct str sink, int64_t until, int64_t now,
                       struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    MEM_EACH(struct mem_outbox, o, &m->outbox)
        if (o->row.state == OUTBOX_WAITING && str_eq(o->row.sink, sink) &&
            o->row.next_at < until && o->until <= now) {
            mem_touch(m, &m->outbox, o);
            o->row.next_at = until;
        }
    return DF_OK;
}

static enum df_rc holders(struct store *st, struct arena *a, struct str **out, int *count_out,
                          struct err *err)
{
    struct str *list = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_outbox, o, &mem_of(st)->outbox) {
        bool known = o->holder.len == 0 || o->row.state != OUTBOX_WAITING;
        for (size_t i = 0; i < n && !known; i++)
            known = str_eq(list[i], o->holder);
        if (!known)
            *ARENA_PUSH(a, list, n, cap) = arena_str(a, o->holder);
    }
    *out = list;
    *count_out = (int)n;
    return DF_OK;
}

static enum df_rc release(struct store *st, struct str holder, struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    MEM_EACH(struct mem_outbox, o, &m->outbox)
        if (o->row.state == OUTBOX_WAITING && str_eq(o->holder, holder))
            unlease(m, o);
    return DF_OK;
}

static enum df_rc spent(struct store *st, struct str sink, int64_t since, int64_t *out,
                        struct err *err)
{
    (void)err;
    *out = 0;
    MEM_EACH(struct mem_outbox, o, &mem_of(st)->outbox)
        *out += o->row.state == OUTBOX_SENT && str_eq(o->row.sink, sink) &&
                o->row.sent_at > since;
    return DF_OK;
}

static enum df_rc list(struct store *st, enum outbox_state state, struct str sink, int64_t after,
                       int limit, struct arena *a, struct outbox_row **out, int *count_out,
                       struct err *err)
{
    struct outbox_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_outbox, o, &mem_of(st)->outbox)
        if ((state == OUTBOX_STATE_COUNT || o->row.state == state) &&
            (!sink.len || str_eq(o->row.sink, sink)) && o->row.id > after && n < (size_t)limit)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_outbox(a, &o->row);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static int by_sink(const void *a, const void *b)
{
    return str_cmp(((const struct outbox_count *)a)->sink, ((const struct outbox_count *)b)->sink);
}

static enum df_rc count(struct store *st, struct arena *a, struct outbox_count **out,
                        int *count_out, struct err *err)
{
    struct outbox_count *list_ = NULL, *c;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_outbox, o, &mem_of(st)->outbox) {
        for (c = list_; c < list_ + n && !str_eq(c->sink, o->row.sink); c++)
            ;
        if (c == list_ + n) {
            c = ARENA_PUSH(a, list_, n, cap);
            *c = (struct outbox_count){.sink = arena_str(a, o->row.sink), .oldest = DF_NO_TIME};
        }
        c->waiting += o->row.state == OUTBOX_WAITING;
        c->sent += o->row.state == OUTBOX_SENT;
        c->dead += o->row.state == OUTBOX_DEAD;
        if (o->row.state == OUTBOX_WAITING &&
            (c->oldest == DF_NO_TIME || o->row.created < c->oldest))
            c->oldest = o->row.created;
    }
    if (n)
        qsort(list_, n, sizeof *list_, by_sink);
    *out = list_;
    *count_out = (int)n;
    return DF_OK;
}

const struct store_outbox mem_outbox = {
    .add = add,
    .lease = lease,
    .settle = settle,
    .hold = hold,
    .holders = holders,
    .release = release,
    .spent = spent,
    .list = list,
    .count = count,
};

static struct mem_source *source_of(struct mem *m, struct str name)
{
    MEM_EACH(struct mem_source, s, &m->sources)
        if (str_eq(s->row.name, name))
            return s;
    return NULL;
}

static enum df_rc source_get(struct store *st, struct str name, struct arena *a,
                             struct source_row *out, struct err *err)
{
    const struct mem_source *s = source_of(mem_of(st), name);
    (void)err;
    if (!s || s->gone)
        return DF_NONE;
    *out = mem_copy_source(a, &s->row);
    return DF_OK;
}

static enum df_rc source_put(struct store *st, const struct source_row *r, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_source *s = source_of(m, r->name);
    (void)err;
    if (s)
        mem_touch(m, &m->sources, s);
    else
        s = mem_add(m, &m->sources);
    s->row = mem_copy_source(m->arena, r);
    s->gone = false;
    return DF_OK;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct source_row *)a)->name, ((const struct source_row *)b)->name);
}

static enum df_rc source_list(struct store *st, struct arena *a, struct source_row **out,
                              int *count_out, struct err *err)
{
    struct source_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_source, s, &mem_of(st)->sources)
        if (!s->gone)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_source(a, &s->row);
    if (n)
        qsort(rows, n, sizeof *rows, by_name);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static enum df_rc source_forget(struct store *st, struct str name, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_source *s = source_of(m, name);
    (void)err;
    if (s) {
        mem_touch(m, &m->sources, s);
        s->gone = true;
    }
    return DF_OK;
}

const struct store_sources mem_sources = {
    .get = source_get, .put = source_put, .list = source_list, .forget = source_forget};

static struct mem_meta *meta_of(struct mem *m, const char *key)
{
    MEM_EACH(struct mem_meta, e, &m->meta)
        if (str_is(e->key, key))
            return e;
    return NULL;
}

static enum df_rc meta_get(struct store *st, const char *key, struct arena *a, struct str *out,
                           struct err *err)
{
    const struct mem_meta *e = meta_of(mem_of(st), key);
    (void)err;
    if (e)
        *out = arena_str(a, e->value);
    return e ? DF_OK : DF_NONE;
}

static enum df_rc meta_put(struct store *st, const char *key, struct str value, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_meta *e = meta_of(m, key);
    (void)err;
    if (e)
        mem_touch(m, &m->meta, e);
    else
        e = mem_add(m, &m->meta);
    *e = (struct mem_meta){arena_str(m->arena, str_of(key)), arena_str(m->arena, value)};
    return DF_OK;
}

static struct mem_lock *lock_of(struct mem *m, const char *name)
{
    MEM_EACH(struct mem_lock, l, &m->locks)
        if (str_is(l->name, name))
            return l;
    return NULL;
}

static enum df_rc lock_get(struct store *st, const char *name, struct arena *a,
                           struct lock_row *out, struct err *err)
{
    const struct mem_lock *l = lock_of(mem_of(st), name);
    (void)err;
    if (!l || l->gone)
        return DF_NONE;
    *out = l->row;
    out->holder = arena_str(a, l->row.holder);
    return DF_OK;
}

static enum df_rc lock_take(struct store *st, const char *name, struct str holder,
                            struct str instead_of, int64_t now, int64_t until, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_lock *l = lock_of(m, name);
    (void)err;
    if (l && !l->gone && l->row.expires > now && !str_eq(l->row.holder, holder) &&
        !(instead_of.len && str_eq(l->row.holder, instead_of)))
        return DF_NONE;
    if (l)
        mem_touch(m, &m->locks, l);
    else
        l = mem_add(m, &m->locks);
    *l = (struct mem_lock){arena_str(m->arena, str_of(name)),
                           {arena_str(m->arena, holder), now, until},
                           false};
    return DF_OK;
}

static enum df_rc lock_drop(struct store *st, const char *name, struct str holder,
                            struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_lock *l = lock_of(m, name);
    (void)err;
    if (l && !l->gone && str_eq(l->row.holder, holder)) {
        mem_touch(m, &m->locks, l);
        l->gone = true;
    }
    return DF_OK;
}

const struct store_meta mem_meta = {
    .get = meta_get,
    .put = meta_put,
    .lock_get = lock_get,
    .lock_take = lock_take,
    .lock_drop = lock_drop,
};
