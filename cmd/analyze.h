/* analyze.h: the three faces of `defuse analyze`: lines through, one text explained, and one text
 * under two rule sets. */
#ifndef DF_CMD_ANALYZE_H
#define DF_CMD_ANALYZE_H

#include "analyzer/analyzer.h"
#include "cmd/cmd.h"

/* JSON Lines from stdin to stdout, in order, on `jobs` threads. A bad line is one line on stderr
 * and EXIT_PROBLEM at the end. */
int analyze_lines(const struct ruleset *rs, bool brief, unsigned jobs);
/* For a person at a terminal. `other`: a second rule set to show the difference, or NULL; names:
 * what to call the two. */
int analyze_text(struct cmd *c, const struct ruleset *rs, const struct ruleset *other,
                 const char *const names[2], const struct post *p);

#endif
