/* scan_rule.h: looking at one rule; shared by the scan, the composites and `rules why`. */
#ifndef DF_ANALYZER_SCAN_RULE_H
#define DF_ANALYZER_SCAN_RULE_H

#include "analyzer/scan.h"

/* Adds to s->fired when the rule fires or is silenced. Composites: text part only. */
void rule_look(struct scanner *s, uint32_t number);
bool rule_matches_text(const struct image_rule *r);
bool set_hit(const struct scanner *s, uint32_t set);
const struct regex_state *regex_run_once(struct scanner *s, uint32_t number);
uint32_t unit_at(const struct scanner *s, uint32_t byte);

/* composite.c: rules made of other rules, then what rules silence, then group caps. `late`: the
 * round that may ask for the leading class. */
void composites_run(struct scanner *s, bool late);
void silences_apply(struct scanner *s);

#endif
