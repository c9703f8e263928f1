/* overall.h: what a place says of all its reviews together, at one moment: "4.3 of 5 from 1,204".
 * Plain data; a series of them is kept (storage/store.h, ratings). Must not know where it is from. */
#ifndef DF_MODEL_OVERALL_H
#define DF_MODEL_OVERALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

struct overall {
    struct str about;  /* which thing on the page or in the answer; "" = the only one */
    struct str rating; /* as written there */
    double stars;      /* the same on our scale of 1 to 5 */
    double best;       /* the highest that can be given there; NaN unknown */
    int64_t ratings, reviews; /* how many stand behind it; -1 unknown */
};

/* Nothing of it changed, whatever it is about. */
bool overall_same(const struct overall *, const struct overall *);

#endif
