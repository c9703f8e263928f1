/* grammar_read.c: the words that change what other words mean: negators, intensity, contrast,
 * and how much each counts (rules/core/grammar.yaml). */
#include "analyzer/rule_src.h"

const char *const grammar_keys[] = {"pack", "rules", "lists", "negators", "intensifiers",
                                    "dampeners", "contrast", "hypothetic", "languages", "weights",
                                    "strengths", "caps", "doubts", "bias", "clause_breaks", NULL};

static void add_word(struct src *s, struct src_item item, uint32_t role, double factor)
{
    *ARENA_PUSH(s->arena, s->words, s->word_count, s->word_cap) =
        (struct src_word){item, role, factor};
}

static void read_words(struct src *s, const struct yaml *y, uint32_t role)
{
    struct src_items items = {0};
    src_read_items(s, y, &items);
    for (size_t i = 0; i < items.count; i++)
        add_word(s, items.items[i], role, 1);
}

static void read_negators(struct src *s, const struct yaml *y)
{
    static const char *const known[] = {"before", "after", "pseudo", "scope_words",
                                        "scope_chars", NULL};
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v;
    if ((v = yaml_get(y, "before")))
        read_words(s, v, ROLE_NEGATOR);
    if ((v = yaml_get(y, "after")))
        read_words(s, v, ROLE_NEGATOR_AFTER);
    if ((v = yaml_get(y, "pseudo")))
        read_words(s, v, ROLE_PSEUDO);
    if ((v = yaml_get(y, "scope_words")))
        yaml_int(v, 1, 50, &s->scope_words, s->diags);
    if ((v = yaml_get(y, "scope_chars")))
        yaml_int(v, 1, 100, &s->scope_chars, s->diags);
}

/* `very: 1.3` pairs. */
static void read_factors(struct src *s, const struct yaml *y)
{
    for (int i = 0; i < y->count; i++) {
        const struct yaml *v = y->items[i];
        double f;
        struct src_item item = {v->key, {v->file, v->key_line, v->key_col}};
        if (yaml_num(v, 0, 4, &f, s->diags))
            add_word(s, item, ROLE_INTENSITY, f);
    }
}

static void read_contrast(struct src *s, const struct yaml *y)
{
    static const char *const known[] = {"words", "before", "after", NULL};
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v;
    if ((v = yaml_get(y, "words")))
        read_words(s, v, ROLE_CONTRAST);
    if ((v = yaml_get(y, "before")))
        yaml_num(v, 0, 2, &s->contrast_before, s->diags);
    if ((v = yaml_get(y, "after")))
        yaml_num(v, 0, 4, &s->contrast_after, s->diags);
}

static void read_languages(struct src *s, const struct yaml *y)
{
    static const char *const known[] = {"en", "other", NULL};
    yaml_check_keys(y, known, s->diags);
    const struct yaml *v;
    if ((v = yaml_get(y, "en")))
        read_words(s, v, ROLE_ENGLISH);
    if ((v = yaml_get(y, "other")))
        read_words(s, v, ROLE_FOREIGN);
}

static void read_weights(struct src *s, const struct yaml *y)
{
    for (int i = 0; i < y->count; i++) {
        const struct yaml *v = y->items[i];
        int attr = slot_find_attr(v->key);
        double w;
        if (!yaml_num(v, -16, 16, &w, s->diags))
            continue;
        if (attr >= 0)
            s->rule_weight[attr] = w;
        else if (str_is(v->key, "class"))
            for (int k = 0; k < ATTRS; k++)
                s->rule_weight[k] = w;
        else
            *ARENA_PUSH(s->arena, s->named, s->named_count, s->named_cap) =
                (struct src_named){v->key, w};
    }
}

/* attribute.class: number, or attribute: number for all its classes. */
static void read_slots(struct src *s, const struct yaml *y, double least, double out[SLOTS])
{
    for (int i = 0; i < y->count; i++) {
        const struct yaml *v = y->items[i];
        int attr = slot_find_attr(v->key), slot = slot_of_dotted(v->key);
        double w;
        if (attr < 0 && slot < 0)
            yaml_fault(v, s->diags, "'%.*s' is no attribute and no attribute.class",
                       STR_FMT(v->key));
        else if (!yaml_num(v, least, 1000, &w, s->diags))
            continue;
        else if (slot >= 0)
            out[slot] = w;
        else
            for (int k = 0; k < slot_attrs[attr].count; k++)
                out[slot_attrs[attr].first + k] = w;
    }
}

static void read_caps(struct src *s, const struct yaml *y)
{
    read_slots(s, y, 0, s->cap);
}

static void read_doubts(struct src *s, const struct yaml *y)
{
    read_slots(s, y, 0, s->doubt);
}

static void read_bias(struct src *s, const struct yaml *y)
{
    read_slots(s, y, -1000, s->bias);
}

/* Only ASCII signs are listed: folding has made the wide ones narrow, and marks like 。 end a
 * clause anyway. */
static void read_breaks(struct src *s, const struct yaml *y)
{
    struct src_items items = {0};
    size_t n = 0;
    src_read_items(s, y, &items);
    for (size_t i = 0; i < items.count && n + 1 < sizeof s->breaks; i++) {
        struct str t = items.items[i].text;
        if (t.len == 1 && t.ptr[0] > ' ' && !memchr(s->breaks, t.ptr[0], n))
            s->breaks[n++] = t.ptr[0];
    }
    s->breaks[n] = '\0';
}

bool grammar_read(struct src *s, const struct yaml *v)
{
    static const struct {
        const char *key;
        void (*read)(struct src *, const struct yaml *);
    } readers[] = {{"negators", read_negators},   {"intensifiers", read_factors},
                   {"dampeners", read_factors},   {"contrast", read_contrast},
                   {"languages", read_languages}, {"weights", read_weights},
                 {"strengths", read_weights},   {"caps", read_caps},
                 {"doubts", read_doubts},       {"bias", read_bias}};
    if (str_is(v->key, "clause_breaks")) {
        read_breaks(s, v);
        return true;
    }
    if (str_is(v->key, "contrast") && v->kind == YAML_SEQ) {
        read_words(s, v, ROLE_CONTRAST);
        return true;
    }
    if (str_is(v->key, "hypothetic")) {
        read_words(s, v, ROLE_HYPOTHETIC);
        return true;
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (!str_is(v->key, readers[i].key))
            continue;
        if (v->kind == YAML_MAP)
            readers[i].read(s, v);
        else
            yaml_fault(v, s->diags, "'%s' is a map", readers[i].key);
        return true;
    }
    return false;
}
