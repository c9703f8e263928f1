/* store_mem.h: everything in memory, gone at close. A second, independent implementation of the
 * seam: for tests, and for passes that must leave no trace. One handle, one thread. Address "mem:". */
#ifndef DF_STORAGE_STORE_MEM_H
#define DF_STORAGE_STORE_MEM_H

#include "storage/store.h"

extern const struct store_ops store_mem_ops;

#endif
