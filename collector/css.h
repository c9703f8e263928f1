/* css.h: a CSS selector → XPath, so that pages can be described the way browsers' developer
 * tools show them. Covers what people copy: types, classes, ids, attributes with their operators,
 * :first-child, :last-child, :nth-child(N), :not(simple), the four combinators and commas. */
#ifndef DF_COLLECTOR_CSS_H
#define DF_COLLECTOR_CSS_H

#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"

struct selector {
    struct str xpath; /* relative to a context node */
    struct str attr;  /* "a.title @href": take this attribute; "" = the node */
    struct str css;   /* the selector without it; "" = it was XPath */
};

/* Text that begins like XPath ("/", "./", "(", "string(" …) is taken as XPath. err->col is the
 * place in the selector. */
DF_CHECKED enum df_rc selector_parse(struct arena *, struct str text, struct selector *out,
                                     struct err *err);

#endif
