/* signature.h: Standard Webhooks 1.0. The header of an attempt: "v1,BASE64" of HMAC-SHA256 over
 * "id.timestamp.body", one per secret. A secret is shown as whsec_BASE64 of 24 to 64 bytes. */
#ifndef DF_ALERTS_SIGNATURE_H
#define DF_ALERTS_SIGNATURE_H

#include "core/arena.h"
#include "core/err.h"

/* secrets: one or more, separated by spaces. DF_REJECT: one of them is none. */
DF_CHECKED enum df_rc webhook_sign(struct str secrets, struct str id, struct str timestamp,
                                   struct str body, struct arena *a, struct str *out,
                                   struct err *err);

#endif
