/* fold_plain.c: the folding pass with 8-byte words only: the reference every SIMD level is
 * compared with, and what machines without SIMD run. */
#define DF_SIMD_PLAIN 1
#define FOLD_NAME(x) fold_plain_##x
#include "analyzer/fold_pass.h"
