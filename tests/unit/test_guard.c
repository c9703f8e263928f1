#include <criterion/criterion.h>

#include "dashboard/guard.h"

static const struct guard keyed = {.key = "0123456789abcdef0123456789abcde"};

Test(guard, hosts_are_ours_or_refused)
{
    static const struct {
        const char *host;
        bool ok;
    } cases[] = {
        {"127.0.0.1:8737", true}, {"LOCALHOST:8737", true},     {"127.0.0.1", false},
        {"evil.example:8737", false}, {"127.0.0.1:8737.evil.example", false}, {"", false},
    };
    struct guard g = keyed;
    guard_allow(&g, STR("127.0.0.1:8737"));
    guard_allow(&g, STR("localhost:8737"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request q = {.host = str_of(cases[i].host)};
        cr_expect_eq(guard_host(&g, &q), cases[i].ok, "%s", cases[i].host);
    }
}

Test(guard, forms_come_from_our_own_pages)
{
    static const struct {
        const char *origin, *site;
        bool ok;
    } cases[] = {
        {"http://127.0.0.1:1", "same-origin", true}, {"", "", true}, {"", "none", true},
        {"https://127.0.0.1:1", "", true},           {"null", "", false},
        {"http://evil.example", "cross-site", false}, {"http://127.0.0.1:2", "same-site", false},
        {"http://127.0.0.1:1", "cross-site", false}, {"http://127.0.0.1:10", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request q = {.host = STR("127.0.0.1:1"),
                            .origin = str_of(cases[i].origin),
                            .fetch_site = str_of(cases[i].site)};
        cr_expect_eq(guard_origin(&q), cases[i].ok, "%s %s", cases[i].origin, cases[i].site);
    }
}

Test(guard, tokens_belong_to_one_browser)
{
    struct arena *a = arena_new();
    struct request q = {.arena = a};
    struct response r = {0};
    struct guard other = {.key = "another key, another key, anoth"};
    struct str me = guard_browser(&q, &r), you = guard_browser(&q, &r);
    struct str token = guard_token(&keyed, a, me), again = guard_token(&keyed, a, me);
    char *bent = arena_strz(a, token);

    cr_expect_eq(r.cookie_count, 2);
    cr_expect_not(str_eq(me, you));
    cr_expect_not(str_eq(token, again), "each page has another text");
    cr_expect(guard_token_ok(&keyed, me, token));
    cr_expect(guard_token_ok(&keyed, me, again));
    cr_expect_not(guard_token_ok(&keyed, you, token));
    cr_expect_not(guard_token_ok(&other, me, token));
    cr_expect_not(guard_token_ok(&keyed, me, STR_NONE));
    cr_expect_not(guard_token_ok(&keyed, STR_NONE, token));
    for (size_t i = 0; i < token.len; i++) {
        bent[i] ^= 1;
        cr_expect_not(guard_token_ok(&keyed, me, str_n(bent, token.len)));
        bent[i] ^= 1;
    }
    arena_free(&a);
}
