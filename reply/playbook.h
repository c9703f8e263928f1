/* playbook.h: the team's practice as numbers (rules/core/playbook.yaml): clocks, promises, who
 * approves, the ladder of repeated incidents. Plain data, read once, process lifetime; casework
 * computes due times from it and the composer takes {within} and the register from it.
 * It must not know what a case or a reply is. */
#ifndef DF_REPLY_PLAYBOOK_H
#define DF_REPLY_PLAYBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"
#include "core/yaml.h"
#include "model/verdict.h"

enum approval { APPROVAL_NONE, APPROVAL_SENIOR, APPROVAL_MANAGER };
const char *approval_name(enum approval a);

enum { PLAYBOOK_RUNGS = 16 };

struct playbook_clock {
    int64_t answer_ms;      /* 0 = no clock */
    int64_t warn_ms;        /* before it is due */
    int64_t within_ms;      /* what replies promise */
    enum approval approval;
    bool always;            /* runs outside business hours too */
};

struct playbook_rung {
    int n, raise;
    int64_t answer_ms;      /* 0 = the urgency's own */
    struct str who, deliver;
    enum approval approval;
    bool report;            /* a written incident report is demanded */
    const struct str *forbid;
    int forbid_count;
};

struct playbook {
    struct playbook_clock urgency[URGENCIES];
    uint8_t days;           /* business days, bit 0 = Monday */
    int from_min, to_min;   /* business hours, minutes after midnight in the configured zone */
    int64_t hot_ms, lost_ms;
    int64_t progress_ms, done_ms, check_in_ms;
    int64_t ladder_window_ms, ladder_quiet_ms;
    struct playbook_rung rungs[PLAYBOOK_RUNGS];
    int rung_count;
    struct str register_default;
    const struct str *casual; /* channels spoken to casually */
    int casual_count;
};

/* The shipped playbook. */
DF_CHECKED enum df_rc playbook_load(struct arena *a, struct playbook *out, struct diags *d);
/* Reads a map over what *p already holds: only the keys given change. */
DF_CHECKED enum df_rc playbook_apply(struct arena *a, const struct yaml *map, struct playbook *p,
                                     struct diags *d);
/* Rung for the n-th incident: the last one at or below n; NULL when n < 1. */
const struct playbook_rung *playbook_rung(const struct playbook *p, int n);
struct str playbook_register(const struct playbook *p, struct str channel);

#endif
