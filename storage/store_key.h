/* store_key.h: what every driver must agree on about a post: what makes a new version of it, and
 * what is refused before it reaches a table. No I/O. */
#ifndef DF_STORAGE_STORE_KEY_H
#define DF_STORAGE_STORE_KEY_H

#include "core/err.h"
#include "model/post.h"

/* DF_REJECT for a post without channel, id or arrival time, or one past a limit. digest: the
 * 32 bytes of post->digest, reckoned when the post brings none. */
DF_CHECKED enum df_rc store_post_check(const struct post *p, unsigned char digest[32],
                                       struct err *err);

#endif
