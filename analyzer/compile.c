/* compile.c: puts the image together. */
#include "analyzer/compile.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "analyzer/lang.h"
#include "core/limits.h"

static int16_t of_256(double v)
{
    return (int16_t)lround(fmax(-100, fmin(100, v)) * 256);
}

static void add_grammar(struct compiler *c)
{
    for (size_t i = 0; i < c->src->word_count; i++) {
        const struct src_word *w = &c->src->words[i];
        uint32_t p = phrase_intern(c, w->item.text, FAMILY_BOTH, w->item.at);
        if (p == PHRASE_BAD)
            continue;
        c->phrases[p].roles |= (uint16_t)w->role;
        if (w->role == ROLE_INTENSITY)
            c->phrases[p].factor = of_256(w->factor);
    }
}

static void add_lexicons(struct compiler *c, struct image *head)
{
    struct image_source none = {.negate = of_256(-0.5), .before = 256, .after = 256};
    C_PUSH(c, sources) = none; /* source 0: no lexicon */
    for (size_t i = 0; i < c->src->lexicon_count; i++) {
        const struct src_lexicon *l = &c->src->lexicons[i];
        C_PUSH(c, sources) = (struct image_source){
            .file = text_put(c, str_of(l->file)), .group = text_put(c, l->group),
            .family = l->family, .negate = of_256(l->negate), .before = of_256(l->before),
            .after = of_256(l->after)};
        phrase_add_weights(c, l, (uint32_t)i + 1);
        for (int s = 0; s < SLOTS; s++)
            for (uint32_t f = FAMILY_EN; f <= FAMILY_ZH; f++)
                if (l->family == f || l->family == FAMILY_BOTH)
                    head->bias[f][s] += l->bias[s];
    }
}

struct tables {
    struct image_node *nodes;
    uint64_t *filter;
    node_offset last; /* image.h: last_node, last_bit */
    uint32_t last_bit;
};

/* The least power of two above `least`. */
static uint32_t size_above(size_t least)
{
    uint32_t size = 256;
    while (size <= least)
        size *= 2;
    return size;
}

static void put_phrase(const struct c_phrase *p, struct image_node *n)
{
    n->row = p->row;
    n->more = (uint16_t)((p->sets ? NODE_SETS : 0) |
                         (p->row || p->negated_row ? NODE_LEARNED : 0) |
                         (p->roles & ROLE_ENGLISH ? NODE_ENGLISH : 0) |
                         (p->roles & ROLE_FOREIGN ? NODE_FOREIGN : 0));
    n->top = p->top;
    n->next |= p->record | (p->roles & ROLE_STRUCTURE ? NODE_GRAMMAR : 0) |
               (p->needed ? NODE_NEEDED : 0);
}

/* Often met phrases first: they get the place they are looked for at. */
static int by_support(const void *x, const void *y)
{
    const struct c_node *const *a = x, *const *b = y;
    uint32_t s = (*a)->support, t = (*b)->support;
    return s != t ? (s < t ? 1 : -1) : (*a > *b) - (*a < *b);
}

static const struct c_node **by_frequency(struct compiler *c)
{
    const struct c_node **order = arena_array(c->arena, c->nodes_count + 1, sizeof *order);
    for (size_t i = 0; i < c->nodes_count; i++) {
        struct c_node *n = &c->nodes[i];
        n->support = n->phrase ? c->phrases[n->phrase - 1].support : 0;
        order[i] = n;
    }
    qsort(order, c->nodes_count, sizeof *order, by_support);
    return order;
}

_Static_assert(DF_MAX_PHRASES * (uint64_t)DF_MAX_PHRASE_UNITS * 3 * NODE_BYTES <= UINT32_MAX,
               "every node has its offset in 32 bits");

/* The tree as an open hash table, a third to two thirds full, and one filter bit a node. */
static bool make_tables(struct compiler *c, struct tables *t)
{
    uint32_t nodes = size_above(c->nodes_count * 3 / 2), bits = size_above(c->nodes_count * 8);
    t->last = (nodes - 1) * NODE_BYTES;
    t->last_bit = bits - 1;
    t->nodes = arena_array(c->arena, nodes, sizeof *t->nodes);
    t->filter = arena_array(c->arena, bits / 64, sizeof *t->filter);
    const struct c_node **order = by_frequency(c);
    for (size_t i = 0; i < c->nodes_count; i++) {
        const struct c_node *n = order[i];
        node_offset at = node_home(n->state, t->last);
        for (; t->nodes[at / NODE_BYTES].next; at = (at + NODE_BYTES) & t->last)
            if (t->nodes[at / NODE_BYTES].tag == node_tag(n->state)) {
                src_fault(c->src, DIAG_ERROR, (struct src_place){0},
                          "two phrases share a hash; change one of them");
                return false;
            }
        struct image_node *node = &t->nodes[at / NODE_BYTES];
        *node = (struct image_node){
            .tag = node_tag(n->state),
            .next = NODE_USED | (n->flags & (NODE_MORE | NODE_STEMS))};
        if (n->phrase)
            put_phrase(&c->phrases[n->phrase - 1], node);
        uint32_t bit = filter_bit(n->state, t->last_bit);
        t->filter[bit / 64] |= 1ull << (bit % 64);
    }
    return true;
}

static uint32_t find_node(const struct tables *t, uint64_t state)
{
    node_offset at = node_home(state, t->last);
    while (node_at(t->nodes, at)->tag != node_tag(state))
        at = (at + NODE_BYTES) & t->last;
    return at / NODE_BYTES;
}

static void put_phrases(struct compiler *c, struct image_phrase *out)
{
    for (size_t i = 0; i < c->phrases_count; i++) {
        const struct c_phrase *p = &c->phrases[i];
        struct str group = p->source ? c->src->lexicons[p->source - 1].group : STR_NONE;
        struct image_text t = text_put(
            c, group.len ? arena_printf(c->arena, "%.*s:%.*s", STR_FMT(group), STR_FMT(p->text))
                         : p->text);
        uint32_t prefix = t.len - (uint32_t)p->text.len;
        out[i] = (struct image_phrase){t.at + prefix, (uint16_t)p->text.len, (uint16_t)prefix,
                                       (uint16_t)p->source, 0, p->support};
    }
}

/* On large pages where the system has them: the tree is looked up all over. */
static struct image *image_alloc(size_t size)
{
    size_t page = (size_t)2 << 20, whole = (size + page - 1) & ~(page - 1);
    void *m = aligned_alloc(page, whole);
    if (!m)
        abort();
    madvise(m, whole, MADV_HUGEPAGE); /* advice: failing changes nothing */
    return m;
}

static struct image *assemble(const struct image *head, const struct str parts[SECTIONS],
                              const size_t widths[SECTIONS])
{
    size_t size = (sizeof *head + 63) & ~(size_t)63;
    for (int i = 0; i < SECTIONS; i++)
        size += (parts[i].len + 63) & ~(size_t)63;
    struct image *m = image_alloc(size);
    memset(m, 0, size);
    *m = *head;
    size_t at = (sizeof *head + 63) & ~(size_t)63;
    for (int i = 0; i < SECTIONS; i++) {
        m->sections[i].at = (uint32_t)at;
        m->sections[i].count = (uint32_t)(parts[i].len / widths[i]);
        if (parts[i].len)
            memcpy((char *)m + at, parts[i].ptr, parts[i].len);
        at += (parts[i].len + 63) & ~(size_t)63;
    }
    m->size = (uint32_t)size;
    return m;
}

#define BYTES(ptr, count) str_n((const char *)(ptr), (count) * sizeof *(ptr))

static struct image *finish(struct compiler *c, struct image *head)
{
    struct tables t;
    phrase_layout(c);
    expr_finish(c);
    if (!make_tables(c, &t))
        return NULL;
    struct image_phrase *phrases =
        arena_array(c->arena, c->phrases_count + 1, sizeof *phrases);
    put_phrases(c, phrases);
    for (int f = 0; f < FAMILIES; f++)
        for (int g = 0; g < GATE_COUNT; g++)
            head->gates[f][g] = c->gates[f][g] ? find_node(&t, GATE_STATE(f, g)) : IMAGE_NONE;
    head->last_node = t.last;
    head->last_bit = t.last_bit;
    head->stem_min = c->stem_min;
    head->row_groups = c->row_groups;
    head->groups = (uint32_t)c->groups_count;
    head->sets = (uint32_t)c->set_members_count;
    head->gate_regexes = c->gate_rules;
    head->gate_regex_count = c->gate_rule_count;
    head->bare_rules = c->bare_rules;
    head->bare_count = c->bare_count;
    head->composites = c->composites;
    head->composite_count = c->composite_count;
    head->awake_words = c->awake_words;
    head->known_words = c->known_words;
    head->idle[0] = c->idle[0];
    head->idle[1] = c->idle[1];
    head->late = c->late;
    head->has_late = c->has_late;
    const struct str parts[SECTIONS] = {
        [SEC_NODES] = BYTES(t.nodes, t.last / NODE_BYTES + 1),
        [SEC_FILTER] = BYTES(t.filter, (t.last_bit + 1) / 64),
        [SEC_STEMS] = BYTES(c->stems, STEM_SLOTS),
        [SEC_ROWS] = BYTES(c->rows, c->rows_count),
        [SEC_RECORDS] = BYTES(c->records, c->records_count),
        [SEC_PHRASES] = BYTES(phrases, c->phrases_count),
        [SEC_RULES] = BYTES(c->rules, c->rules_count),
        [SEC_REGEXES] = BYTES(c->regexes, c->regexes_count),
        [SEC_NUMBERS] = BYTES(c->numbers, c->numbers_count),
        [SEC_WEIGHTS] = BYTES(c->weights, c->weights_count),
        [SEC_EXPRS] = BYTES(c->exprs, c->exprs_count),
        [SEC_DEMANDS] = BYTES(c->demands, c->demands_count),
        [SEC_CLASSES] = BYTES(c->classes, c->classes_count),
        [SEC_AWAKE] = BYTES(c->awake, c->awake_count),
        [SEC_SOURCES] = BYTES(c->sources, c->sources_count),
        [SEC_STRINGS] = BYTES(c->strings, c->strings_count),
    };
    static const size_t widths[SECTIONS] = {
#define WIDTH(name, type) sizeof(type),
        IMAGE_SECTIONS(WIDTH)
#undef WIDTH
    };
    return assemble(head, parts, widths);
}

struct image *image_compile(struct src *s)
{
    struct compiler *c = ARENA_NEW(s->arena, struct compiler);
    c->src = s;
    c->arena = s->arena;
    c->diags = s->diags;
    struct image head = {.magic = IMAGE_MAGIC, .version = IMAGE_VERSION,
                         .scope_words = (int32_t)s->scope_words,
                         .scope_chars = (int32_t)s->scope_chars,
                         .contrast_before = of_256(s->contrast_before),
                         .contrast_after = of_256(s->contrast_after)};
    C_PUSH(c, strings) = '\0';
    memcpy(head.breaks, s->breaks, sizeof head.breaks);
    memcpy(head.digest, s->digest, sizeof head.digest);
    for (int i = 0; i < SLOTS; i++) {
        head.cap[i] = s->cap[i] > 0 ? (int32_t)lround(s->cap[i] * SLOT_ONE) : INT32_MAX;
        head.least[i] = s->doubt[i] > 0 ? (int32_t)lround(-s->doubt[i] * SLOT_ONE) : INT32_MIN;
        for (int f = 0; f < FAMILIES; f++)
            head.bias[f][i] = (int32_t)lround(s->bias[i] * SLOT_ONE);
    }
    add_grammar(c);
    add_lexicons(c, &head);
    rules_compile(c); /* which of their phrases are rare the lexicons know */
    if (s->diags->errors)
        return NULL;
    return finish(c, &head);
}
