/* queue.h: `defuse queue`: what its parts share. Private to cmd/queue*.c. */
#ifndef DF_CMD_QUEUE_H
#define DF_CMD_QUEUE_H

#include "casework/casework.h"
#include "cmd/session.h"

struct queue_cmd {
    struct cmd *cmd;
    const struct session *session;
    struct casework cw;
    struct str zone;     /* times are shown in it */
    int64_t now;
    bool json;
    struct buf out;      /* what is printed at the end of each case */
};

struct queue_list_options {
    const char *state, *urgency, *channel, *lang, *text, *owner, *after;
    bool mine, all, asleep, replies;
    long long limit;
    const char *who;
};

int queue_list(struct queue_cmd *q, const struct queue_list_options *o);
int queue_show(struct queue_cmd *q, int64_t id);

/* "late 25m", "in 3h", "" without a clock. */
void queue_put_due(struct queue_cmd *q, struct buf *b, int64_t due);
/* The text people should see of the newest draft; empty when there is none. */
DF_CHECKED enum df_rc queue_newest_draft(struct queue_cmd *q, int64_t id, struct arena *a,
                                         struct draft_row *out, struct err *err);
/* Writes the buffer to stdout and empties it. */
void queue_flush(struct queue_cmd *q);

/* DF_REJECT and "there is no case 12", in the reader's language. */
enum df_rc queue_no_case(const struct queue_cmd *q, int64_t id, struct err *err);

#endif
