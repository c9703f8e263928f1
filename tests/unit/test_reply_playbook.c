#include <criterion/criterion.h>

#include "core/clock.h"
#include "reply/playbook.h"

static struct playbook load(struct arena *a)
{
    struct playbook p;
    struct diags d = {0};
    cr_assert_eq(playbook_load(a, &p, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    diags_free(&d);
    return p;
}

Test(playbook, shipped_numbers_follow_the_practice)
{
    struct arena *a = arena_new();
    struct playbook p = load(a);
    cr_assert_eq(p.urgency[URGENCY_P1].approval, APPROVAL_MANAGER);
    cr_assert_eq(p.urgency[URGENCY_P2].answer_ms, 2 * DF_HOUR);
    cr_assert(p.urgency[URGENCY_P2].always);
    cr_assert_not(p.urgency[URGENCY_P3].always);
    cr_assert_eq(p.urgency[URGENCY_P4].answer_ms, 0);
    cr_assert_eq(p.days, 0x1F);
    cr_assert_eq(p.from_min, 9 * 60);
    cr_assert_eq(p.rung_count, 10);
    cr_assert_null(playbook_rung(&p, 0));
    cr_assert_eq(playbook_rung(&p, 1)->n, 1);
    cr_assert_eq(playbook_rung(&p, 99)->n, 10);
    cr_assert(playbook_rung(&p, 6)->report);
    cr_assert_not(playbook_rung(&p, 5)->report);
    cr_assert(str_is(playbook_rung(&p, 7)->forbid[0], "promise.never-again"));
    cr_assert(str_is(playbook_register(&p, STR("steam")), "casual"));
    cr_assert(str_is(playbook_register(&p, STR("appstore")), "formal"));
    arena_free(&a);
}

Test(playbook, settings_change_only_what_they_name)
{
    struct arena *a = arena_new();
    struct playbook p = load(a);
    struct diags d = {0};
    const struct yaml *doc;
    cr_assert_eq(yaml_parse(a, STR("urgency: {P3: {answer: 8h}}\nbusiness: {to: '20:30'}\n"),
                            "x.yaml", &doc, &d), DF_OK);
    cr_assert_eq(playbook_apply(a, doc, &p, &d), DF_OK);
    cr_assert_eq(p.urgency[URGENCY_P3].answer_ms, 8 * DF_HOUR);
    cr_assert_eq(p.urgency[URGENCY_P3].within_ms, 48 * DF_HOUR);
    cr_assert_eq(p.to_min, 20 * 60 + 30);
    cr_assert_eq(p.from_min, 9 * 60);
    diags_free(&d);
    arena_free(&a);
}

static const struct {
    const char *yaml;
    int line, col;
    const char *says;
} faults[] = {
    {"urgency:\n  P1: {anser: 1h}\n", 2, 8, "answer"},
    {"urgency:\n  P9: {answer: 1h}\n", 2, 3, "P"},
    {"business: {days: [mon, tues]}\n", 1, 24, "tue"},
    {"business: {from: '25:99'}\n", 1, 18, "time of day"},
    {"business: {from: '18:00', to: '09:00'}\n", 1, 12, "end after"},
    {"ladder:\n  rungs:\n    - {raise: 1}\n", 3, 8, "'n'"},
    {"ladder:\n  rungs:\n    - {n: 3}\n    - {n: 2}\n", 4, 11, "rising"},
    {"- P1\n", 1, 3, "map"},
};

Test(playbook, faults_name_their_place)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct arena *a = arena_new();
        struct playbook p = load(a);
        struct diags d = {0};
        const struct yaml *doc;
        cr_assert_eq(yaml_parse(a, str_of(faults[i].yaml), "x.yaml", &doc, &d), DF_OK);
        cr_assert_eq(playbook_apply(a, doc, &p, &d), DF_REJECT, "case %zu", i);
        cr_assert_eq(d.items[0].err.line, faults[i].line, "case %zu: line %d", i,
                     d.items[0].err.line);
        cr_assert_eq(d.items[0].err.col, faults[i].col, "case %zu: column %d", i,
                     d.items[0].err.col);
        cr_assert(strstr(d.items[0].err.text, faults[i].says), "case %zu: %s", i,
                  d.items[0].err.text);
        diags_free(&d);
        arena_free(&a);
    }
}
