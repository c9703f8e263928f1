/* lint_checks.c: checks of a reply as a whole; their wording is in rules/replies/checks.yaml. */
#include "reply/lint_private.h"

#include <stdlib.h>

#include "analyzer/fold_table.h"
#include "core/digest.h"
#include "core/utf8.h"

/* --- length --- */

static int length_over(const struct lint_view *v, struct span *spans)
{
    if (v->ctx->limit == 0 || v->length <= v->ctx->limit)
        return 0;
    size_t fit = 0, high = v->count; /* the most code points that fit */
    while (fit < high) {
        size_t mid = (fit + high + 1) / 2;
        size_t end = mid < v->count ? v->cps[mid].at : v->text.len;
        if (length_count(str_sub(v->text, 0, end), v->ctx->unit) <= v->ctx->limit)
            fit = mid;
        else
            high = mid - 1;
    }
    spans[0] = (struct span){FIELD_TEXT, (uint32_t)fit, (uint32_t)v->count};
    return 1;
}

static int text_empty(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return str_trim(v->text).len == 0 ? -1 : 0;
}

/* --- language and script --- */

static enum fold_tag tag_of(uint32_t cp)
{
    return (enum fold_tag)fold_tag(fold_entry(cp <= 0x10FFFF ? cp : 0xFFFD));
}

static bool is_letter(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
}

struct script_count {
    int han, hant, hans, yue, words;
};

static struct script_count count_script(const struct lint_view *v)
{
    struct script_count n = {0};
    for (size_t i = 0; i < v->count; i++) {
        enum fold_tag t = tag_of(v->cps[i].cp);
        n.han += t == FOLD_HAN || t == FOLD_TRADITIONAL || t == FOLD_SIMPLIFIED || t == FOLD_YUE;
        n.hant += t == FOLD_TRADITIONAL;
        n.hans += t == FOLD_SIMPLIFIED;
        n.yue += t == FOLD_YUE;
        n.words += is_letter(v->cps[i].cp) && (i == 0 || !is_letter(v->cps[i - 1].cp));
    }
    return n;
}

struct str lint_language(const struct lint_view *v)
{
    struct script_count n = count_script(v);
    if (n.han < 2 && n.words < 2)
        return STR_NONE;
    if (n.han < n.words)
        return STR("en");
    if (n.yue >= 2 || (n.yue && n.han <= 20))
        return STR("yue");
    if (n.hant == n.hans)
        return STR_NONE;
    return n.hant > n.hans ? STR("zh-Hant") : STR("zh-Hans");
}

static bool is_chinese(struct str lang)
{
    return str_starts(lang, STR("zh")) || str_is(lang, "yue");
}

static int other_language(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    struct script_count n = count_script(v);
    if (is_chinese(v->ctx->lang))
        return n.words > n.han && n.words >= 3 ? -1 : 0;
    return str_is(v->ctx->lang, "en") && n.han > n.words && n.han >= 3 ? -1 : 0;
}

static int mark_tag(const struct lint_view *v, enum fold_tag tag, struct span *spans)
{
    int found = 0;
    for (size_t i = 0; i < v->count && found < LINT_SPANS; i++)
        if (tag_of(v->cps[i].cp) == tag)
            spans[found++] = (struct span){FIELD_TEXT, (uint32_t)i, (uint32_t)i + 1};
    return found;
}

static int other_script(const struct lint_view *v, struct span *spans)
{
    struct script_count n = count_script(v);
    bool want_hans = str_is(v->ctx->lang, "zh-Hans");
    bool want_hant = str_is(v->ctx->lang, "zh-Hant") || str_is(v->ctx->lang, "yue");
    if (want_hans && n.hant > n.hans)
        return mark_tag(v, FOLD_TRADITIONAL, spans);
    return want_hant && n.hans > n.hant ? mark_tag(v, FOLD_SIMPLIFIED, spans) : 0;
}

static int mixed_script(const struct lint_view *v, struct span *spans)
{
    struct script_count n = count_script(v);
    if (n.hant == 0 || n.hans == 0)
        return 0;
    return mark_tag(v, n.hant >= n.hans ? FOLD_SIMPLIFIED : FOLD_TRADITIONAL, spans);
}

static int not_cantonese(const struct lint_view *v, struct span *spans)
{
    struct script_count n = count_script(v);
    (void)spans;
    return str_is(v->ctx->lang, "yue") && n.han >= 10 && n.yue == 0 ? -1 : 0;
}

/* The word at i: its end, and whether it is written in capitals; i itself when there is none. */
static size_t word_end(const struct lint_view *v, size_t i, bool *large)
{
    *large = true;
    for (; i < v->count && (is_letter(v->cps[i].cp) || v->cps[i].cp == '\''); i++)
        *large &= v->cps[i].cp < 'a';
    return i;
}

/* Runs of words in capitals: two and more side by side, or one of six letters and more. */
static int capitals(const struct lint_view *v, struct span *spans)
{
    int found = 0;
    for (size_t i = 0; i < v->count && found < LINT_SPANS;) {
        bool large;
        size_t start = i, end = word_end(v, i, &large), letters = 0;
        for (size_t next = end; large && next > i; next = word_end(v, i, &large)) {
            letters += next - i;
            end = next;
            i = next + (next < v->count && v->cps[next].cp == ' ');
        }
        if (letters >= 6)
            spans[found++] = (struct span){FIELD_TEXT, (uint32_t)start, (uint32_t)end};
        i = end > start ? end : start + 1;
    }
    return found;
}

/* --- the other replies on the page --- */

static int canned_same(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return v->likeness >= LINT_SAME ? -1 : 0;
}

static int canned_similar(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return v->likeness >= LINT_ALIKE && v->likeness < LINT_SAME ? -1 : 0;
}

/* --- what is missing --- */

/* A thank-you owes nobody a next step. Without a case it is told by its words. */
static bool is_thanks(const struct lint_view *v)
{
    return v->ctx->thanks || (v->thanks && !v->regret && !v->empty);
}

static int missing_next_step(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    bool step = v->next_step || (v->future && !v->empty); /* "we will improve" is no step */
    return step || is_thanks(v) || str_trim(v->text).len == 0 ? 0 : -1;
}

static int missing_regret(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return v->regret || is_thanks(v) || str_trim(v->text).len == 0 ? 0 : -1;
}

const struct lint_check_entry lint_checks[] = {
    {"length.over", length_over},
    {"text.empty", text_empty},
    {"lang.other-language", other_language},
    {"lang.other-script", other_script},
    {"lang.mixed-script", mixed_script},
    {"lang.not-cantonese", not_cantonese},
    {"tone.capitals", capitals},
    {"canned.same", canned_same},
    {"canned.similar", canned_similar},
    {"missing.next-step", missing_next_step},
    {"missing.regret", missing_regret},
    {"date.impossible", lint_date_impossible},
    {"date.weekday", lint_date_weekday},
    {"date.past", lint_date_past},
    {NULL, NULL},
};
