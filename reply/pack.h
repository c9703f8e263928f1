/* pack.h: plans and pieces as loaded; private to reply/. Everything lives in the pack's arena and
 * never changes after reply_load. */
#ifndef DF_REPLY_PACK_H
#define DF_REPLY_PACK_H

#include "reply/reply.h"
#include "reply/when.h"

enum { PLAN_STEPS = 12 }; /* a public reply of more steps is a letter */

/* Variables of a text. The optional ones are there only when the post or the case gives them;
 * a piece that uses one is skipped without it and preferred with it. */
enum reply_var {
    VAR_BRAND, VAR_WITHIN, VAR_TOPIC,                              /* always there */
    VAR_CONTACT, VAR_OWNER, VAR_ELAPSED, VAR_VERSION, VAR_PRODUCT, /* optional */
    REPLY_VARS
};
enum { VAR_FIRST_OPTIONAL = VAR_CONTACT, VAR_WEIGHT = 3 };

struct plan {
    struct str id;
    struct when when;
    struct str steps[PLAN_STEPS], drop[PLAN_STEPS], needs[PLAN_STEPS];
    int step_count, drop_count, need_count;
    bool approval, optional, silent;
    struct str why[UI_LANGS];
    const struct yaml *at; /* for messages */
};

struct piece {
    struct str id, step;
    struct when when;
    bool brief;                      /* size: short */
    uint32_t vars;                   /* bit per reply_var used in any language */
    const struct str *texts[REPLY_LANGS];
    int text_count[REPLY_LANGS];
    const struct yaml *at;
};

struct reply_pack {
    struct arena *arena;
    struct playbook playbook;
    struct lint_set *lint;
    struct plan *plans; /* in order of trial */
    int plan_count;
    struct piece *pieces;
    int piece_count;
    struct str topics[CATEGORIES][REPLY_LANGS];
};

extern const char *const reply_var_names[REPLY_VARS + 1];

/* The next {name} in a text: *var_out is -1 when the name is not a variable. False at the end. */
bool reply_next_var(struct str text, size_t from, size_t *start_out, size_t *end_out, int *var_out);

#endif
