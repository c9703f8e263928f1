#include <criterion/criterion.h>

#include "alerts/text.h"

Test(alerts_text, strangers_words_are_cleaned)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"  edges \n", "edges"},
        {"a\x01" "b\x7F" "c", "abc"},
        {"a\xE2\x80\xAE" "b\xE2\x81\xA6" "c\xE2\x80\x8B" "d\xEF\xBB\xBF" "e", "abcde"},
        {"see https://evil.example and HTTP://x", "see hxxps://evil.example and hxxp://x"},
        {"two\nlines\tkept", "two\nlines\tkept"},
        {"包裹😡👨‍👩‍👧", "包裹😡👨‍👩‍👧"},
        {"bad \xFF byte", "bad \xEF\xBF\xBD byte"},
        {"", ""},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str s = user_text_clean(str_of(cases[i].in), LENGTH_CHARS, 100, a).raw;
        cr_expect(str_is(s, cases[i].out), "%s -> %.*s", cases[i].in, STR_FMT(s));
    }
    arena_free(&a);
}

Test(alerts_text, cutting_never_tears_a_character)
{
    static const struct {
        const char *in;
        enum length_unit unit;
        size_t max;
        const char *out;
    } cases[] = {
        {"12345", LENGTH_CHARS, 5, "12345"},
        {"123456", LENGTH_CHARS, 5, "1234…"},
        {"包裹不見了", LENGTH_BYTES, 12, "包裹不…"},
        {"包裹不見了", LENGTH_BYTES, 11, "包裹…"},
        {"a👨‍👩‍👧b", LENGTH_CHARS, 5, "a…"},
        {"a👨‍👩‍👧b", LENGTH_GRAPHEMES, 2, "a…"},
        {"a👨‍👩‍👧b", LENGTH_GRAPHEMES, 3, "a👨‍👩‍👧b"},
        {"cafe\xCC\x81s", LENGTH_CHARS, 5, "caf…"},
        {"😡😡😡", LENGTH_UTF16, 5, "😡😡…"},
        {"x", LENGTH_CHARS, 0, "…"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str s = text_cut(str_of(cases[i].in), cases[i].unit, cases[i].max, a);
        cr_expect(str_is(s, cases[i].out), "%s at %zu -> %.*s", cases[i].in, cases[i].max,
                  STR_FMT(s));
    }
    arena_free(&a);
}

Test(alerts_text, only_plain_web_addresses_become_buttons)
{
    static const char *const bad[] = {"", "javascript:alert(1)", "ftp://x", "https://x y", "//x",
                                      "https://x\n", "https://x\"><b>", "file:///etc/passwd"};
    cr_expect(str_is(safe_url(STR("https://x.example/r?a=1#b")), "https://x.example/r?a=1#b"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(safe_url(str_of(bad[i])).len, 0, "%s", bad[i]);
}
