/* rows.c: rows of weights added up, eight slots at a time, the sums kept in registers. */
#include "analyzer/rows.h"

#include <string.h>

#include "analyzer/image.h"

typedef int16_t narrow8 __attribute__((vector_size(16)));
typedef int32_t wide8 __attribute__((vector_size(32)));

/* `groups` is a constant wherever this is inlined. */
static inline __attribute__((always_inline)) void add(int32_t *sum, const int16_t *rows,
                                                      const uint32_t *which, size_t n,
                                                      const uint32_t groups)
{
    wide8 acc[ROW_GROUPS];
    memcpy(acc, sum, groups * sizeof *acc);
    for (size_t i = 0; i < n; i++) {
        const int16_t *row = rows + (size_t)which[i] * groups * ROW_GROUP;
        for (uint32_t g = 0; g < groups; g++) {
            narrow8 w;
            memcpy(&w, row + g * ROW_GROUP, sizeof w);
            acc[g] += __builtin_convertvector(w, wide8);
        }
    }
    memcpy(sum, acc, groups * sizeof *acc);
}

static inline __attribute__((always_inline)) void add_any(int32_t *sum, const int16_t *rows,
                                                          const uint32_t *which, size_t n,
                                                          uint32_t groups)
{
    if (groups == 4)
        add(sum, rows, which, n, 4);
    else
        add(sum, rows, which, n, ROW_GROUPS);
}

void rows_add_plain(int32_t *sum, const int16_t *rows, const uint32_t *which, size_t n,
                    uint32_t groups)
{
    add_any(sum, rows, which, n, groups);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rows_add_avx2(int32_t *sum, const int16_t *rows,
                                                          const uint32_t *which, size_t n,
                                                          uint32_t groups)
{
    add_any(sum, rows, which, n, groups);
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
