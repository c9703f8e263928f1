/* lock.h: one run at a time, whatever happened to the last one. A lock is a row that names one
 * life of one process (host, boot, process number, its start); whoever finds that life over takes
 * the row, in one atomic statement. A holder on another host cannot be looked at: there the time
 * of expiry decides, so long work renews its lock.
 * The same names mark the leases of the outbox. Must not know what the lock is for. */
#ifndef DF_STORAGE_LOCK_H
#define DF_STORAGE_LOCK_H

#include "core/clock.h"
#include "storage/store.h"

#define DF_LOCK_TERM (15 * DF_MINUTE) /* renew well before */

/* Name of this life of this process; NUL-terminated, in the arena. */
struct str lock_self(struct arena *a);
/* False only when that life is surely over: same host, but another boot or no such process. */
bool lock_alive(struct str holder);

/* Takes or renews. DF_NONE: somebody alive holds it, and err says who and since when. */
DF_CHECKED enum df_rc lock_take(struct store *st, const char *name, struct str self,
                                const struct clock *clock, struct err *err);
DF_CHECKED enum df_rc lock_drop(struct store *st, const char *name, struct str self,
                                struct err *err);

#endif
