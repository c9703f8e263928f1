/* gzip.h: compression of what is sent. The only user of zlib in the dashboard. */
#ifndef DF_DASHBOARD_GZIP_H
#define DF_DASHBOARD_GZIP_H

#include <stdbool.h>

#include "core/arena.h"

enum gzip_effort { GZIP_PAGE = 4, GZIP_ASSET = 9 }; /* each time, or once for all */

/* false: it would not become smaller (or zlib refused); *out is untouched. */
bool gzip_deflate(struct arena *a, struct str in, enum gzip_effort effort, struct str *out);

#endif
