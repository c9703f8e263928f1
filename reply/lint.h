/* lint.h: is this reply safe to post in public? Deterministic, offline, for text written by people
 * or by the composer. Rules are data (rules/lint/): phrase rules run through the analyzer, checks
 * that need more than the text (length, duplicates, script) are named functions with their words
 * and severity in checks.yaml. Nothing is changed or cut; every finding says what, where, why and
 * what to write instead, in the three languages of the interface.
 *
 * It must not know of cases, databases or the network. A loaded lint set is immutable and may be
 * shared; findings live in the caller's arena. */
#ifndef DF_REPLY_LINT_H
#define DF_REPLY_LINT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/length.h"
#include "core/msg.h"
#include "model/verdict.h"

struct lint_set;

enum lint_severity { LINT_NOTE, LINT_WARN, LINT_BLOCK };
const char *lint_severity_name(enum lint_severity s); /* "note", "warn", "block" */

/* What is known beside the text; all of it may be absent (zeroed). */
struct lint_ctx {
    struct str channel;         /* pack name */
    struct str lang;            /* the post's: en, zh-Hans, zh-Hant, yue; "" = do not compare */
    size_t limit;               /* of the channel; 0 = none */
    enum length_unit unit;
    const struct str *recent;   /* replies already posted on the same page */
    int recent_count;
    const struct str *forbid;   /* rule ids raised to block on this rung of the ladder */
    int forbid_count;
    int64_t now;                /* for dates in the text; 0 or DF_NO_TIME = do not judge dates */
    int offset_minutes;         /* of the zone dates are meant in */
    struct str own;             /* the brand's own public contact: never personal data */
    bool thanks;                /* an answer to praise or a wish: regret and next step not asked */
};

struct lint_finding {
    struct str rule;
    enum lint_severity severity;
    const struct span *spans;   /* code points of the reply; none: the whole text */
    int span_count;
    struct str why[UI_LANGS];   /* one sentence */
    struct str fix[UI_LANGS];   /* what to do instead */
};

struct lint_report {
    const struct lint_finding *items; /* by severity, then by place */
    int count, blocks, warns, notes;
    size_t length;              /* of the reply in ctx.unit */
};

/* dirs: folders of one's own lint rules beside the shipped ones, NULL-terminated or NULL. */
DF_CHECKED enum df_rc lint_load(const char *const *dirs, struct lint_set **out, struct diags *d);
void lint_free(struct lint_set **l);

/* DF_REJECT only for a text over DF_MAX_REPLY; any other text is judged. */
DF_CHECKED enum df_rc reply_lint(const struct lint_set *l, struct str text,
                                 const struct lint_ctx *ctx, struct arena *a,
                                 struct lint_report *out, struct err *err);

struct buf;
/* The findings as a JSON array: {rule, severity, why, fix, spans: [{start, end}]}. */
void lint_put_findings(struct buf *b, const struct lint_report *r, enum ui_lang lang);
/* The whole report: {ok, length, limit, unit, blocks, warns, notes, findings}. */
void lint_put_report(struct buf *b, const struct lint_report *r, const struct lint_ctx *ctx,
                     enum ui_lang lang);

#endif
