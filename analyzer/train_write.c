/* train_write.c: models as the lexicon file people read and the analyzer loads. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/train_private.h"

enum { STEPS = 1000 }; /* weights are written in thousandths */
#define LEAST_OF_OTHERS 0.06 /* sentiment is the sum of many small weights; the rest is not */

struct line {
    struct str phrase;
    uint32_t support;
    struct str source; /* the file most of its posts are in */
    double weight[TRAIN_LABEL][TRAIN_CLASSES];
};

static int by_phrase(const void *a, const void *b)
{
    return str_cmp(((const struct line *)a)->phrase, ((const struct line *)b)->phrase);
}

/* A softmax does not change when all classes get the same added: written weights sum to zero. Below
 * `least` a weight is not worth its place: a post has some hundred phrases. */
static void centre(double *w, int classes, double scale, double least)
{
    double mean = 0;
    for (int k = 0; k < classes; k++)
        mean += w[k] / classes;
    for (int k = 0; k < classes; k++) {
        w[k] = round((w[k] - mean) * scale * STEPS) / STEPS;
        w[k] = fabs(w[k]) < least ? 0 : w[k];
    }
}

static void fill(const struct train_set *set, const struct train_model *m, uint32_t phrase,
                 struct line *line)
{
    const double *w = m->weight + (size_t)phrase * (size_t)m->classes;
    for (int k = 0; k < m->classes; k++)
        line->weight[m->attr][k] += w[k];
    (void)set;
}

/* For each phrase the file that holds most of its posts. */
static uint8_t *main_files(const struct train_set *set)
{
    uint32_t *rows = calloc(set->phrase_count * set->file_count + 1, sizeof *rows);
    uint8_t *most = calloc(set->phrase_count + 1, 1);
    if (!rows || !most)
        abort();
    for (size_t i = 0; i < set->row_count; i++)
        for (uint32_t k = 0; k < set->rows[i].count; k++)
            rows[set->ids[set->rows[i].first + k] * set->file_count + set->rows[i].file]++;
    for (size_t p = 0; p < set->phrase_count; p++)
        for (size_t f = 1; f < set->file_count; f++)
            if (rows[p * set->file_count + f] > rows[p * set->file_count + most[p]])
                most[p] = (uint8_t)f;
    free(rows);
    return most;
}

static struct str file_title(const struct train_file *f)
{
    return str_ends(f->name, STR(".tsv")) ? str_sub(f->name, 0, f->name.len - 4) : f->name;
}

/* In the file a negated phrase stands instead of the plain one; in training it came on top. */
static uint32_t *plain_of(const struct train_set *set)
{
    struct line *all = calloc(set->phrase_count + 1, sizeof *all);
    uint32_t *plain = calloc(set->phrase_count + 1, sizeof *plain);
    if (!all || !plain)
        abort();
    for (size_t i = 0; i < set->phrase_count; i++)
        all[i] = (struct line){.phrase = set->phrases[i].text, .support = (uint32_t)i};
    qsort(all, set->phrase_count, sizeof *all, by_phrase);
    for (size_t i = 0; i < set->phrase_count; i++) {
        struct str t = set->phrases[i].text;
        plain[i] = UINT32_MAX;
        if (t.len < 2 || t.ptr[0] != '!' || t.ptr[1] == '!')
            continue;
        struct line key = {.phrase = str_sub(t, 1, t.len)};
        const struct line *l = bsearch(&key, all, set->phrase_count, sizeof *all, by_phrase);
        if (l)
            plain[i] = l->support;
    }
    free(all);
    return plain;
}

static bool is_written(const struct train_set *set, const struct train_model *m, int k)
{
    uint32_t only = set->recipe.heads[m->attr].only;
    return !only || (only >> k & 1);
}

static void put_header(const struct train_set *set, const struct train_model *models, int count,
                       struct buf *out)
{
    const struct train_recipe *r = &set->recipe;
    buf_printf(out, "# Learned by `defuse rules train`; do not edit, add a file of your own beside it."
                    "\n# lang: %.*s\n# group: learned.%.*s\n# negate 1\n", STR_FMT(r->lang),
               STR_FMT(r->lang));
    for (int i = 0; i < count; i++) {
        const struct slot_attr_info *a = &slot_attrs[models[i].attr];
        for (int k = 0; k < a->count; k++)
            if (r->heads[models[i].attr].bias[k] != 0)
                buf_printf(out, "# bias %s.%s %.2f\n", a->name, slot_class(a->first + k),
                           r->heads[models[i].attr].bias[k]);
    }
    buf_puts(out, "phrase");
    for (int i = 0; i < count; i++)
        for (int k = 0; k < models[i].classes; k++)
            if (is_written(set, &models[i], k))
                buf_printf(out, "\t%s.%s", slot_attrs[models[i].attr].name,
                           slot_class(slot_attrs[models[i].attr].first + k));
    buf_puts(out, "\tsupport\tsource\n");
}

static void put_line(const struct train_set *set, const struct train_model *models, int count,
                     struct line *line, bool always, struct buf *out)
{
    bool any = always;
    for (int i = 0; i < count; i++) {
        const struct train_model *m = &models[i];
        centre(line->weight[m->attr], m->classes, set->recipe.heads[m->attr].scale,
               m->attr == ATTR_SENTIMENT ? 0 : LEAST_OF_OTHERS);
        for (int k = 0; k < m->classes; k++)
            any = any || (is_written(set, m, k) && fabs(line->weight[m->attr][k]) >= 0.01);
    }
    if (!any)
        return;
    buf_str(out, line->phrase);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < models[i].classes; k++) {
            double w = line->weight[models[i].attr][k];
            if (!is_written(set, &models[i], k))
                continue;
            buf_puts(out, "\t");
            if (w != 0)
                buf_printf(out, "%.3f", w);
        }
    buf_printf(out, "\t%u\t%.*s\n", line->support, STR_FMT(line->source));
}

/* General emotion words no labelled row holds still have the weight of their kind. */
static size_t add_unseen(const struct train_set *set, const struct train_model *m, struct line *lines,
                         size_t n)
{
    for (size_t i = 0; i < set->emotion_count; i++) {
        const struct train_emotion *e = &set->emotions[i];
        for (int negated = 0; negated < 2; negated++) {
            if (e->phrase[negated] != UINT32_MAX || (negated && !set->recipe.negated))
                continue;
            struct line *l = &lines[n++];
            l->source = STR("emotion words");
            l->phrase = negated ? arena_printf(set->arena, "!%.*s", STR_FMT(e->word)) : e->word;
            for (int k = 0; k < m->classes; k++) {
                l->weight[m->attr][k] = abs(e->strength) * m->general[e->strength > 0][k];
                if (negated)
                    l->weight[m->attr][k] +=
                        abs(e->strength) * m->general[2 + (e->strength > 0)][k];
            }
            if (negated && e->phrase[0] != UINT32_MAX)
                for (int k = 0; k < m->classes; k++)
                    l->weight[m->attr][k] +=
                        m->weight[(size_t)e->phrase[0] * (size_t)m->classes + (size_t)k] -
                        abs(e->strength) * m->general[e->strength > 0][k];
        }
    }
    return n;
}

void train_write(const struct train_set *set, const struct train_model *models, int count,
                 struct buf *out)
{
    struct line *lines = calloc(set->phrase_count + set->emotion_count * 2 + 1, sizeof *lines);
    uint32_t *plain = plain_of(set);
    uint8_t *source = main_files(set);
    size_t n = 0;
    if (!lines)
        abort();
    put_header(set, models, count, out);
    for (uint32_t i = 0; i < set->phrase_count; i++) {
        bool kept = false;
        struct line *l = &lines[n];
        *l = (struct line){.phrase = set->phrases[i].text, .support = set->phrases[i].support,
                            .source = file_title(&set->files[source[i]])};
        for (int k = 0; k < count; k++) {
            kept = kept || models[k].kept[i];
            fill(set, &models[k], i, l);
            if (plain[i] != UINT32_MAX)
                fill(set, &models[k], plain[i], l);
        }
        n += kept && !set->phrases[i].blocked;
    }
    for (int k = 0; k < count; k++)
        if (models[k].attr == ATTR_SENTIMENT)
            n = add_unseen(set, &models[k], lines, n);
    qsort(lines, n, sizeof *lines, by_phrase);
    for (size_t i = 0; i < n; i++)
        put_line(set, models, count, &lines[i], lines[i].phrase.ptr[0] == '!', out);
    free(source);
    free(plain);
    free(lines);
}
