/* analyzer.h: a post and a rule set in, an explained verdict out. The whole public API of the
 * room. Pure: no files but the rules, no network, no database, no clock.
 *
 *   struct ruleset *rs;
 *   if (ruleset_load(&(struct ruleset_spec){0}, &rs, &diags) != DF_OK) …    (the shipped rules)
 *   struct scanner *s = scan_new(rs);                                      (one a thread)
 *   scan_post(s, &post, SCAN_BRIEF, arena, &verdict);
 *
 * A ruleset is immutable once loaded and shared by all threads; to reload, load a new one, swap,
 * and free the old one when no scanner uses it (process lifetime). A scanner belongs to one thread
 * and keeps its buffers from post to post. What a verdict points to lives in the caller's arena or
 * in the ruleset. The format of rules and lexicons is defuse-rules(5). */
#ifndef DF_ANALYZER_ANALYZER_H
#define DF_ANALYZER_ANALYZER_H

#include "core/arena.h"
#include "core/err.h"
#include "model/post.h"
#include "model/verdict.h"

struct ruleset;
struct scanner;

/* Where rules come from. Folders are layers: a rule in a later one replaces the rule with the same
 * id in an earlier one. Each folder holds packs (rules/NAME/…) or is one itself. */
struct ruleset_spec {
    const char *const *dirs; /* none: the shipped rules */
    int dir_count;
    bool with_shipped;       /* dirs come on top of the shipped rules */
    const char *instead;     /* this shipped file ("rules/…") is read … */
    struct str instead_text; /* … from here: for measuring */
    const char *pack;        /* only this pack ("lint"); NULL: all but lint and replies */
};

/* All faults of all files go to diags; DF_REJECT when there was an error. */
DF_CHECKED enum df_rc ruleset_load(const struct ruleset_spec *spec, struct ruleset **out,
                                   struct diags *diags);
void ruleset_free(struct ruleset **rs);

struct str ruleset_digest(const struct ruleset *rs); /* 16 hex digits */

struct ruleset_counts {
    uint32_t phrases, weighted, rules, regexes, bytes;
};
struct ruleset_counts ruleset_counts(const struct ruleset *rs);

/* What a rule says about itself; empty strings where it says nothing. */
struct rule_info {
    struct str id, group, why, why_hant, why_hans, severity, fix, fix_hant, fix_hans, file;
    uint32_t line;
};
uint32_t ruleset_rule_count(const struct ruleset *rs);
struct rule_info ruleset_rule(const struct ruleset *rs, uint32_t number);
/* The number of the rule with this id, or −1. */
int ruleset_find(const struct ruleset *rs, struct str id);

enum scan_flags { SCAN_FULL = 0, SCAN_BRIEF = 1 /* no facts, findings, silenced */ };

struct scanner *scan_new(const struct ruleset *rs);
void scan_free(struct scanner **s);
/* DF_REJECT only when title or text is over its limit (core/limits.h); invalid UTF-8 is repaired
 * for matching, and offsets count each bad byte as one character. */
enum df_rc scan_post(struct scanner *s, const struct post *p, unsigned flags, struct arena *a,
                     struct verdict *out, struct err *err);

/* Of the post last scanned: 64 bits that differ little between nearly equal texts; 0 for texts too
 * short to compare. Copies with a word or two changed differ in a dozen bits at most, unrelated
 * texts in about half of them. */
uint64_t scan_signature(const struct scanner *s);

#endif
