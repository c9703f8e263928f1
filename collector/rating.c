#include "collector/rating.h"

#include <math.h>

static const struct {
    const char *word;
    double stars;
} words[] = {
    {"one", 1}, {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"recommended", 5},
    {"not recommended", 1}, {"positive", 5}, {"negative", 1}, {"neutral", 3}, {"mixed", 3},
    {"true", 5}, {"false", 1}, {"excellent", 5}, {"good", 4}, {"average", 3}, {"poor", 2},
    {"terrible", 1}, {"bad", 1}, {"好评", 5}, {"中评", 3}, {"差评", 1}, {"好評", 5},
    {"中評", 3}, {"差評", 1}, {"力荐", 5}, {"推荐", 4}, {"还行", 3}, {"较差", 2}, {"很差", 1},
};

/* A number with '.' or ',' for the decimals; moves *at behind it. */
static bool number_at(struct str s, size_t *at, double *out)
{
    char z[32];
    size_t n = 0, i = *at;
    while (i < s.len && n < sizeof z - 1 &&
           ((s.ptr[i] >= '0' && s.ptr[i] <= '9') || ((s.ptr[i] == '.' || s.ptr[i] == ',') && n) ||
            (s.ptr[i] == '-' && n == 0))) {
        z[n++] = s.ptr[i] == ',' ? '.' : s.ptr[i];
        i++;
    }
    while (n && z[n - 1] == '.') /* the full stop of a sentence */
        n--, i--;
    z[n] = '\0';
    if (!str_f64(str_of(z), out))
        return false;
    *at = i;
    return true;
}

static size_t count_of(struct str s, const char *mark)
{
    size_t n = 0, len = strlen(mark);
    for (size_t i = 0; i + len <= s.len; i++)
        n += memcmp(s.ptr + i, mark, len) == 0;
    return n;
}

static double on_scale(double v, double worst, double best)
{
    if (!(best > worst) || v < worst - 1e-9 || v > best + 1e-9)
        return NAN;
    return round((1 + 4 * (v - worst) / (best - worst)) * 100) / 100;
}

static double pick(double a, double b, double otherwise)
{
    return !isnan(a) ? a : !isnan(b) ? b : otherwise;
}

double rating_read(struct str s, struct rating_scale given, struct rating_scale pack)
{
    double v, of;
    size_t at = 0;
    s = str_trim(s);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_ieq(s, str_of(words[i].word)))
            return words[i].stars;
    size_t stars = count_of(s, "★");
    if (stars) {
        double all = (double)(stars + count_of(s, "☆"));
        return on_scale((double)stars, 1, all > 5 ? all : 5);
    }
    while (at < s.len && !((s.ptr[at] >= '0' && s.ptr[at] <= '9') ||
                           (s.ptr[at] == '-' && at + 1 < s.len)))
        at++; /* "Rated 4.5 out of 5" */
    if (!number_at(s, &at, &v))
        return NAN;
    struct str rest = str_trim(str_sub(s, at, s.len));
    if (str_starts(rest, STR("%")))
        return on_scale(v, 0, 100);
    double best = pick(given.best, pack.best, 5);
    double worst = pick(given.worst, isnan(given.best) ? pack.worst : NAN, best > 10 ? 0 : 1);
    size_t slash = str_starts(rest, STR("/")) ? 1 : str_starts(rest, STR("out of")) ? 6 : 0;
    if (slash) {
        rest = str_trim(str_sub(rest, slash, rest.len));
        at = 0;
        if (number_at(rest, &at, &of) && of > 0) {
            best = of;
            worst = of > 10 ? 0 : 1;
        }
    }
    if (v < worst && v >= 0) /* 0.5 of 5: the scale begins at 0 */
        worst = 0;
    return on_scale(v, worst, best);
}
