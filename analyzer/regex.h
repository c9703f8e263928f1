/* regex.h: regular expressions on folded text. regex.c is the only file that includes pcre2.h.
 * Patterns are UTF-8, ASCII classes, compiled with the JIT; every run has match, depth and heap
 * limits, so a catastrophic pattern costs a bounded time and then counts as no match.
 *
 * Both ends of a match must be word edges: a letter may not be cut from a letter, nor a digit from
 * a digit ("refund" does not match inside "refunded"). A compiled pattern is immutable and shared
 * by threads; a regex_run is one thread's scratch. */
#ifndef DF_ANALYZER_REGEX_H
#define DF_ANALYZER_REGEX_H

#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

struct regex;
struct regex_run;

/* DF_REJECT with the offset in err->col (0-based byte within the pattern, plus one). */
DF_CHECKED enum df_rc regex_new(struct str pattern, struct regex **out, struct err *err);
/* The pattern as it was written, without the edges: "a)(b" is refused here, regex_new takes it. */
DF_CHECKED enum df_rc regex_check(struct str pattern, struct err *err);
void regex_free(struct regex **r);

struct regex_run *regex_run_new(void);
void regex_run_free(struct regex_run **run);

struct regex_match {
    uint32_t start, end;         /* bytes; an empty match is none */
    uint32_t group_start, group_end; /* group 1, or the whole match when it has none */
};

/* The next match at or after `from`. DF_OK, DF_NONE, or DF_REJECT when a limit was hit. */
enum df_rc regex_find(const struct regex *r, struct regex_run *run, struct str text, uint32_t from,
                      struct regex_match *out);

#endif
