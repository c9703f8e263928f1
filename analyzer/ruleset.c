/* ruleset.c: finds the files of the packs wanted, has them read and compiled, and answers
 * questions about the result. */
#include <stdlib.h>

#include "analyzer/compile.h"
#include "analyzer/scan.h"
#include "core/data.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/limits.h"

struct loading {
    struct src src;
    const char *pack;
    size_t files;
    struct sha256 sum;
};

/* "rules/core/grammar.yaml" → is it a file of a wanted pack: PACK/NAME.yaml, PACK/lexicon/N.tsv,
 * and neither a playbook nor below replies/. One pack alone still needs the grammar: what a negator
 * is does not depend on the rules. */
static bool wanted(const struct loading *l, struct str rel)
{
    struct str pack;
    if (l->pack && str_is(rel, "core/grammar.yaml"))
        return true;
    if (!str_split(&rel, '/', &pack) || !rel.ptr)
        return false;
    if (l->pack ? !str_is(pack, l->pack) : str_is(pack, "lint") || str_is(pack, "replies"))
        return false;
    if (str_starts(rel, STR("lexicon/")))
        return str_ends(rel, STR(".tsv"));
    return str_chr(rel, '/') < 0 && str_ends(rel, STR(".yaml")) && !str_is(rel, "playbook.yaml");
}

static void read_one(struct loading *l, const char *path, struct str text)
{
    l->files++;
    sha256_field(&l->sum, text);
    if (str_ends(str_of(path), STR(".tsv")))
        lexicon_read(&l->src, text, path);
    else
        rule_read(&l->src, text, path);
}

static void read_shipped(struct loading *l, const struct ruleset_spec *spec, struct diags *d)
{
    struct str *paths;
    size_t n;
    struct err e = {0};
    if (data_list(l->src.arena, "rules/", "", &paths, &n, &e) != DF_OK) {
        diags_add(d, DIAG_ERROR, &e);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct str text;
        if (!wanted(l, str_sub(paths[i], 6, paths[i].len)))
            continue;
        const char *path = arena_strz(l->src.arena, paths[i]);
        if (spec->instead && strcmp(path, spec->instead) == 0)
            read_one(l, path, spec->instead_text);
        else if (data_read(l->src.arena, path, &text, &e) == DF_OK)
            read_one(l, path, text);
        else
            diags_add(d, DIAG_ERROR, &e);
    }
}

static void read_file(struct loading *l, const char *path, struct diags *d)
{
    struct str text;
    struct err e = {0};
    size_t max = str_ends(str_of(path), STR(".tsv")) ? DF_MAX_LEXICON : DF_MAX_CONFIG;
    if (file_read(l->src.arena, path, max, &text, &e) != DF_OK)
        diags_add(d, DIAG_ERROR, &e);
    else
        read_one(l, path, text);
}

/* Files of dir with the suffix; false when there is no such folder. */
static bool read_files(struct loading *l, const char *dir, const char *suffix, struct diags *d)
{
    struct str *names;
    size_t n;
    struct err e = {0};
    if (file_list(l->src.arena, dir, suffix, &names, &n, &e) != DF_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (str_is(names[i], "playbook.yaml"))
            continue;
        struct str path = arena_printf(l->src.arena, "%s/%.*s", dir, STR_FMT(names[i]));
        read_file(l, path.ptr, d);
    }
    return true;
}

static void read_pack(struct loading *l, const char *dir, struct diags *d)
{
    read_files(l, dir, ".yaml", d);
    read_files(l, arena_printf(l->src.arena, "%s/lexicon", dir).ptr, ".tsv", d);
}

/* A folder of packs, or one pack. */
static void read_dir(struct loading *l, const char *dir, struct diags *d)
{
    struct str *names;
    size_t n, before = l->files;
    struct err e = {0};
    if (file_list(l->src.arena, dir, "", &names, &n, &e) != DF_OK) {
        if (!e.text[0])
            err_set(&e, DF_REJECT, "no such folder of rules: %s", dir);
        diags_add(d, DIAG_ERROR, &e);
        return;
    }
    if (!l->pack)
        read_pack(l, dir, d);
    for (size_t i = 0; i < n; i++) {
        bool skip = l->pack ? !str_is(names[i], l->pack)
                            : str_is(names[i], "lint") || str_is(names[i], "replies") ||
                                  str_is(names[i], "lexicon");
        if (!skip)
            read_pack(l, arena_printf(l->src.arena, "%s/%.*s", dir, STR_FMT(names[i])).ptr, d);
    }
    if (l->files == before)
        diags_addf(d, DIAG_ERROR, dir, 0, 0, "no rules here: expected *.yaml, lexicon/*.tsv, or "
                                             "folders that hold them");
}

/* A folder of one's own may empty a list; a rule that asks for it alone would then have a condition
 * less, and hold for every post. */
static const struct src_item *emptied(const struct src *s, const struct src_items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        struct str t = items->items[i].text;
        const struct src_list *l = NULL;
        if (t.ptr[0] != '$')
            return NULL;
        for (size_t n = s->list_count; n-- > 0 && !l;)
            if (str_eq(s->lists[n].name, str_sub(t, 1, t.len)))
                l = &s->lists[n];
        if (!l || l->items.count) /* unknown ones the compiler tells */
            return NULL;
    }
    return items->count ? &items->items[0] : NULL;
}

static void check_emptied(struct src *s)
{
    for (size_t i = 0; i < s->rule_count; i++) {
        const struct src_rule *r = &s->rules[i];
        const struct src_item *it = emptied(s, &r->any);
        for (int k = 0; k < r->all_count && !it; k++)
            it = emptied(s, &r->all[k]);
        for (int k = 0; k < r->near_count && !it; k++)
            it = emptied(s, &r->near[k]);
        bool replaced = r->disabled;
        for (size_t n = i + 1; it && n < s->rule_count; n++)
            replaced = replaced || str_eq(s->rules[n].id, r->id);
        if (it && !replaced)
            src_fault(s, DIAG_ERROR, it->at,
                      "list %.*s is empty: rule %.*s would hold for every post; fill the list, or "
                      "say `disabled: true` for the rule",
                      STR_FMT(it->text), STR_FMT(r->id));
    }
}

struct src *ruleset_read(const struct ruleset_spec *spec, struct arena *a, struct diags *d)
{
    struct loading *l = ARENA_NEW(a, struct loading);
    src_init(&l->src, a, d);
    l->pack = spec->pack;
    sha256_begin(&l->sum);
    if (spec->dir_count == 0 || spec->with_shipped)
        read_shipped(l, spec, d);
    for (int i = 0; i < spec->dir_count; i++) {
        l->src.layer++;
        read_dir(l, spec->dirs[i], d);
    }
    check_emptied(&l->src);
    unsigned char sum[DIGEST_BYTES];
    sha256_end(&l->sum, sum);
    digest_hex(sum, 8, l->src.digest);
    return &l->src;
}

struct ruleset *ruleset_of_image(const struct image *m, struct image *owned)
{
    struct ruleset *rs = calloc(1, sizeof *rs);
    if (!rs)
        abort();
    rs->image = m;
    rs->owned = owned;
    rs->regexes = calloc(m->sections[SEC_REGEXES].count + 1u, sizeof *rs->regexes);
    if (!rs->regexes)
        abort();
    return rs;
}

/* The shipped rules as the build compiled them (tools/rulec.c); absent in tests and tools, which
 * then read the files the program carries. */
extern const struct image df_rules_image __attribute__((weak));

static const struct image *built_in(const struct ruleset_spec *spec)
{
    const struct image *m = &df_rules_image;
    if (!m || spec->dir_count || spec->pack || spec->instead || getenv("DEFUSE_DATA"))
        return NULL;
    return m->magic == IMAGE_MAGIC && m->version == IMAGE_VERSION ? m : NULL;
}

enum df_rc ruleset_load(const struct ruleset_spec *spec, struct ruleset **out,
                        struct diags *diags)
{
    *out = NULL;
    const struct image *ready = built_in(spec);
    if (ready) {
        *out = ruleset_of_image(ready, NULL);
        return DF_OK;
    }
    struct arena *a = arena_new();
    struct src *src = ruleset_read(spec, a, diags);
    struct image *m = image_compile(src);
    if (m)
        *out = ruleset_of_image(m, m);
    arena_free(&a);
    return m ? DF_OK : DF_REJECT;
}

void ruleset_free(struct ruleset **at)
{
    struct ruleset *rs = *at;
    if (!rs)
        return;
    for (uint32_t i = 0; i < rs->image->sections[SEC_REGEXES].count; i++)
        regex_free(&rs->regexes[i]);
    free(rs->regexes);
    free(rs->owned);
    free(rs);
    *at = NULL;
}

struct str ruleset_digest(const struct ruleset *rs)
{
    return str_of(rs->image->digest);
}

struct ruleset_counts ruleset_counts(const struct ruleset *rs)
{
    const struct image *m = rs->image;
    struct ruleset_counts c = {.phrases = m->sections[SEC_PHRASES].count,
                               .rules = m->sections[SEC_RULES].count,
                               .regexes = m->sections[SEC_REGEXES].count,
                               .bytes = m->size};
    const struct image_phrase *p = IMAGE(m, PHRASES, struct image_phrase);
    for (uint32_t i = 0; i < c.phrases; i++)
        c.weighted += p[i].source != 0;
    return c;
}

uint32_t ruleset_rule_count(const struct ruleset *rs)
{
    return rs->image->sections[SEC_RULES].count;
}

struct rule_info ruleset_rule(const struct ruleset *rs, uint32_t number)
{
    const struct image *m = rs->image;
    const struct image_rule *r = IMAGE(m, RULES, struct image_rule) + number;
    return (struct rule_info){
        .id = image_str(m, r->id), .group = image_str(m, r->group), .why = image_str(m, r->why),
        .why_hant = image_str(m, r->why_hant), .why_hans = image_str(m, r->why_hans),
        .severity = image_str(m, r->severity), .fix = image_str(m, r->fix),
        .fix_hant = image_str(m, r->fix_hant), .fix_hans = image_str(m, r->fix_hans),
        .file = image_str(m, r->file), .line = r->line};
}

int ruleset_find(const struct ruleset *rs, struct str id)
{
    const struct image_rule *r = IMAGE(rs->image, RULES, struct image_rule);
    for (uint32_t i = 0; i < rs->image->sections[SEC_RULES].count; i++)
        if (str_eq(image_str(rs->image, r[i].id), id))
            return (int)i;
    return -1;
}
