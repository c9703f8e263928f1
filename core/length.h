/* length.h: how long a text is in the unit a channel counts in. Pure. */
#ifndef DF_CORE_LENGTH_H
#define DF_CORE_LENGTH_H

#include "core/str.h"

enum length_unit {
    LENGTH_CHARS,     /* code points */
    LENGTH_GRAPHEMES, /* what a reader sees as one character */
    LENGTH_UTF16,     /* 16-bit units: Java, JavaScript, Windows */
    LENGTH_BYTES,     /* of UTF-8 */
    LENGTH_WEIGHTED,  /* X: CJK and emoji count two, URLs 23 */
    LENGTH_UNITS
};

size_t length_count(struct str s, enum length_unit unit); /* invalid bytes count one */
/* The longest beginning of s that is at most max long and ends at the border of what a reader
 * sees as one character: never half an emoji, never an accent torn off its letter. */
struct str length_cut(struct str s, enum length_unit unit, size_t max);
const char *length_unit_name(enum length_unit unit);      /* "chars", "graphemes", … */
int length_unit_of(struct str name);                      /* -1 unknown */

#endif
