/* train_learn.c: from rows to weights: which rows count how much, a first fit with all phrases, the
 * best of them fitted again, weights made comparable. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/train_private.h"

enum { FIRST_STEPS = 40, LAST_STEPS = 120, LIGHT_ROUNDS = 2,
       LONG_PHRASE_ROWS = 8, SHORT_PHRASE_ROWS = 4, UNSEEN = 2 /* rows of each kind, assumed */ };
#define ALIKE 0.2 /* what a phrase counts that stands alike in all classes */

static void *need(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p)
        abort(); /* sizes are those of files already read into memory */
    return p;
}

struct pick { /* the rows of one fit */
    size_t *row, count;
    bool *copy; /* of a row before it: labels for a text that was counted */
};

/* Equal texts may be in two files with two labels: then the smaller file's label is kept, because
 * small files are those that people labelled with care. Where the labels agree both stay: leaving
 * one out would skew the classes of the file it leaves. */
static struct pick pick_rows(const struct train_set *set, int attr, train_keep_fn *keep,
                             const void *arg)
{
    struct pick p = {need(set->row_count, sizeof *p.row), 0, need(set->row_count, 1)};
    size_t size = 1;
    while (size < set->row_count * 2)
        size *= 2;
    uint32_t *best = need(size, sizeof *best); /* row + 1, by key */
    bool *met = need(size, 1);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < set->row_count; i++) {
            const struct train_row *r = &set->rows[i];
            if (!r->gold[attr].may || set->files[r->file].weight[attr] <= 0 || (keep && !keep(r, arg)))
                continue;
            size_t at = r->key & (size - 1);
            while (best[at] && set->rows[best[at] - 1].key != r->key)
                at = (at + 1) & (size - 1);
            const struct train_row *b = best[at] ? &set->rows[best[at] - 1] : NULL;
            if (pass == 0) {
                if (!b || set->files[r->file].rows < set->files[b->file].rows)
                    best[at] = (uint32_t)i + 1;
            } else if (b->file == r->file || (b->gold[attr].is & r->gold[attr].is)) {
                p.copy[p.count] = met[at] && set->files[r->file].keyed;
                p.row[p.count++] = i;
                met[at] = true;
            }
        }
    free(met);
    free(best);
    return p;
}

/* A file of n rows weighs n^(1 − balance_files), a class in a part of it the more the rarer it is
 * there: a part that was gathered by its class must not lend that class the words of its trade. */
static void weigh_rows(const struct train_set *set, int attr, const struct pick *p, double *weight)
{
    double(*rows)[1 << TRAIN_CLASSES] = need(TRAIN_PARTS, sizeof *rows); /* by set of classes */
    double part_rows[TRAIN_PARTS] = {0}, sum = 0;
    double file_rows[TRAIN_FILES] = {0}, file_sum[TRAIN_FILES] = {0};
    int kinds[TRAIN_PARTS] = {0};
    for (size_t i = 0; i < p->count; i++) {
        const struct train_row *r = &set->rows[p->row[i]];
        kinds[r->part] += rows[r->part][r->gold[attr].is]++ == 0;
        part_rows[r->part]++;
        file_rows[r->file]++;
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct train_row *r = &set->rows[p->row[i]];
        weight[i] = pow(part_rows[r->part] / (kinds[r->part] * rows[r->part][r->gold[attr].is]),
                        set->recipe.balance_classes);
        file_sum[r->file] += weight[i];
    }
    for (size_t i = 0; i < p->count; i++) {
        uint16_t f = set->rows[p->row[i]].file;
        weight[i] *= pow(file_rows[f], 1 - set->recipe.balance_files) * set->files[f].weight[attr] /
                     file_sum[f];
        sum += weight[i];
    }
    for (size_t i = 0; i < p->count; i++)
        weight[i] /= sum;
    free(rows);
}

/* How strongly each phrase is held back. Common phrases more than rare ones (`rare`), and those
 * more that stand alike in all classes (`telling`): r is the log of how many times as often the
 * phrase is in a class as in the others, of the class where it says most. */
static void hold_back(const struct train_set *set, int attr, const struct pick *p,
                      const double *weight, const uint32_t *rows, const int32_t *column,
                      double *stiff)
{
    double rare = set->recipe.rare, telling = set->recipe.telling;
    double(*in)[TRAIN_CLASSES] = need(set->phrase_count, sizeof *in), all[TRAIN_CLASSES] = {0};
    double *with = need(set->phrase_count, sizeof *with);
    /* Not all files know neutral from positive, all know a complaint. */
    int K = attr == ATTR_SENTIMENT ? SENTIMENT_NEGATIVE + 1 : train_classes(set, attr);
    for (size_t i = 0; telling > 0 && i < p->count; i++) {
        const struct train_row *r = &set->rows[p->row[i]];
        double w = weight[i] * (double)p->count;
        for (int k = 0; k < K; k++)
            all[k] += r->gold[attr].is >> k & 1 ? w : 0;
        for (uint32_t j = 0; j < r->count; j++) {
            uint32_t id = set->ids[r->first + j];
            with[id] += w;
            for (int k = 0; k < K; k++)
                in[id][k] += r->gold[attr].is >> k & 1 ? w : 0;
        }
    }
    for (size_t i = 0; i < set->phrase_count; i++) {
        if (column[i] < 0)
            continue;
        double most = 0, n = (double)p->count;
        for (int k = 0; telling > 0 && k < K; k++) {
            double odds = (in[i][k] + UNSEEN) / (with[i] - in[i][k] + UNSEEN);
            if (all[k] > 0 && all[k] < n)
                most = fmax(most, fabs(log(odds * (n - all[k]) / all[k])));
        }
        stiff[column[i]] = pow((1 + log(n / rows[i])) / 6, -2 * rare) *
                           pow(most + ALIKE, -2 * telling);
    }
    free(with);
    free(in);
}

/* The problem over the phrases with column[phrase] >= 0. */
static struct train_problem make_problem(const struct train_set *set, int attr,
                                         const struct pick *p, const double *weight,
                                         const uint32_t *rows, const int32_t *column,
                                         size_t columns)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < p->count; i++)
        total += set->rows[p->row[i]].count;
    size_t *start = need(p->count + 1, sizeof *start);
    uint32_t *ids = need(total, sizeof *ids);
    float(*general)[TRAIN_GENERAL] = need(p->count, sizeof *general);
    uint16_t *part = need(p->count, sizeof *part);
    struct train_gold *gold = need(p->count, sizeof *gold);
    double *scale = need(p->count, sizeof *scale), *stiff = need(columns, sizeof *stiff);
    hold_back(set, attr, p, weight, rows, column, stiff);
    for (size_t i = 0; i < p->count; i++) {
        const struct train_row *r = &set->rows[p->row[i]];
        scale[i] = train_row_scale(set, r);
        start[i] = n;
        for (uint32_t k = 0; k < r->count; k++) {
            uint32_t id = set->ids[r->first + k];
            int8_t strength = set->general ? set->general[id] : 0;
            if (column[id] >= 0)
                ids[n++] = (uint32_t)column[id];
            if (strength && attr == ATTR_SENTIMENT)
                general[i][(strength > 0) + 2 * (set->phrases[id].text.ptr[0] == '!')] +=
                    (float)abs(strength);
        }
        part[i] = r->part;
        gold[i] = r->gold[attr];
    }
    start[p->count] = n;
    return (struct train_problem){.rows = p->count, .columns = columns, .parts = set->part_count,
                                  .classes = train_classes(set, attr), .start = start, .ids = ids,
                                  .general = general, .part = part, .gold = gold, .weight = weight,
                                  .scale = scale, .stiff = stiff,
                                  .shrink = set->recipe.heads[attr].shrink,
                                  .own_bias = set->recipe.own_bias};
}

static void free_problem(struct train_problem *p)
{
    free((void *)p->start);
    free((void *)p->ids);
    free((void *)p->general);
    free((void *)p->part);
    free((void *)p->gold);
    free((void *)p->scale);
    free((void *)p->stiff);
}

double train_row_scale(const struct train_set *set, const struct train_row *row)
{
    return pow(60.0 / (row->count > 8 ? row->count : 8), set->recipe.length);
}

struct rank {
    double worth;
    uint32_t phrase;
};

static int by_worth(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    return x->worth > y->worth ? -1 : x->worth < y->worth ? 1 : x->phrase < y->phrase ? -1 : 1;
}

/* Keeps in column[] the `most` phrases with the largest weight × √rows, and moves their weights in
 * params to the new columns; returns how many. */
static size_t choose(const struct train_set *set, size_t most, double *params, size_t columns, int K,
                     const uint32_t *rows, int32_t *column)
{
    size_t behind = (TRAIN_GENERAL + set->part_count) * (size_t)K;
    double *w = need(columns * (size_t)K + behind, sizeof *w);
    memcpy(w, params, (columns * (size_t)K + behind) * sizeof *w);
    struct rank *rank = need(set->phrase_count, sizeof *rank);
    size_t n = 0, kept;
    for (size_t i = 0; i < set->phrase_count; i++) {
        double top = 0;
        for (int k = 0; column[i] >= 0 && k < K; k++)
            top = fmax(top, fabs(w[(size_t)column[i] * (size_t)K + (size_t)k]));
        if (column[i] >= 0)
            rank[n++] = (struct rank){top * sqrt(rows[i]), (uint32_t)i};
    }
    qsort(rank, n, sizeof *rank, by_worth);
    kept = n < most ? n : most;
    for (size_t i = 0; i < n; i++) {
        int32_t *c = &column[rank[i].phrase];
        if (i < kept)
            memcpy(params + i * (size_t)K, w + (size_t)*c * (size_t)K, (size_t)K * sizeof *w);
        *c = i < kept ? (int32_t)i : -1;
    }
    memcpy(params + kept * (size_t)K, w + columns * (size_t)K, behind * sizeof *w);
    free(rank);
    free(w);
    return kept;
}

/* Drops from column[] the phrases whose heaviest weight, measured from the mean of its classes, is
 * below `least`; the others move up. Common light phrases are met in every post and say little: the
 * next fit gives what they said to those that stay. Returns how many stay. */
static size_t drop_light(const struct train_set *set, double least, double *params, size_t columns,
                         int K, int32_t *column)
{
    int32_t *to = need(columns, sizeof *to);
    size_t kept = 0;
    for (size_t c = 0; c < columns; c++) {
        const double *w = params + c * (size_t)K;
        double mean = 0, top = 0;
        for (int k = 0; k < K; k++)
            mean += w[k] / K;
        for (int k = 0; k < K; k++)
            top = fmax(top, fabs(w[k] - mean));
        to[c] = top < least ? -1 : (int32_t)kept;
        if (to[c] >= 0)
            memmove(params + kept++ * (size_t)K, w, (size_t)K * sizeof *w);
    }
    memmove(params + kept * (size_t)K, params + columns * (size_t)K,
            (TRAIN_GENERAL + set->part_count) * (size_t)K * sizeof *params);
    for (size_t i = 0; i < set->phrase_count; i++)
        column[i] = column[i] >= 0 ? to[column[i]] : -1;
    free(to);
    return kept;
}

void train_fit_head(struct train_set *set, int attr, train_keep_fn *keep,
                    const void *arg, struct train_model *out)
{
    const struct train_head *head = &set->recipe.heads[attr];
    int K = train_classes(set, attr);
    struct pick p = pick_rows(set, attr, keep, arg);
    double *weight = need(p.count, sizeof *weight);
    uint32_t *rows = need(set->phrase_count, sizeof *rows);
    int32_t *column = need(set->phrase_count, sizeof *column);
    weigh_rows(set, attr, &p, weight);
    for (size_t i = 0; i < p.count; i++)
        for (uint32_t k = 0; k < set->rows[p.row[i]].count && !p.copy[i]; k++)
            rows[set->ids[set->rows[p.row[i]].first + k]]++;
    size_t columns = 0;
    for (size_t i = 0; i < set->phrase_count; i++) {
        const struct train_phrase *ph = &set->phrases[i];
        bool written = attr != TRAIN_LABEL, own = set->general && set->general[i] && rows[i];
        uint32_t least = !written             ? set->recipe.min_support
                         : ph->units >= 3     ? LONG_PHRASE_ROWS
                                              : SHORT_PHRASE_ROWS;
        if (least < set->recipe.min_support)
            least = set->recipe.min_support;
        bool fit = (!ph->blocked || !written) && (own || rows[i] >= least);
        column[i] = fit ? (int32_t)columns++ : -1;
    }
    double *params = need((columns + TRAIN_GENERAL + set->part_count) * (size_t)K, sizeof *params);
    /* Phrases leave by halves: when one of two that say the same goes, the other takes over. */
    while (columns > head->phrases) {
        struct train_problem now = make_problem(set, attr, &p, weight, rows, column, columns);
        train_solve(&now, params, FIRST_STEPS);
        free_problem(&now);
        size_t most = columns * 2 / 5 > head->phrases ? columns * 2 / 5 : head->phrases;
        columns = choose(set, most, params, columns, K, rows, column);
    }
    for (int round = 0; round <= (head->least > 0 ? LIGHT_ROUNDS : 0); round++) {
        if (round)
            columns = drop_light(set, head->least, params, columns, K, column);
        struct train_problem last = make_problem(set, attr, &p, weight, rows, column, columns);
        train_solve(&last, params, round ? FIRST_STEPS : LAST_STEPS);
        free_problem(&last);
    }

    *out = (struct train_model){.attr = attr, .classes = K,
                                .weight = arena_array(set->arena, set->phrase_count * (size_t)K,
                                                      sizeof *out->weight),
                                .kept = arena_array(set->arena, set->phrase_count, 1)};
    for (int j = 0; j < TRAIN_GENERAL; j++)
        for (int k = 0; k < K; k++)
            out->general[j][k] = params[(columns + (size_t)j) * (size_t)K + (size_t)k];
    for (int k = 0; attr == TRAIN_LABEL && k < K; k++)
        out->bias[k] = params[(columns + TRAIN_GENERAL + set->rows[p.row[0]].part) * (size_t)K +
                              (size_t)k];
    for (size_t i = 0; i < set->phrase_count; i++) {
        int strength = set->general ? set->general[i] : 0;
        int kind = (strength > 0) + 2 * (set->phrases[i].text.ptr[0] == '!');
        out->kept[i] = column[i] >= 0 || (strength && !set->phrases[i].blocked);
        for (int k = 0; k < K && out->kept[i]; k++)
            out->weight[i * (size_t)K + (size_t)k] =
                (column[i] >= 0 ? params[(size_t)column[i] * (size_t)K + (size_t)k] : 0) +
                (strength ? abs(strength) * out->general[kind][k] : 0);
    }
    free(params);
    free(column);
    free(rows);
    free(weight);
    free(p.row);
    free(p.copy);
}
