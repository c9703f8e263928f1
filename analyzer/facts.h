/* facts.h: what a text states as fact, brought to one form: "three weeks" and 三個星期 are P3W,
 * "$1,200" is "USD 1200". Which words are a fact is the rules' business (`fact:`); this only
 * reads them. What cannot be brought to a form stays as written. Private to analyzer/. */
#ifndef DF_ANALYZER_FACTS_H
#define DF_ANALYZER_FACTS_H

#include "analyzer/scan.h"

/* Fills out->facts from the rules that fired. */
void facts_find(struct scanner *s, struct arena *a, struct verdict *out);

/* One fact's value from its folded text. `created`: the post's time, for dates without a year;
 * DF_NO_TIME when unknown. */
struct str fact_value(struct arena *a, struct str kind, struct str folded, int64_t created);

#endif
