/* raw.h: a post as an extractor found it, before anything is believed: strings as written, no
 * dates read, no scale known. Extractors fill it, normalize.c turns it into a struct post.
 * All slices live in the batch arena or in the body. Empty slice = not given. */
#ifndef DF_COLLECTOR_RAW_H
#define DF_COLLECTOR_RAW_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/channel.h"
#include "core/arena.h"
#include "core/str.h"

#define RAW_NO_COUNT INT64_C(-1)

struct raw_post {
    struct str id, url, author_id, author_name, title, text, lang, rating, created, edited, parent;
    struct str hash;   /* without an id: the values that together are one, as text */
    struct str scope;  /* more scope than the pack's template gives, e.g. the article of a push */
    struct str base;   /* relative links in the text start here */
    enum text_format format, title_format;
    bool format_given; /* else the pack's */
    bool edited_flag;  /* the channel says so without a date */
    bool deleted;      /* the channel says that it was: id and scope are all that counts */
    double best, worst; /* scale given with the rating; NaN = the pack's */
    int64_t followers, likes, shares, replies;
};

/* What a body says of all reviews together; without a scale of its own NaN, -1 unknown. */
struct raw_total {
    struct str about, rating;
    double best, worst;
    int64_t ratings, reviews;
};

struct raw_page {
    struct raw_post *posts;
    size_t count, cap;
    struct str next;      /* cursor or URL of the next page, "" = none */
    struct str *follow;   /* detail pages */
    size_t follow_count, follow_cap;
    struct str error;     /* what the body says went wrong */
    int64_t retry_ms;     /* -1 */
    int bad;              /* items that could not be read */
    struct str bad_first; /* why, for the first */
    bool cut;             /* the body ended too soon: not to be taken for the whole */
    struct str lang;      /* of the whole page */
    struct raw_total *totals;
    size_t total_count, total_cap;
};

struct raw_post *raw_push(struct arena *a, struct raw_page *page); /* with "unknown" everywhere */
/* The page as JSON for a pack's jq: {"items": [the keys of defuse-channels(5)], "next": …}. */
struct buf;
void raw_put_json(struct buf *b, const struct raw_page *page);
void raw_bad(struct arena *a, struct raw_page *page, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
