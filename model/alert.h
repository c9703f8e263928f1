/* alert.h: what a destination is told about a case, as plain facts. Made when the decision is
 * made and kept with it; how it looks is the sink's business, at sending time. */
#ifndef DF_MODEL_ALERT_H
#define DF_MODEL_ALERT_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "model/case.h"
#include "model/post.h"
#include "model/verdict.h"

enum { ALERT_MAX_WHY = 5 };

/* X(ENUM_SUFFIX, "word") */
#define ALERT_KINDS(X)                                                                         \
    X(OPENED, "case.opened") X(RAISED, "case.raised") X(REOPENED, "case.reopened")             \
    X(SOURCE_FAILED, "source.failed") X(SOURCE_BACK, "source.back") X(TEST, "test")
#define ALERT_ENUM_KIND(e, n) ALERT_##e,
enum alert_kind { ALERT_KINDS(ALERT_ENUM_KIND) ALERT_KIND_COUNT };
const char *alert_kind_name(enum alert_kind kind);
int alert_kind_of(struct str word);

struct alert {
    struct str id; /* stable over retries: "al_…" */
    enum alert_kind kind;
    int64_t at;      /* when it was decided */
    int64_t case_id; /* 0: about no case */
    enum urgency urgency;
    enum category category;
    enum sentiment sentiment;
    int64_t due; /* DF_NO_TIME: no clock */
    bool seen_late;
    struct str lang;   /* of the post */
    struct str reason; /* one line */
    struct str channel, source, url, author, title, text; /* of the post */
    double stars;                                         /* NaN: none */
    int64_t created;                                      /* of the post */
    struct str why[ALERT_MAX_WHY];                        /* sentences of the strongest findings */
    int why_count;
    struct str reply; /* suggested; empty: none */
};

/* One JSON object, stable keys: kept in the outbox, sent as `data` by the webhook sink. */
void alert_put_json(struct buf *b, const struct alert *al);
DF_CHECKED enum df_rc alert_from_json(struct str json, struct arena *a, struct alert *out,
                                      struct err *err);

#endif
