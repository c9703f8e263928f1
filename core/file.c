#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"

enum df_rc file_read(struct arena *a, const char *path, size_t max, struct str *out,
                     struct err *err)
{
    *out = STR_NONE;
    FILE *f = fopen(path, "rbe");
    if (!f)
        return err_at(err, errno == ENOENT ? DF_NONE : DF_FATAL, path, 0, 0, "cannot be opened: %s",
                      strerror(errno));
    struct buf b = BUF_INIT(max);
    enum df_rc rc = file_read_stream(f, path, &b, err);
    if (rc == DF_OK)
        *out = arena_str(a, buf_view(&b));
    buf_free(&b);
    fclose(f);
    return rc;
}

enum df_rc file_read_stream(FILE *f, const char *name, struct buf *out, struct err *err)
{
    char chunk[65536];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        if (!buf_add(out, chunk, n))
            return err_at(err, DF_REJECT, name, 0, 0, "larger than %zu bytes", out->max);
    if (ferror(f))
        return err_at(err, DF_FATAL, name, 0, 0, "cannot be read: %s", strerror(errno));
    return DF_OK;
}

static bool write_all(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s.ptr += n;
        s.len -= (size_t)n;
    }
    return true;
}

enum df_rc file_write_atomic(const char *path, struct str data, unsigned mode, struct err *err)
{
    struct buf tmp = BUF_INIT(4096 + 16);
    enum df_rc rc = DF_OK;
    buf_printf(&tmp, "%s.XXXXXX", path);
    int fd = tmp.full ? -1 : mkostemp(tmp.ptr, O_CLOEXEC);
    if (fd < 0) {
        rc = err_at(err, DF_FATAL, path, 0, 0, "cannot be written: %s", strerror(errno));
        goto out;
    }
    bool ok = write_all(fd, data) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int saved = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        saved = errno;
    }
    if (ok && rename(tmp.ptr, path) != 0) {
        ok = false;
        saved = errno;
    }
    if (!ok) {
        unlink(tmp.ptr);
        rc = err_at(err, DF_FATAL, path, 0, 0, "cannot be written: %s", strerror(saved));
    }
out:
    buf_free(&tmp);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum df_rc file_list(struct arena *a, const char *dir, const char *suffix, struct str **names_out,
                     size_t *count_out, struct err *err)
{
    *names_out = NULL;
    *count_out = 0;
    DIR *d = opendir(dir);
    if (!d)
        return err_at(err, errno == ENOENT ? DF_NONE : DF_FATAL, dir, 0, 0, "cannot be opened: %s",
                      strerror(errno));
    struct str *names = NULL;
    size_t count = 0, cap = 0;
    for (struct dirent *e; (e = readdir(d));) {
        struct str n = str_of(e->d_name);
        if (n.ptr[0] != '.' && str_ends(n, str_of(suffix)))
            *ARENA_PUSH(a, names, count, cap) = arena_str(a, n);
    }
    closedir(d);
    if (count)
        qsort(names, count, sizeof *names, by_name);
    *names_out = names;
    *count_out = count;
    return DF_OK;
}

enum df_rc line_read(struct line_reader *r, struct str *line_out, struct err *err)
{
    size_t len = 0;
    bool too_long = false;
    int c;
    while ((c = getc_unlocked(r->f)) != EOF && c != '\n') {
        if (len == DF_MAX_LINE) {
            too_long = true;
            continue;
        }
        if (len + 1 >= r->cap) {
            size_t cap = r->cap ? r->cap * 2 : 4096;
            char *p = realloc(r->ptr, cap);
            if (!p)
                abort();
            r->ptr = p;
            r->cap = cap;
        }
        r->ptr[len++] = (char)c;
    }
    if (c == EOF && ferror(r->f))
        return err_at(err, DF_FATAL, r->name, 0, 0, "cannot be read: %s", strerror(errno));
    if (c == EOF && len == 0 && !too_long)
        return DF_NONE;
    r->number++;
    if (too_long)
        return err_at(err, DF_REJECT, r->name, (int)r->number, 1, "line is longer than %zu bytes",
                      DF_MAX_LINE);
    if (len && r->ptr[len - 1] == '\r')
        len--;
    *line_out = (struct str){r->ptr, len};
    return DF_OK;
}

void line_reader_free(struct line_reader *r)
{
    free(r->ptr);
    r->ptr = NULL;
    r->cap = 0;
}
