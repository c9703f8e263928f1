#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/utf8.h"
#include "reply/reply.h"

static struct reply_pack *pack;
static struct arena *arena;

static void setup(void)
{
    struct diags d = {0};
    enum df_rc rc = reply_load(NULL, &pack, &d);
    cr_assert_eq(rc, DF_OK, "%s:%d %s", d.count ? d.items[0].err.file : "",
                 d.count ? d.items[0].err.line : 0, d.count ? d.items[0].err.text : "");
    diags_free(&d);
    arena = arena_new();
}

static void teardown(void)
{
    reply_free(&pack);
    arena_free(&arena);
}

TestSuite(compose, .init = setup, .fini = teardown);

static struct verdict verdict_of(const char *lang, enum urgency u, enum category c, enum ask a)
{
    return (struct verdict){.lang = str_of(lang), .sentiment = SENTIMENT_NEGATIVE, .urgency = u,
                            .category = c, .ask = a, .motive = MOTIVE_NONE, .needs_reply = true};
}

static enum df_rc compose(const char *id, const struct verdict *v, const struct reply_ctx *ctx,
                          struct draft *out)
{
    struct err e = {0};
    struct post p = POST_INIT;
    p.id = str_of(id);
    p.channel = STR("appstore");
    p.text = STR("text");
    return reply_compose(pack, &p, v, ctx, arena, out, &e);
}

static const char *const langs[] = {"en", "zh-Hant", "zh-Hans", "yue"};

/* Whatever the composer can say, the linter has nothing against. */
static void assert_clean(const struct draft *d, const char *id)
{
    for (int i = 0; i < d->lint.count; i++) {
        const struct lint_finding *f = &d->lint.items[i];
        cr_expect_eq(f->severity, LINT_NOTE, "%s plan %.*s: %.*s in \"%.*s\"", id, STR_FMT(d->plan),
                     STR_FMT(f->rule), STR_FMT(d->text));
    }
}

Test(compose, every_label_and_language_gives_a_clean_reply)
{
    for (size_t l = 0; l < 4; l++)
        for (int u = 0; u < URGENCIES; u++)
            for (int c = 0; c < CATEGORIES; c++)
                for (int k = 0; k < ASKS; k++) {
                    struct verdict v = verdict_of(langs[l], (enum urgency)u, (enum category)c,
                                                  (enum ask)k);
                    struct reply_ctx ctx = {.contact = {STR("a direct message"), STR("私訊"),
                                                        STR("私信"), STR("私訊")}};
                    struct draft d;
                    char id[64];
                    snprintf(id, sizeof id, "%s/%d/%d/%d", langs[l], u, c, k);
                    v.feelings = (uint32_t)(u * 31 + c * 7 + k) & 0x3FF;
                    cr_assert_eq(compose(id, &v, k % 2 ? &ctx : &(struct reply_ctx){0}, &d), DF_OK);
                    cr_assert(str_is(str_of(reply_lang_tag(d.lang)), langs[l]));
                    cr_assert_gt(d.text.len, 0, "%s", id);
                    cr_assert_lt(str_chr(d.text, '{'), 0, "%.*s", STR_FMT(d.text));
                    assert_clean(&d, id);
                }
    arena_reset(arena);
}

static const char *const situations[] = {"storm", "suspected-false", "out-of-scope", "abuse",
                                         "repeat", "progress", "done", "check-in"};

Test(compose, every_situation_has_words_in_every_language)
{
    for (size_t s = 0; s < sizeof situations / sizeof *situations; s++)
        for (size_t l = 0; l < 4; l++)
            for (int n = 0; n < 4; n++) {
                struct verdict v = verdict_of(langs[l], URGENCY_P2, CATEGORY_QUALITY, ASK_REFUND);
                struct str word = str_of(situations[s]);
                struct reply_ctx ctx = {.situations = &word, .situation_count = 1,
                                        .contact = {STR("e-mail"), STR("私訊"), STR("私信"),
                                                    STR("私訊")}};
                struct draft d;
                char id[32];
                snprintf(id, sizeof id, "s%d", n);
                cr_assert_eq(compose(id, &v, &ctx, &d), DF_OK, "%s %s", situations[s], langs[l]);
                cr_assert(str_is(word, "repeat") || str_is(d.plan, situations[s]));
                assert_clean(&d, situations[s]);
            }
}

Test(compose, ten_replies_on_one_page_are_ten_texts)
{
    for (size_t l = 0; l < 4; l++) {
        struct str page[10];
        for (int i = 0; i < 10; i++) {
            struct verdict v = verdict_of(langs[l], URGENCY_P2, CATEGORY_OUTAGE, ASK_NONE);
            struct reply_ctx ctx = {.recent = page, .recent_count = i};
            struct draft d;
            char id[16];
            snprintf(id, sizeof id, "w-%d", 3010 + i);
            cr_assert_eq(compose(id, &v, &ctx, &d), DF_OK);
            for (int k = 0; k < i; k++)
                cr_assert_not(str_eq(page[k], d.text), "%s: %.*s", langs[l], STR_FMT(d.text));
            page[i] = d.text;
        }
    }
}

Test(compose, the_same_post_gives_the_same_text)
{
    struct verdict v = verdict_of("zh-Hant", URGENCY_P2, CATEGORY_DELIVERY, ASK_REFUND);
    struct draft a, b;
    cr_assert_eq(compose("t-1", &v, &(struct reply_ctx){0}, &a), DF_OK);
    cr_assert_eq(compose("t-1", &v, &(struct reply_ctx){0}, &b), DF_OK);
    cr_assert(str_eq(a.text, b.text));
}

Test(compose, fits_the_channel_or_says_that_nothing_does)
{
    static const struct {
        size_t limit;
        enum length_unit unit;
    } places[] = {{350, LENGTH_CHARS}, {280, LENGTH_WEIGHTED}, {140, LENGTH_CHARS},
                  {300, LENGTH_BYTES}, {120, LENGTH_UTF16}, {10, LENGTH_CHARS}};
    for (size_t p = 0; p < sizeof places / sizeof *places; p++)
        for (size_t l = 0; l < 4; l++)
            for (int c = 0; c < CATEGORIES; c++) {
                struct verdict v = verdict_of(langs[l], URGENCY_P2, (enum category)c, ASK_REFUND);
                struct reply_ctx ctx = {.limit = places[p].limit, .unit = places[p].unit,
                                        .signer = STR("Mei")};
                struct draft d;
                enum df_rc rc = compose("p", &v, &ctx, &d);
                if (places[p].limit == 10) {
                    cr_assert_eq(rc, DF_NONE);
                    cr_assert_eq(d.text.len, 0);
                    continue;
                }
                cr_assert_eq(rc, DF_OK, "%s in %zu", langs[l], places[p].limit);
                cr_assert_leq(length_count(d.text, places[p].unit), places[p].limit);
                cr_assert_eq(d.length, length_count(d.text, places[p].unit));
            }
}

Test(compose, a_hazard_says_stop_names_a_person_and_asks_for_approval)
{
    struct verdict v = verdict_of("en", URGENCY_P1, CATEGORY_SAFETY, ASK_NONE);
    struct reply_ctx ctx = {.owner = STR("Robin from product safety")};
    struct draft d;
    cr_assert_eq(compose("h", &v, &ctx, &d), DF_OK);
    cr_assert(str_is(d.plan, "hazard"));
    cr_assert_eq(d.approval, APPROVAL_MANAGER);
    cr_assert_geq(str_find(d.text, STR("doctor")) >= 0 || str_find(d.text, STR("medical")) >= 0, 1);
    cr_assert_geq(str_find(d.text, STR("Robin from product safety")), 0);
    cr_assert_geq(str_find(d.text, STR("4 hours")), 0);
}

Test(compose, praise_gets_a_short_thank_you_and_chat_gets_none)
{
    struct verdict v = verdict_of("zh-Hans", URGENCY_P4, CATEGORY_PRAISE, ASK_NONE);
    struct draft d;
    v.sentiment = SENTIMENT_POSITIVE;
    v.needs_reply = false;
    cr_assert_eq(compose("x", &v, &(struct reply_ctx){0}, &d), DF_OK);
    cr_assert(d.optional);
    cr_assert_eq(d.piece_count, 1);
    cr_assert_leq(utf8_count(d.text), 40);
    v.sentiment = SENTIMENT_NEUTRAL;
    v.category = CATEGORY_OTHER;
    cr_assert_eq(compose("x", &v, &(struct reply_ctx){0}, &d), DF_OK);
    cr_assert(d.silent);
    cr_assert_eq(d.text.len, 0);
    for (int i = 0; i < UI_LANGS; i++)
        cr_assert_gt(d.why[i].len, 0);
}

Test(compose, a_kindness_said_before_is_left_unsaid)
{
    struct str page[64];
    int said = 0, silent = 0;
    for (int i = 0; i < 40; i++) {
        struct verdict v = verdict_of("en", URGENCY_P4, CATEGORY_PRAISE, ASK_NONE);
        struct reply_ctx ctx = {.recent = page, .recent_count = said};
        struct draft d;
        char id[16];
        v.sentiment = SENTIMENT_POSITIVE;
        snprintf(id, sizeof id, "k-%d", i);
        cr_assert_eq(compose(id, &v, &ctx, &d), DF_OK);
        if (d.silent)
            silent++;
        else
            page[said++] = d.text;
        cr_assert_eq(d.lint.blocks, 0);
    }
    cr_assert_geq(said, 5);
    cr_assert_geq(silent, 20);
}

Test(compose, the_brands_own_address_is_no_personal_data)
{
    struct verdict v = verdict_of("zh-Hant", URGENCY_P2, CATEGORY_BILLING, ASK_REFUND);
    struct reply_ctx ctx = {.contact = {STR("help@kettlewren.example")}};
    struct draft d;
    cr_assert_eq(compose("o", &v, &ctx, &d), DF_OK);
    cr_assert_geq(str_find(d.text, STR("help@kettlewren.example")), 0);
    cr_assert_eq(d.lint.blocks, 0);
}

Test(compose, latin_words_stand_apart_from_chinese_ones)
{
    for (int n = 0; n < 12; n++) {
        struct verdict v = verdict_of("zh-Hant", URGENCY_P2, CATEGORY_BILLING, ASK_REFUND);
        struct reply_ctx ctx = {.contact = {STR("help.kettlewren.example")}};
        struct draft d;
        char id[8];
        snprintf(id, sizeof id, "b%d", n);
        cr_assert_eq(compose(id, &v, &ctx, &d), DF_OK);
        ptrdiff_t at = str_find(d.text, STR("help.kettlewren.example"));
        cr_assert_gt(at, 0);
        cr_assert_eq(d.text.ptr[at - 1], ' ', "%.*s", STR_FMT(d.text));
        cr_assert_lt(str_find(d.text, STR("內 會")), 0);
    }
}

Test(compose, facts_are_quoted_only_when_they_are_harmless)
{
    struct verdict v = verdict_of("en", URGENCY_P2, CATEGORY_DELIVERY, ASK_NONE);
    struct fact facts[] = {{.kind = STR("order_no"), .text = STR("KW-204418")},
                           {.kind = STR("elapsed"), .text = STR("0912345678 {within}")},
                           {.kind = STR("elapsed"), .text = STR("Three weeks")}};
    struct draft d;
    const struct finding waiting = {.rule = STR("service.ignored")};
    v.facts = facts;
    v.fact_count = 3;
    v.findings = &waiting;
    v.finding_count = 1;
    cr_assert_eq(compose("q", &v, &(struct reply_ctx){0}, &d), DF_OK);
    cr_assert_geq(str_find(d.text, STR("“three weeks”")), 0, "%.*s", STR_FMT(d.text));
    cr_assert_lt(str_find(d.text, STR("204418")), 0);
    cr_assert_lt(str_find(d.text, STR("0912")), 0);
    /* said back only in the post's own language */
    struct reply_ctx ctx = {.lang = STR("zh-Hant")};
    cr_assert_eq(compose("q", &v, &ctx, &d), DF_OK);
    cr_assert_lt(str_find(d.text, STR("three weeks")), 0);
}

Test(compose, answers_in_a_language_the_team_can_write)
{
    struct verdict v = verdict_of("yue", URGENCY_P2, CATEGORY_BILLING, ASK_REFUND);
    struct reply_ctx ctx = {.languages = 1u << REPLY_EN | 1u << REPLY_ZH_HANT};
    struct draft d;
    cr_assert_eq(compose("l", &v, &ctx, &d), DF_OK);
    cr_assert_eq(d.lang, REPLY_ZH_HANT);
    v.lang = STR("other");
    cr_assert_eq(compose("l", &v, &(struct reply_ctx){0}, &d), DF_OK);
    cr_assert_eq(d.lang, REPLY_EN);
}

Test(compose, speaks_casually_where_the_place_does)
{
    struct verdict v = verdict_of("zh-Hans", URGENCY_P2, CATEGORY_OUTAGE, ASK_NONE);
    struct reply_ctx formal = {.reg = STR("formal")}, casual = {.reg = STR("casual")};
    struct draft f, c;
    cr_assert_eq(compose("r", &v, &formal, &f), DF_OK);
    cr_assert_eq(compose("r", &v, &casual, &c), DF_OK);
    cr_assert_geq(str_find(f.text, STR("您")), 0);
    cr_assert_lt(str_find(c.text, STR("您")), 0);
    cr_assert_geq(str_find(c.text, STR("你")), 0);
}

Test(compose, brand_names_go_by_script)
{
    const struct str names[] = {STR("Kettlewren"), STR("壺雀"), STR("壶雀")};
    cr_assert(str_is(reply_brand_name(names, 3, REPLY_EN), "Kettlewren"));
    cr_assert(str_is(reply_brand_name(names, 3, REPLY_ZH_HANT), "壺雀"));
    cr_assert(str_is(reply_brand_name(names, 3, REPLY_YUE), "壺雀"));
    cr_assert(str_is(reply_brand_name(names, 3, REPLY_ZH_HANS), "壶雀"));
    cr_assert(str_is(reply_brand_name(names, 1, REPLY_YUE), "Kettlewren"));
}

/* --- faults of a pack of one's own --- */

static const struct {
    const char *yaml;
    int line;
    const char *says;
} faults[] = {
    {"pieces:\n  - {id: x, step: feeling, en: ['hi {whitin}'], zh-Hant: [a], zh-Hans: [b], yue: [c]}\n",
     2, "did you mean {within}"},
    {"pieces:\n  - {id: x, step: feeling, en: [hi], zh-Hant: [a], zh-Hans: [b]}\n", 2, "yue"},
    {"pieces:\n  - {id: x, step: feelin, en: [hi], zh-Hant: [a], zh-Hans: [b], yue: [c]}\n", 2,
     "no plan uses step 'feelin'"},
    {"pieces:\n  - {id: x, step: feeling, when: {catgory: [billing]}, en: [hi], zh-Hant: [a], "
     "zh-Hans: [b], yue: [c]}\n", 2, "category"},
    {"pieces:\n  - {id: x, step: feeling, when: {category: [biling]}, en: [hi], zh-Hant: [a], "
     "zh-Hans: [b], yue: [c]}\n", 2, "billing"},
    {"plans:\n  - {id: p, steps: [dance]}\n", 2, "no piece for step 'dance'"},
    {"plans:\n  - {id: p, reply: no}\n", 2, "reason"},
    {"plans:\n  - {id: p}\n", 2, "steps"},
    {"plan: []\n", 1, "plans"},
};

Test(compose, a_playbook_of_ones_own_changes_what_it_names)
{
    char dir[] = "/tmp/playbook-XXXXXX", path[64];
    const char *dirs[] = {dir, NULL};
    struct reply_pack *p = NULL;
    struct diags d = {0};
    cr_assert(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/playbook.yaml", dir);
    FILE *f = fopen(path, "w");
    fputs("urgency: {P2: {within: 6h}}\n", f);
    fclose(f);
    cr_assert_eq(reply_load(dirs, &p, &d), DF_OK, "%s", d.count ? d.items[0].err.text : "");
    cr_assert_eq(reply_playbook(p)->urgency[URGENCY_P2].within_ms, 6 * 3600 * 1000);
    cr_assert_eq(reply_playbook(p)->urgency[URGENCY_P3].within_ms, 48 * 3600 * 1000);
    reply_free(&p);
    diags_free(&d);
    unlink(path);
    rmdir(dir);
}

Test(compose, a_fault_in_a_pack_names_its_place)
{
    char dir[] = "/tmp/replies-XXXXXX", sub[64], path[96];
    cr_assert(mkdtemp(dir));
    snprintf(sub, sizeof sub, "%s/replies", dir);
    snprintf(path, sizeof path, "%s/own.yaml", sub);
    cr_assert_eq(mkdir(sub, 0700), 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *dirs[] = {dir, NULL};
        struct reply_pack *p = NULL;
        struct diags d = {0};
        FILE *f = fopen(path, "w");
        fputs(faults[i].yaml, f);
        fclose(f);
        cr_assert_eq(reply_load(dirs, &p, &d), DF_REJECT, "case %zu", i);
        cr_assert_null(p);
        cr_assert(strstr(d.items[0].err.text, faults[i].says), "case %zu: %s", i,
                  d.items[0].err.text);
        cr_assert_eq(d.items[0].err.line, faults[i].line, "case %zu: line %d", i,
                     d.items[0].err.line);
        cr_assert(strstr(d.items[0].err.file, "own.yaml"));
        diags_free(&d);
    }
    unlink(path);
    rmdir(sub);
    rmdir(dir);
}
