/* transport_file.c: file:// as if a very small server stood there: 200, 304, 404. The query and a
 * slash at the end are ignored, so that a saved answer can stand for a page of an API. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/limits.h"
#include "net/transport.h"
#include "net/url.h"

struct file_driver {
    char root[PATH_MAX]; /* "" = anywhere */
};

static enum df_rc file_open(const struct net_config *config, void **self_out, struct err *err)
{
    struct file_driver *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    if (config->file_root.len) {
        char given[PATH_MAX];
        snprintf(given, sizeof given, "%.*s", STR_FMT(config->file_root));
        if (!realpath(given, d->root)) {
            free(d);
            return err_set(err, DF_FATAL, "%s: %s", given, strerror(errno));
        }
    }
    *self_out = d;
    return DF_OK;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool decode_path(struct str in, char out[PATH_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.ptr[i];
        if (c == '%' && i + 2 < in.len && hex(in.ptr[i + 1]) >= 0 && hex(in.ptr[i + 2]) >= 0) {
            c = (char)(hex(in.ptr[i + 1]) * 16 + hex(in.ptr[i + 2]));
            i += 2;
        }
        if (c == '\0' || n + 1 >= PATH_MAX)
            return false;
        out[n++] = c;
    }
    while (n > 1 && out[n - 1] == '/')
        n--;
    out[n] = '\0';
    return n > 0;
}

static bool below(const char *path, const char *root)
{
    size_t n = strlen(root);
    return n == 0 || (strncmp(path, root, n) == 0 && (path[n] == '/' || path[n] == '\0'));
}

static enum df_rc file_perform(void *self, const struct net_request *req, struct arena *arena,
                               struct net_response *resp, struct err *err)
{
    struct file_driver *d = self;
    struct url u;
    char wanted[PATH_MAX], path[PATH_MAX];
    struct stat st;
    if (!url_split(req->url, &u) || (u.host.len && !str_is(u.host, "localhost")) ||
        !decode_path(u.path, wanted))
        return err_set(err, DF_REJECT, "not a file URL");
    resp->url = req->url;
    if (!realpath(wanted, path) || stat(path, &st) != 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return err_set(err, DF_REJECT, "%s: %s", wanted, strerror(errno));
        resp->status = 404;
        return DF_OK;
    }
    if (!below(path, d->root))
        return err_set(err, DF_REJECT, "%s lies outside the folder that files may be read from",
                       wanted);
    if (!S_ISREG(st.st_mode)) /* a device or a pipe would never end */
        return err_set(err, DF_REJECT, "%s is not a plain file", wanted);
    resp->etag = arena_printf(arena, "\"%llx-%llx\"",
                              (unsigned long long)st.st_mtim.tv_sec * 1000000000u +
                                  (unsigned long long)st.st_mtim.tv_nsec,
                              (unsigned long long)st.st_size);
    if (req->etag.len && str_eq(req->etag, resp->etag)) {
        resp->status = 304;
        return DF_OK;
    }
    enum df_rc rc = file_read(arena, path, req->max_body ? req->max_body : DF_MAX_BODY,
                              &resp->body, err);
    if (rc == DF_NONE) {
        resp->status = 404;
        return DF_OK;
    }
    resp->status = 200;
    return rc;
}

static void file_close(void *self)
{
    free(self);
}

const struct transport_ops transport_file = {
    .name = "file",
    .schemes = NET_FILE,
    .open = file_open,
    .perform = file_perform,
    .close = file_close,
};
