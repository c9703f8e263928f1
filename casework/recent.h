/* recent.h: what the team has already answered on the same channel, so that a new reply is not the
 * same words again. Reads only. Texts live in the arena. */
#ifndef DF_CASEWORK_RECENT_H
#define DF_CASEWORK_RECENT_H

#include "storage/store.h"

/* The newest text of every other answered case of own's channel, as far as one look reaches. */
DF_CHECKED enum df_rc recent_answers(struct store *st, const struct case_row *own, struct arena *a,
                                     const struct str **texts_out, int *count_out,
                                     struct err *err);

#endif
