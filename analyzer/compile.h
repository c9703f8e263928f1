/* compile.h: rules and lexicons as read (rule_src.h) to one image (image.h). Private to
 * analyzer/. The builder lives in the arena of the load; the image is malloc'd. */
#ifndef DF_ANALYZER_COMPILE_H
#define DF_ANALYZER_COMPILE_H

#include "analyzer/map.h"
#include "analyzer/rule_src.h"
#include "analyzer/units.h"

struct c_phrase {
    struct str text;
    uint32_t units;              /* for judging how rare it is */
    uint16_t roles;
    int16_t factor;
    int32_t *plain, *negated;    /* weights per slot, of all lexicons together; NULL = none */
    uint32_t row, negated_row;   /* once laid out */
    int16_t top;                 /* heaviest of the row */
    uint32_t source, support;
    uint32_t sets;               /* chain of set numbers in links[]; 0 = end */
    bool needed;                 /* a set of it is asked for in brief */
    uint32_t record;             /* offset, once laid out */
};

struct c_node {
    uint64_t state;
    uint32_t flags, phrase; /* phrase + 1; 0 = none */
    uint32_t support;
};

struct c_link {
    uint32_t value, next;
};

#define C_ARRAY(type, name) type *name; size_t name##_count, name##_cap
#define C_PUSH(c, name) (*ARENA_PUSH((c)->arena, (c)->name, (c)->name##_count, (c)->name##_cap))

struct compiler {
    struct src *src;
    struct arena *arena;
    struct diags *diags;
    C_ARRAY(struct c_phrase, phrases);
    C_ARRAY(struct c_node, nodes);
    C_ARRAY(struct c_link, links);
    C_ARRAY(int16_t, rows);
    uint32_t row_groups;
    struct c_map phrase_map, node_map, set_map, string_map;
    uint16_t stems[STEM_SLOTS];
    uint8_t stem_min;
    uint32_t gates[FAMILIES][GATE_COUNT]; /* phrase + 1 */
    struct str *set_members; /* phrase numbers as bytes, per set */
    size_t set_members_count, set_members_cap;
    C_ARRAY(struct c_link, set_rules);
    uint32_t *set_heads;
    size_t set_heads_count, set_heads_cap;
    bool *set_needed; /* by a rule that is not RULE_SHOWN */
    C_ARRAY(uint32_t, records);
    C_ARRAY(struct image_rule, rules);
    C_ARRAY(struct image_regex, regexes);
    C_ARRAY(uint32_t, numbers);
    C_ARRAY(struct image_weight, weights);
    C_ARRAY(uint32_t, exprs);
    C_ARRAY(struct image_source, sources);
    C_ARRAY(char, strings);
    C_ARRAY(struct src_rule *, kept); /* rules that count, in order: same numbers as rules[] */
    C_ARRAY(struct str, groups);
    uint32_t gate_rules, gate_rule_count, bare_rules, bare_count;
    C_ARRAY(uint64_t, awake);
    C_ARRAY(struct image_demand, demands);
    C_ARRAY(struct image_demand, classes);
    uint32_t known_words;
    uint32_t composites, composite_count, awake_words, idle[2], late;
    bool has_late;
};

/* --- compile_phrase.c --- */
enum { PHRASE_BAD = UINT32_MAX };
/* The number of a phrase, new or known; PHRASE_BAD after a fault. */
uint32_t phrase_intern(struct compiler *c, struct str text, enum lang_family family,
                       struct src_place at);
void phrase_add_weights(struct compiler *c, const struct src_lexicon *l, uint32_t source);
void phrase_layout(struct compiler *c); /* records */
/* Cuts phrase text the way the matcher wants it: hashes in out, stem bits in *stems. Returns the
 * number of units, 0 for none, −1 for too many, −2 for a stem shorter than 3 or longer than 18. */
int phrase_units(struct arena *a, struct str text, uint64_t *out, uint32_t *stems,
                 struct str *stem_text);

/* --- compile_set.c --- */
/* The set "one of these", or IMAGE_NONE when empty or faulty. /regex/ items go to `regexes`. */
uint32_t set_of(struct compiler *c, const struct src_items *items, struct image_list *regexes);
uint64_t set_frequency(const struct compiler *c, uint32_t set); /* how often it is hit, roughly */
void set_trigger(struct compiler *c, uint32_t set, uint32_t rule);
uint32_t regex_add(struct compiler *c, struct str pattern, struct src_place at);

/* --- compile_rule.c --- */
void rules_compile(struct compiler *c);
/* The rarest of the phrase lists that must all be hit, IMAGE_NONE when there is none. */
uint32_t rule_rarest_set(const struct compiler *c, const struct image_rule *r);
bool rule_is_composite(const struct image_rule *r); /* only an expression */
/* --- expr.c: "a & (b.* | !c) & sentiment.negative" --- */
bool expr_compile(struct compiler *c, struct str text, struct src_place at, struct image_rule *r);
/* The final form of all expressions: leaves numbered in one row; what an expression asks for with
 * & as masks. */
void expr_finish(struct compiler *c);
/* --- wake.c --- */
void wakes_compile(struct compiler *c); /* composites[] to awake[], idle[], late and rules' wakes */

struct image_text text_put(struct compiler *c, struct str s); /* into STRINGS, once each */
uint32_t numbers_begin(struct compiler *c);

/* --- compile.c --- */
/* The finished block (free it with free()), or NULL when there were faults in diags. */
struct image *image_compile(struct src *s);

/* --- ruleset.c --- */
struct ruleset;
struct ruleset_spec;
/* The files of the spec, read but not compiled: for `rules test` and `rules lint`. */
struct src *ruleset_read(const struct ruleset_spec *spec, struct arena *a, struct diags *d);
struct ruleset *ruleset_of_image(const struct image *m, struct image *owned);

#endif
