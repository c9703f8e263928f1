/* body.h: one body → raw page: opens gzip, finds the encoding, picks the reader. The inside of
 * collect_extract() and of a poll. */
#ifndef DF_COLLECTOR_BODY_H
#define DF_COLLECTOR_BODY_H

#include "collector/collector.h"
#include "collector/extract.h"

/* What reading needs and keeps: compiled programs, made when first needed (20 ms each). Of one
 * thread at a time, since libjq's states cannot be shared. Zeroed = ready. */
struct body_reader {
    struct {
        const struct extract_rule *rule;
        struct jq_program *program;
    } *programs;
    size_t count;
    struct buf *trace; /* NULL = nobody wants to know */
};

DF_CHECKED enum df_rc body_compile(struct body_reader *, const struct channel *, struct err *);
void body_reader_clear(struct body_reader *);

/* page->error is set when the body itself tells of an error. DF_REJECT: not what the channel sends. */
DF_CHECKED enum df_rc body_read(struct body_reader *, const struct source *,
                                const struct extract_input *, struct arena *,
                                struct raw_page *out, struct err *);

/* raw posts → posts appended to out (dropping nothing but what cannot be a post). */
void body_posts(const struct source *, const struct raw_page *, struct str url, int64_t now,
                struct arena *, struct collect_result *out);

#endif
