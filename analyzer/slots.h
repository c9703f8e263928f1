/* slots.h: every class a text can get is one slot; evidence adds weight to slots, and each
 * attribute's answer is its heaviest slot. The names come from model/verdict.h; this table only
 * numbers them and says what an attribute answers when nothing speaks. Constant data. */
#ifndef DF_ANALYZER_SLOTS_H
#define DF_ANALYZER_SLOTS_H

#include <stdint.h>

#include "model/verdict.h"

enum slot_attr {
    ATTR_SENTIMENT, ATTR_URGENCY, ATTR_CATEGORY, ATTR_ASK, ATTR_NEEDS_REPLY, ATTR_MOTIVE,
    ATTR_FEELING, ATTRS
};

enum {
    SLOT_SENTIMENT = 0,
    SLOT_URGENCY = SLOT_SENTIMENT + SENTIMENTS,
    SLOT_ALARM = SLOT_URGENCY, /* P1: nearly every word speaks against it, which only its own
                                * explanation needs to tell */
    SLOT_CATEGORY = SLOT_URGENCY + URGENCIES,
    SLOT_ASK = SLOT_CATEGORY + CATEGORIES,
    SLOT_NEEDS_REPLY = SLOT_ASK + ASKS, /* yes, no */
    SLOT_MOTIVE = SLOT_NEEDS_REPLY + 2,
    SLOT_FEELING = SLOT_MOTIVE + MOTIVES,
    SLOTS = SLOT_FEELING + FEELINGS
};

#define SLOT_ONE 1024 /* weights are integers of 1/1024: sums are exact and the same everywhere */

struct slot_attr_info {
    const char *name;
    int first, count;
    int otherwise;          /* class when no slot of the attribute has weight */
    double rule_weight;     /* what `sets: {attr: class}` in a rule is worth unless told */
};
extern const struct slot_attr_info slot_attrs[ATTRS];

const char *slot_class(int slot);  /* "billing" */
enum slot_attr slot_attr_of(int slot);
/* "category.billing" or its two halves to a slot; −1 when there is no such class. */
int slot_of(struct str attr, struct str name);
int slot_of_dotted(struct str dotted);
int slot_find_attr(struct str attr); /* −1 when none */

#endif
