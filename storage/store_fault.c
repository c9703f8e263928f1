/* The fault driver: every call asks the script first, then goes to the wrapped store. */
#include "storage/store_fault.h"

#include <stdlib.h>

enum { MAX_ORDERS = 16, EVERY = -1 };

struct order { /* "outbox.add#3=fatal" */
    char call[40];
    int nth; /* EVERY: all of them */
    enum df_rc rc;
    int seen;
};

struct fault {
    struct store store;
    struct store *inner;
    struct order orders[MAX_ORDERS];
    int count;
};

static enum df_rc gate(struct store *st, const char *call, struct store **inner, struct err *err)
{
    struct fault *f = (struct fault *)st;
    enum df_rc rc = DF_OK;
    *inner = f->inner;
    f->inner->depth = st->depth; /* transactions are counted on the outside */
    for (int i = 0; i < f->count; i++) {
        struct order *o = &f->orders[i];
        if (strcmp(o->call, call) == 0 && (++o->seen == o->nth || o->nth == EVERY))
            rc = err_set(err, o->rc, "%s failed on order", call);
    }
    return rc;
}

/* One forwarding function: F(group, member, (parameters after the store), (their names)) */
#define UNPACK(...) __VA_ARGS__
#define F(group, member, params, names)                                                        \
    static enum df_rc group##_##member(struct store *st, UNPACK params, struct err *err)       \
    {                                                                                          \
        struct store *in;                                                                      \
        enum df_rc rc = gate(st, #group "." #member, &in, err);                                \
        return rc == DF_OK ? in->group->member(in, UNPACK names, err) : rc;                    \
    }

F(posts, put, (const struct post *p, struct post_put *out), (p, out))
F(posts, get, (int64_t id, int version, struct arena *a, struct post_row *out),
  (id, version, a, out))
F(posts, find, (struct str channel, struct str id, int64_t *out), (channel, id, out))
F(posts, list, (const struct post_filter *f, struct arena *a, struct post_row **out, int *n),
  (f, a, out, n))
F(posts, judge,
  (int64_t id, int version, const struct verdict *v, struct str doc, int64_t at),
  (id, version, v, doc, at))
F(posts, gone, (struct str channel, struct str id, int64_t at, int64_t *out), (channel, id, at, out))
F(posts, verdict, (int64_t id, int version, struct arena *a, struct str *out),
  (id, version, a, out))
F(cases, open, (struct case_row *row), (row))
F(cases, get, (int64_t id, struct arena *a, struct case_row *out), (id, a, out))
F(cases, update, (struct case_row *row), (row))
F(cases, claim, (int64_t id, enum urgency least, struct str who, int64_t now, int64_t *out),
  (id, least, who, now, out))
F(cases, list, (const struct queue_filter *f, struct arena *a, struct case_row **out, int *n),
  (f, a, out, n))
F(cases, count, (int64_t now, struct queue_count *out), (now, out))
F(cases, alerted, (int64_t id, int64_t at), (id, at))
F(links, add, (int64_t id, int64_t post_id, int64_t at), (id, post_id, at))
F(links, of_post, (int64_t post_id, int64_t *out), (post_id, out))
F(links, posts, (int64_t id, struct arena *a, int64_t **out, int *n), (id, a, out, n))
F(ledger, last, (int64_t *seq, unsigned char *hash), (seq, hash))
F(ledger, append, (const struct ledger_row *row), (row))
F(ledger, list,
  (int64_t id, int64_t after, int limit, struct arena *a, struct ledger_row **out, int *n),
  (id, after, limit, a, out, n))
F(drafts, put, (struct draft_row *row), (row))
F(drafts, list, (int64_t id, int limit, struct arena *a, struct draft_row **out, int *n),
  (id, limit, a, out, n))
F(drafts, approve, (int64_t id, struct str who, int64_t at), (id, who, at))
F(outbox, add, (const struct outbox_row *row), (row))
F(outbox, lease,
  (struct str sink, struct str holder, int64_t now, int64_t until, int limit, struct arena *a,
   struct outbox_row **out, int *n),
  (sink, holder, now, until, limit, a, out, n))
F(outbox, settle, (const struct outbox_row *row, struct str holder), (row, holder))
F(outbox, hold, (struct str sink, int64_t until, int64_t now), (sink, until, now))
F(outbox, holders, (struct arena *a, struct str **out, int *n), (a, out, n))
F(outbox, release, (struct str holder), (holder))
F(outbox, spent, (struct str sink, int64_t since, int64_t *out), (sink, since, out))
F(outbox, list,
  (enum outbox_state state, struct str sink, int64_t after, int limit, struct arena *a,
   struct outbox_row **out, int *n),
  (state, sink, after, limit, a, out, n))
F(outbox, count, (struct arena *a, struct outbox_count **out, int *n), (a, out, n))
F(sources, get, (struct str name, struct arena *a, struct source_row *out), (name, a, out))
F(sources, put, (const struct source_row *row), (row))
F(sources, list, (struct arena *a, struct source_row **out, int *n), (a, out, n))
F(sources, forget, (struct str name), (name))
F(ratings, add, (struct str source, const struct overall *o, int64_t at), (source, o, at))
F(ratings, latest, (struct str source, struct arena *a, struct rating_row **out, int *n),
  (source, a, out, n))
F(ratings, list, (int64_t after, int limit, struct arena *a, struct rating_row **out, int *n),
  (after, limit, a, out, n))
F(robots, list, (int64_t now, struct arena *a, struct robots_row **out, int *n), (now, a, out, n))
F(robots, put, (const struct robots_row *row), (row))
F(robots, forget, (int64_t now), (now))
F(meta, get, (const char *key, struct arena *a, struct str *out), (key, a, out))
F(meta, put, (const char *key, struct str value), (key, value))
F(meta, lock_get, (const char *name, struct arena *a, struct lock_row *out), (name, a, out))
F(meta, lock_take,
  (const char *name, struct str holder, struct str instead_of, int64_t now, int64_t until),
  (name, holder, instead_of, now, until))
F(meta, lock_drop, (const char *name, struct str holder), (name, holder))

static const struct store_posts fault_posts = {posts_put,  posts_get,   posts_find,
                                               posts_gone, posts_list,  posts_judge,
                                               posts_verdict};
static const struct store_cases fault_cases = {cases_open, cases_get,   cases_update,
                                               cases_claim, cases_list, cases_count,
                                               cases_alerted};
static const struct store_links fault_links = {links_add, links_of_post, links_posts};
static const struct store_ledger fault_ledger = {ledger_last, ledger_append, ledger_list};
static const struct store_drafts fault_drafts = {drafts_put, drafts_list, drafts_approve};
static const struct store_outbox fault_outbox = {
    outbox_add,     outbox_lease, outbox_settle, outbox_hold, outbox_holders,
    outbox_release, outbox_spent, outbox_list,   outbox_count};
static const struct store_sources fault_sources = {sources_get, sources_put, sources_list,
                                                   sources_forget};
static const struct store_ratings fault_ratings = {ratings_add, ratings_latest, ratings_list};
static const struct store_robots fault_robots = {robots_list, robots_put, robots_forget};
static const struct store_meta fault_meta = {meta_get, meta_put, meta_lock_get, meta_lock_take,
                                             meta_lock_drop};

static enum df_rc begin(struct store *st, int depth, struct err *err)
{
    struct store *in;
    enum df_rc rc = gate(st, "begin", &in, err);
    return rc == DF_OK ? in->driver->begin(in, depth, err) : rc;
}

static enum df_rc commit(struct store *st, int depth, struct err *err)
{
    struct store *in;
    enum df_rc rc = gate(st, "commit", &in, err);
    return rc == DF_OK ? in->driver->commit(in, depth, err) : rc;
}

static void rollback(struct store *st, int depth)
{
    struct store *in = ((struct fault *)st)->inner;
    in->depth = depth;
    in->driver->rollback(in, depth);
}

static void close_fault(struct store *st)
{
    struct fault *f = (struct fault *)st;
    if (f->inner)
        f->inner->depth = 0; /* store_close has rolled back already */
    store_close(&f->inner);
    free(f);
}

/* "outbox.add#3=fatal" */
static enum df_rc read_order(struct fault *f, struct str text, struct err *err)
{
    static const struct {
        const char *word;
        enum df_rc rc;
    } results[] = {{"retry", DF_RETRY}, {"reject", DF_REJECT}, {"fatal", DF_FATAL}};
    struct str call, word = text, nth;
    struct order o = {.nth = 1};
    str_split(&word, '=', &call);
    struct str head = call;
    str_split(&head, '#', &call);
    nth = head;
    long long n = 1;
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (str_is(word, results[i].word))
            o.rc = results[i].rc;
    if (str_is(nth, "*"))
        o.nth = EVERY;
    else if (nth.len && !str_i64(nth, &n))
        o.rc = DF_OK;
    else
        o.nth = (int)n;
    if (o.rc == DF_OK || f->count == MAX_ORDERS || call.len >= sizeof o.call)
        return err_set(err, DF_REJECT, "'%.*s' is no order to fail; see storage/store_fault.h",
                       STR_FMT(text));
    memcpy(o.call, call.ptr, call.len);
    f->orders[f->count++] = o;
    return DF_OK;
}

static enum df_rc open_fault(const char *rest, struct store **out, struct err *err)
{
    const char *at = strchr(rest, '@');
    struct str script = at ? str_n(rest, (size_t)(at - rest)) : STR_NONE, one;
    enum df_rc rc = at ? DF_OK : err_set(err, DF_REJECT, "fault:SCRIPT@ADDRESS, not '%s'", rest);
    struct fault *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    while (rc == DF_OK && str_split(&script, ',', &one))
        if (one.len)
            rc = read_order(f, one, err);
    if (rc == DF_OK)
        rc = store_open(at + 1, &f->inner, err);
    if (rc != DF_OK) {
        free(f);
        return rc;
    }
    f->store = (struct store){
        .driver = &store_fault_ops,
        .posts = &fault_posts,
        .cases = &fault_cases,
        .links = &fault_links,
        .ledger = &fault_ledger,
        .drafts = &fault_drafts,
        .outbox = &fault_outbox,
        .sources = &fault_sources,
        .ratings = &fault_ratings,
        .robots = &fault_robots,
        .meta = &fault_meta,
    };
    *out = &f->store;
    return DF_OK;
}

const struct store_ops store_fault_ops = {
    .name = "fault",
    .open = open_fault,
    .close = close_fault,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
};
