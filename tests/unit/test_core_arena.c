#include <criterion/criterion.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/limits.h"
#include "core/utf8.h"

Test(arena, a_frame_gives_back_what_it_took)
{
    struct arena *a = arena_new();
    char *kept = arena_strz(a, STR("kept"));
    struct arena_mark m = arena_mark(a);
    size_t before = arena_bytes(a);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(a, 100000), 0xAB, 100000);
    cr_expect_gt(arena_bytes(a), before);
    arena_release(a, m);
    cr_expect_eq(arena_bytes(a), before);
    cr_expect_str_eq(kept, "kept");
    unsigned char *fresh = arena_alloc(a, 64);
    for (int i = 0; i < 64; i++)
        cr_expect_eq(fresh[i], 0, "memory is zeroed though it was used before");
    arena_free(&a);
    cr_expect_null(a);
}

Test(arena, growing_arrays_keep_their_items)
{
    struct arena *a = arena_new();
    int *items = NULL;
    size_t count = 0, cap = 0;
    for (int i = 0; i < 1000; i++)
        *ARENA_PUSH(a, items, count, cap) = i;
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(items[i], i);
    arena_free(&a);
}

Test(utf8, only_the_real_thing_is_valid)
{
    static const struct {
        struct str s;
        bool valid;
    } cases[] = {
        {{"é壞😀", 9}, true},     {{"\xC0\x80", 2}, false},        {{"\xED\xA0\x80", 3}, false},
        {{"\xF4\x90\x80\x80", 4}, false}, {{"\xE5\xA3", 2}, false}, {{"", 0}, true},
        {{"\xF8\x88\x80\x80\x80", 5}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(utf8_valid(cases[i].s), cases[i].valid, "case %zu", i);
}

Test(utf8, repair_marks_each_bad_byte)
{
    struct arena *a = arena_new();
    struct str bad = {"a\xFF\0壞\xE5", 7};
    struct str good = utf8_repair(a, bad);
    cr_expect(str_eq(good, STR("a\xEF\xBF\xBD\xEF\xBF\xBD壞\xEF\xBF\xBD")));
    struct str same = STR("untouched");
    cr_expect_eq(utf8_repair(a, same).ptr, same.ptr, "valid text is not copied");
    arena_free(&a);
}

Test(utf8, every_code_point_survives_a_round_trip)
{
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        char z[4];
        size_t n = utf8_put(z, cp), back;
        cr_assert_eq(utf8_get(z, n, &back), cp);
        cr_assert_eq(back, n);
    }
}

Test(err, a_long_message_is_cut_between_characters)
{
    struct err e;
    char text[1200] = "";
    for (int i = 0; i < 300; i++)
        memcpy(text + 3 * i, "壞", 3);
    cr_expect_eq(err_at(&e, DF_REJECT, "f.yaml", 3, 7, "%s", text), DF_REJECT);
    cr_expect(utf8_valid(str_of(e.text)));
    err_wrap(&e, "while reading %s", "rules");
    cr_expect(utf8_valid(str_of(e.text)));
    char line[2048];
    cr_expect(str_starts(str_of(err_line(&e, line, sizeof line)),
                         STR("f.yaml:3:7: while reading rules: 壞")));
}

Test(err, diags_count_what_they_do_not_keep)
{
    struct diags d = {0};
    for (int i = 0; i < DF_MAX_DIAGS + 50; i++)
        diags_addf(&d, i % 2 ? DIAG_WARNING : DIAG_ERROR, "f", i, 1, "fault %d", i);
    cr_expect_eq(d.count, DF_MAX_DIAGS);
    cr_expect_eq(d.errors + d.warnings, DF_MAX_DIAGS + 50);
    diags_free(&d);
    cr_expect_eq(d.count, 0);
}
