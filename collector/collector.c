/* collector.c: the handle: what lasts from one poll to the next, and a saved body without a poll. */
#include <stdlib.h>
#include <unistd.h>

#include "collector/auth.h"
#include "collector/collector_private.h"
#include "collector/robots.h"

static int usual_threads(void)
{
    long spare = sysconf(_SC_NPROCESSORS_ONLN) - 1; /* one is for polling and the database */
    return spare < 1 ? 1 : spare > DF_MAX_READERS ? DF_MAX_READERS : (int)spare;
}

enum df_rc collector_new(const struct channels *cs, struct collector **out, struct err *err)
{
    (void)err;
    struct collector *col = calloc(1, sizeof *col);
    if (!col)
        abort();
    col->channels = cs;
    col->threads = usual_threads();
    *out = col;
    return DF_OK;
}

void collector_free(struct collector **col)
{
    if (!*col)
        return;
    for (int i = 0; i <= DF_MAX_READERS; i++)
        body_reader_clear(&(*col)->readers[i]);
    robots_free(&(*col)->robots);
    auth_free(*col);
    holds_free(&(*col)->holds);
    free(*col);
    *col = NULL;
}

void collector_threads(struct collector *col, int count)
{
    col->threads = count < 0 ? 0 : count > DF_MAX_READERS ? DF_MAX_READERS : count;
}

void collector_give_rules(struct collector *col, const struct robots_file *r, int64_t now)
{
    robots_give(&col->robots, r->origin, r->text, r->until, now);
}

bool collector_take_rules(struct collector *col, size_t *at, struct robots_file *out)
{
    return robots_take(col->robots, at, &out->origin, &out->text, &out->until);
}

void collector_trace(struct collector *col, struct buf *trace)
{
    col->readers[0].trace = trace;
}

enum df_rc collector_compile(struct collector *col, const struct channel *c, struct err *err)
{
    return body_compile(&col->readers[0], c, err);
}

enum df_rc collect_extract(struct collector *col, const struct source *src,
                           const struct extract_input *in, struct arena *a,
                           struct collect_result *out, struct err *err)
{
    struct raw_page page;
    *out = (struct collect_result){.health = {.retry_after_ms = -1, .quota_left = -1}};
    enum df_rc rc = body_read(&col->readers[0], src, in, a, &page, err);
    if (rc != DF_OK)
        return rc;
    body_posts(src, &page, in->url, in->now, a, out);
    if (page.error.len && !out->count)
        return err_set(err, DF_REJECT, "the answer says: %.*s",
                       STR_FMT(str_sub(page.error, 0, 300)));
    return DF_OK;
}
