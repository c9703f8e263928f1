/* swar.h: eight bytes looked at in one go, on any machine and for any bytes. A mask has the highest
 * bit of each byte that fits set and no other; the order of the bytes is the machine's, so masks
 * are only asked whether they are zero or hold neighbours. */
#ifndef DF_CORE_SWAR_H
#define DF_CORE_SWAR_H

#include <stdint.h>
#include <string.h>

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGH (SWAR_ONES * 0x80)

static inline uint64_t swar_load(const void *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t swar_is(uint64_t v, unsigned char c)
{
    uint64_t x = v ^ SWAR_ONES * c;
    return ~(((x & ~SWAR_HIGH) + ~SWAR_HIGH) | x) & SWAR_HIGH;
}

static inline uint64_t swar_below(uint64_t v, unsigned char limit) /* limit ≤ 0x80 */
{
    return ~(((v & ~SWAR_HIGH) + SWAR_ONES * (unsigned char)(0x80 - limit)) | v) & SWAR_HIGH;
}

static inline uint64_t swar_range(uint64_t v, unsigned char lo, unsigned char hi) /* hi < 0x80 */
{
    uint64_t low7 = v & ~SWAR_HIGH;
    uint64_t from_lo = low7 + SWAR_ONES * (0x80u - lo);
    uint64_t past_hi = low7 + SWAR_ONES * (0x7Fu - hi);
    return from_lo & ~past_hi & ~v & SWAR_HIGH;
}

/* The same at half the cost, where bytes from 0x80 on do not matter (they may say anything): whether
 * a byte fits at all; behind the first that does, in a little-endian word, the mask may err. */
static inline uint64_t swar_ascii_is(uint64_t v, unsigned char c)
{
    return ((v ^ SWAR_ONES * c) - SWAR_ONES) & SWAR_HIGH;
}

static inline uint64_t swar_ascii_below(uint64_t v, unsigned char limit)
{
    return (v - SWAR_ONES * limit) & SWAR_HIGH;
}

/* Two that fit stand side by side. */
static inline uint64_t swar_pair(uint64_t mask)
{
    return mask & mask << 8;
}

#endif
