/* ingest.h: the posts of one polled source into the store: versions, verdicts, cases, alerts and
 * the source's own row, in ONE transaction. Knows the analyzer and casework; not the network. */
#ifndef DF_CMD_INGEST_H
#define DF_CMD_INGEST_H

#include "analyzer/analyzer.h"
#include "casework/casework.h"
#include "cmd/session.h"

struct ingest {
    struct casework casework;
    struct scanner *scanner;
    const struct clock *clock;
};

struct ingest_count {
    int posts, edited, opened, raised, joined;
    int refused;      /* posts that cannot be kept; the others went on */
    struct err first; /* why the first of them was refused */
};

/* Adds to *count only when the transaction was committed. On failure nothing is kept and the
 * source will be polled again from where it was. */
DF_CHECKED enum df_rc ingest_source(struct ingest *in, const struct source *src,
                                    const struct source_row *before,
                                    const struct collect_result *result, struct arena *a,
                                    struct ingest_count *count, struct err *err);

#endif
