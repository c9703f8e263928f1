/* config.c: reads defuse.yaml by the table of config.def; every fault of the file is told at
 * once. Adding a setting is one entry there and one member in config.h. */
#include "cmd/config.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/yaml.h"

enum kind { KIND_TEXT, KIND_TEXTS, KIND_INT, KIND_DURATION, KIND_BOOL, KIND_TIME, KIND_ZONE };

/* The table names places as "config.zone" or "source.name": these turn them into offsets. */
struct place {
    struct config config;
    struct config_source source;
    struct config_sink sink;
};
#define BASE_config offsetof(struct place, config)
#define BASE_source offsetof(struct place, source)
#define BASE_sink offsetof(struct place, sink)

struct setting {
    enum config_section section;
    const char *key;
    enum kind kind;
    size_t at; /* in struct place */
    int64_t least, most;
    const char *fallback;
};

static const struct setting settings[] = {
#define SETTING(section, key, kind, where, least, most, fallback, doc)                         \
    {SECTION_##section, #key, KIND_##kind, offsetof(struct place, where), least, most, fallback},
#include "cmd/config.def"
#undef SETTING
};
enum { SETTINGS = sizeof settings / sizeof *settings };

const struct config_setting config_settings[] = {
#define SETTING(section, key, kind, where, least, most, fallback, doc)                         \
    {SECTION_##section, #key, #kind, fallback, doc},
#include "cmd/config.def"
#undef SETTING
    {0, NULL, NULL, NULL, NULL},
};

/* Where each section's struct begins: settings of a source are relative to that source. */
static const struct {
    const char *name;
    bool list;
    size_t base;
} sections[SECTIONS] = {
    [SECTION_TOP] = {"", false, BASE_config},
    [SECTION_BRAND] = {"brand", false, BASE_config},
    [SECTION_CLOCKS] = {"clocks", false, BASE_config},
    [SECTION_SOURCE] = {"sources", true, BASE_source},
    [SECTION_SINK] = {"sinks", true, BASE_sink},
    [SECTION_DASHBOARD] = {"dashboard", false, BASE_config},
    [SECTION_NETWORK] = {"network", false, BASE_config},
    [SECTION_RULES] = {"rules", false, BASE_config},
    [SECTION_CHANNELS] = {"channels", false, BASE_config},
};

const char *config_section_name(enum config_section s)
{
    return sections[s].name;
}

static bool read_texts(struct arena *a, const struct yaml *y, struct texts *out, struct diags *d)
{
    if (y->kind == YAML_SCALAR) {
        out->items = arena_array(a, 1, sizeof *out->items);
        out->items[0] = y->text;
        out->count = 1;
        return true;
    }
    if (y->kind != YAML_SEQ) {
        yaml_fault(y, d, "'%.*s' should be a list", STR_FMT(y->key));
        return false;
    }
    out->items = arena_array(a, (size_t)y->count, sizeof *out->items);
    out->count = 0;
    for (int i = 0; i < y->count; i++)
        if (yaml_str(y->items[i], &out->items[out->count], d))
            out->count++;
    return true;
}

static bool read_value(struct arena *a, const struct setting *s, const struct yaml *y, void *at,
                       struct diags *d)
{
    int minutes;
    switch (s->kind) {
    case KIND_TEXT: return yaml_str(y, at, d);
    case KIND_TEXTS: return read_texts(a, y, at, d);
    case KIND_INT: return yaml_int(y, s->least, s->most, at, d);
    case KIND_DURATION:
        if (!yaml_duration(y, at, d))
            return false;
        if (*(int64_t *)at >= s->least * DF_SECOND && *(int64_t *)at <= s->most * DF_SECOND)
            return true;
        yaml_fault(y, d, "'%s' should be between %llds and %llds", s->key, (long long)s->least,
                   (long long)s->most);
        return false;
    case KIND_BOOL: return yaml_bool(y, at, d);
    case KIND_TIME:
        if (y->kind == YAML_SCALAR && time_parse_rfc3339(y->text, at))
            return true;
        yaml_fault(y, d, "'%s' should be a time such as 2026-11-21T09:14:00Z", s->key);
        return false;
    case KIND_ZONE:
        if (!yaml_str(y, at, d))
            return false;
        if (zone_offset(y->text, 0, &minutes))
            return true;
        yaml_fault(y, d, "'%.*s' is not a time zone; write Asia/Taipei, +08:00 or UTC",
                   STR_FMT(y->text));
        return false;
    }
    return false;
}

static void set_default(struct arena *a, const struct setting *s, void *at)
{
    struct str text = str_of(s->fallback);
    long long n = 0;
    switch (s->kind) {
    case KIND_TEXT:
    case KIND_ZONE: *(struct str *)at = text; break;
    case KIND_TEXTS: {
        struct texts *t = at;
        if (text.len) {
            t->items = arena_array(a, 1, sizeof *t->items);
            t->items[0] = text;
            t->count = 1;
        }
        break;
    }
    case KIND_INT:
    case KIND_DURATION:
        str_i64(text, &n);
        *(int64_t *)at = n;
        break;
    case KIND_BOOL: *(bool *)at = str_is(text, "true"); break;
    case KIND_TIME: *(int64_t *)at = DF_NO_TIME; break;
    }
}

/* Fills one struct (config, a source, a sink) from a map. Keys that are no setting go to
 * `other` when given, else they are faults. */
static void read_section(struct arena *a, enum config_section section, const struct yaml *map,
                         void *into, struct diags *d)
{
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = &settings[i];
        if (s->section != section)
            continue;
        void *at = (char *)into + (s->at - sections[section].base);
        const struct yaml *y = yaml_get(map, s->key);
        set_default(a, s, at);
        if (y && y->kind != YAML_NULL)
            read_value(a, s, y, at, d);
    }
}

/* The keys of a section, NULL-ended, for "did you mean". */
static void section_keys(enum config_section section, const char **keys, int max)
{
    int n = 0;
    for (int i = 0; i < SETTINGS && n < max - 1; i++)
        if (settings[i].section == section)
            keys[n++] = settings[i].key;
    if (section == SECTION_TOP)
        for (int s = SECTION_TOP + 1; s < SECTIONS && n < max - 1; s++)
            keys[n++] = sections[s].name;
    keys[n] = NULL;
}

static void need(struct str value, const struct yaml *map, const char *key, struct diags *d)
{
    if (value.len == 0)
        yaml_fault(map, d, "'%s' is missing here", key);
}

/* Any key may be a parameter of the channel, so a slip only shows by what is missing. */
static void need_or_slip(struct str value, const struct yaml *map, const char *key,
                         const char *const *keys, struct diags *d)
{
    for (int i = 0; value.len == 0 && i < map->count; i++) {
        const struct yaml *y = map->items[i];
        const char *near = nearest_word(y->key, keys);
        if (near && strcmp(near, key) == 0) {
            diags_addf(d, DIAG_ERROR, y->file, y->key_line, y->key_col,
                       "unknown key '%.*s'; did you mean '%s'?", STR_FMT(y->key), key);
            return;
        }
    }
    need(value, map, key, d);
}

/* A parameter's value as text; a list is joined by commas, as the packs expect. */
static struct str param_text(struct arena *a, const struct yaml *y, struct diags *d)
{
    if (y->kind == YAML_SCALAR)
        return y->text;
    struct buf b = BUF_INIT(DF_MAX_URL);
    if (y->kind == YAML_SEQ) {
        for (int i = 0; i < y->count; i++) {
            struct str s = STR_NONE;
            if (!yaml_str(y->items[i], &s, d))
                break;
            if (i)
                buf_putc(&b, ',');
            buf_str(&b, s);
        }
    } else if (y->kind == YAML_MAP) {
        yaml_fault(y, d, "'%.*s' should be a text or a list", STR_FMT(y->key));
    }
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

static void read_source(struct arena *a, const struct yaml *map, struct config_source *s,
                        struct diags *d)
{
    const char *keys[SETTINGS + 1];
    section_keys(SECTION_SOURCE, keys, SETTINGS + 1);
    read_section(a, SECTION_SOURCE, map, s, d);
    s->line = map->line;
    s->col = map->col;
    need_or_slip(s->name, map, "name", keys, d);
    need_or_slip(s->channel, map, "channel", keys, d);
    if (!str_is(s->first_run, "baseline") && !str_is(s->first_run, "backfill"))
        yaml_fault(yaml_get(map, "first_run"), d, "'first_run' should be baseline or backfill");
    s->params = arena_array(a, (size_t)map->count, sizeof *s->params);
    for (int i = 0; i < map->count; i++) {
        const struct yaml *y = map->items[i];
        bool ours = false;
        for (const char **k = keys; *k && !ours; k++)
            ours = str_is(y->key, *k);
        if (!ours)
            s->params[s->param_count++] =
                (struct config_param){y->key, param_text(a, y, d), y->key_line, y->key_col};
    }
}

static void read_sink(struct arena *a, const struct yaml *map, struct config_sink *s,
                      struct diags *d)
{
    const char *keys[SETTINGS + 1];
    section_keys(SECTION_SINK, keys, SETTINGS + 1);
    yaml_check_keys(map, keys, d);
    read_section(a, SECTION_SINK, map, s, d);
    s->line = map->line;
    s->col = map->col;
    need(s->name, map, "name", d);
    need(s->type, map, "type", d);
    if (s->min_urgency.len != 2 || s->min_urgency.ptr[0] != 'P' || s->min_urgency.ptr[1] < '1' ||
        s->min_urgency.ptr[1] > '4')
        yaml_fault(yaml_get(map, "min_urgency"), d, "'min_urgency' should be P1, P2, P3 or P4");
}

static bool same_name(struct str name, const struct yaml *list, int before)
{
    for (int i = 0; i < before; i++) {
        const struct yaml *n = yaml_get(list->items[i], "name");
        if (n && n->kind == YAML_SCALAR && str_eq(n->text, name))
            return true;
    }
    return false;
}

static void read_list(struct arena *a, enum config_section section, const struct yaml *y,
                      struct config *c, struct diags *d)
{
    if (y->kind == YAML_NULL)
        return;
    if (y->kind != YAML_SEQ) {
        yaml_fault(y, d, "'%s' should be a list", sections[section].name);
        return;
    }
    if (section == SECTION_SOURCE)
        c->sources = arena_array(a, (size_t)y->count, sizeof *c->sources);
    else
        c->sinks = arena_array(a, (size_t)y->count, sizeof *c->sinks);
    for (int i = 0; i < y->count; i++) {
        const struct yaml *map = y->items[i];
        if (map->kind != YAML_MAP) {
            yaml_fault(map, d, "each of '%s' should be a group of keys", sections[section].name);
            continue;
        }
        struct str name;
        if (section == SECTION_SOURCE) {
            read_source(a, map, &c->sources[c->source_count], d);
            name = c->sources[c->source_count++].name;
        } else {
            read_sink(a, map, &c->sinks[c->sink_count], d);
            name = c->sinks[c->sink_count++].name;
        }
        if (name.len && same_name(name, y, i))
            yaml_fault(yaml_get(map, "name"), d, "the name '%.*s' is used twice", STR_FMT(name));
    }
}

static void place_of(const struct yaml *y, int *line, int *col)
{
    *line = y ? y->line : 0;
    *col = y ? y->col : 0;
}

static void read_root(struct arena *a, const struct yaml *root, struct config *c, struct diags *d)
{
    const char *keys[SETTINGS + SECTIONS + 1];
    section_keys(SECTION_TOP, keys, SETTINGS + SECTIONS + 1);
    yaml_check_keys(root, keys, d);
    for (int s = 0; s < SECTIONS; s++) {
        const struct yaml *y = s == SECTION_TOP ? root : yaml_get(root, sections[s].name);
        if (sections[s].list) {
            if (y)
                read_list(a, (enum config_section)s, y, c, d);
            continue;
        }
        if (y && y->kind != YAML_MAP && y->kind != YAML_NULL) {
            yaml_fault(y, d, "'%s' should be a group of keys", sections[s].name);
            y = NULL;
        }
        if (s != SECTION_TOP) {
            section_keys((enum config_section)s, keys, SETTINGS + 1);
            yaml_check_keys(y, keys, d);
        }
        read_section(a, (enum config_section)s, y, c, d);
    }
    const struct yaml *clocks = yaml_get(root, "clocks");
    place_of(yaml_get(clocks, "hours"), &c->clocks.hours_line, &c->clocks.hours_col);
    place_of(yaml_get(clocks, "days"), &c->clocks.days_line, &c->clocks.days_col);
}

static const char *find_file(struct arena *a, const char *path, struct diags *d)
{
    const char *env = getenv("DEFUSE_CONFIG"), *xdg = getenv("XDG_CONFIG_HOME"),
               *home = getenv("HOME");
    if (!path && env && *env)
        path = env;
    if (path)
        return path;
    const char *tries[] = {
        "defuse.yaml",
        xdg && *xdg ? arena_printf(a, "%s/defuse/defuse.yaml", xdg).ptr
                    : arena_printf(a, "%s/.config/defuse/defuse.yaml", home ? home : "").ptr,
        "/etc/defuse/defuse.yaml",
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        if (access(tries[i], F_OK) == 0)
            return tries[i];
    diags_addf(d, DIAG_ERROR, NULL, 0, 0,
               "no settings found (looked for %s, %s and %s); 'defuse init' writes a commented one",
               tries[0], tries[1], tries[2]);
    return NULL;
}

enum df_rc config_load(struct arena *a, const char *path, struct config *out, struct diags *diags)
{
    struct err e;
    struct str text;
    const struct yaml *root;
    *out = (struct config){0};
    int before = diags->errors;
    path = find_file(a, path, diags);
    if (!path)
        return DF_NONE;
    if (file_read(a, path, DF_MAX_CONFIG, &text, &e) != DF_OK) {
        diags_add(diags, DIAG_ERROR, &e);
        return DF_REJECT;
    }
    if (yaml_parse(a, text, path, &root, diags) != DF_OK)
        return DF_REJECT;
    if (root->kind == YAML_SCALAR || root->kind == YAML_SEQ) { /* not even a shape of settings */
        yaml_fault(root, diags, "the settings should be keys and values, such as 'zone: UTC'");
        return DF_REJECT;
    }
    char full[PATH_MAX];
    out->path = path;
    const char *whole = realpath(path, full) ? full : path, *slash = strrchr(whole, '/');
    out->dir = slash ? arena_strz(a, str_n(whole, (size_t)(slash - whole))) : ".";
    read_root(a, root, out, diags);
    return diags->errors > before ? DF_REJECT : DF_OK;
}

const char *config_path(struct arena *a, const struct config *c, struct str path)
{
    if (path.len && path.ptr[0] == '/')
        return arena_strz(a, path);
    return arena_printf(a, "%s/%.*s", c->dir, STR_FMT(path)).ptr;
}
