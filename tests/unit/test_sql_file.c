#include <criterion/criterion.h>

#include "storage/sql_file.h"

static struct err err;

Test(sql_file, names_parameters_and_fragments)
{
    static const char text[] = "-- about this file, ignored\n"
                               "-- fragment: columns\n    a, b\n\n"
                               "-- name: one(id, limit)\n-- kept\nSELECT {columns} FROM t\n"
                               "WHERE id = :id LIMIT :limit\n\n"
                               "-- name: two()\nDELETE FROM t\n";
    struct sql_set set = {.arena = arena_new()};
    cr_assert_eq(sql_file_read(&set, str_of(text), "x.sql", &err), DF_OK, "%s", err.text);
    const struct sql_text *one = sql_find(&set, STR("one")), *two = sql_find(&set, STR("two"));
    cr_assert(one && two);
    cr_expect_eq(one->param_count, 2);
    cr_expect_str_eq(one->params[1], ":limit");
    cr_expect_str_eq(one->sql.ptr,
                     "-- kept\nSELECT a, b FROM t\nWHERE id = :id LIMIT :limit");
    cr_expect_eq(two->param_count, 0);
    cr_expect_null(sql_find(&set, STR("three")));
    arena_free(&set.arena);
}

Test(sql_file, faults_have_a_place)
{
    static const struct {
        const char *text, *says;
        int line;
    } cases[] = {
        {"-- name: a(x\nSELECT 1\n", "not closed", 1},
        {"\n-- name: \nSELECT 1\n", "without a name", 2},
        {"-- name: a()\nSELECT 1\n-- name: a()\nSELECT 2\n", "twice", 3},
        {"-- name: a()\nSELECT {none}\n", "no fragment {none}", 1},
        {"-- name: a()\nSELECT {none\n", "without '}'", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sql_set set = {.arena = arena_new()};
        cr_expect_eq(sql_file_read(&set, str_of(cases[i].text), "x.sql", &err), DF_FATAL);
        cr_expect_not_null(strstr(err.text, cases[i].says), "%s", err.text);
        cr_expect_eq(err.line, cases[i].line);
        cr_expect_str_eq(err.file, "x.sql");
        arena_free(&set.arena);
    }
}
