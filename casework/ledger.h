/* ledger.h: every step of every case, chained by hashes so that a changed, removed or inserted
 * row shows. hash = SHA-256(previous hash, seq, case, at, who, act, from, to, digest of why);
 * the first row follows a hash of zeros. The chain is checked by ledger_verify; to notice rows
 * cut off its end, keep the head that verify prints somewhere else. */
#ifndef DF_CASEWORK_LEDGER_H
#define DF_CASEWORK_LEDGER_H

#include "storage/store.h"

/* Appends inside the caller's transaction; gives row->seq and the hashes. */
DF_CHECKED enum df_rc ledger_append(struct store *st, struct ledger_row *row, struct err *err);

struct ledger_check {
    int64_t rows;                     /* read */
    int64_t broken_at;                /* first row that does not fit; 0: all fit */
    unsigned char head[LEDGER_HASH];  /* hash of the last good row */
};

/* DF_OK: the chain holds · DF_REJECT: it is broken, *out and err say where. */
DF_CHECKED enum df_rc ledger_verify(struct store *st, struct ledger_check *out, struct err *err);

#endif
