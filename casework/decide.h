/* decide.h: the parts that triage and act share: one step is the changed case, its ledger row and
 * its alerts, written together inside the caller's transaction. Private to casework/. */
#ifndef DF_CASEWORK_DECIDE_H
#define DF_CASEWORK_DECIDE_H

#include "casework/casework.h"

/* Ledger row for `act`, from the state given to the one the case has now. */
DF_CHECKED enum df_rc decide_note(struct casework *cw, const struct case_row *c,
                                  enum case_act act, const char *from, struct str who,
                                  struct str why, struct err *err);

/* One outbox row per route that wants to hear of this urgency. A second decision of the same
 * kind about the same case and version adds nothing. */
DF_CHECKED enum df_rc decide_alert(struct casework *cw, const struct case_row *c,
                                   enum alert_kind kind, const struct post_row *post,
                                   const struct verdict *v, struct str reply, struct arena *a,
                                   int *added_out, struct err *err);

/* DF_NONE from cases->update in words: who was faster. */
enum df_rc decide_lost(int64_t case_id, enum ui_lang lang, struct err *err);

/* One line: why it is here. */
struct str decide_reason(const struct verdict *v, struct arena *a);

#endif
