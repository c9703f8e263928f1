/* charset.h: any bytes → valid UTF-8. Declarations are heard but not believed: a byte order mark
 * wins, text that is valid UTF-8 is UTF-8 whatever it says, then the declarations are tried
 * strictly, then a guess by statistics, and what is left becomes U+FFFD. Never fails.
 * Also opens gzip found inside a body. Lifetime: result in the arena, or the input itself. */
#ifndef DF_COLLECTOR_CHARSET_H
#define DF_COLLECTOR_CHARSET_H

#include <stddef.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"

struct charset_result {
    struct str text;      /* valid UTF-8, no byte order mark */
    const char *used;     /* name of the encoding that was used */
    size_t replaced;      /* places where U+FFFD was put */
    bool contradicted;    /* a declaration was there and was wrong */
};

/* content_type: the HTTP header, "" when unknown. */
struct charset_result charset_decode(struct arena *a, struct str body, struct str content_type);

/* gzip or zlib bytes → plain; DF_NONE when it is neither, DF_REJECT past max or when broken. */
DF_CHECKED enum df_rc body_gunzip(struct arena *a, struct str body, size_t max, struct str *out,
                                  struct err *err);

#endif
