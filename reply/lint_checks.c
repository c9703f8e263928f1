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

/* Letters, digits and characters alone, small: spacing and marks make no new text. */
static size_t bare(struct arena *a, struct str s, uint32_t **out)
{
    uint32_t *cps = arena_array(a, s.len + 1, sizeof *cps);
    size_t n = 0, step;
    for (size_t i = 0; i < s.len; i += step) {
        uint32_t cp = utf8_get(s.ptr + i, s.len - i, &step);
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if (cp > 0x2FFF ? cp < 0xFF00 && (cp < 0x3000 || cp > 0x303F) : cp > 0x7F || cp >= 'a' ||
                                                                        (cp >= '0' && cp <= '9'))
            cps[n++] = cp;
    }
    *out = cps;
    return n;
}

static int by_value(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

struct pairs { /* of neighbouring characters, sorted */
    uint64_t *items;
    size_t count;
};

static struct pairs pairs_of(struct arena *a, struct str s)
{
    uint32_t *cps;
    size_t n = bare(a, s, &cps);
    struct pairs p = {.count = n > 1 ? n - 1 : 0};
    p.items = arena_array(a, p.count + 1, sizeof *p.items);
    for (size_t i = 0; i < p.count; i++)
        p.items[i] = (uint64_t)cps[i] << 32 | cps[i + 1];
    qsort(p.items, p.count, sizeof *p.items, by_value);
    return p;
}

/* Share of pairs that two texts have in common (Dice), in percent. */
static unsigned likeness(const struct pairs *x, const struct pairs *y)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < x->count && j < y->count;) {
        common += x->items[i] == y->items[j];
        bool less = x->items[i] < y->items[j], more = x->items[i] > y->items[j];
        i += !more;
        j += !less;
    }
    return x->count + y->count ? (unsigned)(200 * common / (x->count + y->count)) : 0;
}

/* A text as a set of 4096 bits, one for each kind of pair: a quick look before the exact one. */
struct print {
    uint64_t bits[64];
    unsigned count;
};

static struct print print_of(struct arena *a, struct str s)
{
    uint32_t *cps;
    struct print p = {0};
    size_t n = bare(a, s, &cps);
    for (size_t i = 0; i + 1 < n; i++) {
        uint32_t h = (cps[i] * 0x9E3779B1u ^ cps[i + 1]) * 0x85EBCA6Bu >> 20;
        p.bits[h / 64] |= UINT64_C(1) << h % 64;
    }
    for (int i = 0; i < 64; i++)
        p.count += (unsigned)__builtin_popcountll(p.bits[i]);
    return p;
}

static bool maybe_alike(const struct print *x, const struct print *y)
{
    unsigned common = 0;
    for (int i = 0; i < 64; i++)
        common += (unsigned)__builtin_popcountll(x->bits[i] & y->bits[i]);
    return common * 200 >= 65 * (x->count + y->count);
}

/* Texts of which one is half as long again as the other are not alike. */
unsigned lint_closest(const struct lint_view *v)
{
    unsigned best = 0;
    struct pairs own = pairs_of(v->a, v->text);
    struct print look = print_of(v->a, v->text);
    for (int i = 0; i < v->ctx->recent_count; i++) {
        struct str other = v->ctx->recent[i];
        if (other.len * 3 < v->text.len * 2 || v->text.len * 3 < other.len * 2)
            continue;
        struct arena_mark m = arena_mark(v->a);
        struct print glance = print_of(v->a, other);
        if (maybe_alike(&look, &glance)) {
            struct pairs theirs = pairs_of(v->a, other);
            unsigned l = likeness(&own, &theirs);
            best = l > best ? l : best;
        }
        arena_release(v->a, m);
    }
    return best;
}

static int canned_same(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return v->likeness >= 98 ? -1 : 0;
}

static int canned_similar(const struct lint_view *v, struct span *spans)
{
    (void)spans;
    return v->likeness >= 85 && v->likeness < 98 ? -1 : 0;
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
