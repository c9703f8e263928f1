/* train_phrases.c: rows cut into phrases, and the phrases numbered. A phrase is a run of units the
 * recipe's language makes phrases of; each is counted once a row. Two passes: the first counts,
 * the second keeps what enough rows hold. Knows no labels. */
#include <stdlib.h>

#include "analyzer/image.h"
#include "analyzer/train_private.h"
#include "core/limits.h"

enum { NEGATED_SALT = 0x6e6f74 };

/* One distinct phrase while counting. */
struct gram {
    uint64_t hash;
    uint32_t rows, last; /* last row that held it, from 1 */
    uint32_t id;         /* phrase number, once kept */
};

struct table {
    struct gram *items;
    size_t size, used;
};

struct cutter {
    struct train_set *set;
    struct table table;
    struct unit *units;
    size_t unit_room;
    uint32_t row; /* from 1 */
    bool keeping; /* second pass */
    bool copy;    /* the row holds a text that was counted with another */
    size_t phrase_cap, id_cap;
    const char *text;
    struct train_scope *scope;
};

static struct gram *find(struct table *t, uint64_t hash)
{
    size_t i = hash & (t->size - 1);
    while (t->items[i].hash && t->items[i].hash != hash)
        i = (i + 1) & (t->size - 1);
    return &t->items[i];
}

static void grow(struct table *t)
{
    struct table bigger = {calloc(t->size * 2, sizeof *t->items), t->size * 2, t->used};
    if (!bigger.items)
        abort();
    for (size_t i = 0; i < t->size; i++)
        if (t->items[i].hash)
            *find(&bigger, t->items[i].hash) = t->items[i];
    free(t->items);
    *t = bigger;
}

/* --- the words of a phrase as a lexicon writes them --- */

static bool is_lettered(const struct unit *u)
{
    return u->kind == UNIT_WORD || u->kind == UNIT_NUMBER;
}

static void put_phrase(struct buf *b, const char *text, const struct unit *u, int n)
{
    for (int i = 0; i < n; i++) {
        char word[UNIT_MAX_BYTES];
        size_t len = u[i].len;
        memcpy(word, text + u[i].start, len < sizeof word ? len : sizeof word);
        if (u[i].flags & UNIT_LONG)
            len = unit_squeeze(text + u[i].start, len, 2, word);
        if (i && is_lettered(&u[i]) && is_lettered(&u[i - 1]))
            buf_putc(b, ' ');
        buf_str(b, (struct str){word, len});
    }
}

static bool is_sign_of(const struct unit *u, const char *text, const char *signs)
{
    return u->kind == UNIT_SIGN && u->len == 1 && strchr(signs, text[u->start]);
}

/* Numbers, names and addresses could point to someone. */
static bool could_name(const struct cutter *c, const struct unit *u, int n)
{
    for (int i = 0; i < n; i++) {
        struct str word = {c->text + u[i].start, u[i].len};
        if (u[i].kind == UNIT_NUMBER || is_sign_of(&u[i], c->text, "@") ||
            (u[i].kind == UNIT_WORD && train_names_is(c->set->names, word)))
            return true;
    }
    return false;
}

/* All lexicons speak in every post, so words in Latin letters and signs are the English one's, and
 * characters the Chinese one's. */
static bool is_foreign(const struct cutter *c, const struct unit *u, int n)
{
    const struct train_recipe *r = &c->set->recipe;
    int chars = 0, signs = 0;
    for (int i = 0; i < n; i++) {
        chars += u[i].kind == UNIT_CHAR;
        signs += u[i].kind == UNIT_SIGN;
    }
    return r->family == FAMILY_ZH ? chars == 0 : chars > 0 || (signs == n && !r->signs);
}

static void add_phrase(struct cutter *c, struct gram *g, const struct unit *u, int n, struct str name)
{
    struct train_set *set = c->set;
    struct train_phrase *p = ARENA_PUSH(set->arena, set->phrases, set->phrase_count, c->phrase_cap);
    struct buf b = BUF_INIT(DF_KIB(4));
    if (name.len)
        buf_str(&b, name);
    if (u)
        put_phrase(&b, c->text, u, n);
    g->id = (uint32_t)(set->phrase_count - 1);
    *p = (struct train_phrase){.text = arena_str(set->arena, buf_view(&b)),
                               .support = g->rows,
                               .units = (uint8_t)n,
                               .blocked = u && (could_name(c, u, n) || is_foreign(c, u, n))};
    buf_free(&b);
}

/* A phrase of the row: `name` for gates and the '!' of negated words, u for units. */
static void see(struct cutter *c, uint64_t hash, const struct unit *u, int n, struct str name)
{
    hash += !hash;
    struct gram *g = find(&c->table, hash);
    if (!c->keeping) {
        if (!g->hash) {
            g->hash = hash;
            if (++c->table.used * 3 > c->table.size * 2) {
                grow(&c->table);
                g = find(&c->table, hash);
            }
        }
        g->rows += g->last != c->row && !c->copy;
        g->last = c->row;
        return;
    }
    if (!g->hash || g->rows < c->set->recipe.min_support || g->last == c->row)
        return;
    g->last = c->row;
    if (g->id == UINT32_MAX)
        add_phrase(c, g, u, n, name);
    *ARENA_PUSH(c->set->arena, c->set->ids, c->set->id_count, c->id_cap) = g->id;
}

/* --- which units make phrases --- */

static bool joins_zh(const struct unit *u, const char *text)
{
    return u->kind == UNIT_CHAR || u->kind == UNIT_WORD || u->kind == UNIT_EMOJI ||
           is_sign_of(u, text, "!?~[].():") ||
           (u->kind == UNIT_SIGN && u->len == 3 && memcmp(text + u->start, "\xE3\x80\x82", 3) == 0);
}

/* English: words with words, and signs written close together (":(", "!!", "..."). */
static int kind_en(const struct unit *u)
{
    return u->kind == UNIT_WORD ? 1 : u->kind == UNIT_SIGN || u->kind == UNIT_EMOJI ? 2 : 0;
}

static bool joins(const struct cutter *c, const struct unit *prev, const struct unit *u)
{
    if (c->set->recipe.family == FAMILY_ZH)
        return joins_zh(u, c->text);
    int kind = kind_en(u);
    if (!kind || !prev)
        return kind != 0;
    return kind == kind_en(prev) && (kind == 1 || prev->start + prev->len == u->start);
}

static void see_run(struct cutter *c, const struct unit *u, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t h = 0;
        for (size_t k = 0; k < (size_t)c->set->recipe.grams && i + k < n; k++) {
            /* a lexicon's "!x" is x in a negation, so it cannot say "x behind an exclamation mark" */
            if (k == 1 && is_sign_of(&u[i], c->text, "!") && !is_sign_of(&u[i + 1], c->text, "!"))
                break;
            h = node_step(h, u[i + k].hash);
            see(c, h, u + i, (int)k + 1, STR_NONE);
        }
    }
}

/* --- gates: things that are there or not --- */

static const struct {
    const char *name;
    enum unit_kind kind;
    const char *sign;
} gates[] = {
    {"<url>", UNIT_URL, NULL},       {"<handle>", UNIT_HANDLE, NULL}, {"<number>", UNIT_NUMBER, NULL},
    {"<excl>", UNIT_SIGN, "!"}, {"<question>", UNIT_SIGN, "?"},
};

static void see_gates(struct cutter *c, const struct unit *u, size_t n)
{
    for (size_t g = 0; g < sizeof gates / sizeof *gates; g++)
        for (size_t i = 0; i < n; i++)
            if (u[i].kind == gates[g].kind &&
                (!gates[g].sign || is_sign_of(&u[i], c->text, gates[g].sign))) {
                struct str name = str_of(gates[g].name);
                see(c, unit_hash(name.ptr, name.len) ^ 1, NULL, 0, name);
                break;
            }
}

/* A phrase that starts within a negation is seen twice: as itself and as its negated self. */
static void see_negated(struct cutter *c, struct str text, size_t n)
{
    const uint8_t *negation = train_negation(c->scope, text, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t h = NEGATED_SALT;
        for (size_t k = 0; k < (size_t)c->set->recipe.negated && i + k < n; k++) {
            const struct unit *u = &c->units[i + k];
            if (!negation[i + k] || (u->kind != UNIT_WORD && u->kind != UNIT_CHAR))
                break;
            h = node_step(h, u->hash);
            see(c, h, &c->units[i], (int)k + 1, STR("!"));
        }
    }
}

static void cut_row(struct cutter *c, struct train_row *row)
{
    c->text = row->text.ptr;
    if (row->text.len > c->unit_room) {
        free(c->units);
        c->unit_room = row->text.len * 2;
        c->units = calloc(c->unit_room, sizeof *c->units);
        if (!c->units)
            abort();
    }
    size_t n = units_cut(row->text.ptr, row->text.len, c->units, c->unit_room);
    train_names_mask(c->set->names, c->text, c->units, n);
    row->first = (uint32_t)c->set->id_count;
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i; j < n && joins(c, j > i ? &c->units[j - 1] : NULL, &c->units[j]); j++)
            ;
        see_run(c, c->units + i, j - i);
        j += j == i;
    }
    if (c->set->recipe.negated)
        see_negated(c, row->text, n);
    if (c->set->recipe.family == FAMILY_EN)
        see_gates(c, c->units, n);
    row->count = (uint32_t)c->set->id_count - row->first;
}

static void cut_all(struct cutter *c)
{
    for (size_t i = 0; i < c->set->row_count; i++) {
        c->row = (uint32_t)i + 1;
        c->copy = c->set->files[c->set->rows[i].file].keyed;
        cut_row(c, &c->set->rows[i]);
    }
}

enum df_rc train_cut(struct train_set *set, struct diags *diags)
{
    struct cutter c = {.set = set, .table = {calloc(1u << 16, sizeof(struct gram)), 1u << 16, 0}};
    enum df_rc rc = train_scope_new(&c.scope, diags);
    if (!c.table.items)
        abort();
    if (rc == DF_OK) {
        cut_all(&c);
        for (size_t i = 0; i < c.table.size; i++) {
            c.table.items[i].last = 0;
            c.table.items[i].id = UINT32_MAX;
        }
        c.keeping = true;
        cut_all(&c);
        train_find_emotion(set);
    }
    train_scope_free(&c.scope);
    free(c.table.items);
    free(c.units);
    return rc;
}
