/* fold.h: any text in, the one spelling out that rules and lexicons are matched against:
 * UTF-8 repaired (a bad byte becomes U+FFFD), NFKC, case folded, invisible characters dropped,
 * Traditional characters written as Simplified ones, curly quotes and dashes straight, every
 * blank a space, never two spaces in a row, none after a line break; line breaks stay.
 *
 * One pass, no allocation. `out` must hold fold_bound(len) bytes; bytes behind the result up to
 * that bound are scratch, so whole blocks can be stored. It knows nothing of rules or words. Pure,
 * thread-safe. fold_map is the same pass, slower, and also tells from which code point of the
 * original every byte came; the analyzer calls it only for posts whose findings are shown. */
#ifndef DF_ANALYZER_FOLD_H
#define DF_ANALYZER_FOLD_H

#include <stdint.h>

#include "analyzer/fold_table.h"
#include "core/str.h"

#define FOLD_MAX_MARKS 30 /* combining marks kept on one character (Unicode's Stream-Safe limit) */

struct fold_stats {
    uint32_t tags[8]; /* how many characters spoke for which script: enum fold_tag */
    uint32_t upper;   /* ASCII capitals */
};

enum fold_level { FOLD_PLAIN_C, FOLD_BASE, FOLD_BEST }; /* for tests: all give the same */

static inline size_t fold_bound(size_t len)
{
    return len * 12 + 128; /* the longest mapping makes 33 bytes of 3; a space follows nothing */
}

size_t fold_text(struct str in, char *out, struct fold_stats *stats); /* bytes written */
/* map[i] = index of the original code point that byte i came from; map[result] = their count. */
size_t fold_map(struct str in, char *out, uint32_t *map);
size_t fold_at(enum fold_level level, struct str in, char *out, struct fold_stats *stats);

/* Careful path, fold_join.c: text starting with one base character (possibly none) and its marks.
 * Returns bytes written, at most 12 times the bytes read. */
size_t fold_join(const char *p, size_t len, char *out);

#endif
