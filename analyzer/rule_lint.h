/* rule_lint.h: the parts of `defuse rules lint`: each looks at one thing and adds warnings with
 * file:line:column. They look at what people wrote, before it is compiled, so they also work on
 * rules that do not load. Private to analyzer/. */
#ifndef DF_ANALYZER_RULE_LINT_H
#define DF_ANALYZER_RULE_LINT_H

#include "analyzer/rule_src.h"

/* A pattern: what it says that folded text never holds, what a bracket swallows, what may take
 * very long. */
void lint_pattern(struct src *s, const struct src_item *it, struct str pattern);

/* Phrases of one list that another of them matches already. */
void lint_shadows(struct src *s, const struct src_items *items);

/* Phrases that an exception always cancels, being a part of them. */
void lint_cancelled(struct src *s, const struct src_items *any, const struct src_items *unless,
                    const char *key);

#endif
