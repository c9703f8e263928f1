/* rule_src.h: rules, grammar and lexicons as people wrote them, read and checked one file at a
 * time, before compile.c makes the image. Lives in the arena of one load. `$name` lists are
 * resolved by the compiler, since a list may stand in another file. Private to analyzer/. */
#ifndef DF_ANALYZER_RULE_SRC_H
#define DF_ANALYZER_RULE_SRC_H

#include "analyzer/image.h"
#include "core/arena.h"
#include "core/err.h"
#include "core/yaml.h"
#include "model/post.h"

enum { RULE_GROUPS = 8 };

struct src_place {
    const char *file;
    int line, col;
};

struct src_item {
    struct str text; /* "double charge*", "$staff", "/regex/" */
    struct src_place at;
};

/* A `yes` or `no` of a rule: a text, or a map of text, title, stars, channel. */
struct src_example {
    struct post post;
    struct src_place at;
    bool yes;
};

struct src_items {
    struct src_item *items;
    size_t count, cap;
};

struct src_weight {
    int slot;
    double weight;   /* NaN: by name, or the usual weight when there is no name */
    struct str name; /* "strong": a name from `weights` */
    struct src_place at;
};

struct src_weights {
    struct src_weight *items;
    size_t count, cap;
};

struct src_rule {
    struct src_place at;
    struct str id, group, why, why_hant, why_hans, severity, fix, fix_hant, fix_hans, fact, expr;
    struct src_place expr_at;
    struct src_items any, regex, unless, never, channels, silences, needs;
    struct src_example *examples;
    size_t example_count, example_cap;
    struct src_items all[RULE_GROUPS], near[RULE_GROUPS];
    int all_count, near_count, near_within;
    uint32_t flags, langs, min_len, cap;
    double stars_min, stars_max; /* NaN: no wish */
    struct src_weights sets;
    bool disabled;
    size_t layer; /* a later folder replaces rules of an earlier one */
};

struct src_list {
    struct str name;
    struct src_place at;
    struct src_items items;
    bool used;
};

/* A phrase with a role of grammar and its factor (1 = none). */
struct src_word {
    struct src_item item;
    uint32_t role;
    double factor;
};

/* One learned phrase. */
struct src_phrase {
    struct str text; /* without the leading '!' */
    bool negated;
    uint32_t support, line;
    uint32_t first, count; /* in src_lexicon.cells */
};

struct src_cell {
    uint16_t slot;
    int16_t weight; /* of SLOT_ONE */
};

struct src_lexicon {
    const char *file;
    struct str group;
    uint32_t family; /* 0 both, 1 en, 2 zh */
    double negate, before, after;
    int32_t bias[SLOTS];
    struct src_phrase *phrases;
    size_t count, cap;
    struct src_cell *cells;
    size_t cell_count, cell_cap;
};

/* `weights: {strong: 3.5}`: names for how much something says. */
struct src_named {
    struct str name;
    double weight;
};

/* All of one load. */
struct src {
    struct arena *arena;
    struct diags *diags;
    struct src_rule *rules;
    size_t rule_count, rule_cap;
    struct src_list *lists;
    size_t list_count, list_cap;
    struct src_word *words;
    size_t word_count, word_cap;
    struct src_lexicon *lexicons;
    size_t lexicon_count, lexicon_cap;
    struct src_named *named;
    size_t named_count, named_cap;
    double rule_weight[ATTRS];
    double cap[SLOTS];  /* most that all rules together can add to a class; 0 = no cap */
    double doubt[SLOTS]; /* most that learned phrases and their bias can take away; 0 = all */
    double bias[SLOTS]; /* what every text starts with */
    char breaks[64];    /* ASCII signs that end a clause */
    char digest[17];    /* of all files read, in order: 16 hex digits */
    int64_t scope_words, scope_chars;
    double contrast_before, contrast_after;
    size_t layer;
};

void src_init(struct src *s, struct arena *a, struct diags *d);
/* One file of rules, lists and grammar. Faults go to diags; what is right is kept. */
void rule_read(struct src *s, struct str text, const char *file);
/* Key at the top of a rule file that is neither `rules` nor `lists`: false when unknown. */
bool grammar_read(struct src *s, const struct yaml *value);
extern const char *const grammar_keys[]; /* NULL-ended */
/* One lexicon (TSV). */
void lexicon_read(struct src *s, struct str text, const char *file);

/* A phrase or a list of phrases. */
void src_read_items(struct src *s, const struct yaml *y, struct src_items *out);
static inline struct src_place src_place(const struct yaml *y)
{
    return (struct src_place){y->file, y->line, y->col};
}
void src_fault(struct src *s, enum diag_level level, struct src_place at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
