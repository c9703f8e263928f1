/* store_fixture.h: a test body that runs once for every storage driver, and small makers. */
#ifndef DF_TESTS_STORE_FIXTURE_H
#define DF_TESTS_STORE_FIXTURE_H

#include <criterion/criterion.h>

#include "storage/store.h"

extern const char *const fixture_addresses[]; /* every driver; ends with NULL */
extern struct err fixture_err;

#define OK(call) cr_assert_eq((call), DF_OK, #call ": %s", fixture_err.text)
#define IS(rc, call) cr_assert_eq((call), (rc), #call ": %s", fixture_err.text)

/* FOR_EACH_STORE(suite, name) { … uses st, a … } */
#define FOR_EACH_STORE(suite, name)                                                            \
    static void suite##_##name##_body(struct store *st, struct arena *a);                      \
    Test(suite, name)                                                                          \
    {                                                                                          \
        for (int i_ = 0; fixture_addresses[i_]; i_++) {                                        \
            struct store *st_ = NULL;                                                          \
            struct arena *a_ = arena_new();                                                    \
            OK(store_open(fixture_addresses[i_], &st_, &fixture_err));                         \
            suite##_##name##_body(st_, a_);                                                    \
            store_close(&st_);                                                                 \
            arena_free(&a_);                                                                   \
        }                                                                                      \
    }                                                                                          \
    static void suite##_##name##_body(struct store *st __attribute__((unused)),                \
                                      struct arena *a __attribute__((unused)))

/* A post of the channel "test" as a collector would bring it. */
struct post fixture_post(const char *id, const char *text);
/* Puts it in a transaction of its own; gives the row as triage takes it. */
struct post_row fixture_put(struct store *st, const struct post *p);
/* A verdict of that urgency: negative, delivery, one finding. */
struct verdict fixture_verdict(enum urgency urgency);

#define NOON INT64_C(1763726400000) /* 2025-11-21 12:00 UTC, a Friday */

#endif
