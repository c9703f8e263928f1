#include <criterion/criterion.h>

#include "dashboard/marks.h"

/* "[text]{ids}" for each piece, so that a whole cut reads as one line. */
static void expect(const char *text, const struct finding *f, size_t n, const char *want)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(4096);
    struct view_piece *p;
    size_t count;

    marks_cut(a, str_of(text), FIELD_TEXT, f, n, &p, &count);
    for (size_t i = 0; i < count; i++) {
        buf_putc(&b, '[');
        buf_str(&b, p[i].text.text);
        buf_putc(&b, ']');
        if (p[i].ids.len) {
            buf_putc(&b, '{');
            buf_str(&b, p[i].ids);
            buf_putc(&b, '|');
            buf_str(&b, p[i].numbers);
            buf_putc(&b, '}');
        }
    }
    cr_expect_str_eq(b.ptr ? b.ptr : "", want);
    buf_free(&b);
    arena_free(&a);
}

Test(marks, spans_are_code_points_and_may_overlap)
{
    static const struct span a[] = {{FIELD_TEXT, 0, 4}}, b[] = {{FIELD_TEXT, 2, 6}},
                             title[] = {{FIELD_TITLE, 0, 2}}, wild[] = {{FIELD_TEXT, 4, 99},
                             {FIELD_TEXT, 3, 3}, {FIELD_TEXT, 5, 1}};
    const struct finding two[] = {{.spans = a, .span_count = 1}, {.spans = b, .span_count = 1}};
    const struct finding other[] = {{.spans = title, .span_count = 1}};
    const struct finding odd[] = {{.spans = wild, .span_count = 3}};

    expect("退款沒有回音！", two, 1, "[退款沒有]{why-1|1}[回音！]");
    expect("退款沒有回音！", two, 2,
           "[退款]{why-1|}[沒有]{why-1 why-2|1}[回音]{why-2|2}[！]");
    expect("plain", other, 1, "[plain]");
    expect("short", odd, 1, "[short]");
    expect("", two, 2, "");
    expect("nothing", NULL, 0, "[nothing]");
}
