/* jval.h: a JSON value as the collector reads it: made once, never changed, strings pointing into the
 * body wherever nothing was escaped. What readers of bodies make and packs' jq works on. Kinds are
 * in the order in which jq sorts. Lifetime: arena and body. */
#ifndef DF_COLLECTOR_JVAL_H
#define DF_COLLECTOR_JVAL_H

#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"

enum jkind { J_NULL, J_FALSE, J_TRUE, J_NUMBER, J_STRING, J_ARRAY, J_OBJECT };

struct jobject;
struct jval {
    enum jkind kind;
    uint32_t count; /* bytes of a string, elements of an array, members of an object */
    union {
        double number;
        const char *text;
        const struct jval *items;
        const struct jobject *object;
    };
};

struct jmember {
    struct jval key, value; /* the key is a string */
};

struct jobject {
    struct jmember *members; /* in the order they were given */
    uint32_t *slots;         /* of large ones: hash → index + 1 */
    uint32_t mask;
};

#define JVAL(k) ((struct jval){.kind = (k)})

static inline struct jval jval_str(struct str s)
{
    return (struct jval){J_STRING, (uint32_t)s.len, {.text = s.ptr}};
}

static inline struct jval jval_num(double d)
{
    return (struct jval){J_NUMBER, 0, {.number = d}};
}

static inline struct jval jval_bool(bool yes)
{
    return JVAL(yes ? J_TRUE : J_FALSE);
}

static inline struct str jval_text(struct jval v) /* "" when it is no string */
{
    return v.kind == J_STRING ? (struct str){v.text, v.count} : STR_NONE;
}

static inline bool jval_truthy(struct jval v)
{
    return v.kind != J_NULL && v.kind != J_FALSE;
}

struct jval jval_array(struct arena *, const struct jval *items, size_t n); /* copies */
/* Copies; of members of one name the last value stands at the first one's place. */
struct jval jval_object(struct arena *, const struct jmember *members, size_t n);
struct jval jval_get(struct jval object, struct str key); /* null when absent or no object */
bool jval_has(struct jval object, struct str key);
int jval_cmp(struct jval a, struct jval b, bool *odd); /* odd: objects of which one is to be less */
bool jval_equal(struct jval a, struct jval b);

/* One whole JSON value and nothing else, nested no deeper than DF_JVAL_DEPTH. Integers that a double
 * cannot hold become strings: they are ids, not amounts. Half a surrogate pair becomes U+FFFD.
 * DF_NONE: not valid JSON. The text must be valid UTF-8. */
DF_CHECKED enum df_rc jval_parse(struct arena *, struct str text, struct jval *out);
/* JSON as it is found: what json_tidy() understands too. Several documents are an array, without
 * those that are broken, so that a bad block of a page costs only itself. */
DF_CHECKED enum df_rc jval_read(struct arena *, struct str text, struct jval *out, struct err *);
/* The same for lines of JSON that we wrote. */
DF_CHECKED enum df_rc jval_read_lines(struct arena *, struct str lines, struct jval *out, struct err *);

#define DF_JVAL_DEPTH 250 /* libjq takes 256 */

#endif
