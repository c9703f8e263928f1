/* rule_lint_phrases.c: phrases that lie within other phrases. Every phrase of a list is known by
 * the hash of its units, so that a phrase looks itself up piece by piece instead of being held
 * against all others: lists of a hundred thousand are no trouble. */
#include "analyzer/compile.h"
#include "analyzer/fold.h"
#include "analyzer/rule_lint.h"
#include "core/limits.h"

struct phrase {
    uint64_t units[DF_MAX_PHRASE_UNITS];
    int count;
    const struct src_item *item;
};

struct known {
    struct phrase *phrases;
    size_t count, cap;
    struct c_map by_units;
    bool has_stems; /* `refund*` on its own */
};

enum { STEM_MIN = 3, STEM_MAX = 18, LISTS_DEEP = 4 };

static uint64_t key_of(const uint64_t *units, int count)
{
    uint64_t h = (uint64_t)count;
    for (int i = 0; i < count; i++) {
        h = (h ^ units[i]) * 0x9e3779b97f4a7c15u;
        h ^= h >> 31;
    }
    return h;
}

static bool is_phrase(struct str t)
{
    return t.len > 0 && t.ptr[0] != '/' && t.ptr[0] != '<' && t.ptr[0] != '$';
}

/* The phrase as matching sees it; false when it is none. */
static bool phrase_of(struct src *s, const struct src_item *it, struct phrase *out, bool *is_stem)
{
    struct str stem_text[DF_MAX_PHRASE_UNITS];
    uint32_t stems;
    if (!is_phrase(it->text))
        return false;
    out->item = it;
    out->count = phrase_units(s->arena, it->text, out->units, &stems, stem_text);
    *is_stem = out->count == 1 && stems;
    return out->count > 0;
}

static void learn(struct src *s, const struct src_items *items, struct known *k, int depth)
{
    for (size_t i = 0; i < items->count; i++) {
        struct phrase p;
        bool stem;
        struct str t = items->items[i].text;
        for (size_t n = s->list_count; depth < LISTS_DEEP && t.len && t.ptr[0] == '$' && n-- > 0;)
            if (str_eq(s->lists[n].name, str_sub(t, 1, t.len))) {
                learn(s, &s->lists[n].items, k, depth + 1);
                break;
            }
        if (!phrase_of(s, &items->items[i], &p, &stem))
            continue;
        uint64_t key = key_of(p.units, p.count);
        k->has_stems = k->has_stems || stem;
        if (!map_find(&k->by_units, key))
            map_put(s->arena, &k->by_units, key, (uint32_t)k->count);
        *ARENA_PUSH(s->arena, k->phrases, k->count, k->cap) = p;
    }
}

static const struct phrase *same(const struct known *k, const uint64_t *units, int count,
                                 const struct src_item *self)
{
    uint32_t at = map_find(&k->by_units, key_of(units, count));
    const struct phrase *p = at ? &k->phrases[at - 1] : NULL;
    return p && p->item != self && p->count == count &&
                   memcmp(p->units, units, (size_t)count * sizeof *units) == 0
               ? p
               : NULL;
}

/* A known stem that one of the words begins with. */
static const struct phrase *stem_of(const struct known *k, const struct src_item *it)
{
    char folded[12 * DF_MAX_PATTERN + 256]; /* as phrase_units has it */
    struct unit u[DF_MAX_PHRASE_UNITS * 2 + 2];
    struct fold_stats st = {0};
    size_t n = units_cut(folded, fold_text(it->text, folded, &st), u, sizeof u / sizeof *u);
    for (size_t i = 0; i < n; i++)
        for (size_t len = STEM_MIN; u[i].kind == UNIT_WORD && len <= u[i].len && len <= STEM_MAX;
             len++) {
            uint64_t unit = unit_hash(folded + u[i].start, len) ^ STEM_SALT;
            const struct phrase *p = same(k, &unit, 1, it);
            if (p)
                return p;
        }
    return NULL;
}

/* Does a negator stand in the phrase, outside of its part from..from + len? Then the part alone
 * would not count there, and the phrase says something of its own: "不诚信" beside "诚信". */
static bool negates(struct src *s, const struct phrase *p, int from, int len)
{
    for (size_t i = 0; i < s->word_count; i++) {
        struct phrase w;
        bool stem;
        if (!(s->words[i].role & (ROLE_NEGATOR | ROLE_NEGATOR_AFTER)) ||
            !phrase_of(s, &s->words[i].item, &w, &stem))
            continue;
        for (int at = 0; at + w.count <= p->count; at++)
            if ((at < from || at + w.count > from + len) &&
                memcmp(p->units + at, w.units, (size_t)w.count * sizeof *w.units) == 0)
                return true;
    }
    return false;
}

/* A known phrase that is a part of p; `alone`: one that counts there too. */
static const struct phrase *within(struct src *s, const struct known *k, const struct phrase *p,
                                   bool alone)
{
    for (int len = 1; len <= p->count; len++)
        for (int from = 0; from + len <= p->count; from++) {
            const struct phrase *q = same(k, p->units + from, len, p->item);
            if (q && !(alone && negates(s, p, from, len)))
                return q;
        }
    const struct phrase *q = k->has_stems ? stem_of(k, p->item) : NULL;
    return q && alone && negates(s, p, 0, 0) ? NULL : q;
}

void lint_shadows(struct src *s, const struct src_items *items)
{
    struct known k = {0};
    learn(s, items, &k, LISTS_DEEP);
    for (size_t i = 0; i < k.count; i++) {
        const struct phrase *by = within(s, &k, &k.phrases[i], true);
        if (by)
            src_fault(s, DIAG_WARNING, k.phrases[i].item->at,
                      "'%.*s' is matched by '%.*s' of the same list already",
                      STR_FMT(k.phrases[i].item->text), STR_FMT(by->item->text));
    }
}

void lint_cancelled(struct src *s, const struct src_items *any, const struct src_items *unless,
                    const char *key)
{
    struct known k = {0}, wanted = {0};
    learn(s, unless, &k, 0);
    learn(s, any, &wanted, LISTS_DEEP);
    for (size_t i = 0; k.count && i < wanted.count; i++) {
        const struct phrase *by = within(s, &k, &wanted.phrases[i], false);
        if (by)
            src_fault(s, DIAG_WARNING, wanted.phrases[i].item->at,
                      "'%.*s' never counts: '%.*s' under %s is always there with it",
                      STR_FMT(wanted.phrases[i].item->text), STR_FMT(by->item->text), key);
    }
}
