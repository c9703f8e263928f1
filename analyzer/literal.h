/* literal.h: which phrases a text must hold for a regular expression to have a chance, so that
 * PCRE2 runs only on candidates. Reads the pattern only; knows no text. */
#ifndef DF_ANALYZER_LITERAL_H
#define DF_ANALYZER_LITERAL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/str.h"

enum { LITERAL_MAX = 128 };

/* What must be there: one of `phrases` (phrase syntax of rules, `word*` included) if count > 0, and
 * a digit / an at-sign handle / a URL where the flags say so. Nothing at all: count 0, no flag. */
struct literals {
    struct str phrases[LITERAL_MAX];
    int count;
    bool digit;
};

/* Phrases are in the arena. A pattern it cannot follow gives no literals, never wrong ones. */
struct literals literals_of(struct arena *a, struct str pattern);

#endif
