/* page_sources.c: are we still being told? The health of every source, and a line for monitors. */
#include "core/json.h"
#include "dashboard/page.h"

static bool failing(const struct source_row *s)
{
    return s->fails > 0;
}

static int64_t later(int64_t a, int64_t b)
{
    return a == DF_NO_TIME || (b != DF_NO_TIME && b > a) ? b : a;
}

static struct str summary(const struct words *w, const struct source_row *rows, int count, bool *bad)
{
    int64_t last = DF_NO_TIME;
    int sick = 0;

    *bad = false;
    if (count == 0)
        return str_of(msg(w->lang, "sources.none"));
    for (int i = 0; i < count; i++) {
        sick += failing(&rows[i]);
        last = later(last, rows[i].last_try);
    }
    if (last == DF_NO_TIME)
        return WORDS(w, "sources.never-asked", words_int(w, count));
    *bad = sick > 0;
    if (sick)
        return WORDS(w, "sources.some-fail", words_int(w, sick), words_int(w, count),
                     words_past(w, last).text);
    return WORDS(w, count == 1 ? "sources.one-healthy" : "sources.all-healthy", words_int(w, count),
                 words_past(w, last).text);
}

static enum df_rc list(struct page *p, struct source_row **rows, int *count, struct err *err)
{
    enum df_rc rc = p->store->sources->list(p->store, p->arena, rows, count, err);

    if (rc == DF_NONE)
        *count = 0;
    return rc == DF_NONE ? DF_OK : rc;
}

enum df_rc page_source_health(struct page *p, struct str *line_out, bool *bad_out, struct err *err)
{
    struct source_row *rows = NULL;
    int count = 0;
    enum df_rc rc = list(p, &rows, &count, err);

    if (rc == DF_OK)
        *line_out = summary(&p->words, rows, count, bad_out);
    return rc;
}

static struct view_source source_view(const struct words *w, const struct source_row *s)
{
    struct view_source v = {
        .name = {s->name},
        .channel = s->channel,
        .bad = failing(s),
        .last_good = words_past(w, s->last_ok),
        .newest = words_past(w, s->last_post),
        .next = words_coming(w, later(s->next_due, s->backoff_until)),
        .posts = s->posts,
        .error = {s->last_error},
    };

    if (s->last_try == DF_NO_TIME)
        v.state = str_of(msg(w->lang, "sources.waiting"));
    else if (v.bad)
        v.state = WORDS(w, "sources.failing", words_int(w, s->fails));
    else
        v.state = str_of(msg(w->lang, "sources.healthy"));
    return v;
}

enum df_rc page_sources(struct page *p, int64_t id, struct err *err)
{
    struct view_sources v = {0};
    struct source_row *rows = NULL;
    int count = 0;
    enum df_rc rc = list(p, &rows, &count, err);

    (void)id;
    if (rc != DF_OK)
        return rc;
    p->frame.page = "sources";
    p->frame.title = str_of(msg(p->words.lang, "dash.sources"));
    v.summary = summary(&p->words, rows, count, &v.bad);
    v.count = (size_t)count;
    v.items = arena_array(p->arena, v.count + 1, sizeof *v.items);
    for (int i = 0; i < count; i++)
        v.items[i] = source_view(&p->words, &rows[i]);
    tpl_sources(p->html, &p->frame, &v);
    return DF_OK;
}

static void answer_json(struct page *p, struct buf *b)
{
    p->r->type = "application/json";
    p->r->cookie_count = 0;
    p->r->bytes = arena_str(p->arena, buf_view(b));
    buf_free(b);
}

/* For monitors: 200 as long as the store answers; sick sources are told, they are no outage. */
enum df_rc page_health(struct page *p, int64_t id, struct err *err)
{
    struct source_row *rows = NULL;
    struct buf b = BUF_INIT(256);
    struct json_out w = {.buf = &b};
    int count = 0, sick = 0;
    enum df_rc rc = list(p, &rows, &count, err);

    (void)id;
    if (rc != DF_OK)
        return rc;
    for (int i = 0; i < count; i++)
        sick += failing(&rows[i]);
    json_open(&w, '{');
    json_pair_bool(&w, "ok", true);
    json_pair_int(&w, "sources", count);
    json_pair_int(&w, "failing", sick);
    json_close(&w, '}');
    answer_json(p, &b);
    return DF_OK;
}

enum df_rc page_mark(struct page *p, int64_t *out, struct err *err)
{
    unsigned char hash[LEDGER_HASH];
    enum df_rc rc = p->store->ledger->last(p->store, out, hash, err);

    if (rc == DF_NONE)
        *out = 0;
    return rc == DF_NONE ? DF_OK : rc;
}

/* Asked by open pages every half minute (assets/live.js). */
enum df_rc page_live(struct page *p, int64_t id, struct err *err)
{
    struct buf b = BUF_INIT(64);
    struct json_out w = {.buf = &b};
    int64_t mark;
    enum df_rc rc = page_mark(p, &mark, err);

    (void)id;
    if (rc != DF_OK)
        return rc;
    json_open(&w, '{');
    json_pair_int(&w, "mark", mark);
    json_close(&w, '}');
    answer_json(p, &b);
    return DF_OK;
}
