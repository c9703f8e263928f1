/* worker.h: the one thread beside the pages: runs a pass whenever something may be due, with a
 * database handle of its own, so that a slow source never freezes a page.
 * It must not touch the session but through what is constant after session_open. */
#ifndef DF_CMD_WORKER_H
#define DF_CMD_WORKER_H

#include "cmd/session.h"

struct worker;

/* Starts at once. The session must outlive it. */
DF_CHECKED enum df_rc worker_start(struct session *s, struct worker **out, struct err *err);
/* Asks it to stop and waits a little. false: it is still in the middle of a pass; the caller may
 * end the process all the same, since a kill at any moment loses nothing. */
bool worker_stop(struct worker **w);

#endif
