/* store_mem_table.h: rows in memory that can be taken back. A table is an array of structs of one
 * size; every row added or about to be changed is noted, so that a transaction or an inner mark of
 * it can be undone by walking the notes backwards. Included by store_mem*.c only.
 * Rows never move to another index and are never removed; those that can be forgotten carry a
 * flag. Pointers to rows are good until the next mem_add to the same table. */
#ifndef DF_STORAGE_STORE_MEM_TABLE_H
#define DF_STORAGE_STORE_MEM_TABLE_H

#include "storage/store.h"

struct mem_table {
    char *rows;
    size_t width, count, cap;
};

struct mem_note {
    struct mem_table *table;
    size_t index;
    void *before; /* the row as it was; NULL: it was not there */
};

enum { MEM_MAX_DEPTH = 16 };

struct mem_post {
    uint64_t hash; /* of channel and id, for looking up */
    struct post_row row;
    int64_t first_seen;
    unsigned char digest[32];
};

struct mem_verdict {
    int64_t post_id, at;
    int version;
    struct str ruleset, doc;
};

struct mem_link {
    int64_t post_id, case_id;
};

struct mem_outbox {
    struct outbox_row row;
    struct str holder;
    int64_t until;
};

struct mem_source {
    struct source_row row;
    bool gone;
};

struct mem_robots {
    struct robots_row row;
    bool gone;
};

struct mem_lock {
    struct str name;
    struct lock_row row;
    bool gone;
};

struct mem_meta {
    struct str key, value;
};

struct mem {
    struct store store;
    struct arena *arena; /* all texts; old ones stay until close */
    struct mem_table posts, old_posts, verdicts, cases, links, ledger, drafts, outbox, sources,
        ratings, robots, locks, meta;
    struct mem_note *notes;
    size_t note_count, note_cap;
    size_t marks[MEM_MAX_DEPTH];
};

static inline struct mem *mem_of(struct store *st)
{
    return (struct mem *)st;
}

void *mem_add(struct mem *m, struct mem_table *t);               /* a zeroed new last row */
void mem_touch(struct mem *m, struct mem_table *t, void *row);   /* it is about to change */
void mem_undo(struct mem *m, size_t to);
static inline void *mem_at(const struct mem_table *t, size_t i)
{
    return t->rows + i * t->width;
}
#define MEM_EACH(type, var, table)                                                             \
    for (type *var = (type *)(void *)(table)->rows,                                            \
              *var##_end = (type *)(void *)(table)->rows + (table)->count;                     \
         var < var##_end; var++)

/* Deep copies, used on the way in and on the way out. */
struct post mem_copy_post(struct arena *a, const struct post *p);
struct case_row mem_copy_case(struct arena *a, const struct case_row *c);
struct ledger_row mem_copy_ledger(struct arena *a, const struct ledger_row *r);
struct draft_row mem_copy_draft(struct arena *a, const struct draft_row *r);
struct outbox_row mem_copy_outbox(struct arena *a, const struct outbox_row *r);
struct rating_row mem_copy_rating(struct arena *a, const struct rating_row *r);
struct source_row mem_copy_source(struct arena *a, const struct source_row *r);

extern const struct store_posts mem_posts;
extern const struct store_cases mem_cases;
extern const struct store_links mem_links;
extern const struct store_ledger mem_ledger;
extern const struct store_drafts mem_drafts;
extern const struct store_outbox mem_outbox;
extern const struct store_sources mem_sources;
extern const struct store_ratings mem_ratings;
extern const struct store_robots mem_robots;
extern const struct store_meta mem_meta;

#endif
