/* collect_read.c: reading the body of an answer: its posts, which of them are new, and which page
 * comes next. The slow part of a poll, and the part that threads do: it touches the job and its
 * arena and nothing that jobs share. */
#include "collector/collect_job.h"
#include "core/limits.h"
#include "net/url.h"

static struct extract_input input_of(const struct job *j)
{
    const struct net_response *r = &j->response;
    return (struct extract_input){.body = r->body, .type = r->type, .url = r->url,
                                  .cursor = j->cursor, .now = j->now};
}

/* A status that is no success; the body may say why. */
static void bad_status(struct job *j, struct body_reader *rd)
{
    const struct net_response *r = &j->response;
    struct extract_input in = input_of(j);
    struct raw_page page = {0};
    struct err err = {0};
    struct str body = str_trim(r->body), said = STR_NONE;
    if (body.len && body.ptr[0] == '{' &&
        body_read(rd, j->source, &in, j->arena, &page, &err) == DF_OK)
        said = str_sub(page.error, 0, 200);
    enum df_rc rc = net_status_rc(r->status);
    if (r->status == 403 && j->result->health.retry_after_ms > 0)
        rc = DF_RETRY; /* a quota, not a refusal */
    job_fail(j, COLLECT_FAILED, rc == DF_OK || rc == DF_NONE ? DF_REJECT : rc, "%s%s%.*s (HTTP %d, %.*s)",
         job_status_words(r->status, rc, j->source->channel->auth.secret_count > 0),
         said.len ? ": " : "", STR_FMT(said), r->status, STR_FMT(url_public(j->arena, r->url)));
}

/* Which of the posts from `from` on are new, and is anything of the last poll among them? */
static size_t note_keys(struct job *j, size_t from)
{
    size_t fresh = 0;
    for (size_t i = from; i < j->result->count; i++) {
        uint64_t key = state_key(&j->result->posts[i]);
        bool known = state_knows(&j->state, key);
        fresh += !known;
        j->overlap = j->overlap || known;
        if (j->key_count < DF_MAX_SEEN_IDS)
            j->keys[j->key_count++] = key;
    }
    j->fresh += fresh;
    return fresh;
}

static void add_follow(struct job *j, const struct raw_page *page, struct str base)
{
    for (size_t i = 0; i < page->follow_count; i++) {
        struct str url = url_resolve(j->arena, base, page->follow[i]);
        bool before = !url_same_origin(base, url);
        for (size_t k = 0; k < j->follow_count && !before; k++)
            before = str_eq(j->follow[k], url);
        if (!before)
            *ARENA_PUSH(j->arena, j->follow, j->follow_count, j->follow_cap) = url;
    }
}

/* Where the request has no place for a paging value, the next page is an address. */
static bool has_cursor(const struct request_template *t)
{
    bool found = str_find(t->url, STR("{cursor")) >= 0 || str_find(t->body, STR("{cursor")) >= 0;
    for (size_t i = 0; i < t->query_count && !found; i++)
        found = str_find(t->query[i].value, STR("{cursor")) >= 0;
    for (size_t i = 0; i < t->form_count && !found; i++)
        found = str_find(t->form[i].value, STR("{cursor")) >= 0;
    return found;
}

/* Sets cursor or url for the page after this one; false when this was the last. */
static bool turn_page(struct job *j, const struct raw_page *page, const struct net_response *r)
{
    struct str next = page->next;
    if (!next.len && j->source->channel->cursor_link)
        next = r->link_next;
    if (!next.len)
        return false;
    for (int i = 0; i < j->cursor_count; i++)
        if (str_eq(j->cursors[i], next))
            return false;
    if (j->cursor_count < JOB_MAX_CURSORS)
        j->cursors[j->cursor_count++] = next;
    struct url u;
    struct str absolute = url_resolve(j->arena, r->url, next);
    bool is_url = str_find(next, STR("://")) > 0 || next.ptr[0] == '/' || next.ptr[0] == '?' ||
                  !has_cursor(&j->source->channel->request);
    if (is_url) {
        if (!url_split(absolute, &u) || !url_same_origin(absolute, r->url))
            return false;
        j->url = absolute;
    } else {
        j->cursor = next;
        j->url = STR_NONE;
    }
    return true;
}

void job_end_pages(struct job *j, bool natural)
{
    j->complete = j->complete || natural;
    if (j->follow_count && j->max_follow)
        j->phase = JOB_DETAILS;
    else
        job_stop(j);
}

static void take_page(struct job *j, struct body_reader *rd)
{
    struct collect_health *h = &j->result->health;
    const struct net_response *r = &j->response;
    struct extract_input in = input_of(j);
    struct raw_page page;
    struct err err = {0};
    enum df_rc rc = body_read(rd, j->source, &in, j->arena, &page, &err);
    if (rc != DF_OK) {
        job_fail(j, COLLECT_FAILED, rc, "%s", err.text);
        return;
    }
    if (page.retry_ms > h->retry_after_ms)
        h->retry_after_ms = page.retry_ms;
    size_t before = j->result->count;
    body_posts(j->source, &page, r->url, j->now, j->arena, j->result);
    if (page.error.len && j->result->count == before) {
        job_fail(j, COLLECT_FAILED, DF_RETRY, "the answer says: %.*s",
             STR_FMT(str_sub(page.error, 0, 300)));
        return;
    }
    h->pages++;
    size_t fresh = note_keys(j, before);
    if (j->phase == JOB_DETAILS) {
        j->follow_at++;
        return;
    }
    if (h->pages == 1 && !page.cut) { /* half an answer must come again, not "unchanged" */
        j->etag = r->etag;
        j->modified = r->modified;
    }
    add_follow(j, &page, r->url);
    bool all_known = j->result->count > before && fresh == 0;
    bool nothing = j->result->count == before && !page.follow_count && !j->result->gone_count;
    if (all_known || nothing || !turn_page(j, &page, r))
        job_end_pages(j, true);
    else if (h->pages >= j->max_pages || j->result->count >= (size_t)j->max_posts ||
             page.retry_ms > 0)
        job_end_pages(j, false); /* more is there: known only as a possible gap */
}

void job_read(struct job *j, struct body_reader *rd)
{
    if (net_status_rc(j->response.status) == DF_OK)
        take_page(j, rd);
    else
        bad_status(j, rd);
}
