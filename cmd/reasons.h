/* reasons.h: why a case is there, in the reader's language. Verdicts keep their sentences in
 * English; the rule set knows the others, as long as the rule is still in it. Pure. */
#ifndef DF_CMD_REASONS_H
#define DF_CMD_REASONS_H

#include "analyzer/analyzer.h"
#include "core/msg.h"

/* The sentence of that rule; STR_NONE when the rule set does not know it. */
struct str reason_of(const struct ruleset *rules, struct str rule, enum ui_lang lang);
/* The two strongest in one line, people's rules before learned phrases; empty: none. */
struct str reason_line(const struct ruleset *rules, const struct verdict *v, enum ui_lang lang,
                       struct arena *a);

#endif
