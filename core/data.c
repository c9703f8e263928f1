#include "core/data.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/limits.h"

static const char *override(void)
{
    const char *dir = getenv("DEFUSE_DATA");
    return dir && *dir ? dir : NULL;
}

static int by_path(const void *key, const void *file)
{
    return strcmp(key, ((const struct data_file *)file)->path);
}

enum df_rc data_read(struct arena *a, const char *path, struct str *out, struct err *err)
{
    *out = STR_NONE;
    if (override()) {
        struct str full = arena_printf(a, "%s/%s", override(), path);
        return file_read(a, full.ptr, DF_MAX_BODY, out, err);
    }
    const struct data_file *f =
        bsearch(path, data_files, data_file_count, sizeof *data_files, by_path);
    if (!f)
        return err_set(err, DF_NONE, "no data file '%s' in this program", path);
    *out = str_n((const char *)f->bytes, f->size);
    return DF_OK;
}

struct listing {
    struct arena *arena;
    struct str *paths;
    size_t count, cap;
    const char *suffix;
};

static enum df_rc walk(struct listing *l, const char *root, struct str dir, int depth,
                       struct err *err)
{
    struct str *names;
    size_t count;
    struct str full = arena_printf(l->arena, "%s/%.*s", root, STR_FMT(dir));
    enum df_rc rc = file_list(l->arena, full.ptr, "", &names, &count, err);
    for (size_t i = 0; rc == DF_OK && i < count; i++) {
        struct str path = arena_printf(l->arena, "%.*s%.*s", STR_FMT(dir), STR_FMT(names[i]));
        struct str on_disk = arena_printf(l->arena, "%s/%s", root, path.ptr);
        struct stat st;
        if (stat(on_disk.ptr, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth < 8)
            rc = walk(l, root, arena_printf(l->arena, "%s/", path.ptr), depth + 1, err);
        else if (S_ISREG(st.st_mode) && str_ends(path, str_of(l->suffix)))
            *ARENA_PUSH(l->arena, l->paths, l->count, l->cap) = path;
    }
    return rc;
}

static int by_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum df_rc data_list(struct arena *a, const char *dir, const char *suffix, struct str **paths_out,
                     size_t *count_out, struct err *err)
{
    struct listing l = {.arena = a, .suffix = suffix};
    enum df_rc rc = DF_OK;
    if (override()) {
        rc = walk(&l, override(), str_of(dir), 0, err);
        if (rc == DF_OK && l.count)
            qsort(l.paths, l.count, sizeof *l.paths, by_str);
    } else {
        for (unsigned long i = 0; i < data_file_count; i++) {
            struct str p = str_of(data_files[i].path);
            if (str_starts(p, str_of(dir)) && str_ends(p, str_of(suffix)))
                *ARENA_PUSH(a, l.paths, l.count, l.cap) = p;
        }
    }
    *paths_out = l.paths;
    *count_out = l.count;
    return rc;
}
