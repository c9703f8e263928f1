/* train_names.c: words that look like names. A word that stands with a capital inside sentences
 * most of the time it is written is the name of a person, a brand or a place: its weight would say
 * what people think of that one, not what its words mean, and names stay out of lexicons anyway.
 * That looks at original text, before folding, and knows Latin letters only; names in other
 * scripts come from a list of hashes (learn/names.txt). */
#include <stdlib.h>

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
    uint64_t *listed; /* sorted */
    size_t listed_count;
};

struct train_names *train_names_new(struct arena *a)
{
    struct train_names *n = ARENA_NEW(a, struct train_names);
    *n = (struct train_names){a, arena_array(a, SLOTS_START, sizeof(struct seen)), SLOTS_START, 0,
                               NULL, 0};
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

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

enum df_rc train_names_read(struct train_names *n, struct str text, const char *path,
                            struct diags *diags)
{
    struct str line;
    size_t cap = 0;
    for (int number = 1; str_split(&text, '\n', &line); number++) {
        char digits[17] = {0}, *end;
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        memcpy(digits, line.ptr, line.len < 16 ? line.len : 16);
        uint64_t hash = strtoull(digits, &end, 16);
        if (line.len != 16 || *end) {
            diags_addf(diags, DIAG_ERROR, path, number, 1, "not 16 hexadecimal digits");
            return DF_REJECT;
        }
        *ARENA_PUSH(n->arena, n->listed, n->listed_count, cap) = hash;
    }
    qsort(n->listed, n->listed_count, sizeof *n->listed, by_value);
    return DF_OK;
}

/* Units of a listed name become breaks: no phrase holds one or a part of one. */
void train_names_mask(const struct train_names *n, const char *text, struct unit *u, size_t count)
{
    enum { LONGEST = 4 };
    for (size_t i = 0; n->listed_count && i < count; i++) {
        uint64_t h = 0xcbf29ce484222325ull;
        if (u[i].kind != UNIT_WORD && u[i].kind != UNIT_CHAR)
            continue;
        for (size_t k = 0, at = u[i].start; k < LONGEST && i + k < count; k++) {
            if (u[i + k].start != at || (u[i + k].kind != UNIT_WORD && u[i + k].kind != UNIT_CHAR))
                break;
            for (; at < u[i + k].start + u[i + k].len; at++)
                h = (h ^ (unsigned char)text[at]) * 0x100000001b3ull;
            if (bsearch(&h, n->listed, n->listed_count, sizeof h, by_value)) {
                for (size_t m = i; m <= i + k; m++)
                    u[m].kind = UNIT_BREAK;
                break;
            }
        }
    }
}
