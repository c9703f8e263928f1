/* gunzip.c: gzip or zlib inside a body that the transport did not know to be compressed, as
 * saved files often are. The only user of zlib. Output is bounded: a bomb is refused. */
#include <stdint.h>
#include <zlib.h>

#include "collector/charset.h"
#include "core/buf.h"

enum df_rc body_gunzip(struct arena *a, struct str body, size_t max, struct str *out,
                       struct err *err)
{
    const unsigned char *p = (const unsigned char *)body.ptr;
    bool gzip = body.len > 18 && p[0] == 0x1f && p[1] == 0x8b;
    if (!gzip)
        return DF_NONE;
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)p, .avail_in = (uInt)body.len};
    if (inflateInit2(&z, 15 + 32) != Z_OK)
        return err_set(err, DF_FATAL, "no memory to decompress");
    struct buf b = BUF_INIT(max);
    int r = Z_OK;
    while (r == Z_OK && !b.full) {
        unsigned char chunk[16384];
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        r = inflate(&z, Z_NO_FLUSH);
        buf_add(&b, chunk, sizeof chunk - z.avail_out);
        if (r == Z_BUF_ERROR || (r == Z_OK && z.avail_in == 0 && z.avail_out))
            break; /* cut off: what is there is used */
    }
    inflateEnd(&z);
    enum df_rc rc = DF_OK;
    if (b.full)
        rc = err_set(err, DF_REJECT, "body grows past %zu bytes when decompressed", max);
    else if (b.len == 0)
        rc = err_set(err, DF_REJECT, "gzip data are damaged");
    else
        *out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return rc;
}
