/* train_check.c: how well the learned weights alone do on rows they were not learned from. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/train_private.h"

struct out_of {
    int fold;  /* −1: no fold is left out */
    int file;  /* −1: no file is left out */
    const struct train_set *set;
    const uint64_t *keys; /* sorted: texts of the file left out */
    size_t key_count;
};

static bool learn_from(const struct train_row *r, const void *arg)
{
    const struct out_of *o = arg;
    if (o->fold >= 0)
        return r->fold != o->fold;
    if (r->file == o->file)
        return false;
    size_t lo = 0, hi = o->key_count;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        if (o->keys[mid] < r->key)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo == o->key_count || o->keys[lo] != r->key;
}

static int answer(const struct train_set *set, const struct train_model *m,
                  const struct train_row *r, double shift)
{
    double z[TRAIN_CLASSES];
    for (int k = 0; k < m->classes; k++)
        z[k] = set->recipe.heads[m->attr].bias[k];
    if (m->attr == ATTR_SENTIMENT)
        z[SENTIMENT_NEGATIVE] += shift;
    for (uint32_t i = 0; i < r->count; i++)
        for (int k = 0; k < m->classes; k++)
            z[k] += m->weight[(size_t)set->ids[r->first + i] * (size_t)m->classes + (size_t)k];
    int best = 0;
    for (int k = 1; k < m->classes; k++)
        if (z[k] > z[best])
            best = k;
    return best;
}

enum { SHIFTS = 9 };

struct tally {
    double right, rows, tp[TRAIN_CLASSES], said[TRAIN_CLASSES], gold[TRAIN_CLASSES];
};

static void count(struct tally *t, unsigned is, int said, bool two, int attr)
{
    if (attr == ATTR_SENTIMENT && (two || is == 6)) { /* neutral counts as positive */
        said = said == SENTIMENT_NEUTRAL ? SENTIMENT_POSITIVE : said;
        is = is == 6 ? 1u << SENTIMENT_POSITIVE : is;
    }
    t->rows++;
    t->said[said]++;
    for (int k = 0; k < TRAIN_CLASSES; k++)
        t->gold[k] += is >> k & 1;
    if (is >> said & 1) {
        t->tp[said]++;
        t->right++;
    }
}

static double f1(const struct tally *t, int k)
{
    double d = t->said[k] + t->gold[k];
    return d > 0 ? 2 * t->tp[k] / d : 0;
}

static double macro(const struct tally *t, double least)
{
    double sum = 0, n = 0;
    for (int k = 0; k < TRAIN_CLASSES; k++)
        if (t->gold[k] >= least) {
            sum += f1(t, k);
            n++;
        }
    return n > 0 ? sum / n : 0;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void run(struct train_set *set, enum slot_attr attr, struct out_of *o,
                struct tally tally[TRAIN_FILES][SHIFTS])
{
    struct train_model m;
    struct arena_mark mark = arena_mark(set->arena);
    train_fit_head(set, attr, learn_from, o, &m);
    for (size_t i = 0; i < set->row_count; i++) {
        const struct train_row *r = &set->rows[i];
        if (!r->gold[attr].may || !set->files[r->file].score ||
            (o->fold >= 0 ? r->fold != o->fold : r->file != o->file))
            continue;
        for (int s = 0; s < SHIFTS; s++)
            count(&tally[r->file][s], r->gold[attr].is, answer(set, &m, r, (s - SHIFTS / 2) * 0.3),
                  set->files[r->file].two, attr);
    }
    arena_release(set->arena, mark);
}

static void print(const struct train_set *set, enum slot_attr attr,
                  struct tally tally[TRAIN_FILES][SHIFTS], FILE *out)
{
    for (size_t f = 0; f < set->file_count; f++) {
        const struct tally *t = &tally[f][SHIFTS / 2];
        if (t->rows == 0)
            continue;
        fprintf(out, "%-24.*s %6.0f", STR_FMT(set->files[f].name), t->rows);
        if (attr == ATTR_SENTIMENT) {
            int k = SENTIMENT_NEGATIVE;
            fprintf(out, "  P %.3f R %.3f F1 %.3f", t->tp[k] / fmax(1, t->said[k]),
                    t->tp[k] / fmax(1, t->gold[k]), f1(t, k));
        }
        fprintf(out, "  macro %.3f acc %.3f", macro(t, 5), t->right / t->rows);
        if (attr == ATTR_SENTIMENT) {
            fputs("  |", out);
            for (int s = 0; s < SHIFTS; s++)
                fprintf(out, " %.3f", f1(&tally[f][s], SENTIMENT_NEGATIVE));
        }
        fputc('\n', out);
    }
    fflush(out);
}

void train_check(struct train_set *set, enum slot_attr attr, enum train_check how, FILE *out)
{
    static struct tally tally[TRAIN_FILES][SHIFTS];
    memset(tally, 0, sizeof tally);
    struct out_of o = {.fold = -1, .file = -1, .set = set};
    if (how == TRAIN_CHECK_FOLDS) {
        for (o.fold = 0; o.fold < TRAIN_FOLDS; o.fold++)
            run(set, attr, &o, tally);
    } else {
        for (o.file = 0; o.file < (int)set->file_count; o.file++) {
            if (!set->files[o.file].score)
                continue;
            struct arena_mark mark = arena_mark(set->arena);
            uint64_t *keys = arena_array(set->arena, set->row_count, sizeof *keys);
            o.key_count = 0;
            for (size_t i = 0; i < set->row_count; i++)
                if (set->rows[i].file == o.file)
                    keys[o.key_count++] = set->rows[i].key;
            qsort(keys, o.key_count, sizeof *keys, by_value);
            o.keys = keys;
            run(set, attr, &o, tally);
            arena_release(set->arena, mark);
        }
    }
    print(set, attr, tally, out);
}
