/* rating.h: a rating as written → 1–5. Reads "4,5", "8/10", "80%", "★★★★☆", words in English and
 * Chinese; the scale comes with the value, from the pack, or is 1–5. Pure. */
#ifndef DF_COLLECTOR_RATING_H
#define DF_COLLECTOR_RATING_H

#include "core/str.h"

struct rating_scale {
    double worst, best; /* NaN = not given */
};

/* NaN when it cannot be read or lies outside its scale. */
double rating_read(struct str s, struct rating_scale given, struct rating_scale pack);

#endif
