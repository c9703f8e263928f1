/* pack.c: reads rules/replies/ and checks that whatever the composer may ask for is there: every
 * step has pieces, every piece speaks all languages, every variable exists. */
#include "reply/pack.h"

#include <stdio.h>

#include "core/data.h"
#include "core/file.h"
#include "core/limits.h"

const char *const reply_var_names[REPLY_VARS + 1] = {
    "brand", "within", "topic", "contact", "owner", "elapsed", "version", "product", NULL};

static const char *const lang_tags[REPLY_LANGS + 1] = {"en", "zh-Hant", "zh-Hans", "yue", NULL};
static const char *const why_keys[UI_LANGS] = {"why", "why_zh_hant", "why_zh_hans"};

const char *reply_lang_tag(enum reply_lang lang)
{
    return lang_tags[lang];
}

int reply_lang_of(struct str tag)
{
    for (int i = 0; i < REPLY_LANGS; i++)
        if (str_is(tag, lang_tags[i]))
            return i;
    return -1;
}

bool reply_next_var(struct str text, size_t from, size_t *start_out, size_t *end_out, int *var_out)
{
    ptrdiff_t open = str_chr(str_sub(text, from, text.len), '{');
    if (open < 0)
        return false;
    size_t start = from + (size_t)open;
    ptrdiff_t close = str_chr(str_sub(text, start, text.len), '}');
    *start_out = start;
    *end_out = close < 0 ? text.len : start + (size_t)close + 1;
    *var_out = -1;
    for (int i = 0; close >= 0 && i < REPLY_VARS; i++)
        if (str_is(str_sub(text, start + 1, (size_t)close - 1), reply_var_names[i]))
            *var_out = i;
    return true;
}

/* --- plans --- */

static int read_steps(const struct yaml *y, struct str *steps, struct diags *d)
{
    int n = 0;
    if (!y)
        return 0;
    if (y->kind != YAML_SEQ || y->count > PLAN_STEPS) {
        yaml_fault(y, d, "a list of at most %d steps is expected", PLAN_STEPS);
        return 0;
    }
    for (int i = 0; i < y->count; i++)
        if (yaml_str(y->items[i], &steps[n], d))
            n++;
    return n;
}

static bool read_yes(const struct yaml *y, struct diags *d, bool otherwise)
{
    struct str s;
    if (!y || !yaml_str(y, &s, d))
        return otherwise;
    if (!str_is(s, "yes") && !str_is(s, "no"))
        yaml_fault(y, d, "yes or no is expected");
    return str_is(s, "yes");
}

static void read_plan(struct arena *a, const struct yaml *y, struct plan *p, struct diags *d)
{
    static const char *const keys[] = {"id", "when", "steps", "drop", "needs", "approval",
                                       "optional", "reply", "why", "why_zh_hant", "why_zh_hans",
                                       NULL};
    const struct yaml *id = yaml_get(y, "id");
    *p = (struct plan){.at = y};
    yaml_check_keys(y, keys, d);
    if (!id || !yaml_str(id, &p->id, d))
        yaml_fault(y, d, "a plan needs an 'id'");
    when_read(a, yaml_get(y, "when"), &p->when, d);
    p->step_count = read_steps(yaml_get(y, "steps"), p->steps, d);
    p->drop_count = read_steps(yaml_get(y, "drop"), p->drop, d);
    p->need_count = read_steps(yaml_get(y, "needs"), p->needs, d);
    p->approval = read_yes(yaml_get(y, "approval"), d, false);
    p->optional = read_yes(yaml_get(y, "optional"), d, false);
    p->silent = !read_yes(yaml_get(y, "reply"), d, true);
    for (int i = 0; (p->silent || p->optional) && i < UI_LANGS; i++) {
        const struct yaml *why = yaml_get(y, why_keys[i]);
        if (!why)
            yaml_fault(y, d, "silence needs its reason: '%s' is missing", why_keys[i]);
        else if (!yaml_str(why, &p->why[i], d))
            continue;
    }
    if (!p->silent && p->step_count == 0)
        yaml_fault(y, d, "a plan needs 'steps' or 'reply: no'");
}

/* --- pieces --- */

static void note_vars(const struct yaml *y, struct str text, struct piece *p, struct diags *d)
{
    size_t start, end = 0;
    int var;
    while (reply_next_var(text, end, &start, &end, &var)) {
        struct str name = str_sub(text, start, end - start);
        if (var >= 0) {
            p->vars |= 1u << var;
            continue;
        }
        const char *near = name.len > 2
            ? nearest_word(str_sub(name, 1, name.len - 2), reply_var_names) : NULL;
        if (near)
            yaml_fault(y, d, "unknown variable %.*s; did you mean {%s}?", STR_FMT(name), near);
        else
            yaml_fault(y, d, "unknown variable %.*s", STR_FMT(name));
    }
}

static void read_texts(struct arena *a, const struct yaml *y, enum reply_lang lang,
                       struct piece *p, struct diags *d)
{
    const struct yaml *list = yaml_get(y, lang_tags[lang]);
    if (!list) {
        yaml_fault(y, d, "piece '%.*s' says nothing in %s", STR_FMT(p->id), lang_tags[lang]);
        return;
    }
    if (list->kind != YAML_SEQ || list->count == 0) {
        yaml_fault(list, d, "a list of sentences is expected");
        return;
    }
    struct str *texts = arena_array(a, (size_t)list->count, sizeof *texts);
    for (int i = 0; i < list->count; i++) {
        struct str s;
        if (!yaml_str(list->items[i], &s, d))
            continue;
        if (str_trim(s).len == 0)
            yaml_fault(list->items[i], d, "an empty sentence");
        note_vars(list->items[i], s, p, d);
        texts[p->text_count[lang]++] = s;
    }
    p->texts[lang] = texts;
}

static void read_piece(struct arena *a, const struct yaml *y, struct piece *p, struct diags *d)
{
    static const char *const keys[] = {"id", "step", "size", "when", "en", "zh-Hant", "zh-Hans",
                                       "yue", NULL};
    const struct yaml *f;
    struct str size = STR("full");
    *p = (struct piece){.at = y};
    yaml_check_keys(y, keys, d);
    if (!(f = yaml_get(y, "id")) || !yaml_str(f, &p->id, d))
        yaml_fault(y, d, "a piece needs an 'id'");
    if (!(f = yaml_get(y, "step")) || !yaml_str(f, &p->step, d))
        yaml_fault(y, d, "a piece needs a 'step'");
    if ((f = yaml_get(y, "size")) && yaml_str(f, &size, d) && !str_is(size, "short") &&
        !str_is(size, "full"))
        yaml_fault(f, d, "short or full is expected");
    p->brief = str_is(size, "short");
    when_read(a, yaml_get(y, "when"), &p->when, d);
    for (int i = 0; i < REPLY_LANGS; i++)
        read_texts(a, y, (enum reply_lang)i, p, d);
    for (int v = VAR_FIRST_OPTIONAL; v < REPLY_VARS; v++)
        if (p->vars >> v & 1)
            p->when.weight += VAR_WEIGHT;
}

static void read_topics(const struct yaml *y, struct reply_pack *pack, struct diags *d)
{
    for (int i = 0; i < y->count; i++) {
        const struct yaml *t = y->items[i];
        int c = category_of(t->key);
        if (c < 0) {
            yaml_fault(t, d, "'%.*s' is not a category", STR_FMT(t->key));
            continue;
        }
        yaml_check_keys(t, lang_tags, d);
        for (int l = 0; l < REPLY_LANGS; l++) {
            const struct yaml *word = yaml_get(t, lang_tags[l]);
            if (!word)
                yaml_fault(t, d, "no word in %s", lang_tags[l]);
            else if (!yaml_str(word, &pack->topics[c][l], d))
                continue;
        }
    }
}

/* --- files --- */

struct growing {
    size_t plans, pieces, plan_cap, piece_cap;
    size_t own_plans; /* plans of one's own stand before the shipped ones */
};

static void add_plan(struct reply_pack *k, struct growing *g, const struct plan *p, bool own)
{
    for (size_t i = 0; i < g->plans; i++)
        if (str_eq(k->plans[i].id, p->id)) {
            k->plans[i] = *p; /* the same id replaces, in its place */
            return;
        }
    *ARENA_PUSH(k->arena, k->plans, g->plans, g->plan_cap) = *p;
    if (own) {
        memmove(&k->plans[g->own_plans + 1], &k->plans[g->own_plans],
                (g->plans - 1 - g->own_plans) * sizeof *p);
        k->plans[g->own_plans++] = *p;
    }
}

static void add_piece(struct reply_pack *k, struct growing *g, const struct piece *p)
{
    for (size_t i = 0; i < g->pieces; i++)
        if (str_eq(k->pieces[i].id, p->id)) {
            k->pieces[i] = *p;
            return;
        }
    *ARENA_PUSH(k->arena, k->pieces, g->pieces, g->piece_cap) = *p;
}

static void read_file(struct reply_pack *k, struct growing *g, const char *path, struct str text,
                      bool own, struct diags *d)
{
    static const char *const keys[] = {"plans", "pieces", "topics", "checks", NULL};
    const struct yaml *doc, *list;
    if (yaml_parse(k->arena, text, path, &doc, d) != DF_OK || doc->kind == YAML_NULL)
        return;
    if (doc->kind != YAML_MAP) {
        yaml_fault(doc, d, "a file of replies is a map with plans, pieces or topics");
        return;
    }
    yaml_check_keys(doc, keys, d);
    list = yaml_get(doc, "plans");
    for (int i = 0; list && i < list->count; i++) {
        struct plan p;
        read_plan(k->arena, list->items[i], &p, d);
        add_plan(k, g, &p, own);
    }
    list = yaml_get(doc, "pieces");
    for (int i = 0; list && i < list->count; i++) {
        struct piece p;
        read_piece(k->arena, list->items[i], &p, d);
        add_piece(k, g, &p);
    }
    if ((list = yaml_get(doc, "topics")))
        read_topics(list, k, d);
}

static void read_shipped(struct reply_pack *k, struct growing *g, struct diags *d)
{
    struct str *paths, text;
    size_t count = 0;
    struct err e = {0};
    if (data_list(k->arena, "rules/replies/", ".yaml", &paths, &count, &e) != DF_OK)
        diags_addf(d, DIAG_ERROR, "rules/replies", 0, 0, "no reply pieces: %s", e.text);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_strz(k->arena, paths[i]);
        if (data_read(k->arena, path, &text, &e) == DF_OK)
            read_file(k, g, path, text, false, d);
        else
            diags_add(d, DIAG_ERROR, &e);
    }
}

static void read_own(struct reply_pack *k, struct growing *g, const char *dir, struct diags *d)
{
    struct str *names, text;
    size_t count = 0;
    struct err e = {0};
    struct str sub = arena_printf(k->arena, "%s/replies", dir);
    enum df_rc rc = file_list(k->arena, sub.ptr, ".yaml", &names, &count, &e);
    if (rc != DF_OK && rc != DF_NONE)
        diags_add(d, DIAG_ERROR, &e);
    for (size_t i = 0; i < count; i++) {
        struct str path = arena_printf(k->arena, "%s/%.*s", sub.ptr, STR_FMT(names[i]));
        if (file_read(k->arena, path.ptr, DF_MAX_CONFIG, &text, &e) == DF_OK)
            read_file(k, g, path.ptr, text, true, d);
        else
            diags_add(d, DIAG_ERROR, &e);
    }
}

/* A playbook of one's own changes only what it names. */
static void read_own_playbook(struct reply_pack *k, const char *dir, struct diags *d)
{
    for (int i = 0; i < 2; i++) {
        struct str text, path = i ? arena_printf(k->arena, "%s/core/playbook.yaml", dir)
                                  : arena_printf(k->arena, "%s/playbook.yaml", dir);
        struct err e = {0};
        const struct yaml *doc;
        enum df_rc rc = file_read(k->arena, path.ptr, DF_MAX_CONFIG, &text, &e);
        if (rc == DF_NONE)
            continue;
        if (rc != DF_OK)
            diags_add(d, DIAG_ERROR, &e);
        else if (yaml_parse(k->arena, text, path.ptr, &doc, d) == DF_OK &&
                 playbook_apply(k->arena, doc, &k->playbook, d) != DF_OK)
            return; /* told in d */
    }
}

/* --- checks over the whole --- */

static bool step_has_piece(const struct reply_pack *k, struct str step, bool always)
{
    for (int i = 0; i < k->piece_count; i++) {
        const struct piece *p = &k->pieces[i];
        bool plain = p->when.count == 0 && p->vars >> VAR_FIRST_OPTIONAL == 0 && !p->brief;
        if (str_eq(p->step, step) && (!always || plain))
            return true;
    }
    return false;
}

static bool step_known(const struct reply_pack *k, struct str step)
{
    for (int i = 0; i < k->plan_count; i++)
        for (int s = 0; s < k->plans[i].step_count; s++)
            if (str_eq(k->plans[i].steps[s], step))
                return true;
    return false;
}

static void check_pack(const struct reply_pack *k, struct diags *d)
{
    for (int i = 0; i < k->plan_count; i++) {
        const struct plan *p = &k->plans[i];
        for (int s = 0; s < p->step_count; s++)
            if (!step_has_piece(k, p->steps[s], false))
                yaml_fault(p->at, d, "plan '%.*s': no piece for step '%.*s'", STR_FMT(p->id),
                           STR_FMT(p->steps[s]));
        for (int s = 0; s < p->need_count; s++)
            if (!step_has_piece(k, p->needs[s], true))
                yaml_fault(p->at, d, "plan '%.*s' needs step '%.*s', which has no piece that "
                           "always fits", STR_FMT(p->id), STR_FMT(p->needs[s]));
    }
    for (int i = 0; i < k->piece_count; i++)
        if (!step_known(k, k->pieces[i].step))
            yaml_fault(k->pieces[i].at, d, "no plan uses step '%.*s'",
                       STR_FMT(k->pieces[i].step));
    for (int c = 0; c < CATEGORIES; c++)
        for (int l = 0; l < REPLY_LANGS; l++)
            if (!k->topics[c][l].len && c != CATEGORY_PRAISE && c != CATEGORY_OTHER)
                diags_addf(d, DIAG_ERROR, "rules/replies", 0, 0, "no topic for '%s' in %s",
                           category_name((enum category)c), lang_tags[l]);
}

enum df_rc reply_load(const char *const *dirs, struct reply_pack **out, struct diags *d)
{
    int before = d->errors;
    struct arena *a = arena_new();
    struct reply_pack *k = ARENA_NEW(a, struct reply_pack);
    struct growing g = {0};
    k->arena = a;
    *out = k;
    if (playbook_load(a, &k->playbook, d) == DF_OK && lint_load(dirs, &k->lint, d) == DF_OK) {
        read_shipped(k, &g, d);
        for (int i = 0; dirs && dirs[i]; i++) {
            read_own(k, &g, dirs[i], d);
            read_own_playbook(k, dirs[i], d);
        }
        k->plan_count = (int)g.plans;
        k->piece_count = (int)g.pieces;
        if (d->errors == before)
            check_pack(k, d);
    }
    if (d->errors == before)
        return DF_OK;
    reply_free(out);
    return DF_REJECT;
}

void reply_free(struct reply_pack **p)
{
    if (!*p)
        return;
    struct arena *a = (*p)->arena;
    lint_free(&(*p)->lint);
    arena_free(&a);
    *p = NULL;
}

const struct lint_set *reply_lint_set(const struct reply_pack *p)
{
    return p->lint;
}

const struct playbook *reply_playbook(const struct reply_pack *p)
{
    return &p->playbook;
}
