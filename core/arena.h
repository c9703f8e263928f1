/* arena.h: memory with a shared end of life. Three lifetimes are used and named in headers:
 *   process  configuration, rule sets, packs: freed when reloaded or at exit
 *   batch    one poll, one request, one run: reset after commit
 *   frame    one post: mark, work, release
 * Allocation never returns NULL: it aborts. That is safe because every external size has been
 * held against core/limits.h before. Not thread-safe: one arena has one owner at a time. */
#ifndef DF_CORE_ARENA_H
#define DF_CORE_ARENA_H

#include <stddef.h>

#include "core/str.h"

struct arena;
struct arena_mark {
    void *block;
    size_t used;
};

struct arena *arena_new(void);
void arena_free(struct arena **a);
void arena_reset(struct arena *a); /* keeps the first block for reuse */
struct arena_mark arena_mark(struct arena *a);
void arena_release(struct arena *a, struct arena_mark m); /* frees all allocated since */
size_t arena_bytes(const struct arena *a);                /* held from the system */

void *arena_alloc(struct arena *a, size_t size); /* zeroed, aligned for any type */
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow-checked */
struct str arena_str(struct arena *a, struct str s);            /* copy; NUL follows */
char *arena_text(struct arena *a, size_t len);   /* len bytes to be written, NUL set after them */
char *arena_strz(struct arena *a, struct str s);                /* copy as C string */
struct str arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Room for one more element of a growing array: returns the (possibly moved) array. */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_PUSH(a, items, count, cap)                                                      \
    ((items) = arena_grow((a), (items), (count), &(cap), sizeof *(items)), &(items)[(count)++])

#endif
