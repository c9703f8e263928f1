/* fold_pass.h: the folding loop, included once per instruction set by fold.c and fold_avx2.c
 * with FOLD_PASS set to the function's name. Not a header for anyone else. */
#include "analyzer/fold.h"
#include "analyzer/fold_private.h"
#include "analyzer/simd.h"

/* ASCII up to the first other byte: blocks while they last, a padded copy for the rest. Returns
 * bytes read. Blocks with blanks to squeeze or control characters go the byte-wise way. */
static inline __attribute__((always_inline)) size_t
FOLD_NAME(ascii)(struct fold_run *r, const char *p, const char *end)
{
    const char *start = p;
    while (p < end) {
        simd_block v;
        size_t have = (size_t)(end - p);
        if (have >= SIMD_WIDTH) {
            v = simd_load(p);
            have = SIMD_WIDTH;
        } else {
            char pad[SIMD_WIDTH];
            memset(pad, 'x', sizeof pad);
            memcpy(pad, p, have);
            v = simd_load(pad);
        }
        simd_mask high = simd_high(v);
        simd_mask blank = simd_range(v, ' ', ' ');
        simd_mask odd = simd_range(v, 0, 0x1F) | simd_range(v, 0x7F, 0x7F);
        size_t n = high ? simd_first(high) : have;
        if (n > have)
            n = have;
        if (n < SIMD_WIDTH) {
            odd = simd_before(odd, (unsigned)n);
            blank = simd_before(blank, (unsigned)n);
        }
        odd |= blank & blank << SIMD_STEP;
        if (odd || ((blank & 1u << (SIMD_STEP - 1)) && fold_after_blank(r))) {
            fold_bytes(r, p, n);
        } else {
            simd_mask upper = simd_range(v, 'A', 'Z');
            if (n < SIMD_WIDTH)
                upper = simd_before(upper, (unsigned)n);
            simd_store(r->out, simd_lower(v));
            if (upper)
                r->stats->upper += simd_count(upper);
            fold_mark(r, n);
            r->out += n;
        }
        p += n;
        if (high && n < have)
            break;
    }
    return (size_t)(p - start);
}

/* Chinese: characters of three bytes that stay as they are or become others of three bytes. Counts
 * their tags; stops at anything else. Returns bytes read. */
static inline __attribute__((always_inline)) size_t
FOLD_NAME(wide)(struct fold_run *r, const char *p, const char *end, uint64_t *tags, int *room)
{
    const char *start = p;
    char *out = r->out;
    for (; end - p >= 4 && *room > 0; --*room, p += 3, out += 3) {
        uint32_t v = fold_load4(p);
        if ((v & 0xC0C0F0) != 0x8080E0)
            break;
        uint32_t cp = (v & 15) << 12 | (v >> 8 & 63) << 6 | (v >> 16 & 63);
        uint32_t e = fold_entry(cp), act = e & 7;
        bool stays = act == FOLD_COPY;
        if ((!stays && act != FOLD_PUT3) || cp < 0x800 || cp - 0xD800 < 0x800)
            break;
        fold_store4(out, stays ? v : e >> 8);
        *tags += 1ull << (fold_tag(e) * 8);
        if (r->map) {
            r->map[out - r->begin] = r->map[out - r->begin + 1] = r->map[out - r->begin + 2] = r->cp;
            r->cp += 1;
        }
    }
    r->out = out;
    return (size_t)(p - start);
}

size_t FOLD_NAME(pass)(struct str in, char *out, uint32_t *map, struct fold_stats *stats)
{
    struct fold_run r = {.begin = out, .out = out, .map = map, .stats = stats,
                         .text = in.ptr, .end = in.ptr + in.len};
    const char *p = in.ptr, *end = r.end;
    while (p < end) {
        if (!((unsigned char)*p & 0x80)) {
            p += FOLD_NAME(ascii)(&r, p, end);
            continue;
        }
        uint64_t tags = 0; /* eight counters of eight bits, emptied before any can overflow */
        for (int room = 255; room > 0 && p < end && ((unsigned char)*p & 0x80); room--) {
            p += FOLD_NAME(wide)(&r, p, end, &tags, &room);
            if (room == 0 || !((unsigned char)*p & 0x80))
                break;
            const unsigned char *u = (const unsigned char *)p;
            uint32_t cp;
            size_t n;
            if ((u[0] & 0xF0) == 0xE0 && end - p >= 3 && (u[1] & 0xC0) == 0x80 &&
                (u[2] & 0xC0) == 0x80) {
                cp = (uint32_t)(u[0] & 15) << 12 | (uint32_t)(u[1] & 63) << 6 | (u[2] & 63u);
                n = 3;
                if (cp < 0x800 || (cp >= 0xD800 && cp < 0xE000))
                    n = 0;
            } else {
                n = fold_decode(p, (size_t)(end - p), &cp);
            }
            if (!n) {
                fold_put(&r, "\xEF\xBF\xBD", 3);
                p++;
                continue;
            }
            uint32_t e = fold_entry(cp);
            tags += 1ull << (fold_tag(e) * 8);
            enum fold_action act = fold_action(e);
            if (__builtin_expect(act - 1u < 3, 1)) {
                uint32_t bytes = e >> 8;
                r.out[0] = (char)bytes;
                r.out[1] = (char)(bytes >> 8);
                r.out[2] = (char)(bytes >> 16);
                fold_mark_one(&r, act);
                r.out += act;
            } else if (act == FOLD_COPY) {
                for (size_t i = 0; i < n; i++)
                    r.out[i] = p[i];
                fold_mark_one(&r, n);
                r.out += n;
            } else {
                n = fold_rare(&r, p, n, e);
            }
            p += n;
        }
        for (unsigned t = 0; t < FOLD_TAGS; t++)
            stats->tags[t] += (uint32_t)(tags >> (t * 8)) & 255;
    }
    if (map)
        map[r.out - out] = r.cp;
    return (size_t)(r.out - out);
}
