/* str.h: a borrowed slice of bytes. External text is always one of these and never assumed to
 * end in NUL. It owns nothing: the arena or buffer it points into must outlive it. */
#ifndef DF_CORE_STR_H
#define DF_CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
#define STR_NONE ((struct str){NULL, 0})
/* For printf: "%.*s", STR_FMT(s). Only for messages to people at a terminal, never for HTML,
 * SQL or JSON, which have typed writers. */
#define STR_FMT(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline struct str str_n(const char *p, size_t n)
{
    return (struct str){p, n};
}

/* One past the last byte; of an empty slice without memory NULL, as C forbids NULL + 0. */
static inline const char *str_end(struct str s)
{
    return s.len ? s.ptr + s.len : s.ptr;
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

static inline bool str_starts(struct str a, struct str prefix)
{
    return a.len >= prefix.len && (prefix.len == 0 || memcmp(a.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool str_ends(struct str a, struct str suffix)
{
    return a.len >= suffix.len &&
           (suffix.len == 0 || memcmp(a.ptr + a.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

bool str_ieq(struct str a, struct str b);       /* ASCII case ignored */
int str_cmp(struct str a, struct str b);        /* bytewise, shorter first: a total order */
struct str str_trim(struct str s);              /* ASCII white space off both ends */
struct str str_sub(struct str s, size_t from, size_t len);      /* clamped */
ptrdiff_t str_find(struct str hay, struct str needle);          /* byte offset or -1 */
ptrdiff_t str_chr(struct str s, char c);                        /* byte offset or -1 */
/* Cuts the part before the first sep off *rest and returns it; false when *rest is used up. */
bool str_split(struct str *rest, char sep, struct str *part_out);
/* Whole text must be a number in range; false otherwise, *out untouched. */
bool str_i64(struct str s, long long *out);
bool str_f64(struct str s, double *out);
/* Edit distance, early exit above `limit`; for "did you mean". */
size_t str_distance(struct str a, struct str b, size_t limit);

#endif
