/* body.h: one body → raw page: opens gzip, finds the encoding, picks the reader. The inside of
 * collect_extract() and of a poll. */
#ifndef DF_COLLECTOR_BODY_H
#define DF_COLLECTOR_BODY_H

#include "collector/collector.h"
#include "collector/extract.h"

/* page->error is set when the body itself tells of an error. DF_REJECT: not what the channel sends. */
DF_CHECKED enum df_rc body_read(struct collector *, const struct source *,
                                const struct extract_input *, struct arena *,
                                struct raw_page *out, struct err *);

/* raw posts → posts appended to out (dropping nothing but what cannot be a post). */
void body_posts(const struct source *, const struct raw_page *, struct str url, int64_t now,
                struct arena *, struct collect_result *out);

#endif
