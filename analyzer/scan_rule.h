/* scan_rule.h: looking at one rule; shared by the scan, the composites and `rules why`. */
#ifndef DF_ANALYZER_SCAN_RULE_H
#define DF_ANALYZER_SCAN_RULE_H

#include "analyzer/scan.h"

/* Adds to s->fired when the rule fires or is silenced. Composites: text part only. */
void rule_look(struct scanner *s, uint32_t number);
void rule_take_back(struct scanner *s, uint32_t number); /* a rule that fired */
bool rule_matches_text(const struct image_rule *r);
bool set_hit(const struct scanner *s, uint32_t set);
const struct regex_state *regex_run_once(struct scanner *s, uint32_t number);
uint32_t unit_at(const struct scanner *s, uint32_t byte);

/* composite.c: rules made of other rules, then what rules silence, then group caps. `late`: the
 * round that may ask for the leading class. */
void composites_run(struct scanner *s, bool late);
bool silences_apply(struct scanner *s); /* true when something that had fired is silent now */

/* What composites ask for: slots first, they decide most; then groups, then rules. */
static inline uint32_t known_group(uint32_t group)
{
    return SLOTS + group;
}

static inline uint32_t known_rule(const struct scanner *s, uint32_t rule)
{
    return SLOTS + s->m->groups + rule;
}

static inline bool known(const struct scanner *s, uint32_t number)
{
    return s->known[number / 64] >> number % 64 & 1;
}

static inline void known_set(struct scanner *s, uint32_t number)
{
    s->known[number / 64] |= 1ull << number % 64;
}

static inline void known_clear(struct scanner *s, uint32_t number)
{
    s->known[number / 64] &= ~(1ull << number % 64);
}

#endif
