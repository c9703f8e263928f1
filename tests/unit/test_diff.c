#include <criterion/criterion.h>

#include "core/limits.h"
#include "dashboard/diff.h"

static void expect(const char *before, const char *after, const char *want)
{
    static const char marks[] = {[CHANGE_SAME] = '=', [CHANGE_GONE] = '-', [CHANGE_NEW] = '+'};
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(4096);
    struct view_change *c;
    size_t count;

    diff_texts(a, str_of(before), str_of(after), &c, &count);
    for (size_t i = 0; i < count; i++) {
        buf_putc(&b, marks[c[i].kind]);
        buf_str(&b, c[i].text.text);
        buf_putc(&b, ';');
    }
    cr_expect_str_eq(b.ptr ? b.ptr : "", want);
    buf_free(&b);
    arena_free(&a);
}

Test(diff, words_and_characters)
{
    expect("the lid is fine", "the lid is broken", "=the lid is ;-fine;+broken;");
    expect("one star", "two stars", "-one star;+two stars;"); /* hardly anything in common */
    expect("same", "same", "=same;");
    expect("", "new", "+new;");
    expect("old", "", "-old;");
    expect("", "", "");
    expect("退款三週沒有回音", "退款三週已經收到", "=退款三週;-沒有回音;+已經收到;");
}

Test(diff, long_texts_are_shown_whole)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(1 << 20);
    struct view_change *c;
    size_t count;

    for (int i = 0; i <= DF_MAX_DIFF_TOKENS; i++)
        buf_puts(&b, "x ");
    diff_texts(a, buf_view(&b), STR("short"), &c, &count);
    cr_assert_eq(count, 2);
    cr_expect_eq(c[0].kind, CHANGE_GONE);
    cr_expect_eq(c[1].kind, CHANGE_NEW);
    buf_free(&b);
    arena_free(&a);
}
