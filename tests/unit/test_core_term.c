#include <criterion/criterion.h>

#include "core/digest.h"
#include "core/msg.h"
#include "core/term.h"

Test(term, chinese_takes_two_cells)
{
    static const struct {
        const char *text;
        size_t cells;
    } cases[] = {{"abc", 3}, {"壞了", 4}, {"ｗｉｄｅ", 8}, {"e\xCC\x81", 1}, {"😀", 2}, {"", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(term_width(str_of(cases[i].text)), cases[i].cells, "%s", cases[i].text);
}

Test(term, fit_cuts_and_pads_by_cells)
{
    static const struct {
        const char *in, *out;
        size_t cells;
    } cases[] = {
        {"壞了三天", "壞了…", 5}, {"壞了三天", "壞… ", 4}, {"ok", "ok   ", 5},
        {"a\nb\x1b[31m", "a b\xEF\xBF\xBD[31m ", 9}, {"x\xE2\x80\xAEy", "x\xEF\xBF\xBDy", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b = BUF_INIT(256);
        term_fit(&b, str_of(cases[i].in), cases[i].cells, true);
        cr_expect_str_eq(b.ptr, cases[i].out);
        buf_free(&b);
    }
}

Test(term, wrap_breaks_words_and_characters)
{
    struct buf b = BUF_INIT(1024);
    term_wrap(&b, STR("one two three four five"), 15, "  ");
    cr_expect_str_eq(b.ptr, "  one two three\n  four five\n");
    buf_reset(&b);
    term_wrap(&b, STR("壞了三天，沒有人理我。"), 10, "");
    cr_expect_str_eq(b.ptr, "壞了三天，\n沒有人理\n我。\n");
    buf_free(&b);
}

Test(msg, languages_of_locales)
{
    static const struct {
        const char *locale;
        enum ui_lang lang;
    } cases[] = {
        {"zh_TW.UTF-8", UI_ZH_HANT}, {"zh-HK", UI_ZH_HANT},   {"zh-Hant", UI_ZH_HANT},
        {"zh_CN.UTF-8", UI_ZH_HANS}, {"zh", UI_ZH_HANS},      {"zh-Hans-SG", UI_ZH_HANS},
        {"yue", UI_ZH_HANT},         {"en_GB.UTF-8", UI_EN},  {"C", UI_EN},
        {"", UI_EN},                 {"de_DE.UTF-8", UI_EN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(ui_lang_of(str_of(cases[i].locale)), cases[i].lang, "%s", cases[i].locale);
}

/* Known answers: FIPS 180-2, RFC 4231 case 2, Standard Webhooks' own arithmetic. */
Test(digest, known_answers)
{
    unsigned char raw[DIGEST_BYTES], key[64];
    char hex[DIGEST_HEX + 1];
    digest_sha256(STR("abc"), raw);
    digest_hex(raw, sizeof raw, hex);
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), raw);
    digest_hex(raw, sizeof raw, hex);
    cr_expect_str_eq(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    size_t n;
    cr_assert(digest_unbase64(STR("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), key, sizeof key, &n));
    cr_expect_eq(n, 32);
    digest_hmac_sha256(str_n((char *)key, n), STR("msg_1.1700000000.{\"type\":\"review.flagged\"}"), raw);
    struct buf b = BUF_INIT(64);
    digest_base64(&b, raw, sizeof raw);
    cr_expect_str_eq(b.ptr, "W39F3c0PzHt2eQfPJ/MFDuIrK44knzozu7dVN05/xFA=");
    buf_free(&b);
    cr_expect_not(digest_unbase64(STR("not base64!"), key, sizeof key, &n));
}

Test(digest, fields_do_not_run_together)
{
    unsigned char one[DIGEST_BYTES], two[DIGEST_BYTES];
    struct sha256 h;
    sha256_begin(&h);
    sha256_field(&h, STR("ab"));
    sha256_field(&h, STR("c"));
    sha256_end(&h, one);
    sha256_begin(&h);
    sha256_field(&h, STR("a"));
    sha256_field(&h, STR("bc"));
    sha256_end(&h, two);
    cr_expect(memcmp(one, two, sizeof one) != 0);
}
