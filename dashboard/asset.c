#include "dashboard/asset.h"

#include "core/data.h"
#include "core/digest.h"
#include "dashboard/gzip.h"

#define ASSET_DIR "dashboard/assets/"

/* One digest over all of them: modules import each other by relative name, so they must change
 * their address together. */
enum { VERSION_HEX = 12 };

static const struct {
    const char *suffix, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

static const char *type_of(struct str path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(path, str_of(types[i].suffix)))
            return types[i].type;
    return "application/octet-stream";
}

enum df_rc assets_load(struct arena *a, struct assets *out, struct err *err)
{
    struct sha256 hash;
    unsigned char digest[DIGEST_BYTES];
    char version[DIGEST_HEX + 1];
    struct str *paths;
    enum df_rc rc = data_list(a, ASSET_DIR, "", &paths, &out->count, err);

    if (rc != DF_OK)
        return rc;
    out->items = arena_array(a, out->count, sizeof *out->items);
    sha256_begin(&hash);
    for (size_t i = 0; i < out->count; i++) {
        struct asset *s = &out->items[i];

        rc = data_read(a, arena_strz(a, paths[i]), &s->plain, err);
        if (rc != DF_OK)
            return rc;
        s->type = type_of(paths[i]);
        gzip_deflate(a, s->plain, GZIP_ASSET, &s->zipped);
        sha256_field(&hash, s->plain);
    }
    sha256_end(&hash, digest);
    digest_hex(digest, sizeof digest, version);
    for (size_t i = 0; i < out->count; i++) {
        struct str name = str_sub(paths[i], sizeof ASSET_DIR - 1, paths[i].len);

        out->items[i].url = arena_printf(a, "/s/%.*s/%.*s", VERSION_HEX, version, STR_FMT(name));
    }
    return DF_OK;
}

struct str asset_url(const struct assets *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++) {
        struct str url = all->items[i].url;
        size_t n = strlen(name);

        if (url.len > n && url.ptr[url.len - n - 1] == '/' && str_ends(url, str_of(name)))
            return url;
    }
    return STR("#");
}

bool asset_answer(const struct assets *all, struct request *q, struct response *r)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct asset *s = &all->items[i];

        if (!str_eq(q->path, s->url))
            continue;
        r->status = 200;
        r->type = s->type;
        r->immutable = true;
        r->bytes_gzip = q->gzip && s->zipped.len;
        r->bytes = r->bytes_gzip ? s->zipped : s->plain;
        return true;
    }
    return false;
}
