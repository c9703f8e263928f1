/* score.h: evidence to classes. Private to analyzer/. */
#ifndef DF_ANALYZER_SCORE_H
#define DF_ANALYZER_SCORE_H

#include "analyzer/scan.h"

/* All phrases met to s->learned, each once plain and once negated; function words counted. */
void score_met(struct scanner *s);
void score_add_hit(struct scanner *s, const struct hit *h); /* one to s->learned */
void score_forget(struct scanner *s); /* which phrases the last post met */
/* s->sums and s->leads from s->learned and the rules that fired; all before `from` are in already. */
void score_sum(struct scanner *s, size_t from);
bool score_felt(const struct scanner *s, int slot); /* of a feeling's slot */
void score_verdict(const struct scanner *s, struct verdict *out);
/* True when the answer is P1. */
bool score_alarms(const struct scanner *s);
/* The slot a hit speaks for or against most, −1 when it weighs nothing; SLOT_ALARM in alarms only. */
int score_heaviest(const struct scanner *s, const struct hit *h, int32_t *weight);
int32_t score_rule(const struct scanner *s, const struct fired *f, uint32_t weight);

#endif
