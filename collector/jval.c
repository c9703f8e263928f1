#include "collector/jval.h"

#include <stdlib.h>

#include "core/digest.h"

#define FEW 12 /* members up to here are looked through; more get a table */

struct jval jval_array(struct arena *a, const struct jval *items, size_t n)
{
    struct jval *copy = n ? arena_array(a, n, sizeof *copy) : NULL;
    if (n)
        memcpy(copy, items, n * sizeof *copy);
    return (struct jval){J_ARRAY, (uint32_t)n, {.items = copy}};
}

static uint32_t *slot_of(const struct jobject *o, struct str key)
{
    uint32_t at = (uint32_t)hash64(key) & o->mask;
    while (o->slots[at] && !str_eq(jval_text(o->members[o->slots[at] - 1].key), key))
        at = (at + 1) & o->mask;
    return &o->slots[at];
}

static struct jmember *find(const struct jobject *o, uint32_t count, struct str key)
{
    if (o->slots) {
        uint32_t at = *slot_of(o, key);
        return at ? &o->members[at - 1] : NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct jval *k = &o->members[i].key;
        if (k->count == key.len && (!key.len || memcmp(k->text, key.ptr, key.len) == 0))
            return &o->members[i];
    }
    return NULL;
}

struct jval jval_object(struct arena *a, const struct jmember *members, size_t n)
{
    struct jobject *o = ARENA_NEW(a, struct jobject);
    uint32_t count = 0;
    o->members = n ? arena_array(a, n, sizeof *o->members) : NULL;
    if (n > FEW) {
        uint32_t room = 32;
        while (room < n * 2)
            room *= 2;
        o->slots = arena_array(a, room, sizeof *o->slots);
        o->mask = room - 1;
    }
    for (size_t i = 0; i < n; i++) {
        struct jmember *old = find(o, count, jval_text(members[i].key));
        if (old) {
            old->value = members[i].value;
            continue;
        }
        o->members[count++] = members[i];
        if (o->slots)
            *slot_of(o, jval_text(members[i].key)) = count;
    }
    return (struct jval){J_OBJECT, count, {.object = o}};
}

struct jval jval_get(struct jval v, struct str key)
{
    const struct jmember *m = v.kind == J_OBJECT ? find(v.object, v.count, key) : NULL;
    return m ? m->value : JVAL(J_NULL);
}

bool jval_has(struct jval v, struct str key)
{
    return v.kind == J_OBJECT && find(v.object, v.count, key) != NULL;
}

static bool objects_equal(struct jval a, struct jval b)
{
    if (a.count != b.count)
        return false;
    for (uint32_t i = 0; i < a.count; i++) {
        const struct jmember *x = &a.object->members[i], *y = find(b.object, b.count, jval_text(x->key));
        if (!y || !jval_equal(x->value, y->value))
            return false;
    }
    return true;
}

int jval_cmp(struct jval a, struct jval b, bool *odd)
{
    if (a.kind != b.kind)
        return (int)a.kind - (int)b.kind;
    int c = 0;
    switch (a.kind) {
    case J_NULL: case J_FALSE: case J_TRUE: return 0;
    case J_NUMBER: return a.number < b.number ? -1 : a.number == b.number ? 0 : 1;
    case J_STRING: return str_cmp(jval_text(a), jval_text(b));
    case J_ARRAY:
        for (uint32_t i = 0; i < a.count && i < b.count && c == 0; i++)
            c = jval_cmp(a.items[i], b.items[i], odd);
        return c ? c : (int)(a.count > b.count) - (int)(a.count < b.count);
    case J_OBJECT:
        if (objects_equal(a, b))
            return 0;
        *odd = true;
        return 1;
    }
    return 0;
}

bool jval_equal(struct jval a, struct jval b)
{
    bool odd = false;
    return a.kind == b.kind && jval_cmp(a, b, &odd) == 0;
}
