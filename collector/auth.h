/* auth.h: credentials of a source: are they there, is a token needed, has it run out? Secrets come
 * from environment variables that the pack names; tokens stay in memory. */
#ifndef DF_COLLECTOR_AUTH_H
#define DF_COLLECTOR_AUTH_H

#include "collector/collector_private.h"
#include "collector/source.h"

/* DF_REJECT naming the first variable that is not set; DF_OK when all are or none is needed. */
DF_CHECKED enum df_rc auth_check(const struct source *, struct err *);

/* Token for this source, "" when it must log in first (or needs none). */
struct str auth_token(struct collector *, const struct source *, int64_t now);
bool auth_needs_login(struct collector *, const struct source *, int64_t now);
DF_CHECKED enum df_rc auth_login_request(const struct source *, struct arena *, int64_t now,
                                         struct net_request *out, struct err *);
/* Takes the token out of the answer. */
DF_CHECKED enum df_rc auth_login_done(struct collector *, const struct source *,
                                      const struct net_response *, struct arena *, int64_t now,
                                      struct err *);
void auth_forget(struct collector *, const struct source *); /* after a 401 */
void auth_free(struct collector *);

/* jwt.c: RS256 over the claims of the pack, with the key of a Google service-account file. */
DF_CHECKED enum df_rc jwt_make(const struct source *, struct arena *, int64_t now, struct str *out,
                               struct err *);

#endif
