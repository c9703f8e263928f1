/* slots.c: the table of attributes and their classes. */
#include "analyzer/slots.h"

static const char *const class_names[SLOTS] = {
#define NAME(e, n) n,
    VERDICT_SENTIMENTS(NAME) VERDICT_URGENCIES(NAME) VERDICT_CATEGORIES(NAME) VERDICT_ASKS(NAME)
    "yes", "no",
    VERDICT_MOTIVES(NAME) VERDICT_FEELINGS(NAME)
#undef NAME
};

const struct slot_attr_info slot_attrs[ATTRS] = {
    [ATTR_SENTIMENT] = {"sentiment", SLOT_SENTIMENT, SENTIMENTS, SENTIMENT_NEUTRAL, 2.0},
    [ATTR_URGENCY] = {"urgency", SLOT_URGENCY, URGENCIES, URGENCY_P4, 2.0},
    [ATTR_CATEGORY] = {"category", SLOT_CATEGORY, CATEGORIES, CATEGORY_OTHER, 2.0},
    [ATTR_ASK] = {"ask", SLOT_ASK, ASKS, ASK_NONE, 2.0},
    [ATTR_NEEDS_REPLY] = {"needs_reply", SLOT_NEEDS_REPLY, 2, 1, 2.0},
    [ATTR_MOTIVE] = {"motive", SLOT_MOTIVE, MOTIVES, MOTIVE_NONE, 2.0},
    [ATTR_FEELING] = {"feeling", SLOT_FEELING, FEELINGS, 0, 2.0},
};

const char *slot_class(int slot)
{
    return class_names[slot];
}

enum slot_attr slot_attr_of(int slot)
{
    int a = ATTRS - 1;
    while (slot < slot_attrs[a].first)
        a--;
    return (enum slot_attr)a;
}

int slot_find_attr(struct str attr)
{
    for (int a = 0; a < ATTRS; a++)
        if (str_is(attr, slot_attrs[a].name))
            return a;
    return -1;
}

int slot_of(struct str attr, struct str name)
{
    int a = slot_find_attr(attr);
    if (a < 0)
        return -1;
    for (int i = 0; i < slot_attrs[a].count; i++)
        if (str_is(name, class_names[slot_attrs[a].first + i]))
            return slot_attrs[a].first + i;
    return -1;
}

int slot_of_dotted(struct str dotted)
{
    struct str attr;
    if (str_chr(dotted, '.') < 0 || !str_split(&dotted, '.', &attr))
        return -1;
    return slot_of(attr, dotted);
}
