/* template.h: "{base}/appreviews/{app}" → text. A name in braces is a variable when it is made of
 * letters, digits, '_', '-' and perhaps ':FORM'; every other brace stands for itself, so JSON
 * bodies need no escaping; "{{name}" writes "{name}". Where the text goes decides how values are written. */
#ifndef DF_COLLECTOR_TEMPLATE_H
#define DF_COLLECTOR_TEMPLATE_H

#include "collector/channel.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/rc.h"

enum template_use {
    TEMPLATE_RAW,   /* as it is: headers, ids */
    TEMPLATE_PATH,  /* percent-encoded, but values that are URLs stay as they are */
    TEMPLATE_QUERY, /* percent-encoded */
    TEMPLATE_JSON,  /* escaped for inside a JSON string */
};

/* Value of a variable; false = no such variable. */
typedef bool template_lookup(void *ctx, struct str name, struct str *value_out);

/* DF_REJECT: a variable is unknown (named in err). *empty_out (may be NULL): a variable was
 * there and all of them were empty. */
DF_CHECKED enum df_rc template_expand(struct buf *out, struct str tmpl, enum template_use,
                                      template_lookup *, void *ctx, bool *empty_out, struct err *);

/* "{project:enc}" has its slashes percent-encoded too, "{query:raw}" nothing: takes the form off
 * the name and returns how the value is to be written. */
enum template_use template_form(struct str *name, enum template_use use);

/* Next variable name at or after *at; false when there is none. For checking. */
bool template_next(struct str tmpl, size_t *at, struct str *name_out);

#endif
