#include "casework/recent.h"

enum { LOOK = 60 }; /* cases looked at for answers that went out; a page shows fewer */

enum df_rc recent_answers(struct store *st, const struct case_row *own, struct arena *a,
                          const struct str **texts_out, int *count_out, struct err *err)
{
    struct queue_filter filter = {.closed_too = true, .channel = own->channel, .limit = LOOK};
    struct case_row *rows = NULL;
    struct str *texts = arena_array(a, LOOK, sizeof *texts);
    int count = 0, drafts = 0;
    enum df_rc rc = st->cases->list(st, &filter, a, &rows, &count, err);
    *texts_out = texts;
    *count_out = 0;
    if (rc == DF_NONE)
        return DF_OK;
    for (int i = 0; (rc == DF_OK || rc == DF_NONE) && i < count; i++) {
        struct draft_row *d;
        if (rows[i].sent == DF_NO_TIME || rows[i].id == own->id)
            continue;
        rc = st->drafts->list(st, rows[i].id, 1, a, &d, &drafts, err);
        if (rc == DF_OK && drafts > 0)
            texts[(*count_out)++] = d[0].text;
    }
    return rc == DF_NONE ? DF_OK : rc;
}
