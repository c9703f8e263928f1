#include <sys/wait.h>
#include <unistd.h>

#include "storage/lock.h"
#include "tests/lib/store_fixture.h"

Test(store_lock, this_process_is_alive_and_one_that_ended_is_not)
{
    struct arena *a = arena_new();
    int fds[2];
    char name[512] = "";
    cr_assert_eq(pipe(fds), 0);
    pid_t child = fork();
    if (child == 0) {
        struct str s = lock_self(a);
        _exit(write(fds[1], s.ptr, s.len) != (ssize_t)s.len);
    }
    cr_assert_gt(read(fds[0], name, sizeof name - 1), 0);
    waitpid(child, NULL, 0);
    cr_expect(lock_alive(lock_self(a)));
    cr_expect_not(lock_alive(str_of(name)));
    cr_expect(lock_alive(STR("elsewhere.example 1-2-3 77 1234")), "another host cannot be known");
    arena_free(&a);
}

Test(store_lock, a_number_used_again_or_a_reboot_is_another_life)
{
    struct arena *a = arena_new();
    struct str s = lock_self(a), host, rest = s;
    cr_expect_not(lock_alive(arena_printf(a, "%.*s9", STR_FMT(s))), "same number, other start");
    str_split(&rest, ' ', &host);
    cr_expect_not(lock_alive(arena_printf(a, "%.*s other-boot 1 1", STR_FMT(host))));
    arena_free(&a);
}

FOR_EACH_STORE(store_lock, a_dead_holder_is_replaced_and_a_living_one_is_not)
{
    struct clock clock = clock_fixed(NOON);
    struct str self = lock_self(a), host, rest = self;
    str_split(&rest, ' ', &host);
    struct str dead = arena_printf(a, "%.*s other-boot 1 1", STR_FMT(host));
    OK(lock_take(st, "run", dead, &clock, &fixture_err));
    OK(lock_take(st, "run", self, &clock, &fixture_err));
    OK(lock_take(st, "run", self, &clock, &fixture_err));
    IS(DF_NONE, lock_take(st, "run", STR("elsewhere.example b 77 5"), &clock, &fixture_err));
    cr_expect_not_null(strstr(fixture_err.text, "another run is active: process"), "%s",
                       fixture_err.text);
    clock = clock_fixed(NOON + DF_LOCK_TERM);
    OK(lock_take(st, "run", STR("elsewhere.example b 77 5"), &clock, &fixture_err));
    OK(lock_drop(st, "run", STR("elsewhere.example b 77 5"), &fixture_err));
}
