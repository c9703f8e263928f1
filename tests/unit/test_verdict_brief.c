/* The quick writer of brief lines against the general one, on random verdicts. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include "model/verdict.h"

Test(verdict_brief, writes_what_the_general_writer_writes)
{
    srand(7);
    for (int i = 0; i < 50000; i++) {
        struct verdict v = {.id = i % 3 ? STR("a/\"1\"\n壞") : STR(""), .lang = STR("zh-Hant"),
                            .sentiment = rand() % SENTIMENTS, .urgency = rand() % URGENCIES,
                            .category = rand() % CATEGORIES, .ask = rand() % ASKS,
                            .motive = rand() % MOTIVES,
                            .feelings = (uint32_t)rand() & ((1u << FEELINGS) - 1),
                            .needs_reply = rand() % 2, .ruleset = STR("0123456789abcdef")};
        v.score = nearbyint((rand() % 20001) - 10000.0) / 10000;
        struct buf a = BUF_INIT(1 << 16), b = BUF_INIT(1 << 16);
        verdict_put_json(&a, &v, true);
        verdict_put_brief(&b, &v);
        cr_assert(str_eq(buf_view(&a), buf_view(&b)), "%s\n%s", a.ptr, b.ptr);
        buf_free(&a);
        buf_free(&b);
    }
}
