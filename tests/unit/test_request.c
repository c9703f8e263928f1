#include <criterion/criterion.h>

#include "core/limits.h"
#include "dashboard/request.h"

Test(request, forms_are_decoded)
{
    static const struct {
        const char *in, *name, *value;
    } cases[] = {
        {"a=1&b=2", "b", "2"},
        {"q=%E9%80%80%E6%AC%BE+x", "q", "退款 x"},
        {"a=1&a=2", "a", "1"},
        {"a", "a", ""},
        {"a=b=c", "a", "b=c"},
        {"&&a=1&&", "a", "1"},
        {"t=one%0D%0Atwo", "t", "one\ntwo"},
        {"p=100%&r=%zz%4", "r", "%zz%4"},
        {"bad=%FF%00x", "bad", "\xEF\xBF\xBD\xEF\xBF\xBDx"},
        {"%61=1", "a", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct fields p;
        cr_assert_eq(fields_parse(a, str_of(cases[i].in), &p, NULL), DF_OK);
        cr_expect(str_is(fields_get(&p, cases[i].name), cases[i].value), "%s", cases[i].in);
        cr_expect_eq(fields_get(&p, "absent").len, 0);
        arena_free(&a);
    }
}

Test(request, too_many_fields_are_refused)
{
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(4096);
    struct fields p;

    for (int i = 0; i <= DF_MAX_PARAMS; i++)
        buf_puts(&b, "x=1&");
    cr_expect_eq(fields_parse(a, buf_view(&b), &p, NULL), DF_REJECT);
    cr_expect_eq(p.count, DF_MAX_PARAMS);
    buf_free(&b);
    arena_free(&a);
}

Test(request, targets_are_paths)
{
    static const struct {
        const char *target;
        enum df_rc rc;
        const char *path;
    } cases[] = {
        {"/case/12?done=saved", DF_OK, "/case/12"},
        {"/%63ase/1", DF_OK, "/case/1"},
        {"http://other.example/", DF_REJECT, NULL},
        {"*", DF_REJECT, NULL},
        {"", DF_REJECT, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct request r = {.arena = a};
        cr_expect_eq(request_target(&r, str_of(cases[i].target), NULL), cases[i].rc);
        if (cases[i].path)
            cr_expect(str_is(r.path, cases[i].path));
        arena_free(&a);
    }
}

Test(request, cookies)
{
    struct arena *a = arena_new();
    struct fields p;

    fields_cookies(a, STR(" defuse_lang=zh-Hant; defuse_name=%E9%98%BF%E5%AF%B6;; junk; =x"), &p);
    cr_expect_eq(p.count, 2);
    cr_expect(str_is(fields_get(&p, "defuse_name"), "阿寶"));
    arena_free(&a);
}
