/* store_fault.h: wraps another driver and fails on order, so that every error path can be walked.
 * Address "fault:SCRIPT@ADDRESS"; SCRIPT is one or more of  group.call[#n]=retry|reject|fatal
 * joined by commas: the n-th call (default 1) of that function fails and does nothing, e.g.
 * "fault:outbox.add#3=fatal,commit=retry@mem:". Without # and n every call is counted; with
 * "#*" all of them fail. */
#ifndef DF_STORAGE_STORE_FAULT_H
#define DF_STORAGE_STORE_FAULT_H

#include "storage/store.h"

extern const struct store_ops store_fault_ops;

#endif
