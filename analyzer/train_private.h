/* train_private.h: what the files of training share. Only train*.c include it. */
#ifndef DF_ANALYZER_TRAIN_PRIVATE_H
#define DF_ANALYZER_TRAIN_PRIVATE_H

#include "analyzer/train.h"
#include "analyzer/units.h"

/* train_read.c: all labelled files of the recipe into rows (folded text and labels). */
struct train_source {
    const char *path;
    const struct yaml *spec; /* its entry in the recipe */
};
enum df_rc train_read(struct train_set *set, const struct train_source *src, uint16_t file,
                      struct diags *diags);

/* train_keyed.c: which row holds the text with this FNV-1a hash (16 hexadecimal digits). The table
 * is made of the rows read so far and lives in the arena. */
struct train_keyed;
struct train_keyed *train_keyed_new(const struct train_set *set, struct arena *a);
const struct train_row *train_keyed_find(const struct train_keyed *k, struct str hex);

/* train_phrases.c: the rows cut into phrases. */
enum df_rc train_cut(struct train_set *set, struct diags *diags);

/* train_scope.c: which units stand within a negation, as the shipped grammar says. */
struct train_scope;
enum df_rc train_scope_new(struct train_scope **out, struct diags *diags);
void train_scope_free(struct train_scope **s);
/* Per unit of the folded text: 1 = negated. Valid until the next call. */
const uint8_t *train_negation(struct train_scope *s, struct str folded, size_t units);

/* train_emotion.c: general emotion words and their strengths. */
enum df_rc train_read_emotion(struct train_set *set, struct str text, const char *path,
                              struct diags *diags);
void train_find_emotion(struct train_set *set); /* sets train_set.general */

/* train_names.c: words that look like names because they are written with a capital inside of
 * sentences. */
struct train_names *train_names_new(struct arena *a);
void train_names_see(struct train_names *n, struct str original);
bool train_names_is(const struct train_names *n, struct str word);
enum df_rc train_names_read(struct train_names *n, struct str text, const char *path,
                            struct diags *diags);
void train_names_mask(const struct train_names *n, const char *text, struct unit *u, size_t count);

/* train_learn.c: what a phrase of this row counts. */
double train_row_scale(const struct train_set *set, const struct train_row *row);

/* train_fit.c: one penalised softmax. All arrays are the caller's. */
struct train_problem {
    size_t rows, columns, parts;
    int classes;
    const size_t *start;     /* rows + 1 */
    const uint32_t *ids;     /* columns of each row */
    const float (*general)[TRAIN_GENERAL];
    const uint16_t *part;
    const struct train_gold *gold;
    const double *weight;    /* of each row; sums to 1 */
    const double *scale;     /* of each row: what a phrase in it counts */
    const double *stiff;     /* of each column: times shrink */
    double shrink, own_bias;
};
#define TRAIN_GENERAL_EASE 0.01 /* shared weights are hardly penalised */
/* params: (columns + TRAIN_GENERAL + parts) × classes, start values in, result out. */
int train_solve(const struct train_problem *p, double *params, int max_steps);

#endif
