/* fold_join.c: the careful path of folding: one base character with the marks that follow it.
 * The only file of the analyzer that uses utf8proc when the program runs. */
#include <stdlib.h>
#include <utf8proc.h>

#include "analyzer/fold.h"
#include "core/utf8.h"

size_t fold_join(const char *p, size_t len, char *out)
{
    utf8proc_uint8_t raw[(FOLD_MAX_MARKS + 1) * 4 + 1];
    size_t n = 0, marks = 0, wrote = 0;
    for (size_t i = 0; i < len;) {
        size_t k;
        uint32_t cp = utf8_get(p + i, len - i, &k);
        bool drop = fold_action(fold_entry(cp)) == FOLD_DROP;
        if (!drop && marks++ <= FOLD_MAX_MARKS && n + k < sizeof raw) {
            bool acute = cp == 0xB4; /* an apostrophe to us: see tools/gen_fold.c */
            memcpy(raw + n, acute ? "'" : p + i, acute ? 1 : k);
            n += acute ? 1 : k;
        }
        i += k;
    }
    raw[n] = 0;
    utf8proc_uint8_t *norm = NULL;
    utf8proc_ssize_t got = utf8proc_map(
        raw, (utf8proc_ssize_t)n, &norm,
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (got < 0)
        return 0; /* only unassigned rubbish is refused; nothing can be matched in it */
    for (utf8proc_ssize_t i = 0; i < got;) {
        size_t k;
        uint32_t e = fold_entry(utf8_get((char *)norm + i, (size_t)(got - i), &k));
        if (fold_action(e) >= FOLD_PUT1 && fold_action(e) <= FOLD_PUT3) {
            for (unsigned b = 0; b < fold_action(e); b++)
                out[wrote++] = (char)(e >> (8 + 8 * b));
        } else if (fold_action(e) == FOLD_SPACE) {
            out[wrote++] = ' ';
        } else {
            memcpy(out + wrote, norm + i, k);
            wrote += k;
        }
        i += (utf8proc_ssize_t)k;
    }
    free(norm);
    return wrote;
}
