/* compile_set.c: "one of these phrases" as numbered sets, shared by all rules that name the same
 * phrases; `$name` lists are looked up here; and regular expressions with their triggers. */
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/literal.h"
#include "analyzer/regex.h"
#include "core/digest.h"
#include "core/limits.h"

struct members {
    uint32_t *ids;
    size_t count, cap;
};

static struct src_list *list_find(struct compiler *c, struct str name)
{
    struct src *s = c->src;
    for (size_t i = s->list_count; i-- > 0;) /* a later folder's list wins */
        if (str_eq(s->lists[i].name, name))
            return &s->lists[i];
    return NULL;
}

static void unknown_list(struct compiler *c, const struct src_item *item, struct str name)
{
    const char *names[256];
    int n = 0;
    for (size_t i = 0; i < c->src->list_count && n < 255; i++)
        names[n++] = arena_strz(c->arena, c->src->lists[i].name);
    names[n] = NULL;
    const char *near = nearest_word(name, names);
    src_fault(c->src, DIAG_ERROR, item->at, "no list is called $%.*s%s%s%s", STR_FMT(name),
              near ? "; did you mean $" : "", near ? near : "", near ? "?" : "");
}

static bool is_regex(struct str t)
{
    return t.len > 2 && t.ptr[0] == '/' && t.ptr[t.len - 1] == '/';
}

static void collect(struct compiler *c, const struct src_items *items, struct members *out,
                    struct members *regexes, int depth)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct src_item *it = &items->items[i];
        if (it->text.len > 1 && it->text.ptr[0] == '$' && (it->text.ptr[1] < '0' ||
                                                           it->text.ptr[1] > '9')) {
            struct str name = str_sub(it->text, 1, it->text.len);
            struct src_list *l = list_find(c, name);
            if (!l)
                unknown_list(c, it, name);
            else if (depth > 4)
                src_fault(c->src, DIAG_ERROR, it->at, "lists within lists, too deep at $%.*s",
                          STR_FMT(name));
            else {
                l->used = true;
                collect(c, &l->items, out, regexes, depth + 1);
            }
            continue;
        }
        if (regexes && is_regex(it->text)) {
            uint32_t r = regex_add(c, str_sub(it->text, 1, it->text.len - 2), it->at);
            if (r != IMAGE_NONE)
                *ARENA_PUSH(c->arena, regexes->ids, regexes->count, regexes->cap) = r;
            continue;
        }
        uint32_t p = phrase_intern(c, it->text, FAMILY_BOTH, it->at);
        if (p != PHRASE_BAD)
            *ARENA_PUSH(c->arena, out->ids, out->count, out->cap) = p;
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t set_make(struct compiler *c, struct members *m)
{
    qsort(m->ids, m->count, sizeof *m->ids, by_number);
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        if (n == 0 || m->ids[n - 1] != m->ids[i])
            m->ids[n++] = m->ids[i];
    struct str key = {(const char *)m->ids, n * sizeof *m->ids};
    uint64_t hash = hash64(key);
    uint32_t at = map_find(&c->set_map, hash);
    if (at && str_eq(c->set_members[at - 1], key))
        return at - 1;
    if (c->set_members_count >= DF_MAX_SETS) {
        src_fault(c->src, DIAG_ERROR, (struct src_place){0},
                  "more than DF_MAX_SETS (%d) different phrase lists", DF_MAX_SETS);
        return IMAGE_NONE;
    }
    uint32_t set = (uint32_t)c->set_members_count;
    C_PUSH(c, set_members) = arena_str(c->arena, key);
    C_PUSH(c, set_heads) = 0;
    map_put(c->arena, &c->set_map, hash, set);
    for (size_t i = 0; i < n; i++) {
        struct c_phrase *p = &c->phrases[m->ids[i]];
        if (c->links_count == 0)
            C_PUSH(c, links) = (struct c_link){0};
        C_PUSH(c, links) = (struct c_link){set, p->sets};
        p->sets = (uint32_t)c->links_count - 1;
    }
    return set;
}

static uint32_t store_numbers(struct compiler *c, const struct members *m)
{
    uint32_t at = (uint32_t)c->numbers_count;
    for (size_t i = 0; i < m->count; i++)
        C_PUSH(c, numbers) = m->ids[i];
    return at;
}

uint32_t set_of(struct compiler *c, const struct src_items *items, struct image_list *regexes)
{
    struct members m = {0}, r = {0};
    collect(c, items, &m, regexes ? &r : NULL, 0);
    if (regexes)
        *regexes = (struct image_list){store_numbers(c, &r), (uint32_t)r.count};
    return m.count ? set_make(c, &m) : IMAGE_NONE;
}

/* In how many of the posts a lexicon was learned from the phrase stood; of others a guess. */
static uint64_t phrase_frequency(const struct c_phrase *p)
{
    uint32_t guess = p->units > 2 ? 2 : p->units == 2 ? 20 : p->text.len > 4 ? 50 : 500;
    return p->support > guess ? p->support : guess;
}

uint64_t set_frequency(const struct compiler *c, uint32_t set)
{
    struct str members = c->set_members[set];
    uint64_t sum = 0;
    for (size_t i = 0; i < members.len; i += sizeof(uint32_t)) {
        uint32_t id;
        memcpy(&id, members.ptr + i, sizeof id);
        sum += phrase_frequency(&c->phrases[id]);
    }
    return sum;
}

void set_trigger(struct compiler *c, uint32_t set, uint32_t rule)
{
    if (c->set_rules_count == 0)
        C_PUSH(c, set_rules) = (struct c_link){0};
    C_PUSH(c, set_rules) = (struct c_link){rule, c->set_heads[set]};
    c->set_heads[set] = (uint32_t)c->set_rules_count - 1;
}

uint32_t regex_add(struct compiler *c, struct str pattern, struct src_place at)
{
    struct err e = {0};
    struct regex *re;
    if (regex_new(pattern, &re, &e) != DF_OK) {
        src_fault(c->src, DIAG_ERROR, at, "regular expression: %s at character %d", e.text, e.col);
        return IMAGE_NONE;
    }
    regex_free(&re);
    struct literals l = literals_of(c->arena, pattern);
    struct image_regex r = {.pattern = text_put(c, pattern), .set = IMAGE_NONE};
    if (l.count == 0 && !l.digit) {
        src_fault(c->src, DIAG_ERROR, at,
                  "nothing certain must occur for this pattern to match, so it would run on every "
                  "post; give it a whole word, or the first three letters of one, without ? * or | "
                  "round it");
        return IMAGE_NONE;
    }
    struct members m = {0};
    for (int i = 0; i < l.count; i++) {
        uint32_t p = phrase_intern(c, l.phrases[i], FAMILY_BOTH, at);
        if (p == PHRASE_BAD)
            return IMAGE_NONE;
        *ARENA_PUSH(c->arena, m.ids, m.count, m.cap) = p;
    }
    if (m.count)
        r.set = set_make(c, &m);
    else
        r.gate = 1u << GATE_NUMBER;
    C_PUSH(c, regexes) = r;
    return (uint32_t)c->regexes_count - 1;
}
