/* Cases, links, ledger and drafts of the memory driver. */
#include <stdlib.h>

#include "storage/store_mem_table.h"

static struct case_row *case_at(struct mem *m, int64_t id)
{
    return id < 1 || (size_t)id > m->cases.count ? NULL : mem_at(&m->cases, (size_t)id - 1);
}

static struct mem_link *link_of(struct mem *m, int64_t post_id)
{
    MEM_EACH(struct mem_link, l, &m->links)
        if (l->post_id == post_id)
            return l;
    return NULL;
}

static enum df_rc add_link(struct store *st, int64_t id, int64_t post_id, int64_t at,
                           struct err *err)
{
    struct mem *m = mem_of(st);
    (void)at;
    if (link_of(m, post_id))
        return err_set(err, DF_REJECT, "post %lld is in a case already", (long long)post_id);
    if (!case_at(m, id) || post_id < 1 || (size_t)post_id > m->posts.count)
        return err_set(err, DF_REJECT, "no such case or post");
    *(struct mem_link *)mem_add(m, &m->links) = (struct mem_link){post_id, id};
    return DF_OK;
}

static enum df_rc open_case(struct store *st, struct case_row *c, struct err *err)
{
    struct mem *m = mem_of(st);
    if (c->post_id < 1 || (size_t)c->post_id > m->posts.count || link_of(m, c->post_id))
        return err_set(err, DF_REJECT, "post %lld is in a case already, or there is none",
                       (long long)c->post_id);
    struct case_row *n = mem_add(m, &m->cases);
    c->id = (int64_t)m->cases.count;
    c->rev = 1;
    *n = mem_copy_case(m->arena, c);
    return add_link(st, c->id, c->post_id, c->opened, err);
}

static enum df_rc get(struct store *st, int64_t id, struct arena *a, struct case_row *out,
                      struct err *err)
{
    const struct case_row *c = case_at(mem_of(st), id);
    (void)err;
    if (c)
        *out = mem_copy_case(a, c);
    return c ? DF_OK : DF_NONE;
}

static enum df_rc update(struct store *st, struct case_row *c, struct err *err)
{
    struct mem *m = mem_of(st);
    struct case_row *old = case_at(m, c->id);
    (void)err;
    if (!old || old->rev != c->rev)
        return DF_NONE;
    mem_touch(m, &m->cases, old);
    c->rev++;
    int64_t alerted = old->alerted;
    *old = mem_copy_case(m->arena, c);
    old->alerted = alerted;
    return DF_OK;
}

static int64_t sort_time(int64_t due)
{
    return due == DF_NO_TIME ? INT64_MAX : due;
}

/* Queue order: due, urgency, number. */
static int order(struct queue_key x, struct queue_key y)
{
    int64_t a = sort_time(x.due), b = sort_time(y.due);
    if (a != b)
        return a < b ? -1 : 1;
    if (x.urgency != y.urgency)
        return x.urgency < y.urgency ? -1 : 1;
    return (x.id > y.id) - (x.id < y.id);
}

static struct queue_key key_of(const struct case_row *c)
{
    return (struct queue_key){c->due, c->urgency, c->id};
}

static int by_queue(const void *x, const void *y)
{
    return order(key_of(x), key_of(y));
}

static enum df_rc claim(struct store *st, int64_t id, enum urgency least, struct str who,
                        int64_t now, int64_t *id_out, struct err *err)
{
    struct mem *m = mem_of(st);
    struct case_row *best = NULL;
    (void)err;
    MEM_EACH(struct case_row, c, &m->cases) {
        bool fits = id ? c->id == id : c->wake <= now && c->urgency <= least;
        if (c->state == CASE_NEW && fits && (!best || order(key_of(c), key_of(best)) < 0))
            best = c;
    }
    if (!best)
        return DF_NONE;
    mem_touch(m, &m->cases, best);
    best->state = CASE_CLAIMED;
    best->owner = arena_str(m->arena, who);
    best->wake = 0;
    best->rev++;
    *id_out = best->id;
    return DF_OK;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool has_text(struct str hay, struct str needle)
{
    for (size_t i = 0; i + needle.len <= hay.len; i++) {
        size_t k = 0;
        while (k < needle.len && lower(hay.ptr[i + k]) == lower(needle.ptr[k]))
            k++;
        if (k == needle.len)
            return true;
    }
    return false;
}

static bool matches(struct mem *m, const struct case_row *c, const struct queue_filter *f)
{
    const struct post *p = &((struct mem_post *)mem_at(&m->posts, (size_t)c->post_id - 1))->row.post;
    bool all = f->closed_too || f->author_id.len;
    if (!all && c->state == CASE_CLOSED)
        return false;
    if (f->author_id.len && !str_eq(c->author_id, f->author_id))
        return false;
    if (f->paged && (all ? c->id <= f->after.id : order(key_of(c), f->after) <= 0))
        return false;
    return (!f->by_state || c->state == f->state) && (!f->by_urgency || c->urgency <= f->urgency) &&
           (!f->channel.len || str_eq(c->channel, f->channel)) &&
           (!f->lang.len || str_eq(c->lang, f->lang)) &&
           (!f->owner.len || str_eq(c->owner, f->owner)) && (f->asleep_too || f->author_id.len || c->wake <= f->now) &&
           (!f->text.len || has_text(p->text, f->text) || has_text(p->title, f->text) ||
            has_text(p->author_name, f->text));
}

static enum df_rc list(struct store *st, const struct queue_filter *f, struct arena *a,
                       struct case_row **out, int *count_out, struct err *err)
{
    struct mem *m = mem_of(st);
    struct case_row *rows = NULL;
    size_t count = 0, cap = 0;
    (void)err;
    MEM_EACH(struct case_row, c, &m->cases)
        if (matches(m, c, f))
            *ARENA_PUSH(a, rows, count, cap) = *c;
    if (count && !f->closed_too && !f->author_id.len)
        qsort(rows, count, sizeof *rows, by_queue);
    if (count > (size_t)f->limit)
        count = (size_t)f->limit;
    for (size_t i = 0; i < count; i++)
        rows[i] = mem_copy_case(a, &rows[i]);
    *out = rows;
    *count_out = (int)count;
    return DF_OK;
}

static enum df_rc count(struct store *st, int64_t now, struct queue_count out[URGENCIES],
                        struct err *err)
{
    (void)err;
    memset(out, 0, URGENCIES * sizeof *out);
    MEM_EACH(struct case_row, c, &mem_of(st)->cases) {
        struct queue_count *q = &out[c->urgency];
        if (c->state == CASE_CLOSED)
            continue;
        q->open++;
        q->fresh += c->state == CASE_NEW;
        q->overdue += sort_time(c->due) < now;
        q->asleep += c->wake > now;
    }
    return DF_OK;
}

static enum df_rc alerted(struct store *st, int64_t id, int64_t at, struct err *err)
{
    struct mem *m = mem_of(st);
    struct case_row *c = case_at(m, id);
    (void)err;
    if (c && c->alerted == DF_NO_TIME) {
        mem_touch(m, &m->cases, c);
        c->alerted = at;
    }
    return DF_OK;
}

const struct store_cases mem_cases = {
    .open = open_case,
    .get = get,
    .update = update,
    .claim = claim,
    .list = list,
    .count = count,
    .alerted = alerted,
};

static enum df_rc of_post(struct store *st, int64_t post_id, int64_t *id_out, struct err *err)
{
    const struct mem_link *l = link_of(mem_of(st), post_id);
    (void)err;
    if (l)
        *id_out = l->case_id;
    return l ? DF_OK : DF_NONE;
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static enum df_rc posts(struct store *st, int64_t id, struct arena *a, int64_t **out,
                        int *count_out, struct err *err)
{
    int64_t *ids = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_link, l, &mem_of(st)->links)
        if (l->case_id == id)
            *ARENA_PUSH(a, ids, n, cap) = l->post_id;
    if (n)
        qsort(ids, n, sizeof *ids, by_number);
    *out = ids;
    *count_out = (int)n;
    return DF_OK;
}

const struct store_links mem_links = {.add = add_link, .of_post = of_post, .posts = posts};

static enum df_rc last(struct store *st, int64_t *seq_out, unsigned char hash_out[LEDGER_HASH],
                       struct err *err)
{
    const struct mem_table *t = &mem_of(st)->ledger;
    (void)err;
    if (t->count == 0)
        return DF_NONE;
    const struct ledger_row *r = mem_at(t, t->count - 1);
    *seq_out = r->seq;
    memcpy(hash_out, r->hash, LEDGER_HASH);
    return DF_OK;
}

static enum df_rc append(struct store *st, const struct ledger_row *r, struct err *err)
{
    struct mem *m = mem_of(st);
    if (r->seq != (int64_t)m->ledger.count + 1 || !case_at(m, r->case_id))
        return err_set(err, DF_REJECT, "ledger row %lld does not fit", (long long)r->seq);
    struct ledger_row *n = mem_add(m, &m->ledger);
    *n = mem_copy_ledger(m->arena, r);
    return DF_OK;
}

static enum df_rc ledger_list(struct store *st, int64_t case_id, int64_t after, int limit,
                              struct arena *a, struct ledger_row **out, int *count_out,
                              struct err *err)
{
    struct ledger_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct ledger_row, r, &mem_of(st)->ledger)
        if (r->seq > after && (!case_id || r->case_id == case_id) && n < (size_t)limit)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_ledger(a, r);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

const struct store_ledger mem_ledger = {.last = last, .append = append, .list = ledger_list};

static enum df_rc draft_put(struct store *st, struct draft_row *r, struct err *err)
{
    struct mem *m = mem_of(st);
    if (!case_at(m, r->case_id))
        return err_set(err, DF_REJECT, "a draft for case %lld, which there is not",
                       (long long)r->case_id);
    struct draft_row *n = mem_add(m, &m->drafts);
    r->id = (int64_t)m->drafts.count;
    *n = mem_copy_draft(m->arena, r);
    n->approved_by = STR_NONE;
    n->approved_at = DF_NO_TIME;
    return DF_OK;
}

static enum df_rc draft_list(struct store *st, int64_t case_id, int limit, struct arena *a,
                             struct draft_row **out, int *count_out, struct err *err)
{
    const struct mem_table *t = &mem_of(st)->drafts;
    struct draft_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    for (size_t i = t->count; i-- > 0 && n < (size_t)limit;) {
        const struct draft_row *r = mem_at(t, i);
        if (r->case_id == case_id)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_draft(a, r);
    }
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static enum df_rc draft_approve(struct store *st, int64_t id, struct str who, int64_t at,
                                struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    if (id < 1 || (size_t)id > m->drafts.count)
        return DF_NONE;
    struct draft_row *r = mem_at(&m->drafts, (size_t)id - 1);
    if (r->approved_by.len || str_eq(r->who, who))
        return DF_NONE;
    mem_touch(m, &m->drafts, r);
    r->approved_by = arena_str(m->arena, who);
    r->approved_at = at;
    return DF_OK;
}

const struct store_drafts mem_drafts = {
    .put = draft_put, .list = draft_list, .approve = draft_approve};
