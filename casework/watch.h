/* watch.h: tells people, once, that a source has failed several polls in a row, and once that it
 * answers again. Runs inside the transaction that keeps the source's row, so that a kill neither
 * loses nor repeats it. Must not know how a source is polled. */
#ifndef DF_CASEWORK_WATCH_H
#define DF_CASEWORK_WATCH_H

#include "casework/casework.h"

/* Looks at row->fails and row->told_at, writes the alert for every destination when one is due
 * and moves row->told_at; the caller keeps the row. *added_out: alerts written. */
DF_CHECKED enum df_rc watch_source(struct casework *cw, struct source_row *row, struct arena *a,
                                   int *added_out, struct err *err);

#endif
