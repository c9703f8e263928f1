/* image.h: a compiled rule set is one block of memory without pointers: it can be written to a
 * file, compiled into the program, and used by all threads at once without being parsed. compile.c
 * makes it, scan*.c read it; nothing changes it. Offsets count elements of the named section.
 * The block is only used by the program that made it (byte order and hash are its own). */
#ifndef DF_ANALYZER_IMAGE_H
#define DF_ANALYZER_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/lang.h"
#include "analyzer/slots.h"
#include "core/str.h"

#define IMAGE_MAGIC 0x3130736c75726664ull /* "dfruls01" */
#define IMAGE_VERSION 7
#define IMAGE_NONE UINT32_MAX

/* X(SECTION, element type) */
#define IMAGE_SECTIONS(X)                                                                      \
    X(NODES, struct image_node)      /* hash table over unit sequences */                      \
    X(FILTER, uint64_t)              /* one bit a node: most look-ups end here */              \
    X(STEMS, uint16_t)               /* first four bytes of `word*` → lengths to try */        \
    X(ROWS, int16_t)                 /* weights of phrases: row_groups × 8 slots each */       \
    X(RECORDS, uint32_t)             /* what a phrase does: struct image_record and its tail */ \
    X(PHRASES, struct image_phrase)  /* for telling people */                                  \
    X(RULES, struct image_rule)                                                                \
    X(REGEXES, struct image_regex)                                                             \
    X(NUMBERS, uint32_t)             /* lists of set, rule, regex and string numbers */        \
    X(WEIGHTS, struct image_weight)                                                            \
    X(EXPRS, uint32_t)               /* composites: enum expr_op in the top byte */            \
    X(DEMANDS, struct image_demand)  /* composites: what their expressions ask for with & */    \
    X(CLASSES, struct image_demand)  /* … of its first word, for each composite */              \
    X(AWAKE, uint64_t)               /* rows of awake_words: a bit for each composite */       \
    X(SOURCES, struct image_source)  /* files: name, lexicon settings */                       \
    X(STRINGS, char)

enum image_section {
#define SECTION(name, type) SEC_##name,
    IMAGE_SECTIONS(SECTION)
#undef SECTION
    SECTIONS
};

/* tag: hash bits the table position does not tell. next: 0 in an empty place. The row of weights is
 * named here, so that most phrases met need no look at their record. */
struct image_node {
    uint32_t tag, next;
    uint32_t row; /* of the phrase, not negated, in ROW_GROUPs; 0 = it weighs nothing */
    uint16_t more;
    int16_t top; /* its heaviest plain weight but SLOT_ALARM: what a finding shows */
};
#define NODE_ENGLISH 1   /* a function word of English, */
#define NODE_FOREIGN 256 /* of another language in Latin letters: to be counted together */
#define NODE_LANGUAGE (NODE_ENGLISH | NODE_FOREIGN)
#define NODE_SETS 2      /* rules wait for the phrase */
#define NODE_LEARNED 4   /* it has weights */
#define NODE_MORE 0x80000000u    /* longer phrases start like this */
#define NODE_STEMS 0x40000000u   /* … some of them go on with a `word*` */
#define NODE_GRAMMAR 0x20000000u /* it has a role in the structure of the sentence */
#define NODE_NEEDED 0x10000000u  /* rules that change classes wait for it: hits count in brief too */
#define NODE_USED 0x08000000u
#define NODE_RECORD 0x07FFFFFFu  /* offset in RECORDS; 0 = no phrase ends here */

/* A row holds a phrase's weights for the slots from the first on, of SLOT_ONE: rows of equal width
 * are added up without looking what is in them. Row 0 is all zeros. */
enum { ROW_GROUP = 8, ROW_GROUPS = (SLOTS + ROW_GROUP - 1) / ROW_GROUP };

struct image_record {
    uint32_t phrase;       /* index in PHRASES */
    uint32_t negated;      /* row of the phrase in a negation, in ROW_GROUPs, or */
#define ROW_BY_FACTOR UINT32_MAX /* … the plain one times the lexicon's factor */
    /* tail: the sets ("one of these phrases") it is in, then the rules to look at when it is met;
     * the first of each also in brief */
    uint32_t rules, rules_brief;
    uint16_t sets, sets_brief;
    uint16_t roles;        /* enum grammar_role bits */
    int16_t factor;        /* intensity: of 256 */
    int16_t top_slot;      /* of that weight; −1 = none */
    int16_t pad;
};
#define IMAGE_RECORD_WORDS 7

enum grammar_role {
    ROLE_NEGATOR = 1, ROLE_NEGATOR_AFTER = 2, ROLE_PSEUDO = 4, ROLE_INTENSITY = 8,
    ROLE_CONTRAST = 16, ROLE_HYPOTHETIC = 32,
    ROLE_STRUCTURE = 63, /* any of these; the others only tell the language */
    ROLE_ENGLISH = 64, ROLE_FOREIGN = 128
};

struct image_phrase {
    uint32_t text;   /* STRINGS: the phrase, and before it, when learned, "group:" */
    uint16_t len;    /* of the phrase alone */
    uint16_t prefix; /* bytes of "group:" */
    uint16_t source; /* SOURCES; the lexicon that weighs it */
    uint16_t pad;
    uint32_t support;
};

struct image_weight {
    uint16_t slot, pad;
    int32_t weight; /* of SLOT_ONE */
};

struct image_list {
    uint32_t at, count; /* in NUMBERS */
};

enum rule_flags {
    RULE_NEGATABLE = 1, RULE_ONLY_NEGATED = 2, RULE_CLAUSE = 4, RULE_ORDERED = 8,
    RULE_QUESTION = 16, RULE_NO_QUESTION = 32, RULE_STATED = 64, /* not in if/would clauses */
    RULE_LATE = 128, /* its expression asks for a class: second round */
    RULE_TEXT = 256, RULE_TITLE = 512, RULE_SILENT = 1024, /* only for other rules to refer to */
    RULE_QUOTED = 4096, /* counts in what the author quotes of others, too */
    RULE_JUDGES = 8192, /* silences rules, has a cap, or an expression beside its phrases */
    RULE_SHOWN = 2048, /* changes no class: not looked at when nobody sees the findings */
    RULE_PARTS = 16384, /* has all, near or patterns beside `any` */
    RULE_WHERE = 32768  /* has wishes about language, length, stars or channel */
};

struct image_text {
    uint32_t at, len;
};

/* What every look at a rule asks for comes first. */
struct image_rule {
    uint32_t flags;
    uint32_t any;               /* set number or IMAGE_NONE */
    struct image_list unless, unless_regex;       /* same clause */
    struct image_list never, never_regex;         /* anywhere */
    uint32_t group_number;
    uint32_t weights, weight_count;
    uint32_t wakes;             /* AWAKE: which composites to look at when this rule fires */
    uint32_t cap;               /* 0 = none */
    struct image_list all, near; /* set numbers */
    struct image_list regexes;
    uint16_t near_words, near_chars;
    struct image_list channels;                   /* pairs of STRINGS offset and length */
    struct image_list silences;                   /* rule numbers */
    uint32_t langs;             /* bit per enum text_lang; 0 = all */
    int16_t stars_min, stars_max; /* tenths; −1 = no wish */
    uint32_t min_len;           /* code points */
    uint32_t expr, expr_len;
    struct image_list demands;  /* in DEMANDS, */
    struct image_list choices;  /* … and of these */
    bool plain;                 /* that is all the expression says; else the program decides */
    bool woken_any;             /* does its firing make look at any composite */
    bool referred;              /* some expression asks for it */
    struct image_text id, group, why, why_hant, why_hans, severity, fix, fix_hant, fix_hans, fact,
        file;
    uint32_t line;
};

/* Of one word of the row of what is known: bits that must all be set, and that must not. Of choices:
 * one of `all` up to the `last` must be set. */
struct image_demand {
    uint64_t all, none;
    uint32_t word, last;
};

struct image_regex {
    struct image_text pattern;
    uint32_t set;  /* trigger; IMAGE_NONE: gate alone */
    uint32_t gate; /* enum gate bits that must all be there */
    uint32_t rules, count;
};

struct image_source {
    struct image_text file, group;
    uint32_t family;            /* 0 both, 1 en, 2 zh */
    int16_t negate;             /* of 256: weight of a negated phrase without an entry of its own */
    int16_t before, after;      /* of 256: weight before / after a contrast word */
    int16_t pad;
};

/* RULE, GROUP, CLASS hold a number; when compiled, all three count in one row, "known": slots, then
 * groups, then rules. SKIP: leave out the next n entries when the top of the stack already decides an |
 * or &. ANY: one of the next n entries (RULE, GROUP, CLASS). */
enum expr_op { EXPR_RULE, EXPR_GROUP, EXPR_CLASS, EXPR_NOT, EXPR_AND, EXPR_OR, EXPR_SKIP_TRUE,
               EXPR_SKIP_FALSE, EXPR_ANY };

/* What a whole post has or has not: pseudo phrases `<url>` … in lexicons and gates of regexes. */
#define GATES(X)                                                                               \
    X(URL, "url") X(HANDLE, "handle") X(NUMBER, "number") X(EMOJI, "emoji") X(EXCL, "excl")    \
    X(QUESTION, "question") X(CAPS, "caps") X(LONG, "elongated") X(HASHTAG, "hashtag")         \
    X(STARS1, "stars:1") X(STARS2, "stars:2") X(STARS3, "stars:3") X(STARS4, "stars:4")        \
    X(STARS5, "stars:5") X(SHORT, "short") X(TALL, "long") X(QUOTE, "quote") X(EN, "en")       \
    X(HANS, "zh-hans") X(HANT, "zh-hant") X(YUE, "yue") X(OTHER, "other") X(NEGATED, "negated")
enum gate {
#define GATE(e, n) GATE_##e,
    GATES(GATE)
#undef GATE
    GATE_COUNT
};

struct image {
    uint64_t magic;
    uint32_t version, size;
    char digest[17]; /* of the files it was made of */
    uint32_t last_node, last_bit; /* offsets in NODES (bytes) and FILTER (bits): sizes are powers of two */
    uint8_t stem_min;
    struct { uint32_t at, count; } sections[SECTIONS]; /* at: bytes from the start */
    int32_t bias[FAMILIES][SLOTS]; /* what a text starts with; FAMILY_BOTH: other languages */
    uint32_t sets;                /* how many phrase lists */
    int32_t cap[SLOTS];           /* most that all rules together add */
    int32_t least[SLOTS];         /* least that all learned phrases, with their bias, come to */
    char breaks[64];              /* ASCII signs that end a clause */
    uint32_t row_groups;          /* width of a row, in ROW_GROUP slots */
    uint32_t gates[FAMILIES][GATE_COUNT]; /* NODES index, IMAGE_NONE = no phrase asks for it; by
                                           * family, for what English learned of "!" is not
                                           * so in Chinese; what rules wait for is in FAMILY_BOTH */
    uint32_t groups;              /* how many rule groups */
    int32_t scope_words, scope_chars;
    int32_t contrast_before, contrast_after; /* of 256, for rules' sentiment */
    uint32_t gate_regexes;        /* NUMBERS: regexes without a trigger set */
    uint32_t gate_regex_count;
    uint32_t composites, composite_count; /* NUMBERS: rules with only an expression, in order */
    uint32_t awake_words;
    uint32_t known_words;    /* bits of all slots, groups and rules */
    uint32_t idle[2]; /* AWAKE rows: composites that may hold though no rule fired, by round */
    uint32_t late;    /* AWAKE row: all composites of the second round */
    bool has_late;
    uint32_t bare_rules, bare_count; /* rules with only a `where` */
};

static inline const void *image_section(const struct image *m, enum image_section s)
{
    return (const char *)m + m->sections[s].at;
}
#define IMAGE(m, SECTION, type) ((const type *)image_section((m), SEC_##SECTION))

static inline struct str image_str(const struct image *m, struct image_text t)
{
    return (struct str){IMAGE(m, STRINGS, char) + t.at, t.len};
}

/* The walk over a unit sequence starts with a unit's hash; one step. */
static inline uint64_t node_step(uint64_t state, uint64_t unit)
{
    state = (state << 23 | state >> 41) ^ unit;
    state *= 0xD6E8FEB86659FD93ull;
    return state ^ state >> 32;
}

/* The place of a node in bytes, as tight loops want it. */
typedef uint32_t node_offset;
#define NODE_BYTES 16u
_Static_assert(sizeof(struct image_node) == NODE_BYTES, "four nodes fill a line of the cache");

static inline const struct image_node *node_at(const struct image_node *nodes, node_offset at)
{
    return (const struct image_node *)(const void *)((const char *)nodes + at);
}

/* Where a state is looked for first; `last` is the offset of the table's last node. */
static inline node_offset node_home(uint64_t state, node_offset last)
{
    return (node_offset)state & last;
}

static inline uint32_t node_tag(uint64_t state)
{
    return (uint32_t)(state >> 32);
}

static inline uint32_t filter_bit(uint64_t state, uint32_t last)
{
    return (uint32_t)(state >> 24) & last;
}

#define GATE_STATE(family, g) /* of its node */ \
    (0xA5B35705F00DC0DEull * (2u * ((unsigned)(family) * GATE_COUNT + (unsigned)(g)) + 1))
#define STEM_SALT 0x7c3d5e9b1f2a4868ull /* `charge*` is another unit than `charge` */
#define STEM_SLOTS 8192

/* Where the lengths of stems are kept that start like this word of at least 3 bytes. */
static inline uint32_t stem_slot(const char *p, size_t len)
{
    uint32_t v = 0;
    memcpy(&v, p, len < 4 ? len : 4);
    return (v * 0x9E3779B1u) >> 19;
}

#endif
