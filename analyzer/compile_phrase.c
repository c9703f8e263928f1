/* compile_phrase.c: phrases to unit sequences, one number each, and the tree over their units. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/fold.h"
#include "core/limits.h"

uint32_t map_find(const struct c_map *m, uint64_t key)
{
    if (!m->cap)
        return 0;
    for (size_t i = (key ^ key >> 29) & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        if (!m->values[i])
            return 0;
        if (m->keys[i] == key)
            return m->values[i];
    }
}

static void map_insert(struct c_map *m, uint64_t key, uint32_t value_plus_one)
{
    size_t i = (key ^ key >> 29) & (m->cap - 1);
    while (m->values[i] && m->keys[i] != key)
        i = (i + 1) & (m->cap - 1);
    m->count += !m->values[i];
    m->keys[i] = key;
    m->values[i] = value_plus_one;
}

void map_put(struct arena *a, struct c_map *m, uint64_t key, uint32_t value)
{
    if ((m->count + 1) * 2 > m->cap) {
        struct c_map old = *m;
        m->cap = old.cap ? old.cap * 4 : 1024;
        m->keys = arena_array(a, m->cap, sizeof *m->keys);
        m->values = arena_array(a, m->cap, sizeof *m->values);
        m->count = 0;
        for (size_t i = 0; i < old.cap; i++)
            if (old.values[i])
                map_insert(m, old.keys[i], old.values[i]);
    }
    map_insert(m, key, value + 1);
}

/* `word*`: a star glued to a word's end, with a blank or nothing behind it. */
static bool is_stem(const char *text, size_t len, const struct unit *u, size_t i, size_t n)
{
    if (i + 1 >= n || u[i].kind != UNIT_WORD || u[i + 1].kind != UNIT_SIGN)
        return false;
    size_t star = u[i + 1].start;
    return text[star] == '*' && u[i].start + u[i].len == star && u[i].len >= 2 &&
           (star + 1 == len || text[star + 1] == ' ');
}

int phrase_units(struct arena *a, struct str text, uint64_t *out, uint32_t *stems,
                 struct str *stem_text)
{
    char folded[12 * DF_MAX_PATTERN + 256]; /* fold_bound of the longest, and padding */
    if (text.len > DF_MAX_PATTERN)
        return -1;
    struct fold_stats st = {0};
    size_t len = fold_text(text, folded, &st);
    struct unit u[DF_MAX_PHRASE_UNITS * 2 + 2];
    size_t n = units_cut(folded, len, u, sizeof u / sizeof *u);
    int count = 0;
    *stems = 0;
    for (size_t i = 0; i < n && count >= 0; i++) {
        if (count == DF_MAX_PHRASE_UNITS) {
            count = -1;
            break;
        }
        if (u[i].kind == UNIT_BREAK)
            continue;
        if (is_stem(folded, len, u, i, n)) {
            if (u[i].len < 3 || u[i].len > 18) {
                count = -2;
                break;
            }
            stem_text[count] = arena_str(a, str_n(folded + u[i].start, u[i].len));
            *stems |= 1u << count;
            out[count++] = u[i].hash ^ STEM_SALT;
            i++;
        } else {
            out[count++] = u[i].hash;
        }
    }
    return count;
}

static uint32_t node_get(struct compiler *c, uint64_t state)
{
    uint32_t at = map_find(&c->node_map, state);
    if (at)
        return at - 1;
    C_PUSH(c, nodes) = (struct c_node){.state = state};
    map_put(c->arena, &c->node_map, state, (uint32_t)c->nodes_count - 1);
    return (uint32_t)c->nodes_count - 1;
}

static void add_stem(struct compiler *c, struct str stem)
{
    size_t key = stem.len < 4 ? stem.len : 4;
    c->stems[stem_slot(stem.ptr, key)] |= (uint16_t)(1u << (stem.len - 3));
    if (!c->stem_min || stem.len < c->stem_min)
        c->stem_min = (uint8_t)stem.len;
}

static int gate_of(struct str text)
{
    static const char *const names[] = {
#define NAME(e, n) n,
        GATES(NAME)
#undef NAME
    };
    struct str inner = str_sub(text, 1, text.len - 2);
    for (int g = 0; g < GATE_COUNT; g++)
        if (str_is(inner, names[g]))
            return g;
    return -1;
}

static uint32_t add_phrase(struct compiler *c, struct str text, uint32_t units)
{
    C_PUSH(c, phrases) = (struct c_phrase){.text = text, .units = units};
    return (uint32_t)c->phrases_count - 1;
}

uint32_t phrase_intern(struct compiler *c, struct str text, struct src_place at)
{
    if (text.len > 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>') {
        int g = gate_of(text);
        if (g < 0) {
            src_fault(c->src, DIAG_ERROR, at, "unknown sign %.*s", STR_FMT(text));
            return PHRASE_BAD;
        }
        if (!c->gates[g]) {
            uint32_t node = node_get(c, GATE_STATE(g));
            c->gates[g] = add_phrase(c, text, 1) + 1;
            c->nodes[node].phrase = c->gates[g];
        }
        return c->gates[g] - 1;
    }
    uint64_t hash[DF_MAX_PHRASE_UNITS + 1];
    struct str stem_text[DF_MAX_PHRASE_UNITS + 1];
    uint32_t stems;
    int n = phrase_units(c->arena, text, hash, &stems, stem_text);
    if (n <= 0) {
        src_fault(c->src, DIAG_ERROR, at,
                  n == 0    ? "'%.*s' has no word or character to match"
                  : n == -1 ? "'%.*s' is longer than DF_MAX_PHRASE_UNITS"
                            : "'%.*s': a word before * needs 3 to 18 letters",
                  STR_FMT(text));
        return PHRASE_BAD;
    }
    if (c->phrases_count >= DF_MAX_PHRASES) {
        src_fault(c->src, DIAG_ERROR, at, "more than DF_MAX_PHRASES (%d) phrases", DF_MAX_PHRASES);
        return PHRASE_BAD;
    }
    uint64_t state = 0;
    uint32_t node = 0;
    for (int i = 0; i < n; i++) {
        state = i ? node_step(state, hash[i]) : hash[i];
        node = node_get(c, state);
        if (i + 1 < n)
            c->nodes[node].flags |= NODE_MORE | (stems >> (i + 1) & 1 ? NODE_STEMS : 0);
        if (stems >> i & 1)
            add_stem(c, stem_text[i]);
    }
    if (!c->nodes[node].phrase)
        c->nodes[node].phrase = add_phrase(c, text, (uint32_t)n) + 1;
    return c->nodes[node].phrase - 1;
}

/* Weights of one more lexicon behind those a phrase already has. */
static void append(struct compiler *c, uint32_t *first, uint32_t *count,
                   const struct image_packed *w, uint32_t n)
{
    uint32_t at = (uint32_t)c->packed_count;
    if (*count + n > 250)
        n = 250 - *count;
    for (uint32_t i = 0; i < *count; i++) {
        struct image_packed old = c->packed[*first + i];
        C_PUSH(c, packed) = old;
    }
    for (uint32_t i = 0; i < n; i++)
        C_PUSH(c, packed) = w[i];
    *first = at;
    *count += n;
}

void phrase_add_weights(struct compiler *c, const struct src_lexicon *l, uint32_t source)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct src_phrase *p = &l->phrases[i];
        struct src_place at = {l->file, (int)p->line, 1};
        uint32_t id = phrase_intern(c, p->text, at);
        if (id == PHRASE_BAD)
            continue;
        struct c_phrase *ph = &c->phrases[id];
        uint32_t *first = p->negated ? &ph->neg_first : &ph->first;
        uint32_t *count = p->negated ? &ph->neg_count : &ph->count;
        append(c, first, count, l->packed + p->first, p->count);
        ph->has_negated = ph->has_negated || p->negated;
        ph->source = source;
        ph->support += p->support;
    }
}

void phrase_layout(struct compiler *c)
{
    C_PUSH(c, records) = 0; /* offset 0 means none */
    for (size_t i = 0; i < c->phrases_count; i++) {
        struct c_phrase *p = &c->phrases[i];
        uint32_t sets = 0;
        for (uint32_t l = p->sets; l; l = c->links[l].next)
            sets++;
        struct image_record r = {.phrase = (uint32_t)i,
                                 .weights = (uint8_t)p->count,
                                 .negated = (uint8_t)(p->has_negated ? p->neg_count
                                                      : p->count     ? NEGATED_BY_FACTOR
                                                                     : 0),
                                 .sets = (uint16_t)sets,
                                 .roles = p->roles,
                                 .factor = p->factor};
        for (uint32_t k = 0; k < p->count; k++)
            if (abs(c->packed[p->first + k].weight) > abs(r.top_weight)) {
                r.top_weight = c->packed[p->first + k].weight;
                r.top_slot = c->packed[p->first + k].slot;
            }
        p->record = (uint32_t)c->records_count;
        uint32_t head[IMAGE_RECORD_WORDS];
        memcpy(head, &r, sizeof head);
        for (int k = 0; k < IMAGE_RECORD_WORDS; k++)
            C_PUSH(c, records) = head[k];
        for (uint32_t k = 0; k < p->count + (p->has_negated ? p->neg_count : 0); k++) {
            uint32_t word;
            const struct image_packed *w = k < p->count ? &c->packed[p->first + k]
                                                        : &c->packed[p->neg_first + k - p->count];
            memcpy(&word, w, sizeof word);
            C_PUSH(c, records) = word;
        }
        for (uint32_t l = p->sets; l; l = c->links[l].next)
            C_PUSH(c, records) = c->links[l].value;
    }
}
