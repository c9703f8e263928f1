/* normalize.h: raw post → post: clean text, UTC dates, 1–5 stars, scoped id, digest. The last
 * step before a post leaves the collector; it believes nothing that cannot be checked. */
#ifndef DF_COLLECTOR_NORMALIZE_H
#define DF_COLLECTOR_NORMALIZE_H

#include "collector/channel.h"
#include "collector/raw.h"
#include "model/post.h"

struct normalize_context {
    const struct channel *channel;
    struct str source; /* the source's name */
    struct str scope;  /* the pack's `id` template filled in, "" none */
    struct str lang;   /* declared for all posts, "" unknown */
    struct str zone;   /* of zoneless dates */
    struct str url;    /* the page they stood on */
    int64_t now;       /* for relative dates; DF_NO_TIME unknown */
};

/* DF_REJECT: cannot be a post (no text, no title, no id; or over a limit). */
DF_CHECKED enum df_rc normalize_post(const struct normalize_context *, const struct raw_post *,
                                     struct arena *, struct post *out, struct err *);

/* Distinct posts under one id (guids that are used twice) get ids of their own; exact copies
 * are dropped. split: the channel is known to use ids twice. Returns the new count. */
size_t normalize_ids(struct arena *, struct post *posts, size_t count, bool split);

/* The id a post of these would have; "" when it has none of its own. */
struct str normalize_id(const struct normalize_context *, const struct raw_post *, struct arena *);

#endif
