/* lint_numbers.c: check digits. A rule finds what looks like a number of some kind; this says
 * whether it can be one, so that article numbers are not taken for cards and papers. */
#include <ctype.h>

#include "reply/lint_private.h"

enum { NUMBER_MAX = 40 };

/* Digits and letters alone, letters large. */
static size_t squeeze(struct str s, char out[NUMBER_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < NUMBER_MAX - 1; i++)
        if (isalnum((unsigned char)s.ptr[i]))
            out[n++] = (char)toupper((unsigned char)s.ptr[i]);
    out[n] = 0;
    return n;
}

static bool luhn(const char *d, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int v = d[n - 1 - i] - '0';
        if (v < 0 || v > 9)
            return false;
        if (i % 2)
            v = v * 2 > 9 ? v * 2 - 9 : v * 2;
        sum += v;
    }
    return n >= 13 && n <= 19 && sum % 10 == 0;
}

static bool id_cn(const char *d, size_t n) /* GB 11643: ISO 7064 MOD 11-2 */
{
    static const int w[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    if (n != 18)
        return false;
    for (int i = 0; i < 17; i++)
        sum += (d[i] - '0') * w[i];
    return d[17] == "10X98765432"[sum % 11];
}

static bool id_tw(const char *d, size_t n)
{
    /* The letter stands for a two-digit number; the order is by issuing place. */
    static const char order[] = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    const char *p = n == 10 ? strchr(order, d[0]) : NULL;
    if (!p || !d[0])
        return false;
    int code = (int)(p - order) + 10, sum = code / 10 + code % 10 * 9;
    for (int i = 1; i < 9; i++)
        sum += (d[i] - '0') * (9 - i);
    return (sum + d[9] - '0') % 10 == 0;
}

static bool id_hk(const char *d, size_t n) /* one or two letters, six digits, check digit */
{
    if (n != 8 && n != 9)
        return false;
    int sum = 0, weight = 9, i = 0;
    sum += n == 9 ? (d[i++] - 'A' + 10) * weight : 36 * weight;
    for (weight--; weight > 1; weight--, i++)
        sum += (isdigit((unsigned char)d[i]) ? d[i] - '0' : d[i] - 'A' + 10) * weight;
    int check = d[i] == 'A' ? 10 : d[i] - '0';
    return (sum + check) % 11 == 0;
}

static bool iban(const char *d, size_t n) /* ISO 13616: MOD 97-10 over the rotated text */
{
    unsigned rest = 0;
    if (n < 15 || n > 34)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = d[(i + 4) % n];
        unsigned v = isdigit((unsigned char)c) ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
        rest = (v > 9 ? rest * 100 + v : rest * 10 + v) % 97;
    }
    return rest == 1;
}

static const struct {
    const char *rule;
    bool (*valid)(const char *, size_t);
} kinds[] = {{"data.card", luhn},   {"data.id-cn", id_cn}, {"data.id-tw", id_tw},
             {"data.id-hk", id_hk}, {"data.iban", iban}};

bool lint_number_valid(struct str rule, struct str text)
{
    char digits[NUMBER_MAX];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_is(rule, kinds[i].rule))
            return kinds[i].valid(digits, squeeze(text, digits));
    return true;
}
