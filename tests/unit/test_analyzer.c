/* Rules and lexicons on texts: what fires, what is silenced, what is added up, where it stands. */
#include "analyzer/analyzer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/rule_check.h"
#include "core/limits.h"
#include "tests/lib/rules_of.h"

static const char rules_text[] =
    "negators: {before: [not, no, never, 不, 没有, 不是], after: [才怪], pseudo: [not only, 不错],\n"
    "  scope_words: 4, scope_chars: 6}\n"
    "intensifiers: {very: 1.5}\n"
    "dampeners: {a bit: 0.5}\n"
    "contrast: {words: [but, 但是], before: 0.5, after: 1.5}\n"
    "hypothetic: [if, 如果]\n"
    "languages: {en: [the, is, was], other: [der, und]}\n"
    "lists: {staff: [waiter*, 服务员]}\n"
    "rules:\n"
    "- {id: a.rude, why: x, match: {near: {of: [[$staff], [rude, 态度差]], within: 4}}, sets: {category: service}}\n"
    "- {id: a.ordered, why: x, match: {near: {of: [[first], [second]], within: 3, ordered: true}}}\n"
    "- {id: a.broken, why: x, match: {any: [broken, 坏了, 'broke* down']}, unless: [fixed],\n"
    "   unless_anywhere: ['/joke \\d+/'], sets: {sentiment: negative, urgency: P2}}\n"
    "- {id: a.both, why: x, match: {all: [[red], [blue]]}}\n"
    "- {id: a.clause, why: x, match: {all: [[hot], [cold]], within: clause}}\n"
    "- {id: a.wait, why: x, match: {regex: '(?:waited|waiting) (?:for )?(\\d+) hours'}, fact: elapsed}\n"
    "- {id: a.always, why: x, match: {any: [dirty]}, negatable: false}\n"
    "- {id: a.only, why: x, match: {any: [clean]}, only_negated: true}\n"
    "- {id: a.ask, why: x, match: {any: [when]}, where: {question: true}}\n"
    "- {id: a.stated, why: x, match: {any: [lawsuit]}, where: {stated: true}}\n"
    "- {id: a.one, why: x, match: {any: [bad]}, where: {stars: '<=2'}}\n"
    "- {id: a.title, why: x, match: {any: [head]}, where: {field: title}}\n"
    "- {id: b.sum, why: x, match: {rules: 'a.broken & !a.both | a.rude & a.always'}}\n"
    "- {id: b.take, why: x, match: {any: [stop]}, silences: [a.both, 'c.*']}\n"
    "- {id: b.late, why: x, match: {rules: 'urgency.P2 & !a.rude'}}\n"
    "- {id: c.weak, why: x, match: {any: [alpha]}, cap: 1, sets: {category: {price: 1}}}\n"
    "- {id: c.strong, why: x, match: {any: [beta]}, sets: {category: {price: 3}}}\n"
    "- {id: d.url, why: x, match: {any: [<url>]}}\n";

static const struct {
    const char *text, *rule;
    bool fires;
} cases[] = {
    {"The waiter was rude", "a.rude", true},
    {"rude were the waiters", "a.rude", true},
    {"服務員態度差", "a.rude", true},
    {"the waiter came and went and came and was then rude", "a.rude", false},
    {"first then second", "a.ordered", true},
    {"second then first", "a.ordered", false},
    {"it is broken", "a.broken", true},
    {"BROKEN", "a.broken", true},
    {"unbroken", "a.broken", false},
    {"it is not broken", "a.broken", false},
    {"it is not only broken", "a.broken", true},
    {"not good, it is broken", "a.broken", true},
    {"broken, then fixed", "a.broken", true},
    {"broken then fixed", "a.broken", false},
    {"broken. it was joke 12", "a.broken", false},
    {"broken down", "a.broken", true},
    {"it brokes down", "a.broken", true},
    {"壞了", "a.broken", true},
    {"没有坏了", "a.broken", false},
    {"不是没有坏了", "a.broken", true},
    {"不错，坏了", "a.broken", true},
    {"不错坏了", "a.broken", true},
    {"坏了才怪", "a.broken", false},
    {"red. blue!", "a.both", true},
    {"red", "a.both", false},
    {"hot and cold", "a.clause", true},
    {"hot. and cold", "a.clause", false},
    {"I waited for 3 hours", "a.wait", true},
    {"I waited 3hours", "a.wait", false},
    {"awaited 3 hours", "a.wait", false},
    {"never dirty", "a.always", true},
    {"clean", "a.only", false},
    {"not clean", "a.only", true},
    {"when will it come?", "a.ask", true},
    {"when it came.", "a.ask", false},
    {"a lawsuit comes", "a.stated", true},
    {"if so a lawsuit comes", "a.stated", false},
    {"bad", "a.one", false},
    {"head", "a.title", false},
    {"broken", "b.sum", true},
    {"broken red blue", "b.sum", false},
    {"dirty rude waiter", "b.sum", true},
    {"broken", "b.late", true},
    {"red blue stop", "a.both", false},
    {"alpha beta", "c.weak", false},
    {"alpha beta", "c.strong", true},
    {"alpha", "c.weak", true},
    {"alpha stop", "c.weak", false},
    {"see https://e.example", "d.url", true},
    {"sooo brokennnn", "a.broken", true},
    {"> broken\nfine here", "a.broken", false},
    {"> they said\nbroken", "a.broken", true},
    {"好的//@张三:坏了", "a.broken", false},
    {"坏了//@张三:好的", "a.broken", true},
    {"5 > 3 broken", "a.broken", true},
};

static struct ruleset *must_load(const char *yaml, const char *tsv)
{
    struct diags d = {0};
    struct ruleset *rs = rules_of(yaml, tsv, &d);
    for (int i = 0; i < d.count; i++)
        fprintf(stderr, "%d:%d: %s\n", d.items[i].err.line, d.items[i].err.col,
                d.items[i].err.text);
    cr_assert_not_null(rs);
    diags_free(&d);
    return rs;
}

Test(analyzer, rules)
{
    struct ruleset *rs = must_load(rules_text, NULL);
    struct scanner *s = scan_new(rs);
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) { /* twice: nothing is left over */
        size_t k = i / 2;
        struct arena *a = arena_new();
        struct post p = POST_INIT;
        struct verdict v;
        p.text = str_of(cases[k].text);
        int rule = ruleset_find(rs, str_of(cases[k].rule));
        cr_assert_geq(rule, 0);
        cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
        cr_expect_eq(scan_fired(s, rule), cases[k].fires, "%s on '%s'", cases[k].rule,
                     cases[k].text);
        arena_free(&a);
    }
    scan_free(&s);
    ruleset_free(&rs);
}

Test(analyzer, where_stars_and_title)
{
    struct ruleset *rs = must_load(rules_text, NULL);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict v;
    p.text = STR("bad");
    p.title = STR("Head 壞");
    p.stars = 2;
    cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
    cr_expect(scan_fired(s, ruleset_find(rs, STR("a.one"))));
    cr_expect(scan_fired(s, ruleset_find(rs, STR("a.title"))));
    for (int i = 0; i < v.finding_count; i++)
        if (str_is(v.findings[i].rule, "a.title")) {
            cr_expect_eq(v.findings[i].spans[0].field, FIELD_TITLE);
            cr_expect_eq(v.findings[i].spans[0].end, 4);
        }
    p.stars = 3;
    cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
    cr_expect_not(scan_fired(s, ruleset_find(rs, STR("a.one"))));
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
}

/* Spans count characters of the text as written, whatever folding did to it. */
Test(analyzer, spans_point_into_the_original)
{
    static const struct {
        const char *text;
        uint32_t start, end;
    } spans[] = {
        {"It is broken", 6, 12},       {"ＢＲＯＫＥＮ", 0, 6},        {"  it   broken  ", 7, 13},
        {"😀👍🏽 壞了", 4, 6},          {"ﬁne…broken", 4, 10},        {"e\xCC\x81 broken", 3, 9},
        {"bad\xFF\xFE broken", 6, 12}, {"㍿broken", 1, 7},
    };
    struct ruleset *rs = must_load(rules_text, NULL);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct post p = POST_INIT;
        struct verdict v;
        p.text = str_of(spans[i].text);
        cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
        bool seen = false;
        for (int k = 0; k < v.finding_count; k++)
            if (str_is(v.findings[k].rule, "a.broken")) {
                seen = true;
                cr_expect_eq(v.findings[k].spans[0].start, spans[i].start, "%zu: %u", i,
                             v.findings[k].spans[0].start);
                cr_expect_eq(v.findings[k].spans[0].end, spans[i].end, "%zu: %u", i,
                             v.findings[k].spans[0].end);
            }
        cr_expect(seen, "case %zu", i);
    }
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
}

static const char lexicon_text[] =
    "# lang: en\n# group: lex\n# negate -0.5\n# bias sentiment.positive 0.25\n"
    "phrase\tsentiment.negative\tsentiment.positive\tcategory.price\tsupport\n"
    "bad\t1\t\t\t5\n"
    "good\t\t1\t\t5\n"
    "!good\t0.75\t\t\t5\n"
    "bad deal\t0.5\t\t2\t5\n"
    "<excl>\t0.125\t\t\t5\n";

static double score_of(double neg, double pos)
{
    double n = exp(neg), p = exp(pos);
    return nearbyint((p - n) / (n + 1 + p) * 10000) / 10000;
}

Test(analyzer, lexicon_is_linear_and_counts_a_phrase_once)
{
    static const struct {
        const char *text;
        double neg, pos;
    } sums[] = {
        {"bad", 1, .25},          {"bad, bad, bad", 1, .25}, {"good", 0, 1.25},
        {"not good", .75, .25},   {"not bad", -.5, .25},     {"bad deal", 1.5, .25},
        {"bad! good!", 1.125, 1.25}, {"nothing", 0, .25},    {"good. not good", .75, 1.25},
    };
    struct ruleset *rs = must_load(rules_text, lexicon_text);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        for (unsigned flags = SCAN_FULL; flags <= SCAN_BRIEF; flags++) {
            struct post p = POST_INIT;
            struct verdict v;
            p.text = str_of(sums[i].text);
            cr_assert_eq(scan_post(s, &p, flags, a, &v, NULL), DF_OK);
            cr_expect_float_eq(v.score, score_of(sums[i].neg, sums[i].pos), 2e-4, "%s: %g, not %g",
                               sums[i].text, v.score, score_of(sums[i].neg, sums[i].pos));
        }
    struct post p = POST_INIT;
    struct verdict v;
    p.text = STR("a bad deal");
    cr_assert_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
    cr_expect_eq(v.category, CATEGORY_PRICE);
    cr_expect(str_is(v.findings[0].rule, "lex:bad deal"), "%.*s", STR_FMT(v.findings[0].rule));
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
}

/* In brief; nothing of it lives in the scanner. */
static struct verdict judge(const char *rules, const char *lexicon, const char *text)
{
    struct ruleset *rs = must_load(rules, lexicon);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict v;
    p.text = str_of(text);
    cr_assert_eq(scan_post(s, &p, SCAN_BRIEF, a, &v, NULL), DF_OK);
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
    return v;
}

#define FIRE "rules:\n- {id: a.fire, why: x, match: {any: [fire]}, sets: {urgency: {P1: 3}}}\n"

Test(analyzer, learned_words_doubt_only_so_much)
{
    static const char lexicon[] = "# lang: en\nphrase\turgency.P1\tsupport\nlovely\t-9\t5\nday\t-9\t5\n";
    static const char doubts[] = "doubts: {urgency.P1: 2}\n" FIRE;
    cr_expect_eq(judge(FIRE, lexicon, "fire").urgency, URGENCY_P1);
    cr_expect_eq(judge(FIRE, lexicon, "fire on a lovely day").urgency, URGENCY_P4);
    cr_expect_eq(judge(doubts, lexicon, "fire on a lovely day").urgency, URGENCY_P1);
    cr_expect_eq(judge(doubts, lexicon, "a lovely day").urgency, URGENCY_P4);
}

Test(analyzer, signs_speak_only_in_the_language_they_were_learned_in)
{
    static const struct {
        const char *text;
        double neg, pos;
    } sums[] = {
        {"bad day!", 1.125, .25}, /* what English learned of "!" */
        {"今天吃了一碗麵！", 0, 0},
        {"今天吃了一碗麵 bad", 1, 0}, /* its words speak everywhere */
    };
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        double score = judge(rules_text, lexicon_text, sums[i].text).score;
        cr_expect_float_eq(score, score_of(sums[i].neg, sums[i].pos), 2e-4, "%s: %g, not %g",
                           sums[i].text, score, score_of(sums[i].neg, sums[i].pos));
    }
}

static const struct {
    const char *yaml;
    int line;
    const char *text; /* part of the message */
} faults[] = {
    {"rules:\n- {id: a, wy: x}\n", 2, "did you mean 'why'"},
    {"rules:\n- {id: a, why: x, match: {any: [$staf]}}\nlists: {staff: [b]}\n", 2, "$staff"},
    {"rules:\n- {id: a, why: x, match: {any: [b]}, sets: {urgency: P9}}\n", 2, "no class"},
    {"rules:\n- {id: a, why: x, match: {regex: '(b'}}\n", 2, "regular expression"},
    {"rules:\n- {id: a, why: x, match: {regex: '.*'}}\n", 2, "nothing certain"},
    {"rules:\n- {id: a, why: x, match: {any: ['!?*']}}\n- {id: a, why: x, match: {any: [c]}}\n", 3,
     "already defined"},
    {"rules:\n- {id: a, why: x, match: {rules: 'b & '}}\n", 2, "no rule, group or class"},
    {"rules:\n- {id: a, why: x, match: {any: [ab*]}}\n", 2, "3 to 18 letters"},
    {"rules:\n- {id: a, why: x}\n", 2, "nothing to match"},
    {"rules: [\n", 0, ""},
    {"negators: {befor: [x]}\n", 1, "before"},
};

Test(analyzer, a_lexicon_holds_a_phrase_once)
{
    struct diags d = {0};
    struct ruleset *rs = rules_of(rules_text,
                                  "# lang: en\nphrase\tsentiment.negative\nbad\t1\n!bad\t0.5\n"
                                  "worse\t2\nbad\t0.25\n", &d);
    cr_expect_null(rs);
    cr_assert_geq(d.count, 1);
    cr_expect(strstr(d.items[0].err.text, "line 3 holds this phrase already: 'bad'"), "%s",
              d.items[0].err.text);
    cr_expect_eq(d.items[0].err.line, 6);
    diags_free(&d);
}

Test(analyzer, faults_have_a_place)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct diags d = {0};
        struct ruleset *rs = rules_of(faults[i].yaml, NULL, &d);
        cr_expect_null(rs, "case %zu", i);
        cr_assert_geq(d.count, 1, "case %zu", i);
        cr_expect(strstr(d.items[0].err.text, faults[i].text), "case %zu: %s", i,
                  d.items[0].err.text);
        if (faults[i].line)
            cr_expect_eq(d.items[0].err.line, faults[i].line, "case %zu", i);
        diags_free(&d);
    }
}

static void scan_bytes(struct scanner *s, const char *text, size_t n)
{
    struct arena *a = arena_new();
    struct post p = POST_INIT;
    struct verdict v;
    p.text = str_n(text, n);
    cr_expect_eq(scan_post(s, &p, SCAN_FULL, a, &v, NULL), DF_OK);
    cr_expect_eq(scan_post(s, &p, SCAN_BRIEF, a, &v, NULL), DF_OK);
    arena_free(&a);
}

/* A megabyte of each kind of nuisance: bounded time (the test's limit) and memory. */
Test(analyzer, hostile_texts, .timeout = 60)
{
    static const char *const kinds[] = {"broken ", "\xCC\x81", "\xFF", "a", "坏了", "!", "not ",
                                        "waiter rude ", "waited 1 hours ", "\n", "ﷺ", "@", "\"",
                                        "https://", "but ", "brokennnnn"};
    struct ruleset *rs = must_load(rules_text, lexicon_text);
    struct scanner *s = scan_new(rs);
    char *text = malloc(DF_MAX_POST_TEXT);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        size_t n = 0, len = strlen(kinds[k]);
        for (; n + len <= DF_MAX_POST_TEXT; n += len)
            memcpy(text + n, kinds[k], len);
        scan_bytes(s, text, n);
    }
    memset(text, 0, DF_MAX_POST_TEXT);
    scan_bytes(s, text, DF_MAX_POST_TEXT);
    for (size_t i = 0; i < DF_MAX_POST_TEXT; i++)
        text[i] = (char)(i * 2654435761u >> 13);
    scan_bytes(s, text, DF_MAX_POST_TEXT);
    struct post p = POST_INIT;
    struct verdict v;
    struct err e = {0};
    p.text = str_n(text, DF_MAX_POST_TEXT + 1);
    cr_expect_eq(scan_post(s, &p, SCAN_BRIEF, NULL, &v, &e), DF_REJECT);
    cr_expect(strstr(e.text, "DF_MAX_POST_TEXT"));
    free(text);
    scan_free(&s);
    ruleset_free(&rs);
}

Test(analyzer, catastrophic_pattern_is_stopped, .timeout = 20)
{
    struct ruleset *rs = must_load(
        "rules:\n- {id: a, why: x, match: {regex: 'start (?:[a-z]+ ?)+!end'}}\n", NULL);
    struct scanner *s = scan_new(rs);
    char text[60000] = "start ";
    memset(text + 6, 'a', sizeof text - 7);
    scan_bytes(s, text, sizeof text - 1);
    cr_expect_not(scan_fired(s, 0));
    scan_free(&s);
    ruleset_free(&rs);
}

Test(analyzer, hundred_thousand_phrases, .timeout = 60)
{
    struct buf b = BUF_INIT(8 << 20);
    buf_puts(&b, "phrase\tsentiment.negative\n");
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "word%c%c%c%c thing%c\t%d\n", 'a' + i % 26, 'a' + i / 26 % 26,
                   'a' + i / 676 % 26, 'a' + i / 17576 % 26, 'a' + i % 7, i % 9);
    struct ruleset *rs = must_load(NULL, b.ptr);
    cr_expect_geq(ruleset_counts(rs).phrases, 90000);
    struct scanner *s = scan_new(rs);
    scan_bytes(s, "wordabab thingb", 15);
    scan_free(&s);
    ruleset_free(&rs);
    buf_free(&b);
}

struct thread_job {
    const struct ruleset *rs;
    uint64_t sum;
};

static void *scan_many(void *arg)
{
    struct thread_job *j = arg;
    struct scanner *s = scan_new(j->rs);
    struct arena *a = arena_new();
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct post p = POST_INIT;
            struct verdict v;
            p.text = str_of(cases[i].text);
            if (scan_post(s, &p, SCAN_FULL, a, &v, NULL) == DF_OK)
                j->sum = j->sum * 31 + (uint64_t)v.finding_count * 7 + v.urgency;
            arena_reset(a);
        }
    arena_free(&a);
    scan_free(&s);
    return NULL;
}

Test(analyzer, one_ruleset_for_all_threads, .timeout = 30)
{
    struct ruleset *rs = must_load(rules_text, lexicon_text);
    struct thread_job jobs[4];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        jobs[i] = (struct thread_job){rs, 0};
        cr_assert_eq(pthread_create(&threads[i], NULL, scan_many, &jobs[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 1; i < 4; i++)
        cr_expect_eq(jobs[i].sum, jobs[0].sum);
    ruleset_free(&rs);
}

Test(analyzer, signatures_tell_copies)
{
    struct ruleset *rs = must_load(rules_text, NULL);
    struct scanner *s = scan_new(rs);
    struct arena *a = arena_new();
    static const char *const texts[] = {
        "this shop sold me a phone that died after two days and nobody there wants to talk to me",
        "This shop sold me a phone that died after three days, and nobody there wants to talk to me!",
        "lovely small place with good coffee and friendly people who know what they are doing here"};
    uint64_t sig[3];
    for (int i = 0; i < 3; i++) {
        struct post p = POST_INIT;
        struct verdict v;
        p.text = str_of(texts[i]);
        cr_assert_eq(scan_post(s, &p, SCAN_BRIEF, a, &v, NULL), DF_OK);
        sig[i] = scan_signature(s);
    }
    cr_expect_leq(__builtin_popcountll(sig[0] ^ sig[1]), 14);
    cr_expect_geq(__builtin_popcountll(sig[0] ^ sig[2]), 20);
    arena_free(&a);
    scan_free(&s);
    ruleset_free(&rs);
}
