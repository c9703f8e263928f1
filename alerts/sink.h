/* sink.h: SEAM. One kind of destination is one C file: how an alert looks there (render), what
 * the answer means (judge), and how much fits (limits). It holds no state, knows no store and no
 * retries; drain.c does the rest. Register it in sinks.c, add its golden payload test. */
#ifndef DF_ALERTS_SINK_H
#define DF_ALERTS_SINK_H

#include "alerts/document.h"

enum sink_verdict {
    SINK_OK,      /* accepted */
    SINK_REFUSED, /* this alert never will be: it is put aside */
    SINK_CLOSED,  /* nothing will be: wrong address or permission; keep all, tell people */
    SINK_SLOWER,  /* too many: wait as long as it says */
    SINK_LATER,   /* its own trouble, or the network's: try again */
};

struct sink_job {
    const struct sink_conf *conf;
    const struct alert *alert;
    struct sink_limits limits; /* the sink's, the quote perhaps smaller for the sake of total */
    int64_t now;               /* of this attempt */
    struct arena *arena;
};

struct sink_ops {
    const char *name;          /* the `type` of the settings: "slack" */
    struct sink_limits limits;
    int per_minute;            /* accepted there without being slowed down; 0: any number */
    bool needs_url;
    /* Method, URL, headers and body of one attempt, in the job's arena. DF_NONE: it does not fit,
     * ask again with a smaller quote. DF_REJECT: the settings of this sink are wrong. */
    enum df_rc (*render)(const struct sink_job *, struct net_request *out, struct err *);
    /* From status, content type and body together: several chats answer 200 to what they drop. */
    enum sink_verdict (*judge)(const struct net_response *);
    /* NULL: the request goes through the transport. Else it is written here, and judge is not
     * asked. */
    enum df_rc (*deliver)(FILE *out, const struct net_request *, struct err *);
};

/* The HTTP meaning of a status, for sinks whose body says nothing more. */
enum sink_verdict sink_judge_status(int status);

/* The body from a buffer with a maximum; DF_NONE when it did not fit there or into total. */
DF_CHECKED enum df_rc sink_body(const struct sink_job *job, const struct buf *b,
                                struct net_request *req);
/* Headers in the arena: an array that the request points to. */
void sink_header(struct net_request *req, struct arena *a, const char *name, struct str value);

extern const struct sink_ops sink_webhook, sink_slack, sink_stdout;

#endif
