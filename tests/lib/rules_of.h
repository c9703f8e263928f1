/* rules_of.h: a rule set from text, for tests: written to a folder of its own, loaded, removed. */
#ifndef DF_TESTS_RULES_OF_H
#define DF_TESTS_RULES_OF_H

#include "analyzer/analyzer.h"

/* yaml and tsv may be NULL. NULL when loading failed; faults are in diags. */
struct ruleset *rules_of(const char *yaml, const char *tsv, struct diags *diags);

#endif
