#include "dashboard/gzip.h"

#include <stdint.h>
#include <zlib.h>

/* Window of 32 KiB, and 16 to ask zlib for a gzip header. */
enum { WINDOW_GZIP = 15 + 16, MEMORY_LEVEL = 8 };

bool gzip_deflate(struct arena *a, struct str in, enum gzip_effort effort, struct str *out)
{
    z_stream z = {0};
    char *bytes;
    int rc;

    if (in.len == 0 || in.len > UINT32_MAX / 2 ||
        deflateInit2(&z, (int)effort, Z_DEFLATED, WINDOW_GZIP, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    bytes = arena_alloc(a, in.len);
    z.next_in = (Bytef *)in.ptr;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)bytes;
    z.avail_out = (uInt)in.len; /* larger than that is not worth sending */
    rc = deflate(&z, Z_FINISH);
    if (rc == Z_STREAM_END)
        *out = str_n(bytes, z.total_out);
    deflateEnd(&z);
    return rc == Z_STREAM_END;
}
