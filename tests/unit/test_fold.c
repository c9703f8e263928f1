/* The folding pass against utf8proc on random strings, level against level, and the offset map. */
#include "analyzer/fold.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "core/buf.h"
#include "core/utf8.h"

static uint64_t seed = 88172645463325252ull;

static uint32_t dice(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 33) % n;
}

static const char *folded(const char *in, char *out)
{
    struct fold_stats st = {0};
    size_t n = fold_text(str_of(in), out, &st);
    out[n] = 0;
    return out;
}

static const struct {
    const char *in, *out;
} cases[] = {
    {"", ""},
    {"Hello  World", "hello world"},
    {"ＡＢＣ１２３，　好！", "abc123, 好!"},
    {"軟體壞了，客服態度很差", "软体坏了,客服态度很差"},
    {"妳看著牠", "你看着它"},
    {"Don’t “buy” — it", "don't \"buy\" - it"},
    {"CAFE\xCC\x81", "caf\xC3\xA9"},
    {"ﬁne ㈱ ①", "fine (株) 1"},
    {"a\tb\r\nc", "a b \nc"},
    {"a\n\n  b", "a\n\nb"},
    {"bad \xFF byte \xE4\xBD", "bad \xEF\xBF\xBD byte \xEF\xBF\xBD\xEF\xBF\xBD"},
    {"ok👍🏽‍", "ok👍🏽"},
    {"Straße", "strasse"},
    {"각", "각"},
    {"ｶﾞ", "ガ"},
};

Test(fold, table)
{
    char out[512];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(folded(cases[i].in, out), cases[i].out, "case %zu: %s", i, out);
}

/* What folding means, said slowly: utf8proc's NFKC_Casefold, then one character at a time. */
static size_t oracle(struct str in, char *out)
{
    utf8proc_uint8_t *norm = NULL;
    struct buf b = BUF_INIT(1 << 20);
    for (size_t i = 0; i < in.len;) {
        uint32_t cp;
        size_t k = utf8_valid_len(in.ptr + i, in.len - i);
        if (!k) {
            buf_utf8(&b, 0xFFFD);
            i++;
            continue;
        }
        cp = utf8_get(in.ptr + i, in.len - i, &k);
        i += k;
        if (cp < 0x20 && cp != '\n')
            cp = ' ';
        if (cp == 0xB4)
            cp = '\'';
        buf_utf8(&b, cp);
    }
    utf8proc_ssize_t got = utf8proc_map(
        (const utf8proc_uint8_t *)b.ptr, (utf8proc_ssize_t)b.len, &norm,
        UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    size_t n = 0;
    for (utf8proc_ssize_t i = 0; i < got;) {
        size_t k;
        uint32_t e = fold_entry(utf8_get((char *)norm + i, (size_t)(got - i), &k));
        if (fold_action(e) == FOLD_SPACE || norm[i] == ' ') {
            if (n == 0 || (out[n - 1] != ' ' && out[n - 1] != '\n'))
                out[n++] = ' ';
        } else if (fold_action(e) >= FOLD_PUT1 && fold_action(e) <= FOLD_PUT3) {
            for (unsigned k2 = 0; k2 < fold_action(e); k2++)
                out[n++] = (char)(e >> (8 + 8 * k2));
        } else {
            memcpy(out + n, norm + i, k);
            n += k;
        }
        i += (utf8proc_ssize_t)k;
    }
    free(norm);
    buf_free(&b);
    return n;
}

static uint32_t any_code_point(void)
{
    static const uint32_t starts[] = {0x20, 0x20, 0x41, 0x61, 0xA0, 0x300, 0x1100, 0x1160, 0x2010,
                                      0x3040, 0x3099, 0x4E00, 0x5000, 0x7000, 0xAC00, 0xF900,
                                      0xFB00, 0xFE00, 0xFF00, 0x1D400, 0x1F600, 0x9000, 0x600};
    if (dice(20) == 0) {
        uint32_t c = dice(0x30000);
        return c >= 0xD800 && c < 0xE000 ? 0x41 : c ? c : 1;
    }
    return starts[dice(sizeof starts / sizeof *starts)] + dice(dice(3) ? 90 : 400);
}

static size_t random_text(char *out, size_t max)
{
    size_t n = 0, want = dice((uint32_t)max - 8);
    while (n < want) {
        uint32_t kind = dice(40);
        if (kind == 0) {
            out[n++] = (char)(128 + dice(128));
        } else if (kind < 8) {
            for (uint32_t k = dice(40); k && n < want; k--)
                out[n++] = (char)(dice(30) ? 'A' + dice(58) : ' ');
        } else {
            n += utf8_put(out + n, any_code_point());
        }
    }
    return n;
}

Test(fold, equals_utf8proc, .timeout = 120)
{
    char in[512], want[8192];
    char *out = malloc(fold_bound(sizeof in));
    for (int round = 0; round < 40000; round++) {
        struct str s = {in, random_text(in, round % 2 ? 60 : 400)};
        struct fold_stats st = {0};
        size_t n = fold_text(s, out, &st), m = oracle(s, want);
        if (n != m || memcmp(out, want, n) != 0) {
            for (size_t i = 0; i < s.len; i++)
                fprintf(stderr, "%02x ", (unsigned char)in[i]);
            cr_assert_fail("round %d: %zu and %zu bytes\n got %.*s\nwant %.*s", round, n, m, (int)n,
                           out, (int)m, want);
        }
    }
    free(out);
}

Test(fold, levels_agree, .timeout = 120)
{
    char in[700];
    char *a = malloc(fold_bound(sizeof in)), *b = malloc(fold_bound(sizeof in));
    for (int round = 0; round < 20000; round++) {
        struct str s = {in, random_text(in, 600)};
        struct fold_stats sa = {0};
        size_t n = fold_at(FOLD_PLAIN_C, s, a, &sa);
        for (int level = FOLD_BASE; level <= FOLD_BEST; level++) {
            struct fold_stats sb = {0};
            size_t m = fold_at((enum fold_level)level, s, b, &sb);
            cr_assert_eq(n, m);
            cr_assert_eq(memcmp(a, b, n), 0);
            cr_assert_eq(memcmp(&sa, &sb, sizeof sa), 0);
        }
    }
    free(a);
    free(b);
}

Test(fold, map_points_into_the_original)
{
    char in[400];
    char *a = malloc(fold_bound(sizeof in)), *b = malloc(fold_bound(sizeof in));
    uint32_t *map = malloc((fold_bound(sizeof in) + 1) * sizeof *map);
    for (int round = 0; round < 5000; round++) {
        struct str s = {in, random_text(in, 300)};
        struct fold_stats st = {0};
        size_t n = fold_text(s, a, &st), m = fold_map(s, b, map);
        cr_assert_eq(n, m);
        cr_assert_eq(memcmp(a, b, n), 0);
        cr_assert_eq(map[n], utf8_count(s));
        for (size_t i = 0; i < n; i++)
            cr_assert(map[i] <= map[i + 1] && map[i] < map[n]);
    }
    free(a);
    free(b);
    free(map);
}

Test(fold, hostile_marks_are_bounded, .timeout = 10)
{
    size_t n = 1 << 20;
    char *in = malloc(n), *out = malloc(fold_bound(n));
    in[0] = 'a';
    for (size_t i = 1; i + 1 < n; i += 2)
        memcpy(in + i, i % 4 == 1 ? "\xCC\x81" : "\xCC\xA3", 2);
    struct fold_stats st = {0};
    size_t got = fold_text(str_n(in, n - 1), out, &st);
    cr_expect_leq(got, 4 * (FOLD_MAX_MARKS + 2));
    free(in);
    free(out);
}
