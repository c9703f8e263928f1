/* fold_avx2.c: the folding pass compiled for AVX2; fold.c calls it only where the processor
 * has it. Empty on other machines. */
#if defined(__x86_64__)
#include <immintrin.h>
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

#define DF_SIMD_AVX2 1
#define FOLD_NAME(x) fold_avx2_##x
#include "analyzer/fold_pass.h"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#else
typedef int fold_avx2_unused; /* a file must hold something */
#endif
