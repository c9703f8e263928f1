#include "model/overall.h"

#include <math.h>

static bool equal(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) < 1e-9;
}

bool overall_same(const struct overall *a, const struct overall *b)
{
    return equal(a->stars, b->stars) && str_eq(a->rating, b->rating) && equal(a->best, b->best) &&
           a->ratings == b->ratings && a->reviews == b->reviews;
}
