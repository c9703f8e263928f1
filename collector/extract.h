/* extract.h: SEAM: a body in UTF-8 → raw posts. One reader per kind of body; what a channel wants
 * from it is in its pack. Readers know nothing of HTTP, dates, scales or posts.
 *
 *   feed        RSS 0.9x/1.0/2.0, Atom 0.3/1.0            → raw posts   (extract_feed.c)
 *   json        JSON, also JSONP and slightly broken      → jq → raw posts
 *   xml         any XML, as a tree                        → jq → raw posts
 *   html        selectors of the pack                     → jq → raw posts
 *   structured  JSON-LD, microdata, RDFa of a page        → jq → raw posts
 * The last four make JSON text of the body (extract_to_json) and give it to the pack's jq. */
#ifndef DF_COLLECTOR_EXTRACT_H
#define DF_COLLECTOR_EXTRACT_H

#include "collector/channel.h"
#include "collector/raw.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/rc.h"

struct extract_body {
    struct str text;   /* valid UTF-8 */
    struct str url;    /* "" unknown */
    struct str cursor; /* paging value that led here */
    const struct param_value *params;
    size_t param_count;
};

/* DF_OK also when items were bad (page->bad); DF_REJECT: this is not such a body. */
DF_CHECKED enum df_rc extract_feed(const struct extract_body *, struct arena *, struct raw_page *,
                                   struct err *);

/* --- bodies to JSON --- */

/* Repairs what browsers and people forgive and libjq does not: JSONP, comments, CDATA, control
 * characters, wrong escapes, commas at the end; writes integers past 2^53 as strings so that
 * ids stay exact. Several documents in one text come out one a line. */
void json_tidy(struct buf *out, struct str text);
/* One whole JSON value and nothing else, nested no deeper than libjq goes. (json_check.c) */
bool json_well_formed(struct str text);
/* The same, and json_tidy() would change nothing in it. */
bool json_is_plain(struct str text);
void xml_to_json(struct buf *out, struct arena *, struct str text);
DF_CHECKED enum df_rc structured_to_json(struct buf *out, struct arena *, struct str html,
                                         struct str url, struct err *);

/* --- jq --- */

struct jq_program;

/* DF_REJECT with the place in the pack's file. */
DF_CHECKED enum df_rc jq_program_new(const struct channel *, const struct extract_rule *,
                                     struct jq_program **out, struct err *);
DF_CHECKED enum df_rc jq_program_run(struct jq_program *, struct str json,
                                     const struct extract_body *, struct arena *,
                                     struct raw_page *, struct err *);
void jq_program_free(struct jq_program **);

#endif
