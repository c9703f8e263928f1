/* channel.c: the set of packs: shipped ones from the program's data, users' own from folders. */
#include "collector/channel.h"

#include <stdlib.h>

#include "collector/channel_read.h"
#include "core/data.h"
#include "core/file.h"
#include "core/limits.h"

#define MAX_CHANNELS 500

struct channels {
    struct arena *arena;
    struct channel *items;
    size_t count, cap;
};

/* --- where a pack's files are --- */

static enum df_rc read_shipped(void *ctx, struct arena *a, struct str path, struct str *out,
                               struct err *err)
{
    (void)ctx;
    return data_read(a, arena_strz(a, path), out, err);
}

static enum df_rc read_folder(void *ctx, struct arena *a, struct str path, struct str *out,
                              struct err *err)
{
    (void)ctx;
    return file_read(a, arena_strz(a, path), DF_MAX_CONFIG, out, err);
}

static void add(struct channels *cs, struct str dir, struct str name, pack_reader *read,
                struct diags *diags)
{
    struct channel c = {.name = arena_str(cs->arena, name), .dir = arena_str(cs->arena, dir)};
    if (channel_read(&c, cs->arena, read, NULL, diags) != DF_OK)
        return;
    for (size_t i = 0; i < cs->count; i++)
        if (str_eq(cs->items[i].name, name)) { /* one's own replaces the shipped one */
            cs->items[i] = c;
            return;
        }
    if (cs->count >= MAX_CHANNELS) {
        diags_addf(diags, DIAG_ERROR, NULL, 0, 0, "more than %d channels", MAX_CHANNELS);
        return;
    }
    *ARENA_PUSH(cs->arena, cs->items, cs->count, cs->cap) = c;
}

static void add_shipped(struct channels *cs, struct diags *diags)
{
    struct str *paths;
    size_t count;
    struct err err = {0};
    struct str tail = STR("/channel.yaml");
    if (data_list(cs->arena, "channels/", tail.ptr, &paths, &count, &err) != DF_OK) {
        if (err.text[0])
            diags_add(diags, DIAG_ERROR, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct str dir = str_sub(paths[i], 0, paths[i].len - tail.len);
        add(cs, dir, str_sub(dir, strlen("channels/"), dir.len), read_shipped, diags);
    }
}

static void add_folder(struct channels *cs, const char *folder, struct diags *diags)
{
    struct str *names;
    size_t count;
    struct err err = {0};
    enum df_rc rc = file_list(cs->arena, folder, "", &names, &count, &err);
    if (rc != DF_OK) {
        if (rc == DF_NONE)
            err_at(&err, rc, folder, 0, 0, "no such folder of channels");
        diags_add(diags, DIAG_ERROR, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct str dir = arena_printf(cs->arena, "%s/%.*s", folder, STR_FMT(names[i]));
        struct str text, path = arena_printf(cs->arena, "%.*s/channel.yaml", STR_FMT(dir));
        if (read_folder(NULL, cs->arena, path, &text, NULL) == DF_OK)
            add(cs, dir, names[i], read_folder, diags);
    }
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct channel *)a)->name, ((const struct channel *)b)->name);
}

enum df_rc channels_load(const char *const *dirs, struct channels **out, struct diags *diags)
{
    int before = diags->errors;
    struct channels *cs = calloc(1, sizeof *cs);
    if (!cs)
        abort();
    cs->arena = arena_new();
    add_shipped(cs, diags);
    for (; dirs && *dirs; dirs++)
        add_folder(cs, *dirs, diags);
    if (cs->count)
        qsort(cs->items, cs->count, sizeof *cs->items, by_name);
    *out = cs;
    return diags->errors > before ? DF_REJECT : DF_OK;
}

void channels_free(struct channels **cs)
{
    if (!*cs)
        return;
    arena_free(&(*cs)->arena);
    free(*cs);
    *cs = NULL;
}

size_t channels_count(const struct channels *cs)
{
    return cs->count;
}

const struct channel *channels_at(const struct channels *cs, size_t i)
{
    return &cs->items[i];
}

const struct channel *channels_find(const struct channels *cs, struct str name)
{
    for (size_t i = 0; i < cs->count; i++)
        if (str_eq(cs->items[i].name, name))
            return &cs->items[i];
    for (size_t i = 0; i < cs->count; i++)
        for (size_t k = 0; k < cs->items[i].alias_count; k++)
            if (str_eq(cs->items[i].aliases[k], name))
                return &cs->items[i];
    return NULL;
}

struct str channels_suggest(const struct channels *cs, struct str name)
{
    struct str best = STR_NONE;
    size_t limit = name.len < 4 ? 1 : name.len / 3 + 1, found = limit + 1;
    for (size_t i = 0; i < cs->count; i++) {
        size_t d = str_distance(cs->items[i].name, name, limit);
        if (d < found) {
            found = d;
            best = cs->items[i].name;
        }
    }
    return best;
}
