/* The ratings and robots groups of the memory driver. */
#include <stdlib.h>

#include "storage/store_mem_table.h"

static const struct rating_row *newest(struct mem *m, struct str source, struct str about)
{
    const struct rating_row *found = NULL;
    MEM_EACH(struct rating_row, r, &m->ratings)
        if (str_eq(r->source, source) && str_eq(r->overall.about, about))
            found = r;
    return found;
}

static enum df_rc add(struct store *st, struct str source, const struct overall *o, int64_t at,
                      struct err *err)
{
    struct mem *m = mem_of(st);
    const struct rating_row *last = newest(m, source, o->about);
    (void)err;
    if (last && overall_same(&last->overall, o))
        return DF_NONE;
    struct rating_row row = {.id = (int64_t)m->ratings.count + 1, .at = at, .source = source,
                             .overall = *o};
    struct rating_row *to = mem_add(m, &m->ratings);
    *to = mem_copy_rating(m->arena, &row);
    return DF_OK;
}

static int by_thing(const void *x, const void *y)
{
    const struct rating_row *a = x, *b = y;
    int c = str_cmp(a->source, b->source);
    return c ? c : str_cmp(a->overall.about, b->overall.about);
}

static enum df_rc latest(struct store *st, struct str source, struct arena *a,
                         struct rating_row **out, int *count_out, struct err *err)
{
    struct mem *m = mem_of(st);
    struct rating_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct rating_row, r, &m->ratings)
        if ((!source.len || str_eq(r->source, source)) &&
            newest(m, r->source, r->overall.about) == r)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_rating(a, r);
    if (n)
        qsort(rows, n, sizeof *rows, by_thing);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static enum df_rc list(struct store *st, int64_t after, int limit, struct arena *a,
                       struct rating_row **out, int *count_out, struct err *err)
{
    struct rating_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct rating_row, r, &mem_of(st)->ratings)
        if (r->id > after && (int)n < limit)
            *ARENA_PUSH(a, rows, n, cap) = mem_copy_rating(a, r);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

const struct store_ratings mem_ratings = {.add = add, .latest = latest, .list = list};

static struct mem_robots *robots_of(struct mem *m, struct str origin)
{
    MEM_EACH(struct mem_robots, r, &m->robots)
        if (str_eq(r->row.origin, origin))
            return r;
    return NULL;
}

static struct robots_row copy(struct arena *a, const struct robots_row *r)
{
    return (struct robots_row){arena_str(a, r->origin), arena_str(a, r->body), r->until};
}

static int by_origin(const void *x, const void *y)
{
    return str_cmp(((const struct robots_row *)x)->origin, ((const struct robots_row *)y)->origin);
}

static enum df_rc robots_list(struct store *st, int64_t now, struct arena *a,
                              struct robots_row **out, int *count_out, struct err *err)
{
    struct robots_row *rows = NULL;
    size_t n = 0, cap = 0;
    (void)err;
    MEM_EACH(struct mem_robots, r, &mem_of(st)->robots)
        if (!r->gone && r->row.until > now)
            *ARENA_PUSH(a, rows, n, cap) = copy(a, &r->row);
    if (n)
        qsort(rows, n, sizeof *rows, by_origin);
    *out = rows;
    *count_out = (int)n;
    return DF_OK;
}

static enum df_rc robots_put(struct store *st, const struct robots_row *row, struct err *err)
{
    struct mem *m = mem_of(st);
    struct mem_robots *r = robots_of(m, row->origin);
    (void)err;
    if (r)
        mem_touch(m, &m->robots, r);
    else
        r = mem_add(m, &m->robots);
    *r = (struct mem_robots){.row = copy(m->arena, row)};
    return DF_OK;
}

static enum df_rc robots_forget(struct store *st, int64_t now, struct err *err)
{
    struct mem *m = mem_of(st);
    (void)err;
    MEM_EACH(struct mem_robots, r, &m->robots)
        if (!r->gone && r->row.until <= now) {
            mem_touch(m, &m->robots, r);
            r->gone = true;
        }
    return DF_OK;
}

const struct store_robots mem_robots = {
    .list = robots_list, .put = robots_put, .forget = robots_forget};
