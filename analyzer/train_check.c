/* train_check.c: how well learned weights do on rows they were not learned from: alone, and inside
 * the whole analyzer. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/analyzer.h"
#include "analyzer/train_private.h"

enum { LEXICON_MAX = 64 << 20, FEW = 5 /* classes with fewer rows are not in a mean */ };

struct left_out {
    int fold, file; /* −1: none */
    const uint64_t *keys; /* sorted: texts of the file left out */
    size_t key_count;
};

struct tally {
    double rows, right, hit[TRAIN_CLASSES], said[TRAIN_CLASSES], gold[TRAIN_CLASSES];
};

struct check {
    struct train_set *set;
    struct left_out out;
    const char *lexicon;
    struct tally alone[TRAIN_FILES][TRAIN_HEADS], whole[TRAIN_FILES][TRAIN_HEADS];
};

static bool learn_from(const struct train_row *r, const void *arg)
{
    const struct left_out *o = arg;
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

static bool is_left_out(const struct left_out *o, const struct train_row *r)
{
    return o->fold >= 0 ? r->fold == o->fold : r->file == o->file;
}

static int answer(const struct train_set *set, const struct train_model *m, const struct train_row *r)
{
    double z[TRAIN_CLASSES], scale = set->recipe.heads[m->attr].scale;
    int best = 0;
    for (int k = 0; k < m->classes; k++)
        z[k] = set->recipe.heads[m->attr].bias[k] + m->bias[k] / train_row_scale(set, r);
    for (uint32_t i = 0; i < r->count; i++)
        for (int k = 0; k < m->classes; k++)
            z[k] += scale *
                    m->weight[(size_t)set->ids[r->first + i] * (size_t)m->classes + (size_t)k];
    for (int k = 1; k < m->classes; k++)
        if (z[k] > z[best])
            best = k;
    return best;
}

/* Where the gold does not tell neutral from positive, neither does the score. */
static void count(struct tally *t, const struct train_file *f, int attr, struct train_gold g, int said)
{
    const unsigned neutral = 1u << SENTIMENT_NEUTRAL, positive = 1u << SENTIMENT_POSITIVE;
    unsigned is = g.is;
    if (attr == ATTR_SENTIMENT && (f->two || is == (neutral | positive))) {
        said = said == SENTIMENT_NEUTRAL ? SENTIMENT_POSITIVE : said;
        is = is & positive ? positive : is;
    }
    t->rows++;
    t->said[said]++;
    for (int k = 0; k < TRAIN_CLASSES; k++)
        t->gold[k] += is >> k & 1;
    if (is >> said & 1) {
        t->hit[said]++;
        t->right++;
    }
}

static void judge_alone(struct check *c, const struct train_model *m)
{
    for (size_t i = 0; i < c->set->row_count; i++) {
        const struct train_row *r = &c->set->rows[i];
        if (r->gold[m->attr].may && c->set->files[r->file].score && is_left_out(&c->out, r))
            count(&c->alone[r->file][m->attr], &c->set->files[r->file], m->attr, r->gold[m->attr],
                  answer(c->set, m, r));
    }
}

static enum df_rc judge_whole(struct check *c, struct str lexicon, struct diags *diags)
{
    struct ruleset *rules;
    struct ruleset_spec spec = {.instead = c->lexicon, .instead_text = lexicon};
    if (ruleset_load(&spec, &rules, diags) != DF_OK)
        return DF_REJECT;
    struct scanner *s = scan_new(rules);
    struct arena *a = arena_new();
    for (size_t i = 0; i < c->set->row_count; i++) {
        const struct train_row *r = &c->set->rows[i];
        struct post p = POST_INIT;
        struct verdict v;
        if (!c->set->files[r->file].score || !is_left_out(&c->out, r))
            continue;
        p.text = r->original;
        arena_reset(a);
        if (scan_post(s, &p, SCAN_BRIEF, a, &v, NULL) != DF_OK)
            continue;
        int said[TRAIN_LABEL] = {v.sentiment, v.urgency, v.category, v.ask, v.needs_reply ? 0 : 1};
        for (int h = 0; h < TRAIN_LABEL; h++)
            if (r->gold[h].may)
                count(&c->whole[r->file][h], &c->set->files[r->file], h, r->gold[h], said[h]);
    }
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rules);
    return DF_OK;
}

static enum df_rc run(struct check *c, struct diags *diags)
{
    struct arena_mark mark = arena_mark(c->set->arena);
    struct train_model models[TRAIN_HEADS];
    enum df_rc rc = DF_OK;
    int n = 0;
    for (int h = 0; h < TRAIN_HEADS; h++) {
        if (!c->set->recipe.heads[h].on)
            continue;
        train_fit_head(c->set, h, learn_from, &c->out, &models[n]);
        judge_alone(c, &models[n++]);
    }
    if (!c->set->recipe.heads[TRAIN_LABEL].on) {
        struct buf lexicon = BUF_INIT(LEXICON_MAX);
        train_write(c->set, models, n, &lexicon);
        rc = judge_whole(c, buf_view(&lexicon), diags);
        buf_free(&lexicon);
    }
    arena_release(c->set->arena, mark);
    return rc;
}

static double f1(const struct tally *t, int k)
{
    double d = t->said[k] + t->gold[k];
    return d > 0 ? 2 * t->hit[k] / d : 0;
}

static double macro(const struct tally *t)
{
    double sum = 0, n = 0;
    for (int k = 0; k < TRAIN_CLASSES; k++)
        if (t->gold[k] >= FEW) {
            sum += f1(t, k);
            n++;
        }
    return n > 0 ? sum / n : 0;
}

static void print_one(const struct tally *t, int attr, FILE *out)
{
    if (t->rows == 0) {
        fputs("\t\t\t\t\t", out);
        return;
    }
    if (attr == ATTR_SENTIMENT) {
        int k = SENTIMENT_NEGATIVE;
        fprintf(out, "\t%.3f\t%.3f\t%.3f", t->hit[k] / fmax(1, t->said[k]),
                t->hit[k] / fmax(1, t->gold[k]), f1(t, k));
    } else {
        fputs("\t\t\t", out);
    }
    fprintf(out, "\t%.3f\t%.3f", macro(t), t->right / t->rows);
}

static void print_classes(const struct check *c, const struct tally *t, FILE *out)
{
    for (int k = 0; k < c->set->label_count; k++)
        fprintf(out, "%s%.*s %.3f", k ? ", " : "\t", STR_FMT(c->set->labels[k]), f1(t, k));
}

static void print(const struct check *c, bool transfer, FILE *out)
{
    fputs("file\tattribute\trows\tnegP\tnegR\tnegF1\tmacroF1\taccuracy\tnegP\tnegR\tnegF1\tmacroF1\t"
          "accuracy\tanchor\n", out);
    for (size_t f = 0; f < c->set->file_count; f++)
        for (int h = 0; h < TRAIN_HEADS; h++) {
            const struct tally *a = &c->alone[f][h], *w = &c->whole[f][h];
            double rows = fmax(a->rows, w->rows), anchor = c->set->files[f].anchor[transfer];
            if (rows == 0)
                continue;
            struct str name = c->set->files[f].name;
            if (str_ends(name, STR(".tsv")))
                name.len -= 4;
            fprintf(out, "%.*s\t%s\t%.0f", STR_FMT(name),
                    h == TRAIN_LABEL ? "label" : slot_attrs[h].name, rows);
            print_one(a, h, out);
            print_one(w, h, out);
            if (anchor > 0 && (h == ATTR_SENTIMENT || h == TRAIN_LABEL))
                fprintf(out, "\t%.3f", anchor);
            else
                fputs("\t", out);
            if (h == TRAIN_LABEL)
                print_classes(c, a, out);
            fputc('\n', out);
        }
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static enum df_rc without_file(struct check *c, int file, struct diags *diags)
{
    const struct train_set *set = c->set;
    uint64_t *keys = calloc(set->row_count + 1, sizeof *keys);
    if (!keys)
        abort();
    c->out = (struct left_out){.fold = -1, .file = file, .keys = keys};
    for (size_t i = 0; i < set->row_count; i++)
        if (set->rows[i].file == file)
            keys[c->out.key_count++] = set->rows[i].key;
    qsort(keys, c->out.key_count, sizeof *keys, by_value);
    enum df_rc rc = run(c, diags);
    free(keys);
    return rc;
}

enum df_rc train_check(struct train_set *set, int folds, const char *lexicon, FILE *out,
                       struct diags *diags)
{
    struct check *c = calloc(1, sizeof *c);
    enum df_rc rc = DF_OK;
    if (!c)
        abort();
    c->set = set;
    c->lexicon = lexicon;
    for (int i = 0; i < folds && rc == DF_OK; i++) {
        c->out = (struct left_out){.fold = i, .file = -1};
        rc = run(c, diags);
    }
    for (int i = 0; !folds && i < (int)set->file_count && rc == DF_OK; i++)
        if (set->files[i].score)
            rc = without_file(c, i, diags);
    if (rc == DF_OK)
        print(c, folds == 0, out);
    free(c);
    return rc;
}
