/* train_names.c: words that look like names. A word that stands with a capital inside sentences
 * most of the time it is written is the name of a person, a brand or a place: its weight would say
 * what people think of that one, not what its words mean, and names stay out of lexicons anyway.
 * Looks at original text, before folding; knows Latin letters only. */
#include "analyzer/train_private.h"

enum { SLOTS_START = 1 << 12 };

struct seen {
    uint64_t hash;
    uint32_t small, inside, anywhere; /* written small; capital after a small word; capital at all */
};

struct train_names {
    struct arena *arena;
    struct seen *table;
    size_t size, used;
};

struct train_names *train_names_new(struct arena *a)
{
    struct train_names *n = ARENA_NEW(a, struct train_names);
    *n = (struct train_names){a, arena_array(a, SLOTS_START, sizeof(struct seen)), SLOTS_START, 0};
    return n;
}

static struct seen *place(struct seen *table, size_t size, uint64_t hash)
{
    size_t i = hash & (size - 1);
    while (table[i].hash && table[i].hash != hash)
        i = (i + 1) & (size - 1);
    return &table[i];
}

static struct seen *entry(struct train_names *n, uint64_t hash)
{
    if (n->used * 2 > n->size) {
        struct seen *bigger = arena_array(n->arena, n->size * 2, sizeof *bigger);
        for (size_t i = 0; i < n->size; i++)
            if (n->table[i].hash)
                *place(bigger, n->size * 2, n->table[i].hash) = n->table[i];
        n->table = bigger;
        n->size *= 2;
    }
    struct seen *s = place(n->table, n->size, hash);
    if (!s->hash) {
        s->hash = hash;
        n->used++;
    }
    return s;
}

static inline bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Handles, tags and links are no sentences: the word behind their sign is not looked at. */
static bool is_marked(struct str s, size_t i)
{
    return i > 0 && (s.ptr[i - 1] == '@' || s.ptr[i - 1] == '#' || s.ptr[i - 1] == '/' ||
                     s.ptr[i - 1] == '_' || s.ptr[i - 1] == '.');
}

void train_names_see(struct train_names *n, struct str s)
{
    bool after_small = false;
    for (size_t i = 0, start; i < s.len;) {
        if (!is_capital(s.ptr[i]) && !is_small(s.ptr[i])) {
            if (s.ptr[i] != ' ')
                after_small = false; /* a sentence may start behind any sign */
            i++;
            continue;
        }
        char word[64];
        size_t len = 0;
        start = i;
        bool shouted = true;
        for (; i < s.len && (is_capital(s.ptr[i]) || is_small(s.ptr[i]) || s.ptr[i] == '\''); i++) {
            shouted &= !is_small(s.ptr[i]);
            if (len < sizeof word)
                word[len++] = is_capital(s.ptr[i]) ? (char)(s.ptr[i] | 0x20) : s.ptr[i];
        }
        bool small = is_small(s.ptr[start]);
        if (len > 1 && word[1] != '\'' && !is_marked(s, start) && (small || !shouted)) {
            struct seen *e = entry(n, unit_hash(word, len));
            e->small += small;
            e->anywhere += !small;
            e->inside += !small && after_small;
        }
        after_small = small;
    }
}

bool train_names_is(const struct train_names *n, struct str word)
{
    const struct seen *s = place(n->table, n->size, unit_hash(word.ptr, word.len));
    if (!s->hash)
        return false;
    if (s->small == 0)
        return s->anywhere > 0;
    return s->inside >= 2 && s->inside * 2 > s->small * 3; /* three of five, inside of sentences */
}
