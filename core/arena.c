#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 16 << 10, MAX_BLOCK = 1 << 20, ALIGN = 16 };

struct block {
    struct block *prev;
    size_t size, used;
    _Alignas(ALIGN) unsigned char data[];
};

struct arena {
    struct block *top;
    size_t held;
};

static void *must(void *p)
{
    if (!p) {
        fputs("defuse: out of memory\n", stderr);
        abort();
    }
    return p;
}

static void push_block(struct arena *a, size_t need)
{
    size_t size = a->top ? a->top->size * 2 : FIRST_BLOCK;
    if (size > MAX_BLOCK)
        size = MAX_BLOCK;
    if (size < need)
        size = need;
    struct block *b = must(malloc(sizeof *b + size));
    *b = (struct block){.prev = a->top, .size = size};
    a->top = b;
    a->held += sizeof *b + size;
}

static void pop_block(struct arena *a)
{
    struct block *b = a->top;
    a->top = b->prev;
    a->held -= sizeof *b + b->size;
    free(b);
}

struct arena *arena_new(void)
{
    struct arena *a = must(calloc(1, sizeof *a));
    push_block(a, 0);
    return a;
}

void arena_free(struct arena **a)
{
    if (!a || !*a)
        return;
    while ((*a)->top)
        pop_block(*a);
    free(*a);
    *a = NULL;
}

void arena_reset(struct arena *a)
{
    while (a->top->prev)
        pop_block(a);
    a->top->used = 0;
}

struct arena_mark arena_mark(struct arena *a)
{
    return (struct arena_mark){a->top, a->top->used};
}

void arena_release(struct arena *a, struct arena_mark m)
{
    while (a->top != m.block)
        pop_block(a);
    a->top->used = m.used;
}

size_t arena_bytes(const struct arena *a)
{
    return a->held;
}

static void *take(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        must(NULL);
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (size > a->top->size - a->top->used)
        push_block(a, size);
    void *p = a->top->data + a->top->used;
    a->top->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        must(NULL);
    return arena_alloc(a, total);
}

char *arena_text(struct arena *a, size_t len)
{
    char *p = take(a, len + 1);
    p[len] = '\0';
    return p;
}

char *arena_strz(struct arena *a, struct str s)
{
    char *p = arena_text(a, s.len);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    return (struct str){arena_strz(a, s), s.len};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        n = 0;
    char *p = take(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){p, (size_t)n};
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    size_t next = *cap ? *cap * 2 : 8;
    void *moved = arena_array(a, next, size);
    if (count)
        memcpy(moved, items, count * size);
    *cap = next;
    return moved;
}
