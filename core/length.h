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
const char *length_unit_name(enum length_unit unit);      /* "chars", "graphemes", … */
int length_unit_of(struct str name);                      /* -1 unknown */

#endif
