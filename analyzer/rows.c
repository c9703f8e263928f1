/* rows.c: rows of weights added up, eight slots at a time, the sums kept in registers. */
#include "analyzer/rows.h"

#include <string.h>

#include "analyzer/image.h"

typedef int16_t narrow8 __attribute__((vector_size(16)));
typedef int32_t wide8 __attribute__((vector_size(32)));

/* Eight weights widened. Compilers make several steps of __builtin_convertvector where AVX2 has
 * one. */
#if defined(__x86_64__)
#include <immintrin.h>
#define widen_avx2(p) ((wide8)_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)(p))))
#endif

#define widen_plain(p) __builtin_convertvector(*(const narrow8 *)(const void *)(p), wide8)

/* The loop, for one width and one way to widen: the sums stay in registers. */
#define ADD_ROWS(groups, widen)                                                                \
    do {                                                                                       \
        wide8 acc[groups];                                                                     \
        memcpy(acc, sum, sizeof acc);                                                          \
        for (size_t i = 0; i < n; i++) {                                                       \
            const int16_t *row = rows + (size_t)which[i] * ROW_GROUP;                          \
            for (int g = 0; g < (groups); g++)                                                 \
                acc[g] += widen(row + g * ROW_GROUP);                                          \
        }                                                                                      \
        memcpy(sum, acc, sizeof acc);                                                          \
    } while (0)

void rows_add_plain(int32_t *sum, const int16_t *rows, const uint32_t *which, size_t n,
                    uint32_t groups)
{
    if (groups == 4)
        ADD_ROWS(4, widen_plain);
    else
        ADD_ROWS(ROW_GROUPS, widen_plain);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rows_add_avx2(int32_t *sum, const int16_t *rows,
                                                          const uint32_t *which, size_t n,
                                                          uint32_t groups)
{
    if (groups == 4)
        ADD_ROWS(4, widen_avx2);
    else
        ADD_ROWS(ROW_GROUPS, widen_avx2);
}

rows_add_fn *rows_adder(void)
{
    return __builtin_cpu_supports("avx2") ? rows_add_avx2 : rows_add_plain;
}
#else
rows_add_fn *rows_adder(void)
{
    return rows_add_plain;
}
#endif
