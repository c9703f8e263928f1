/* rows.h: adding up rows of weights: int16 rows of one width, many of them, into int32 sums. The
 * inner loop of scoring. The best form the processor has is chosen once (rows_adder); all give
 * the same sums. Knows nothing of what the columns mean. */
#ifndef DF_ANALYZER_ROWS_H
#define DF_ANALYZER_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* sum[0 .. groups × 8) += each row, which begins at rows[which[i] × 8]. groups, the width, is 4 or
 * ROW_GROUPS; rows are aligned to 16 bytes, sum to nothing. */
typedef void rows_add_fn(int32_t *sum, const int16_t *rows, const uint32_t *which, size_t n,
                         uint32_t groups);

rows_add_fn *rows_adder(void);
rows_add_fn rows_add_plain; /* for tests */

#endif
