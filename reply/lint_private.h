/* lint_private.h: between lint.c (rules, order, wording) and the checks that need C. Private. */
#ifndef DF_REPLY_LINT_PRIVATE_H
#define DF_REPLY_LINT_PRIVATE_H

#include "core/yaml.h"
#include "reply/lint.h"

enum { LINT_SPANS = 32 }; /* shown of one check; more help nobody */

struct lint_cp { /* one code point of the reply */
    uint32_t cp;
    uint32_t at; /* byte offset */
};

/* What checks look at: the text and what the phrase rules found in it. */
struct lint_view {
    struct str text;
    const struct lint_ctx *ctx;
    const struct lint_cp *cps;
    size_t count;
    size_t length;        /* in ctx->unit */
    struct arena *a;
    bool regret, next_step, future, thanks, empty; /* parts that are there */
    unsigned likeness;      /* to the closest other reply on the page; below LINT_ALIKE: 0 */
    struct str folded;      /* the text as rules see it */
    const uint32_t *origin; /* of every folded byte: its code point */
};

/* How many findings: 0 none, -1 one about the whole text, else that many spans. */
typedef int lint_check(const struct lint_view *v, struct span *spans);

struct lint_check_entry {
    const char *id;
    lint_check *run;
};
extern const struct lint_check_entry lint_checks[]; /* ends with a NULL id */
lint_check lint_date_impossible, lint_date_weekday, lint_date_past;

/* Patterns of a check, over folded text: for what holds no word that the scan could look for. */
struct lint_patterns {
    struct regex **items;
    int count;
};

void lint_patterns_read(struct arena *a, const struct yaml *list, struct lint_patterns *out,
                        struct diags *d);
void lint_patterns_free(struct lint_patterns *p);
int lint_patterns_find(const struct lint_patterns *p, const struct lint_view *v,
                       struct span *spans);

/* Does the number in text have a right check digit? True for rules without one. */
bool lint_number_valid(struct str rule, struct str text);

/* Percent of likeness from which a reply is much like another, and the same. */
enum { LINT_ALIKE = 85, LINT_SAME = 98 };
/* Of the recent replies, the one most like this: how much, or 0 below LINT_ALIKE. (lint_alike.c) */
unsigned lint_closest(const struct lint_view *v);

/* Is this text part of the brand's own contact? */
bool lint_is_own(const struct lint_view *v, struct str text);

/* en, zh-Hans, zh-Hant, yue or "" when the text is too short to say. */
struct str lint_language(const struct lint_view *v);

#endif
