/* train_recipe.c: the recipe of a lexicon, read and checked; every fault with its place. The format
 * is told in defuse-learn(5). */
#include <unistd.h>

#include "analyzer/train_private.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/yaml.h"

static const char *const top_keys[] = {"lang", "grams", "negated", "min_support", "balance_files",
                                       "balance_classes", "own_bias", "length", "rare", "telling",
                                       "names", "emotion", "heads", "exact", "signs",
                                       "files", NULL};
static const char *const head_keys[] = {"shrink", "scale", "phrases", "least",
                                        "bias",   "only",  NULL};

static void read_number(const struct yaml *map, const char *key, double min, double max, double *out,
                        struct diags *d)
{
    const struct yaml *y = yaml_get(map, key);
    if (y)
        (void)yaml_num(y, min, max, out, d);
}

static void read_head(struct train_recipe *r, const struct yaml *y, struct diags *d)
{
    int a = str_is(y->key, "label") ? TRAIN_LABEL : slot_find_attr(y->key);
    if (a < 0 || a >= TRAIN_HEADS) {
        yaml_fault(y, d, "'%.*s' is not an attribute that is learned", STR_FMT(y->key));
        return;
    }
    struct train_head *h = &r->heads[a];
    *h = (struct train_head){.on = true, .shrink = 1e-4, .scale = 1, .phrases = 8000};
    double phrases = h->phrases;
    yaml_check_keys(y, head_keys, d);
    read_number(y, "shrink", 1e-9, 10, &h->shrink, d);
    read_number(y, "scale", 0, 10, &h->scale, d);
    read_number(y, "least", 0, 10, &h->least, d);
    read_number(y, "phrases", 1, 1e6, &phrases, d);
    h->phrases = (uint32_t)phrases;
    const struct yaml *bias = yaml_get(y, "bias");
    for (int i = 0; bias && i < bias->count; i++) {
        int slot = a == TRAIN_LABEL ? -1 : slot_of(y->key, bias->items[i]->key);
        if (slot < 0)
            yaml_fault(bias->items[i], d, "no class '%.*s'", STR_FMT(bias->items[i]->key));
        else
            (void)yaml_num(bias->items[i], -20, 20, &h->bias[slot - slot_attrs[a].first], d);
    }
    const struct yaml *only = yaml_get(y, "only");
    for (int i = 0; only && i < only->count; i++) {
        struct str name = STR("");
        int slot = yaml_str(only->items[i], &name, d) && a != TRAIN_LABEL ? slot_of(y->key, name) : -1;
        if (slot < 0)
            yaml_fault(only->items[i], d, "no class '%.*s'", STR_FMT(name));
        else
            h->only |= 1u << (slot - slot_attrs[a].first);
    }
}

static void read_settings(struct train_recipe *r, const struct yaml *y, struct diags *d)
{
    *r = (struct train_recipe){.grams = 3, .min_support = 3, .balance_files = 0.5,
                               .balance_classes = 0.7, .own_bias = 1e-3, .signs = true};
    double grams = r->grams, negated = 1, support = r->min_support;
    yaml_check_keys(y, top_keys, d);
    const struct yaml *lang = yaml_get(y, "lang"), *heads = yaml_get(y, "heads");
    if (lang && yaml_str(lang, &r->lang, d))
        r->family = str_is(r->lang, "en") ? FAMILY_EN : str_is(r->lang, "zh") ? FAMILY_ZH : 0;
    if (!r->family)
        yaml_fault(lang ? lang : y, d, "lang must be en or zh");
    read_number(y, "grams", 1, 6, &grams, d);
    read_number(y, "min_support", 1, 1000, &support, d);
    read_number(y, "balance_files", 0, 1, &r->balance_files, d);
    read_number(y, "balance_classes", 0, 1, &r->balance_classes, d);
    read_number(y, "length", 0, 1, &r->length, d);
    read_number(y, "rare", 0, 2, &r->rare, d);
    read_number(y, "telling", 0, 2, &r->telling, d);
    read_number(y, "own_bias", 0, 1e6, &r->own_bias, d);
    read_number(y, "negated", 0, 6, &negated, d);
    r->grams = (int)grams;
    r->negated = (int)negated;
    r->min_support = (uint32_t)support;
    const struct yaml *exact = yaml_get(y, "exact");
    if (exact)
        (void)yaml_bool(exact, &r->exact, d);
    const struct yaml *signs = yaml_get(y, "signs");
    if (signs)
        (void)yaml_bool(signs, &r->signs, d);
    const struct yaml *emotion = yaml_get(y, "emotion");
    if (emotion)
        (void)yaml_str(emotion, &r->emotion, d);
    const struct yaml *names = yaml_get(y, "names");
    if (names)
        (void)yaml_str(names, &r->names, d);
    for (int i = 0; heads && i < heads->count; i++)
        read_head(r, heads->items[i], d);
}

static const char *path_in(struct arena *a, const char *dir, struct str name)
{
    return arena_printf(a, "%s/%.*s", dir, STR_FMT(name)).ptr;
}

/* Beside the recipe, or else in the folder of labelled files. */
static const char *path_of(struct arena *a, const char *beside, const char *dir, struct str name)
{
    const char *path = path_in(a, beside, name);
    return access(path, R_OK) == 0 ? path : path_in(a, dir, name);
}

typedef enum df_rc use_fn(struct train_set *set, struct str text, const char *path,
                          struct diags *diags);

static enum df_rc use_names(struct train_set *set, struct str text, const char *path,
                            struct diags *diags)
{
    return train_names_read(set->names, text, path, diags);
}

/* A file beside the recipe; no name, no file. */
static enum df_rc read_beside(struct train_set *set, const char *dir, struct str name, use_fn *use,
                              struct diags *diags)
{
    struct str text;
    struct err err = {0};
    if (name.len == 0)
        return DF_OK;
    const char *path = path_in(set->arena, dir, name);
    if (file_read(set->arena, path, DF_MAX_CONFIG, &text, &err) != DF_OK) {
        diags_add(diags, DIAG_ERROR, &err);
        return DF_REJECT;
    }
    return use(set, text, path, diags);
}

enum df_rc train_open(struct train_set *set, struct arena *a, struct str recipe,
                      const char *recipe_name, const char *beside, const char *dir,
                      struct diags *diags)
{
    const struct yaml *y;
    set->arena = a;
    set->names = train_names_new(a);
    if (yaml_parse(a, recipe, recipe_name, &y, diags) != DF_OK)
        return DF_REJECT;
    read_settings(&set->recipe, y, diags);
    const struct yaml *files = yaml_get(y, "files");
    if (!files || files->kind != YAML_SEQ || files->count == 0 || files->count > TRAIN_FILES)
        yaml_fault(files ? files : y, diags, "files must list 1 to %d labelled files", TRAIN_FILES);
    if (diags->errors)
        return DF_REJECT;
    for (int i = 0; i < files->count; i++) {
        const struct yaml *name = yaml_get(files->items[i], "file");
        struct train_file *f = &set->files[set->file_count];
        *f = (struct train_file){.score = true};
        for (int h = 0; h < TRAIN_HEADS; h++)
            f->weight[h] = 1;
        if (!name || !yaml_str(name, &f->name, diags)) {
            yaml_fault(files->items[i], diags, "an entry needs `file`");
            continue;
        }
        struct train_source src = {path_of(a, beside, dir, f->name), files->items[i]};
        if (train_read(set, &src, (uint16_t)set->file_count, diags) == DF_FATAL)
            return DF_FATAL;
        set->file_count++;
    }
    if (diags->errors)
        return DF_REJECT;
    if (read_beside(set, beside, set->recipe.emotion, train_read_emotion, diags) != DF_OK ||
        read_beside(set, beside, set->recipe.names, use_names, diags) != DF_OK)
        return DF_REJECT;
    return train_cut(set, diags);
}
