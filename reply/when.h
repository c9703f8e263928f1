/* when.h: the `when:` of plans and pieces: conditions over a verdict and what the case knows.
 * Private to reply/. Conditions live in the pack's arena; matching allocates nothing. */
#ifndef DF_REPLY_WHEN_H
#define DF_REPLY_WHEN_H

#include "core/arena.h"
#include "core/yaml.h"
#include "model/post.h"
#include "model/verdict.h"

enum when_key {
    WHEN_SENTIMENT, WHEN_URGENCY, WHEN_CATEGORY, WHEN_ASK, WHEN_MOTIVE, WHEN_FEELING,
    WHEN_NEEDS_REPLY, WHEN_CHANNEL, WHEN_REGISTER, WHEN_SITUATION, WHEN_FINDING, WHEN_FACT,
    WHEN_KEYS
};

struct when {
    struct when_cond {
        enum when_key key;
        uint32_t mask;           /* labels: bit per value */
        const struct str *words; /* other keys; `*` at the end stands for any rest */
        int count;
    } *conds;
    int count;
    int weight; /* how specific: the heaviest fitting piece wins */
};

struct when_view { /* what conditions look at */
    const struct post *post;
    const struct verdict *verdict;
    struct str reg;
    const struct str *situations;
    int situation_count;
};

/* Reads a map (NULL: always true). Unknown keys and words are faults with a suggestion. */
void when_read(struct arena *a, const struct yaml *map, struct when *out, struct diags *d);
bool when_holds(const struct when *w, const struct when_view *v);

#endif
