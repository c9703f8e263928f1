#include "storage/store_mem_table.h"

#include <assert.h>
#include <stdlib.h>

static void *grow(void *items, size_t *cap, size_t width)
{
    *cap = *cap ? 2 * *cap : 64;
    void *p = reallocarray(items, *cap, width);
    if (!p)
        abort();
    return p;
}

static void note(struct mem *m, struct mem_table *t, size_t index, void *before)
{
    assert(m->store.depth > 0); /* writing happens in transactions only */
    if (m->note_count == m->note_cap)
        m->notes = grow(m->notes, &m->note_cap, sizeof *m->notes);
    m->notes[m->note_count++] = (struct mem_note){t, index, before};
}

void *mem_add(struct mem *m, struct mem_table *t)
{
    if (t->count == t->cap)
        t->rows = grow(t->rows, &t->cap, t->width);
    note(m, t, t->count, NULL);
    return memset(mem_at(t, t->count++), 0, t->width);
}

void mem_touch(struct mem *m, struct mem_table *t, void *row)
{
    void *before = malloc(t->width);
    if (!before)
        abort();
    memcpy(before, row, t->width);
    note(m, t, (size_t)((char *)row - t->rows) / t->width, before);
}

void mem_undo(struct mem *m, size_t to)
{
    while (m->note_count > to) {
        struct mem_note *n = &m->notes[--m->note_count];
        if (n->before)
            memcpy(mem_at(n->table, n->index), n->before, n->table->width);
        else
            n->table->count = n->index;
        free(n->before);
    }
}

/* Copies of a struct with its texts moved to the arena. */
#define HOME(field) c.field = c.field.len ? arena_str(a, c.field) : STR_NONE

struct post mem_copy_post(struct arena *a, const struct post *p)
{
    struct post c = *p;
    HOME(channel);
    HOME(source);
    HOME(id);
    HOME(url);
    HOME(author_id);
    HOME(author_name);
    HOME(title);
    HOME(text);
    HOME(lang);
    HOME(rating);
    HOME(parent);
    HOME(digest);
    return c;
}

struct case_row mem_copy_case(struct arena *a, const struct case_row *r)
{
    struct case_row c = *r;
    HOME(channel);
    HOME(author_id);
    HOME(lang);
    HOME(reason);
    HOME(owner);
    return c;
}

struct ledger_row mem_copy_ledger(struct arena *a, const struct ledger_row *r)
{
    struct ledger_row c = *r;
    HOME(who);
    HOME(act);
    HOME(from);
    HOME(to);
    HOME(why);
    return c;
}

struct draft_row mem_copy_draft(struct arena *a, const struct draft_row *r)
{
    struct draft_row c = *r;
    HOME(who);
    HOME(lang);
    HOME(text);
    HOME(findings);
    HOME(pieces);
    HOME(approved_by);
    return c;
}

struct outbox_row mem_copy_outbox(struct arena *a, const struct outbox_row *r)
{
    struct outbox_row c = *r;
    HOME(dedup);
    HOME(alert_id);
    HOME(sink);
    HOME(kind);
    HOME(payload);
    HOME(last_text);
    return c;
}

struct rating_row mem_copy_rating(struct arena *a, const struct rating_row *r)
{
    struct rating_row c = *r;
    HOME(source);
    HOME(overall.about);
    HOME(overall.rating);
    return c;
}

struct source_row mem_copy_source(struct arena *a, const struct source_row *r)
{
    struct source_row c = *r;
    HOME(name);
    HOME(channel);
    HOME(cursor);
    HOME(etag);
    HOME(last_modified);
    HOME(last_error);
    return c;
}
