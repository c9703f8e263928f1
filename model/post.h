/* post.h: one thing somebody wrote in public, as plain data, with its JSON-line form
 * (defuse-post(5)). No I/O, no opinion: what it means is the verdict's business.
 * All slices are valid UTF-8 and live as long as the arena the post was read into. */
#ifndef DF_MODEL_POST_H
#define DF_MODEL_POST_H

#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/json.h"

#define POST_NO_COUNT (-1) /* a count the channel does not tell */

struct post {
    struct str channel;     /* pack name: "appstore" */
    struct str source;      /* the configured source's name; empty in `extract` */
    struct str id;          /* scope + native id, unique within the channel: "us/123/4567" */
    struct str url;         /* where a person can read and answer it */
    struct str author_id;   /* stable within the channel, empty when unknown */
    struct str author_name; /* as displayed */
    int64_t followers;      /* POST_NO_COUNT when unknown */
    struct str title;
    struct str text;        /* as written: original characters, HTML already turned to text */
    struct str lang;        /* BCP 47 as the channel says, empty when it says nothing */
    double stars;           /* 1–5, NaN when the channel has none */
    struct str rating;      /* the rating as found: "8/10", "Recommended" */
    int64_t created;        /* ms UTC, DF_NO_TIME when unknown */
    int64_t edited;         /* only when the channel says so */
    int64_t deleted;        /* since when the place says that it is gone; absence says nothing */
    int64_t seen;           /* when defuse first saw it */
    struct str parent;      /* id of the post it answers */
    int64_t likes, shares, replies; /* POST_NO_COUNT when unknown */
    struct str digest;      /* 64 hex digits over what an edit would change; post_digest */
};

#define POST_INIT                                                                              \
    ((struct post){.followers = POST_NO_COUNT, .stars = __builtin_nan(""),                     \
                   .created = DF_NO_TIME, .edited = DF_NO_TIME, .deleted = DF_NO_TIME,         \
                   .seen = DF_NO_TIME,                                                         \
                   .likes = POST_NO_COUNT, .shares = POST_NO_COUNT, .replies = POST_NO_COUNT})

/* Reads one JSON object. Only "text" is required; unknown keys are ignored; a wrong type is
 * DF_REJECT naming the key. Numbers are taken for ids too, exactly up to 2^63. Bad UTF-8 cannot
 * occur (the JSON reader refuses it). Strings over their limit (core/limits.h) are DF_REJECT. */
DF_CHECKED enum df_rc post_from_json(const json_t *obj, struct arena *a, struct post *out,
                                     struct err *err);
/* The same from the bytes of one line; `name` and `line` give the place for messages. */
DF_CHECKED enum df_rc post_read_line(struct str line, const char *name, long long number,
                                     struct arena *a, struct post *out, struct err *err);
/* The quick way for plain lines: DF_OK, or DF_NONE when only post_read_line can tell (also for
 * every fault). Slices may point into the line: it must outlive the post. */
DF_CHECKED enum df_rc post_read_plain(struct str line, struct arena *a, struct post *out);
/* One line without its end, keys in the order of the struct; unknown values are left out,
 * except text. */
void post_put_json(struct buf *b, const struct post *p);

/* SHA-256 over title, text, stars and rating: what makes a new version of the same post. */
struct str post_digest(struct arena *a, const struct post *p);

#endif
