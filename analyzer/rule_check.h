/* rule_check.h: what people who write rules ask of the analyzer: do the examples hold, why did a
 * rule (not) fire, what in the files looks like a mistake. Used by `defuse rules`. */
#ifndef DF_ANALYZER_RULE_CHECK_H
#define DF_ANALYZER_RULE_CHECK_H

#include "analyzer/analyzer.h"

struct rule_example {
    struct str rule;
    struct post post; /* mostly only its text */
    bool yes;         /* the rule must fire on it; else it must not */
    const char *file;
    int line, col;
};

/* All examples of the rules that count, in the order written; in the arena. */
DF_CHECKED enum df_rc rule_examples(const struct ruleset_spec *spec, struct arena *a,
                                    struct rule_example **out, size_t *count_out,
                                    struct diags *diags);

/* Of the post last scanned: did rule `number` fire (and was not silenced)? */
bool scan_fired(const struct scanner *s, int number);

/* Of the post last scanned: plain English, a line a fact, why the rule fired or did not. */
void scan_why(struct scanner *s, int number, struct buf *out);

/* Warnings about what is probably a mistake: dead rules and lists, phrases shadowed by shorter
 * ones, "(i?)", capitals in patterns, patterns prone to catastrophic backtracking, "[" that
 * swallows the rest, texts under both `yes` and `no`; errors of loading too. `pack`: of its files
 * only; NULL: of all. */
void rule_lint(const struct ruleset_spec *spec, const char *pack, struct diags *diags);

/* The pack a file of rules lies in: "rules/safety/danger.yaml" → "safety". */
struct str rule_pack(struct str file);

#endif
