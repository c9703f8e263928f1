/* scan.h: what one scanner keeps while it looks at one post. Private to analyzer/. Everything is
 * indexed by unit (units.h) until findings are shown; only then offsets are mapped back. */
#ifndef DF_ANALYZER_SCAN_H
#define DF_ANALYZER_SCAN_H

#include "analyzer/analyzer.h"
#include "analyzer/image.h"
#include "analyzer/lang.h"
#include "analyzer/regex.h"
#include "analyzer/rows.h"
#include "analyzer/units.h"

struct ruleset {
    const struct image *image;
    struct image *owned;     /* NULL when compiled into the program */
    struct regex **regexes;  /* compiled when first needed; set once, by any thread */
};

struct hit {
    uint32_t node;  /* in NODES */
    uint32_t first; /* unit */
    uint16_t units;
    bool negated;
    bool again; /* the phrase was met before, equally negated: its weights count once */
};

/* A phrase met, as short as can be: there are many. By their keys they stand in the order of the text,
 * shorter ones first. High half: 16 × first unit + units; low half: where its node is. */
typedef uint64_t met_key;

static inline met_key met_key_of(uint32_t at, node_offset node)
{
    return (uint64_t)at << 32 | node;
}

static inline node_offset met_node(met_key k)
{
    return (node_offset)k;
}

static inline uint32_t met_first(met_key k)
{
    return (uint32_t)(k >> 36);
}

static inline uint32_t met_units(met_key k)
{
    return k >> 32 & 15;
}

/* A bit of `once`: the phrase was met, plain or negated. */
static inline uint32_t once_bit(node_offset node, uint32_t negated)
{
    return node / (NODE_BYTES / 2) | negated;
}

struct chain_link {
    uint32_t hit, next; /* next + 1; 0 ends */
};

struct chain {
    uint32_t head, tail; /* link + 1; 0 = the set was not hit */
};

struct clause {
    uint32_t first;    /* unit */
    bool question, contrast, hypothetic, quoted;
};

struct place { /* units */
    uint32_t first, end;
};

struct regex_state {
    uint32_t first, count; /* in matches */
    bool done;
};

enum { CLAUSE_PAD = 8 };
enum { UNITS_BEHIND = 16 }; /* empty units behind the last */

enum silence { SILENCE_NEGATED, SILENCE_NOT_NEGATED, SILENCE_UNLESS, SILENCE_NEVER,
               SILENCE_QUESTION, SILENCE_HYPOTHETIC, SILENCE_QUOTED, SILENCE_RULE, SILENCE_CAP };

/* One rule that fired, or would have. */
struct fired {
    uint32_t rule;
    uint32_t places, place_count; /* in places */
    int32_t factor;               /* of 256: for sentiment */
    bool silenced;
    enum silence how;
    uint32_t by;                  /* a hit, a regex or a rule number, as `how` says */
};

#define SCAN_ARRAY(type, name) type *name; size_t name##_count, name##_cap

struct scanner {
    const struct ruleset *rs;
    const struct image *m;
    struct regex_run *run;
    bool contrast_weighs;        /* some lexicon weighs phrases by contrast */
    bool weigh_contrast;         /* … and this post has one, and all its clauses are known */
    bool breaks[128];            /* signs that end a clause */

    /* the post */
    const struct post *post;
    bool brief;
    char *text; /* folded title, line break, folded text, UNITS_PAD */
    size_t text_cap, text_len, title_len; /* title_len includes the line break */
    struct fold_stats fold;
    struct unit *units;
    size_t unit_cap, unit_count, title_units;
    SCAN_ARRAY(uint32_t, odd); /* units that unit_is_odd() */
    uint32_t words, english, foreign;
    uint32_t roles;              /* enum grammar_role bits met */
    uint32_t seen;               /* bit per enum gate */
    uint32_t gate_unit[GATE_COUNT];
    enum text_lang lang;
    uint32_t chars; /* code points, roughly: of the folded text */

    SCAN_ARRAY(met_key, met);     /* every phrase met */
    SCAN_ARRAY(met_key, kept);    /* those of one window of the walk that become hits */
    SCAN_ARRAY(struct hit, hits); /* all of them, or in brief those that rules wait for */
    SCAN_ARRAY(struct hit, grammar);
    SCAN_ARRAY(struct chain_link, links);
    SCAN_ARRAY(uint32_t, touched); /* sets */
    struct chain *chains;          /* per set */
    uint64_t *once;                /* see once_bit() */
    uint64_t *awake;               /* rules to look at: one bit each */
    uint32_t awake_words;

    enum { QUOTE_NONE, QUOTE_LINE, QUOTE_REST } quoting; /* at the end of the walk so far */
    uint16_t *clause_of; /* per unit */
    uint8_t *negation;   /* per unit: parity */
    uint32_t *negator;   /* per unit: grammar hit */
    size_t structure_cap; /* of these three; they are written in blocks of CLAUSE_PAD */
    SCAN_ARRAY(struct clause, clauses);

    struct regex_state *regex_states;
    SCAN_ARRAY(uint32_t, regexes_done);
    SCAN_ARRAY(struct regex_match, matches);
    SCAN_ARRAY(struct place, places);
    SCAN_ARRAY(struct fired, fired);
    bool judged;           /* a rule with RULE_JUDGES fired */
    uint64_t *known;       /* bits that composites ask for: slots that lead, groups, rules fired */
    uint16_t *group_fired; /* how many rules of the group fired */

    rows_add_fn *add_rows;
    int32_t learned[ROW_GROUPS * ROW_GROUP]; /* biases and phrases; a row may be wider than SLOTS */
    int32_t by_rules[SLOTS];
    int32_t sums[SLOTS];    /* of both */
    uint8_t leads[ATTR_FEELING]; /* the class that leads each attribute by these sums */
    struct arena *own; /* of what findings say again and again */
    struct str phrase_why[SLOTS][2][2]; /* against, negated */
    uint32_t *map; /* folded byte → code point, when findings are shown */
    size_t map_cap;
};

/* Room for n more; aborts when memory ends, which limits.h makes impossible in practice. */
void *scan_grow(void *items, size_t need, size_t *cap, size_t size);
#define SCAN_ROOM(s, name, more)                                                               \
    ((s)->name##_count + (more) <= (s)->name##_cap                                             \
         ? (void)0                                                                             \
         : (void)((s)->name = scan_grow((s)->name, (s)->name##_count + (more), &(s)->name##_cap, \
                                        sizeof *(s)->name)))
#define SCAN_PUSH(s, name)                                                                     \
    (*(((s)->name##_count < (s)->name##_cap                                                    \
            ? (void)0                                                                          \
            : (void)((s)->name = scan_grow((s)->name, (s)->name##_count + 1, &(s)->name##_cap, \
                                           sizeof *(s)->name))),                               \
       &(s)->name[(s)->name##_count++]))

static inline const struct image_record *hit_record(const struct scanner *s, const struct hit *h)
{
    uint32_t at = IMAGE(s->m, NODES, struct image_node)[h->node].next & NODE_RECORD;
    return (const struct image_record *)(const void *)(IMAGE(s->m, RECORDS, uint32_t) + at);
}

static inline uint32_t hit_roles(const struct scanner *s, const struct hit *h)
{
    return hit_record(s, h)->roles;
}

void match_units(struct scanner *s);  /* scan_match.c: met, hits, grammar */
void find_clauses(struct scanner *s); /* scan_clause.c: clauses, negation, roles, signs seen */
void join_sets(struct scanner *s);   /* scan_set.c: links, chains, touched, awake */
void rules_run(struct scanner *s);   /* scan_rule.c: fired[] */
void explain_post(struct scanner *s, struct arena *a, struct verdict *out); /* explain.c */
void map_need(struct scanner *s); /* before scan_span */
struct span scan_span(const struct scanner *s, uint32_t from, uint32_t to); /* folded bytes */

#endif
