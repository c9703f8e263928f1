/* train.h: learning phrase weights from labelled text. A recipe (YAML) names the labelled files
 * and what their labels mean; training makes one lexicon: phrases, a weight for each class, how
 * many posts held the phrase. The text is folded and cut by the analyzer's own fold and units, so
 * what is learned is what is matched.
 *
 * Method: for each attribute a softmax over its classes, linear in "phrase is there", fitted with
 * an L2 penalty by L-BFGS in double precision: the same input gives the same file on every run.
 *   - A label may leave classes open ("not negative") and a file may not know a class (stars of
 *     two kinds have no neutral): both are masks on the softmax, never invented labels. So a file
 *     labelled for one thing may say something of another (a lost bag is delivery, five stars are
 *     praise or nothing): the loss is −log of the summed probability of the classes left. What it
 *     weighs there is set for each attribute, so that many loose labels do not drown few careful
 *     ones.
 *   - More labels for texts of other files can be kept without the texts, by their hashes.
 *   - Every file, and every part of it that the recipe tells apart, has a bias of its own that is
 *     thrown away: it soaks up how the posts were sampled, so that the words of a trade need not.
 *   - General emotion words share one weight each for pleasant and unpleasant (times strength),
 *     so that a word seen twice, or never, still weighs what its kind weighs.
 *   - A phrase that stands in posts of one class more often than in others is held back less than
 *     one that stands in all alike (`telling`).
 *   - A word inside a negation is a phrase of its own ("!good").
 * The full fit ranks the phrases; the best `phrases` of them are fitted again and kept.
 *
 * It knows nothing of rules or stores. All memory is the caller's arena (process lifetime). */
#ifndef DF_ANALYZER_TRAIN_H
#define DF_ANALYZER_TRAIN_H

#include <stdbool.h>
#include <stdio.h>

#include "analyzer/lang.h"
#include "analyzer/slots.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

enum {
    TRAIN_LABEL = ATTR_NEEDS_REPLY + 1, /* behind sentiment … needs_reply: labels of one's own, */
    TRAIN_HEADS,                        /* for measuring the method; never written */
    TRAIN_CLASSES = 16,                 /* room for the classes of one attribute */
    TRAIN_FILES = 32,
    TRAIN_PARTS = 256,                  /* of all files together */
    TRAIN_FOLDS = 5,
    TRAIN_NONE = -1,
    TRAIN_GENERAL = 4, /* unpleasant, pleasant, and both of them negated */
};

/* Bit k: class k of the attribute. may == 0: the row says nothing about it. */
struct train_gold {
    uint16_t is, may;
};

struct train_row {
    uint64_t key; /* of the text without links, handles and signs: equal texts stay together */
    struct str text, original; /* folded, and as it was */
    uint32_t first, count; /* phrases: train_set.ids */
    uint16_t file, part;
    uint8_t fold;
    struct train_gold gold[TRAIN_HEADS];
};

struct train_phrase {
    struct str text; /* as written in a lexicon, '!' in front when negated */
    uint32_t support;
    uint8_t units;
    bool blocked; /* could be a name or a number: never written */
};

struct train_file {
    struct str name;  /* "reviews.tsv" */
    double weight[TRAIN_HEADS]; /* times the usual weight of a file, by attribute */
    uint32_t rows;
    bool two;         /* sentiment without neutral: neutral counts as positive in scores */
    bool score;       /* shown by train_check */
    bool keyed;       /* its rows are copies of others: no texts in it, hashes of them */
    double anchor[2]; /* what a full linear model reaches: within, transferred; 0 = unknown */
};

struct train_head {
    bool on;
    double shrink;     /* strength of the L2 penalty */
    double scale;      /* written weights are multiplied by it */
    uint32_t phrases;  /* budget */
    double least;      /* phrases whose heaviest weight is below it are dropped; before `scale` */
    double bias[TRAIN_CLASSES];
    uint32_t only;     /* bits of the classes that are written; 0: all */
};

struct train_recipe {
    struct str lang; /* "en", "zh" */
    enum lang_family family;
    int grams;            /* longest phrase in units */
    int negated;          /* longest phrase learned within negations */
    uint32_t min_support; /* rows */
    double balance_files, balance_classes; /* 0: every row alike … 1: every file, class alike */
    double length;        /* 0: all phrases count alike … 1: less the longer the text */
    double rare;          /* 0: all phrases are held back alike … 1: common ones more */
    double telling;       /* 0 … 1: those more that stand alike in all classes */
    bool exact;           /* only texts that are equal to the byte share a fold */
    bool signs;           /* phrases of signs alone ("...", ":(") are learned */
    double own_bias;      /* penalty on the biases of files and their parts */
    struct str emotion;   /* file of general emotion words beside the recipe */
    struct str names;     /* file of hashes of names beside the recipe */
    struct train_head heads[TRAIN_HEADS];
};

struct train_set {
    struct arena *arena;
    struct train_recipe recipe;
    struct train_file files[TRAIN_FILES];
    size_t file_count;
    struct str parts[TRAIN_PARTS]; /* what their column says; empty: the whole file */
    uint16_t part_file[TRAIN_PARTS];
    size_t part_count;
    struct train_row *rows;
    size_t row_count, row_cap;
    struct train_phrase *phrases;
    size_t phrase_count;
    uint32_t *ids;
    size_t id_count;
    struct train_emotion {
        struct str word;
        int8_t strength; /* -3 to 3 */
        uint32_t phrase[2]; /* plain and negated; TRAIN_NONE when no row holds it */
    } *emotions; /* by word */
    size_t emotion_count;
    int8_t *general; /* per phrase: strength of the emotion word, 0 = none */
    struct str labels[TRAIN_CLASSES]; /* classes of TRAIN_LABEL */
    int label_count;
    struct train_names *names; /* capitals seen, train_names.c */
    FILE *progress;  /* NULL: silent */
};

/* One fitted attribute: weight[phrase × classes + class], 0 where not kept. */
struct train_model {
    int attr; /* enum slot_attr or TRAIN_LABEL */
    int classes;
    double *weight;
    bool *kept;
    double general[TRAIN_GENERAL][TRAIN_CLASSES];
    double bias[TRAIN_CLASSES]; /* of TRAIN_LABEL: there the one file is the whole world */
};

/* The recipe and its labelled files (in `dir`), cut into phrases. `beside` is the folder of the
 * recipe. Faults with their places go to diags; DF_REJECT when there was one. */
DF_CHECKED enum df_rc train_open(struct train_set *set, struct arena *a, struct str recipe,
                                 const char *recipe_name, const char *beside, const char *dir,
                                 struct diags *diags);

/* Which rows to learn from: NULL means all. */
typedef bool train_keep_fn(const struct train_row *row, const void *arg);
void train_fit_head(struct train_set *set, int attr, train_keep_fn *keep,
                    const void *arg, struct train_model *out);

/* The lexicon file of these models. */
void train_write(const struct train_set *set, const struct train_model *models, int count,
                 struct buf *out);

static inline int train_classes(const struct train_set *set, int attr)
{
    return attr == TRAIN_LABEL ? set->label_count : slot_attrs[attr].count;
}

/* Scores on rows that were not learned from: `folds` of five parts left out in turn, or each file
 * left out in turn (0). The weights alone, and (unless the recipe has labels of its own) the whole
 * analyzer with the shipped rules around these weights; `lexicon` is the shipped file they replace.
 * Prints a line a file and attribute, tab-separated. */
DF_CHECKED enum df_rc train_check(struct train_set *set, int folds, const char *lexicon, FILE *out,
                                  struct diags *diags);

#endif
