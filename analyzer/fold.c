/* fold.c: the folding pass for the compiler's own instruction set, the choice of the best one at
 * run time, and the rare cases that all of them share. */
#include "analyzer/fold.h"

#include "analyzer/fold_private.h"
#include "core/utf8.h"

#define FOLD_NAME(x) fold_base_##x
#include "analyzer/fold_pass.h"

size_t fold_decode(const char *p, size_t n, uint32_t *cp)
{
    size_t len = utf8_valid_len(p, n);
    if (len)
        *cp = utf8_get(p, n, &len);
    return len;
}

static void fold_blank(struct fold_run *r)
{
    if (fold_after_blank(r)) {
        r->cp += r->map ? 1 : 0;
        return;
    }
    fold_put(r, " ", 1);
}

void fold_bytes(struct fold_run *r, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c == '\n') {
            fold_put(r, "\n", 1);
        } else if (c <= ' ' || c == 0x7F) {
            fold_blank(r);
        } else {
            bool upper = c >= 'A' && c <= 'Z';
            char lower = (char)(upper ? c | 0x20 : c);
            r->stats->upper += upper;
            fold_put(r, &lower, 1);
        }
    }
}

/* Start of the character before p that a mark at p attaches to, or p when there is none: blanks
 * and broken bytes carry nothing; dropped characters are looked through. */
static const char *fold_base_before(const struct fold_run *r, const char *p, uint32_t *back_out)
{
    const char *q = p;
    uint32_t back = 0;
    while (q > r->text) {
        const char *s = q - 1;
        while (s > r->text && q - s < 4 && ((unsigned char)*s & 0xC0) == 0x80)
            s--;
        uint32_t cp;
        size_t n = fold_decode(s, (size_t)(q - s), &cp);
        if (!n || s + n != q)
            return p;
        back++;
        enum fold_action act = fold_action(fold_entry(cp));
        if (act == FOLD_DROP) {
            q = s;
            continue;
        }
        if (act == FOLD_SPACE || act == FOLD_JOIN || cp <= ' ' || cp == 0x7F)
            return p;
        *back_out = back;
        return s;
    }
    return p;
}

/* A character that may merge with what came before: take back what the base wrote, and let the
 * careful path write base and marks together. */
static size_t fold_joined(struct fold_run *r, const char *p)
{
    uint32_t back = 0;
    const char *base = fold_base_before(r, p, &back);
    const char *q = p;
    uint32_t cps = 0, cp;
    while (q < r->end) {
        size_t n = fold_decode(q, (size_t)(r->end - q), &cp);
        if (!n || (fold_action(fold_entry(cp)) != FOLD_JOIN &&
                   fold_action(fold_entry(cp)) != FOLD_DROP))
            break;
        q += n;
        cps++;
    }
    bool squeezed = false; /* the base began with a blank that a line break had swallowed */
    if (base < p) {
        char scratch[128];
        struct fold_stats ignored = {0};
        uint32_t base_cp;
        size_t n = fold_decode(base, (size_t)(p - base), &base_cp);
        size_t took = fold_plain_pass(str_n(base, n), scratch, NULL, &ignored);
        squeezed = scratch[0] == ' ' && r->out[-(long)took] != ' ';
        r->out -= took - squeezed;
    }
    size_t wrote = fold_join(base, (size_t)(q - base), r->out);
    if (squeezed && wrote)
        memmove(r->out, r->out + 1, --wrote);
    if (r->map) {
        for (size_t i = 0; i < wrote; i++)
            r->map[r->out - r->begin + (long)i] = r->cp - back;
        r->cp += cps;
    }
    r->out += wrote;
    return (size_t)(q - p);
}

size_t fold_rare(struct fold_run *r, const char *p, size_t n, uint32_t entry)
{
    const unsigned char *text;
    switch (fold_action(entry)) {
    case FOLD_DROP:
        r->cp += r->map ? 1 : 0;
        return n;
    case FOLD_SPACE:
        fold_blank(r);
        return n;
    case FOLD_LONG:
        text = fold_long + (entry >> 8);
        if (text[1] == ' ' && fold_after_blank(r)) /* a mark without a base: blank and mark */
            fold_put(r, (const char *)text + 2, text[0] - 1u);
        else
            fold_put(r, (const char *)text + 1, text[0]);
        return n;
    case FOLD_JOIN:
    default:
        return fold_joined(r, p);
    }
}

static fold_pass_fn *fold_best(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return fold_avx2_pass;
#endif
    return fold_base_pass;
}

size_t fold_text(struct str in, char *out, struct fold_stats *stats)
{
    return fold_best()(in, out, NULL, stats);
}

size_t fold_map(struct str in, char *out, uint32_t *map)
{
    struct fold_stats ignored = {0};
    return fold_best()(in, out, map, &ignored);
}

size_t fold_at(enum fold_level level, struct str in, char *out, struct fold_stats *stats)
{
    fold_pass_fn *pass = level == FOLD_PLAIN_C ? fold_plain_pass
                         : level == FOLD_BASE  ? fold_base_pass
                                               : fold_best();
    return pass(in, out, NULL, stats);
}
