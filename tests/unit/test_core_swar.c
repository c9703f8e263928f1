/* Every byte at every place of a word, beside neighbours that could carry or borrow into it. */
#include <criterion/criterion.h>

#include "core/swar.h"

static const unsigned char beside[] = {0x00, 0x01, 0x1f, ' ', '!', '"', '#', '\\', 0x7f};

/* The highest bit of the byte at place i of a word in memory. */
static uint64_t top_of(size_t i)
{
    unsigned char bytes[8] = {0};
    bytes[i] = 0x80;
    return swar_load(bytes);
}

Test(core_swar, masks_name_the_bytes_that_fit)
{
    for (size_t b = 0; b < sizeof beside; b++)
        for (size_t i = 0; i < 8; i++)
            for (unsigned c = 0; c < 256; c++) {
                unsigned char bytes[8];
                uint64_t is = 0, below = 0, range = 0;
                memset(bytes, beside[b], sizeof bytes);
                bytes[i] = (unsigned char)c;
                for (size_t k = 0; k < 8; k++) {
                    is |= bytes[k] == '"' ? top_of(k) : 0;
                    below |= bytes[k] < ' ' ? top_of(k) : 0;
                    range |= bytes[k] >= '!' && bytes[k] <= '[' ? top_of(k) : 0;
                }
                uint64_t v = swar_load(bytes);
                cr_assert_eq(swar_is(v, '"'), is, "byte %u at %zu", c, i);
                cr_assert_eq(swar_below(v, ' '), below, "byte %u at %zu", c, i);
                cr_assert_eq(swar_range(v, '!', '['), range, "byte %u at %zu", c, i);
                if (c >= 0x80)
                    continue;
                cr_assert_eq(swar_ascii_is(v, '"') != 0, is != 0, "byte %u at %zu", c, i);
                cr_assert_eq(swar_ascii_below(v, ' ') != 0, below != 0, "byte %u at %zu", c, i);
            }
}

Test(core_swar, neighbours_that_fit_are_a_pair)
{
    for (size_t i = 0; i + 1 < 8; i++) {
        cr_assert(swar_pair(top_of(i) | top_of(i + 1)));
        cr_assert_not(swar_pair(top_of(i) | (i + 2 < 8 ? top_of(i + 2) : 0)));
    }
}
