/* page_queue.c: the queue, by due time, then urgency. The filter line is the whole state of the
 * page and stands in its address. */
#include "core/limits.h"
#include "dashboard/filter.h"
#include "dashboard/page.h"

struct queue_job {
    struct filter filter;
    struct queue_filter query;
    bool paged;
};

static struct str url_with(struct page *p, struct str line, const struct queue_key *after)
{
    struct buf b = BUF_INIT(DF_KIB(4));
    struct str url;

    buf_putc(&b, '/');
    if (line.len) {
        buf_puts(&b, "?q=");
        buf_url(&b, line);
    }
    if (after) {
        buf_puts(&b, line.len ? "&after=" : "?after=");
        buf_printf(&b, "%lld.%d.%lld", (long long)after->due, (int)after->urgency,
                   (long long)after->id);
    }
    url = arena_str(p->arena, buf_view(&b));
    buf_free(&b);
    return url;
}

/* "due.urgency.id", as url_with writes it; anything else is the first page. */
static bool read_after(struct str text, struct queue_key *out)
{
    struct str rest = text, part;
    long long n[3];
    size_t i = 0;

    while (rest.len && i < 3 && str_split(&rest, '.', &part))
        if (!str_i64(part, &n[i++]))
            return false;
    if (i != 3 || rest.len || n[1] < 0 || n[1] >= URGENCIES)
        return false;
    *out = (struct queue_key){n[0], (enum urgency)n[1], n[2]};
    return true;
}

static void fill_tabs(struct page *p, const struct queue_job *job,
                      const struct queue_count counts[URGENCIES], struct view_queue *v)
{
    static const struct {
        const char *label, *line;
    } tabs[] = {
        {"queue.open", ""},
        {"queue.mine", "owner:me"},
        {"queue.with-snoozed", "is:snoozed"},
        {"queue.all", "is:closed"},
    };
    int64_t awake = 0, asleep = 0;

    for (int u = 0; u < URGENCIES; u++) {
        awake += counts[u].open - counts[u].asleep;
        asleep += counts[u].asleep;
    }
    v->tab_count = sizeof tabs / sizeof *tabs;
    for (size_t i = 0; i < v->tab_count; i++)
        v->tabs[i] = (struct view_tab){
            .label = msg(p->words.lang, tabs[i].label),
            .url = url_with(p, str_of(tabs[i].line), NULL),
            .count = i == 0 ? awake : i == 2 ? awake + asleep : -1,
            .here = str_is(job->filter.line, tabs[i].line),
        };
}

static void fill_pills(struct page *p, const struct queue_job *job, struct view_queue *v)
{
    v->pills = arena_array(p->arena, job->filter.count + 1, sizeof *v->pills);
    v->pill_count = job->filter.count;
    for (size_t i = 0; i < v->pill_count; i++)
        v->pills[i] = (struct view_pill){job->filter.terms[i].text,
                                         url_with(p, job->filter.terms[i].without, NULL)};
}

/* What is true, and the next step. */
static enum df_rc fill_empty(struct page *p, const struct queue_job *job, struct view_queue *v,
                             struct err *err)
{
    struct source_row *sources;
    int count = 0;
    const struct words *w = &p->words;
    enum df_rc rc = p->store->sources->list(p->store, p->arena, &sources, &count, err);

    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    if (job->filter.count || job->paged) {
        v->empty_title = str_of(msg(w->lang, "queue.nothing-fits"));
        v->empty_text = WORDS(w, "queue.hidden", words_int(w, v->tabs[0].count));
        v->empty_url = STR("/");
        v->empty_link = str_of(msg(w->lang, "queue.clear-filters"));
    } else if (count == 0) {
        v->empty_title = str_of(msg(w->lang, "queue.no-sources"));
        v->empty_text = str_of(msg(w->lang, "queue.no-sources-next"));
    } else {
        v->empty_title = str_of(msg(w->lang, "queue.is-clear"));
        v->empty_text = v->health;
        v->empty_url = url_with(p, STR("is:closed"), NULL);
        v->empty_link = str_of(msg(w->lang, "queue.see-all"));
    }
    return DF_OK;
}

static enum df_rc fill_rows(struct page *p, struct queue_job *job, struct view_queue *v,
                            struct err *err)
{
    const struct words *w = &p->words;
    struct case_row *cases;
    int count = 0;
    bool more;
    enum df_rc rc;

    job->query.limit = DF_PAGE_ROWS + 1;
    job->query.now = p->now;
    rc = p->store->cases->list(p->store, &job->query, p->arena, &cases, &count, err);
    if (rc == DF_NONE)
        count = 0;
    else if (rc != DF_OK)
        return rc;
    more = count > DF_PAGE_ROWS;
    v->row_count = more ? DF_PAGE_ROWS : (size_t)count;
    v->rows = arena_array(p->arena, v->row_count + 1, sizeof *v->rows);
    for (size_t i = 0; i < v->row_count; i++) {
        rc = page_row(p, &cases[i], &v->rows[i], err);
        if (rc != DF_OK)
            return rc;
    }
    if (job->paged)
        v->prev = url_with(p, job->filter.line, NULL);
    if (more) {
        const struct case_row *last = &cases[v->row_count - 1];
        struct queue_key after = {last->due, last->urgency, last->id};

        v->next = url_with(p, job->filter.line, &after);
    }
    v->summary = WORDS(w, "queue.shown", words_int(w, (int64_t)v->row_count));
    return DF_OK;
}

enum df_rc page_queue(struct page *p, int64_t id, struct err *err)
{
    struct queue_count counts[URGENCIES] = {{0}};
    struct view_queue v = {0};
    struct queue_job job;
    enum df_rc rc;

    (void)id;
    p->frame.page = "queue";
    p->frame.title = str_of(msg(p->words.lang, "dash.queue"));
    filter_parse(p->arena, fields_get(&p->q->query, "q"), p->actor, &job.filter, &job.query);
    job.paged = job.query.paged = read_after(fields_get(&p->q->query, "after"), &job.query.after);
    v.query = job.filter.line;
    if (job.filter.wrong.len)
        v.problem = arena_strz(p->arena, WORDS(&p->words, "queue.wrong-term", job.filter.wrong));
    rc = p->store->cases->count(p->store, p->now, counts, err);
    if (rc == DF_OK || rc == DF_NONE)
        rc = page_source_health(p, &v.health, &v.health_bad, err);
    if (rc == DF_OK)
        rc = page_mark(p, &v.mark, err);
    if (rc != DF_OK)
        return rc;
    fill_tabs(p, &job, counts, &v);
    fill_pills(p, &job, &v);
    rc = fill_rows(p, &job, &v, err);
    if (rc == DF_OK && v.row_count == 0)
        rc = fill_empty(p, &job, &v, err);
    if (rc == DF_OK)
        tpl_queue(p->html, &p->frame, &v);
    return rc;
}
