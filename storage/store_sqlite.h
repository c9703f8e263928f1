/* store_sqlite.h: the embedded default: one file, WAL, any number of processes on one machine. Address
 * "sqlite:PATH" or a bare path; ":memory:" for a private one. SQL: storage/sql/sqlite. */
#ifndef DF_STORAGE_STORE_SQLITE_H
#define DF_STORAGE_STORE_SQLITE_H

#include "storage/store.h"

extern const struct store_ops store_sqlite_ops;

#endif
