/* compile_phrase.c: phrases to unit sequences, one number each, and the tree over their units. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/fold.h"
#include "core/limits.h"

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

uint32_t phrase_intern(struct compiler *c, struct str text, enum lang_family family,
                       struct src_place at)
{
    if (text.len > 2 && text.ptr[0] == '<' && text.ptr[text.len - 1] == '>') {
        int g = gate_of(text);
        if (g < 0) {
            src_fault(c->src, DIAG_ERROR, at, "unknown sign %.*s", STR_FMT(text));
            return PHRASE_BAD;
        }
        uint32_t *gate = &c->gates[family][g];
        if (!*gate) {
            uint32_t node = node_get(c, GATE_STATE(family, g));
            *gate = add_phrase(c, text, 1) + 1;
            c->nodes[node].phrase = *gate;
        }
        return *gate - 1;
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

static int32_t *add_cells(struct compiler *c, int32_t *sum, const struct src_cell *cells, uint32_t n)
{
    if (!sum)
        sum = arena_array(c->arena, SLOTS, sizeof *sum);
    for (uint32_t i = 0; i < n; i++)
        sum[cells[i].slot] += cells[i].weight;
    return sum;
}

void phrase_add_weights(struct compiler *c, const struct src_lexicon *l, uint32_t source)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct src_phrase *p = &l->phrases[i];
        struct src_place at = {l->file, (int)p->line, 1};
        uint32_t id = phrase_intern(c, p->text, l->family, at);
        if (id == PHRASE_BAD)
            continue;
        struct c_phrase *ph = &c->phrases[id];
        int32_t **sum = p->negated ? &ph->negated : &ph->plain;
        *sum = add_cells(c, *sum, l->cells + p->first, p->count);
        ph->source = source;
        ph->support += p->support;
    }
}

/* --- rows --- */

static uint32_t width_of(const int32_t *sum)
{
    uint32_t n = SLOTS;
    while (sum && n && !sum[n - 1])
        n--;
    return sum ? (n + ROW_GROUP - 1) / ROW_GROUP : 0;
}

static uint32_t put_row(struct compiler *c, const int32_t *sum)
{
    if (!width_of(sum))
        return 0;
    uint32_t width = c->row_groups * ROW_GROUP, row = (uint32_t)(c->rows_count / ROW_GROUP);
    for (uint32_t i = 0; i < width; i++) {
        int32_t v = i < SLOTS ? sum[i] : 0;
        C_PUSH(c, rows) = (int16_t)(v < INT16_MIN ? INT16_MIN : v > INT16_MAX ? INT16_MAX : v);
    }
    return row;
}

static int by_support(const void *x, const void *y)
{
    const struct c_phrase *const *a = x, *const *b = y;
    uint32_t s = (*a)->support, t = (*b)->support;
    return s != t ? (s < t ? 1 : -1) : (*a > *b) - (*a < *b);
}

/* Often met phrases first: their rows and records share what the processor keeps near. */
static struct c_phrase **by_frequency(struct compiler *c)
{
    struct c_phrase **order = arena_array(c->arena, c->phrases_count + 1, sizeof *order);
    for (size_t i = 0; i < c->phrases_count; i++)
        order[i] = &c->phrases[i];
    qsort(order, c->phrases_count, sizeof *order, by_support);
    return order;
}

static void put_rows(struct compiler *c, struct c_phrase **order)
{
    c->row_groups = 4; /* the least that rows_add() knows */
    for (size_t i = 0; i < c->phrases_count; i++)
        if (width_of(order[i]->plain) > 4 || width_of(order[i]->negated) > 4)
            c->row_groups = ROW_GROUPS;
    for (uint32_t i = 0; i < c->row_groups * ROW_GROUP; i++)
        C_PUSH(c, rows) = 0;
    for (size_t i = 0; i < c->phrases_count; i++) {
        struct c_phrase *p = order[i];
        p->row = put_row(c, p->plain);
        if (p->negated)
            p->negated_row = put_row(c, p->negated);
        else if (p->row)
            p->negated_row = c->sources[p->source].negate == 256 ? p->row : ROW_BY_FACTOR;
    }
}

/* What brief verdicts ask for comes first. */
static void put_sets(struct compiler *c, const struct c_phrase *p, struct image_record *r)
{
    for (int brief = 1; brief >= 0; brief--)
        for (uint32_t l = p->sets; l; l = c->links[l].next)
            if (c->set_needed[c->links[l].value] == brief) {
                C_PUSH(c, records) = c->links[l].value;
                r->sets++;
                r->sets_brief += (uint16_t)brief;
            }
}

static void put_rules(struct compiler *c, const struct c_phrase *p, struct image_record *r)
{
    for (int brief = 1; brief >= 0; brief--)
        for (uint32_t l = p->sets; l; l = c->links[l].next)
            for (uint32_t k = c->set_heads[c->links[l].value]; k; k = c->set_rules[k].next)
                if (!!(c->rules[c->set_rules[k].value].flags & RULE_SHOWN) != brief) {
                    C_PUSH(c, records) = c->set_rules[k].value;
                    r->rules++;
                    r->rules_brief += (uint32_t)brief;
                }
}

static void put_record(struct compiler *c, struct c_phrase *p)
{
    struct image_record r = {.phrase = (uint32_t)(p - c->phrases), .negated = p->negated_row,
                             .roles = p->roles, .factor = p->factor, .top_slot = -1};
    for (int k = 0; p->plain && k < SLOTS; k++)
        if (k != SLOT_ALARM && abs(p->plain[k]) > abs(p->top)) {
            p->top = c->rows[p->row * ROW_GROUP + (uint32_t)k];
            r.top_slot = (int16_t)k;
        }
    p->record = (uint32_t)c->records_count;
    for (int k = 0; k < IMAGE_RECORD_WORDS; k++)
        C_PUSH(c, records) = 0;
    put_sets(c, p, &r);
    put_rules(c, p, &r);
    p->needed = r.sets_brief;
    memcpy(c->records + p->record, &r, sizeof r);
}

/* Records that are read for every post that meets the phrase, then those for findings. */
void phrase_layout(struct compiler *c)
{
    struct c_phrase **order = by_frequency(c);
    put_rows(c, order);
    C_PUSH(c, records) = 0; /* offset 0 means none */
    for (int busy = 1; busy >= 0; busy--)
        for (size_t i = 0; i < c->phrases_count; i++)
            if ((order[i]->sets || order[i]->roles) == busy)
                put_record(c, order[i]);
}
