#include "core/yaml.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/limits.h"
#include "core/utf8.h"

struct reader {
    struct arena *arena;
    const char *file;
    struct diags *diags;
};

static void mark_place(struct fy_node *n, int *line, int *col)
{
    struct fy_token *t = fy_node_is_scalar(n) ? fy_node_get_scalar_token(n) : NULL;
    const struct fy_mark *m = t ? fy_token_start_mark(t) : NULL;
    *line = m ? m->line + 1 : 0;
    *col = m ? m->column + 1 : 0;
}

static struct yaml *build(struct reader *r, struct fy_node *n, int depth);

static struct yaml *node_new(struct reader *r, enum yaml_kind kind)
{
    struct yaml *y = ARENA_NEW(r->arena, struct yaml);
    y->kind = kind;
    y->file = r->file;
    return y;
}

static void take_place_of_first(struct yaml *y)
{
    if (y->count == 0)
        return;
    const struct yaml *first = y->items[0];
    y->line = y->kind == YAML_MAP ? first->key_line : first->line;
    y->col = y->kind == YAML_MAP ? first->key_col : first->col;
}

static struct yaml *build_map(struct reader *r, struct fy_node *n, int depth)
{
    struct yaml *y = node_new(r, YAML_MAP);
    y->items = arena_array(r->arena, (size_t)fy_node_mapping_item_count(n), sizeof *y->items);
    void *it = NULL;
    for (struct fy_node_pair *p; (p = fy_node_mapping_iterate(n, &it));) {
        struct fy_node *k = fy_node_pair_key(p);
        size_t len = 0;
        const char *z = k && fy_node_is_scalar(k) ? fy_node_get_scalar(k, &len) : NULL;
        struct yaml *v = build(r, fy_node_pair_value(p), depth + 1);
        if (!v)
            return NULL;
        if (k)
            mark_place(k, &v->key_line, &v->key_col);
        v->key = arena_str(r->arena, str_n(z ? z : "", z ? len : 0));
        if (v->line == 0) { /* an empty value stands where its key does */
            v->line = v->key_line;
            v->col = v->key_col;
        }
        y->items[y->count++] = v;
    }
    take_place_of_first(y);
    return y;
}

static struct yaml *build_seq(struct reader *r, struct fy_node *n, int depth)
{
    struct yaml *y = node_new(r, YAML_SEQ);
    y->items = arena_array(r->arena, (size_t)fy_node_sequence_item_count(n), sizeof *y->items);
    void *it = NULL;
    for (struct fy_node *e; (e = fy_node_sequence_iterate(n, &it));) {
        struct yaml *v = build(r, e, depth + 1);
        if (!v)
            return NULL;
        y->items[y->count++] = v;
    }
    take_place_of_first(y);
    return y;
}

static struct yaml *build_scalar(struct reader *r, struct fy_node *n)
{
    size_t len = 0;
    const char *z = fy_node_get_scalar(n, &len);
    enum fy_node_style style = fy_node_get_style(n);
    struct str text = str_n(z ? z : "", z ? len : 0);
    bool plain = style == FYNS_PLAIN || style == FYNS_ANY;
    bool null = plain && (text.len == 0 || str_is(text, "~") || str_is(text, "null"));
    struct yaml *y = node_new(r, null ? YAML_NULL : YAML_SCALAR);
    y->quoted = !plain;
    y->text = arena_str(r->arena, text);
    mark_place(n, &y->line, &y->col);
    if (style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED)
        y->col -= y->col > 1; /* the mark stands behind the quote */
    return y;
}

static struct yaml *build(struct reader *r, struct fy_node *n, int depth)
{
    if (depth > DF_MAX_YAML_DEPTH) {
        diags_addf(r->diags, DIAG_ERROR, r->file, 0, 0, "nested deeper than %d levels",
                   DF_MAX_YAML_DEPTH);
        return NULL;
    }
    if (!n)
        return node_new(r, YAML_NULL);
    if (fy_node_is_mapping(n))
        return build_map(r, n, depth);
    if (fy_node_is_sequence(n))
        return build_seq(r, n, depth);
    return build_scalar(r, n);
}

/* libfyaml's own report of a fault, turned into ours. */
static void take_faults(struct reader *r, struct fy_diag *diag, bool empty)
{
    void *it = NULL;
    int taken = 0;
    for (struct fy_diag_error *e; (e = fy_diag_errors_iterate(diag, &it)); taken++)
        diags_addf(r->diags, DIAG_ERROR, r->file, e->line, e->column, "%s", e->msg);
    if (taken == 0)
        diags_addf(r->diags, DIAG_ERROR, r->file, 1, 1,
                   empty ? "the file is empty" : "not valid YAML");
}

enum df_rc yaml_parse(struct arena *a, struct str text, const char *file, const struct yaml **out,
                      struct diags *diags)
{
    struct reader r = {a, arena_strz(a, str_of(file)), diags};
    *out = NULL;
    if (text.len > DF_MAX_CONFIG) {
        diags_addf(diags, DIAG_ERROR, r.file, 0, 0, "larger than %zu bytes", DF_MAX_CONFIG);
        return DF_REJECT;
    }
    if (!utf8_valid(text)) {
        int line = 1, col = 1;
        for (size_t i = 0; i < text.len;) {
            size_t n = utf8_valid_len(text.ptr + i, text.len - i);
            if (n == 0)
                break;
            col = text.ptr[i] == '\n' ? 1 : col + 1;
            line += text.ptr[i] == '\n';
            i += n;
        }
        diags_addf(diags, DIAG_ERROR, r.file, line, col, "not UTF-8");
        return DF_REJECT;
    }
    struct fy_diag_cfg dcfg;
    fy_diag_cfg_default(&dcfg);
    dcfg.fp = NULL;
    dcfg.colorize = false;
    struct fy_diag *diag = fy_diag_create(&dcfg);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_RESOLVE_DOCUMENT, .diag = diag};
    struct fy_document *doc = fy_document_build_from_string(&cfg, text.ptr ? text.ptr : "", text.len);
    enum df_rc rc = DF_REJECT;
    if (!doc) {
        take_faults(&r, diag, str_trim(text).len == 0);
    } else {
        *out = build(&r, fy_document_root(doc), 0);
        rc = *out ? DF_OK : DF_REJECT;
    }
    fy_document_destroy(doc);
    fy_diag_destroy(diag);
    return rc;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (map && map->kind == YAML_MAP)
        for (int i = 0; i < map->count; i++)
            if (str_is(map->items[i]->key, key))
                return map->items[i];
    return NULL;
}

void yaml_fault(const struct yaml *y, struct diags *d, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    diags_addf(d, DIAG_ERROR, y->file, y->line, y->col, "%s", text);
}

static bool scalar(const struct yaml *y, struct diags *d, const char *want)
{
    if (y->kind == YAML_SCALAR)
        return true;
    yaml_fault(y, d, "%s%.*s%sshould be %s", y->key.len ? "'" : "", STR_FMT(y->key),
               y->key.len ? "' " : "", want);
    return false;
}

bool yaml_str(const struct yaml *y, struct str *out, struct diags *d)
{
    if (!scalar(y, d, "a text"))
        return false;
    *out = y->text;
    return true;
}

bool yaml_bool(const struct yaml *y, bool *out, struct diags *d)
{
    if (!scalar(y, d, "true or false"))
        return false;
    if (str_is(y->text, "true") || str_is(y->text, "yes") || str_is(y->text, "on"))
        *out = true;
    else if (str_is(y->text, "false") || str_is(y->text, "no") || str_is(y->text, "off"))
        *out = false;
    else {
        yaml_fault(y, d, "'%.*s' should be true or false", STR_FMT(y->text));
        return false;
    }
    return true;
}

bool yaml_int(const struct yaml *y, int64_t min, int64_t max, int64_t *out, struct diags *d)
{
    long long v;
    if (!scalar(y, d, "a whole number"))
        return false;
    if (!str_i64(y->text, &v) || v < min || v > max) {
        yaml_fault(y, d, "'%.*s' should be a whole number from %lld to %lld", STR_FMT(y->text),
                   (long long)min, (long long)max);
        return false;
    }
    *out = v;
    return true;
}

bool yaml_num(const struct yaml *y, double min, double max, double *out, struct diags *d)
{
    double v;
    if (!scalar(y, d, "a number"))
        return false;
    if (!str_f64(y->text, &v) || v < min || v > max) {
        yaml_fault(y, d, "'%.*s' should be a number from %g to %g", STR_FMT(y->text), min, max);
        return false;
    }
    *out = v;
    return true;
}

bool yaml_duration(const struct yaml *y, int64_t *ms_out, struct diags *d)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}};
    if (!scalar(y, d, "a duration such as 90s, 15m, 2h or 3d"))
        return false;
    struct str s = y->text;
    int64_t unit = 1000;
    if (s.len > 1)
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (s.ptr[s.len - 1] == units[i].unit) {
                unit = units[i].ms;
                s.len--;
                break;
            }
    long long v;
    if (!str_i64(s, &v) || v < 0 || v > 36500LL * 86400) {
        yaml_fault(y, d, "'%.*s' should be a duration such as 90s, 15m, 2h or 3d", STR_FMT(y->text));
        return false;
    }
    *ms_out = v * unit;
    return true;
}

const char *nearest_word(struct str word, const char *const *known)
{
    const char *best = NULL;
    size_t limit = word.len <= 3 ? 1 : word.len <= 6 ? 2 : 3, least = limit + 1;
    for (; *known; known++) {
        size_t n = str_distance(word, str_of(*known), limit);
        if (n < least) {
            least = n;
            best = *known;
        }
    }
    return best;
}

void yaml_check_keys(const struct yaml *map, const char *const *known, struct diags *d)
{
    if (!map || map->kind != YAML_MAP)
        return;
    for (int i = 0; i < map->count; i++) {
        const struct yaml *v = map->items[i];
        bool ok = false;
        for (const char *const *k = known; *k && !ok; k++)
            ok = str_is(v->key, *k);
        if (ok)
            continue;
        const char *near = nearest_word(v->key, known);
        diags_addf(d, DIAG_ERROR, v->file, v->key_line, v->key_col, "unknown key '%.*s'%s%s%s",
                   STR_FMT(v->key), near ? "; did you mean '" : "", near ? near : "",
                   near ? "'?" : "");
    }
}
