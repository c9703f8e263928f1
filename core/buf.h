/* buf.h: a growable byte buffer that is created with its maximum. Adding past the maximum sets
 * `full` and adds nothing more, so a writer may chain calls and test once at the end; untrusted
 * input can never grow memory without bound. Owns its memory: buf_free. Always NUL-terminated. */
#ifndef DF_CORE_BUF_H
#define DF_CORE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct buf {
    char *ptr; /* NULL until the first byte */
    size_t len, cap, max;
    bool full; /* something did not fit */
};

#define BUF_INIT(maximum) ((struct buf){.max = (maximum)})

void buf_free(struct buf *b);  /* keeps max: usable again */
void buf_reset(struct buf *b); /* keeps memory */
/* Memory for n more bytes in one go, when it is known how much will come; false, and no mark of being
 * full, when the maximum does not allow it. */
bool buf_room(struct buf *b, size_t n);
bool buf_add(struct buf *b, const void *p, size_t n);
bool buf_str(struct buf *b, struct str s);
bool buf_puts(struct buf *b, const char *z);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool buf_u64(struct buf *b, uint64_t v);
bool buf_i64(struct buf *b, int64_t v);
bool buf_utf8(struct buf *b, uint32_t cp); /* one code point */
/* A JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
bool buf_json(struct buf *b, struct str s);
/* Percent-encoding of everything but unreserved characters. */
bool buf_url(struct buf *b, struct str s);

static inline struct str buf_view(const struct buf *b)
{
    return (struct str){b->ptr, b->len};
}

#endif
