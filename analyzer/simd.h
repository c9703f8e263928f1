/* simd.h: the few byte-block operations folding and cutting need, for the instruction set the
 * including file asks for: DF_SIMD_AVX2 (x86 chosen at run time), else what the compiler's target
 * has (SSE2, NEON), else 8 bytes in a plain register. Every level gives identical results
 * (tests/unit/test_fold.c compares them). Blocks may be unaligned. Private to analyzer/.
 *
 * A mask has SIMD_STEP bits for each byte, lowest first; simd_first gives the first set byte. */
#ifndef DF_ANALYZER_SIMD_H
#define DF_ANALYZER_SIMD_H

#include <stdint.h>
#include <string.h>

#include "core/swar.h"

#if defined(DF_SIMD_PLAIN)
#define SIMD_WORD8 1
#elif defined(DF_SIMD_AVX2)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#else
#define SIMD_WORD8 1
#endif

#if defined(SIMD_WORD8)
#define SIMD_WIDTH 8
#define SIMD_STEP 8
typedef uint64_t simd_mask;
typedef uint64_t simd_block;

static inline simd_block simd_load(const void *p)
{
    uint64_t v = swar_load(p);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

static inline void simd_store(void *p, simd_block v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    memcpy(p, &v, 8);
}

static inline simd_mask simd_high(simd_block v)
{
    return v & SWAR_HIGH;
}

/* Bytes within lo..hi, both ASCII; bytes above 0x7F are outside. */
static inline simd_mask simd_range(simd_block v, unsigned char lo, unsigned char hi)
{
    return swar_range(v, lo, hi);
}

static inline simd_block simd_lower(simd_block v)
{
    return v | simd_range(v, 'A', 'Z') >> 2;
}

#elif defined(DF_SIMD_AVX2)
#define SIMD_WIDTH 32
#define SIMD_STEP 1
typedef uint32_t simd_mask;
typedef __m256i simd_block;

static inline simd_block simd_load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

static inline void simd_store(void *p, simd_block v)
{
    _mm256_storeu_si256((__m256i *)p, v);
}

static inline simd_mask simd_high(simd_block v)
{
    return (simd_mask)_mm256_movemask_epi8(v);
}

static inline simd_block simd_within(simd_block v, unsigned char lo, unsigned char hi)
{
    simd_block above = _mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)(lo - 1)));
    if (hi == 0x7F)
        return above; /* signed bytes: nothing is larger */
    return _mm256_and_si256(above, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(hi + 1)), v));
}

static inline simd_mask simd_range(simd_block v, unsigned char lo, unsigned char hi)
{
    return (simd_mask)_mm256_movemask_epi8(simd_within(v, lo, hi));
}

static inline simd_block simd_lower(simd_block v)
{
    return _mm256_or_si256(v,
                           _mm256_and_si256(simd_within(v, 'A', 'Z'), _mm256_set1_epi8(0x20)));
}

#elif defined(__SSE2__)
#define SIMD_WIDTH 16
#define SIMD_STEP 1
typedef uint32_t simd_mask;
typedef __m128i simd_block;

static inline simd_block simd_load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

static inline void simd_store(void *p, simd_block v)
{
    _mm_storeu_si128((__m128i *)p, v);
}

static inline simd_mask simd_high(simd_block v)
{
    return (simd_mask)_mm_movemask_epi8(v);
}

static inline simd_block simd_within(simd_block v, unsigned char lo, unsigned char hi)
{
    simd_block above = _mm_cmpgt_epi8(v, _mm_set1_epi8((char)(lo - 1)));
    if (hi == 0x7F)
        return above; /* signed bytes: nothing is larger */
    return _mm_and_si128(above, _mm_cmpgt_epi8(_mm_set1_epi8((char)(hi + 1)), v));
}

static inline simd_mask simd_range(simd_block v, unsigned char lo, unsigned char hi)
{
    return (simd_mask)_mm_movemask_epi8(simd_within(v, lo, hi));
}

static inline simd_block simd_lower(simd_block v)
{
    return _mm_or_si128(v, _mm_and_si128(simd_within(v, 'A', 'Z'), _mm_set1_epi8(0x20)));
}

#else /* NEON */
#define SIMD_WIDTH 16
#define SIMD_STEP 4
typedef uint64_t simd_mask;
typedef uint8x16_t simd_block;

static inline simd_block simd_load(const void *p)
{
    return vld1q_u8(p);
}

static inline void simd_store(void *p, simd_block v)
{
    vst1q_u8(p, v);
}

static inline simd_mask simd_narrow(uint8x16_t full)
{
    uint8x8_t n = vshrn_n_u16(vreinterpretq_u16_u8(full), 4);
    return vget_lane_u64(vreinterpret_u64_u8(n), 0) & 0x8888888888888888ull;
}

static inline simd_mask simd_high(simd_block v)
{
    return simd_narrow(vcgeq_u8(v, vdupq_n_u8(0x80)));
}

static inline simd_block simd_within(simd_block v, unsigned char lo, unsigned char hi)
{
    return vandq_u8(vcgeq_u8(v, vdupq_n_u8(lo)), vcleq_u8(v, vdupq_n_u8(hi)));
}

static inline simd_mask simd_range(simd_block v, unsigned char lo, unsigned char hi)
{
    return simd_narrow(simd_within(v, lo, hi));
}

static inline simd_block simd_lower(simd_block v)
{
    return vorrq_u8(v, vandq_u8(simd_within(v, 'A', 'Z'), vdupq_n_u8(0x20)));
}
#endif

static inline unsigned simd_first(simd_mask m)
{
    return (unsigned)__builtin_ctzll(m) / SIMD_STEP;
}

static inline unsigned simd_count(simd_mask m)
{
#if SIMD_STEP == 1
    return (unsigned)__builtin_popcount(m);
#else
    return (unsigned)__builtin_popcountll(m); /* one bit set a byte */
#endif
}

/* The bytes before byte n of a mask; n < SIMD_WIDTH. */
static inline simd_mask simd_before(simd_mask m, unsigned n)
{
    return m & (((simd_mask)1 << (n * SIMD_STEP)) - 1);
}

#endif
