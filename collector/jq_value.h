/* jq_value.h: what a reader found, as libjq's own value, so that nobody writes JSON text only to have it
 * parsed again. For collector/html_rules.c, extract_jq.c and body.c; a jv that is passed is given away. */
#ifndef DF_COLLECTOR_JQ_VALUE_H
#define DF_COLLECTOR_JQ_VALUE_H

#include <jv.h>

#include "collector/extract.h"

/* DF_NONE: the rule's `when` does not fit this page. trace (may be NULL): what each selector
 * found, a line each, for people who write selectors. *out is set when DF_OK. */
DF_CHECKED enum df_rc html_to_value(struct arena *, struct str html, const struct extract_rule *,
                                    struct buf *trace, jv *out, struct err *);
DF_CHECKED enum df_rc jq_program_run_value(struct jq_program *, jv body, const struct extract_body *,
                                           struct arena *, struct raw_page *, struct err *);

static inline jv jv_of(struct str s)
{
    return jv_string_sized(s.ptr ? s.ptr : "", (int)s.len);
}

#endif
