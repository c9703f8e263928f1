#include "collector/collect_job.h"

#include <stdarg.h>
#include <stdio.h>

#include "collector/auth.h"
#include "collector/body.h"
#include "collector/request.h"
#include "collector/robots.h"
#include "collector/schedule.h"
#include "core/clock.h"
#include "core/limits.h"
#include "net/url.h"

#define SINCE_OVERLAP DF_DAY /* posts arrive late: look back over what was seen already */

#define BUDGET_SPENT "the day's budget of %lld requests is spent; it goes on at midnight UTC"

/* --- ends --- */

static void stop(struct job *j)
{
    j->phase = JOB_DONE;
}

static void fail(struct job *j, enum collect_outcome outcome, enum df_rc rc, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void fail(struct job *j, enum collect_outcome outcome, enum df_rc rc, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    j->result->health.outcome = outcome;
    j->result->health.rc = rc;
    j->result->health.error = arena_str(j->arena, str_of(text));
    stop(j);
}

/* --- starting --- */

static int least(int a, int b)
{
    return a && a < b ? a : b;
}

void job_start(struct job *j, struct collector *col, const struct source *src, struct str state,
               const struct collect_limits *limits, int64_t now, struct arena *a,
               struct collect_result *result)
{
    const struct channel *c = src->channel;
    struct err err = {0};
    *result = (struct collect_result){.health = {.retry_after_ms = -1, .quota_left = -1}};
    *j = (struct job){.col = col, .source = src, .arena = a, .result = result, .now = now,
                      .phase = JOB_ROBOTS, .max_pages = least(limits->pages, c->pages),
                      .max_follow = least(limits->follow, c->follow_limit),
                      .max_posts = least(limits->posts, DF_MAX_POSTS_PER_POLL),
                      .cursor = c->cursor_first};
    if (state_read(state, a, &j->state, &err) != DF_OK)
        result->health.bad_first = STR("what was remembered of this source could not be read");
    j->first = j->state.seen_count == 0;
    if (j->first && src->baseline)
        j->max_pages = 1;
    j->keys = arena_array(a, DF_MAX_SEEN_IDS, sizeof *j->keys);
    if (auth_check(src, &err) != DF_OK)
        fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
    else if (!schedule_budget_left(src, &j->state, now))
        fail(j, COLLECT_DENIED, DF_RETRY, BUDGET_SPENT, (long long)schedule_budget(src));
}

/* --- asking --- */

static enum df_rc page_request(struct job *j, struct net_request *out, struct err *err)
{
    struct source_vars vars = {.source = j->source, .arena = j->arena, .cursor = j->cursor,
                               .token = auth_token(j->col, j->source, j->now),
                               .since = j->state.newest == DF_NO_TIME
                                            ? DF_NO_TIME
                                            : j->state.newest - SINCE_OVERLAP};
    enum df_rc rc = request_build(&j->source->channel->request, &vars, out, err);
    if (rc == DF_OK && j->url.len)
        out->url = j->url; /* headers and credentials as for the first page */
    return rc;
}

static bool robots_apply(const struct job *j, struct str url)
{
    struct url u;
    return j->source->channel->robots && !j->source->ignore_robots && url_split(url, &u) &&
           !str_ieq(u.scheme, STR("file"));
}

/* May this address be read? Asks for robots.txt first when it is not known; DF_NONE then. */
static enum df_rc check_robots(struct job *j, struct net_request *page, struct net_request *out)
{
    struct url u;
    int64_t delay;
    if (!robots_apply(j, page->url) || !url_split(page->url, &u))
        return DF_OK;
    struct str origin = url_origin(j->arena, page->url);
    if (!robots_known(j->col->robots, origin, j->now)) {
        *out = (struct net_request){.url = arena_printf(j->arena, "%.*s/robots.txt", STR_FMT(origin)),
                                    .user_agent = j->source->user_agent, .proxy = j->source->proxy,
                                    .max_body = DF_KIB(512)};
        j->phase = JOB_ROBOTS;
        return DF_NONE;
    }
    struct str path = u.query.len ? arena_printf(j->arena, "%.*s?%.*s", STR_FMT(u.path), STR_FMT(u.query))
                                  : u.path;
    if (!robots_ask(j->col->robots, origin, path, &delay))
        return DF_REJECT;
    if (delay > j->delay_ms)
        j->delay_ms = delay;
    return DF_OK;
}

/* Detail pages on other hosts are not followed: a list must not send us anywhere it likes. */
static bool next_detail(struct job *j, struct net_request *out)
{
    while (j->follow_at < j->follow_count && (int)j->follow_at < j->max_follow) {
        j->url = j->follow[j->follow_at];
        struct err err = {0};
        if (page_request(j, out, &err) == DF_OK)
            return true;
        j->follow_at++;
    }
    return false;
}

bool job_next(struct job *j, struct net_request *out)
{
    struct err err = {0};
    if (j->phase == JOB_DONE)
        return false;
    if (!schedule_budget_left(j->source, &j->state, j->now)) { /* what is read so far is kept */
        if (j->result->health.pages)
            stop(j);
        else
            fail(j, COLLECT_DENIED, DF_RETRY, BUDGET_SPENT, (long long)schedule_budget(j->source));
        return false;
    }
    if (auth_needs_login(j->col, j->source, j->now)) {
        j->phase = JOB_LOGIN;
        if (auth_login_request(j->source, j->arena, j->now, out, &err) == DF_OK)
            return true;
        fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
        return false;
    }
    struct net_request page;
    bool details = j->phase == JOB_DETAILS || (j->phase == JOB_ROBOTS && j->follow_count);
    if (details && !next_detail(j, &page)) {
        stop(j);
        return false;
    }
    if (!details && page_request(j, &page, &err) != DF_OK) {
        fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
        return false;
    }
    enum df_rc rc = check_robots(j, &page, out);
    if (rc == DF_REJECT) {
        fail(j, COLLECT_DENIED, DF_REJECT, "the site's robots.txt forbids reading %.*s",
             STR_FMT(url_public(j->arena, page.url)));
        return false;
    }
    if (rc == DF_NONE)
        return true;
    j->phase = details ? JOB_DETAILS : JOB_PAGES;
    j->conditional = !details && j->result->health.pages == 0 && !j->first;
    if (j->conditional) {
        page.etag = j->state.etag;
        page.modified = j->state.modified;
    }
    *out = page;
    return true;
}

int64_t job_pace(const struct job *j)
{
    int64_t pace = schedule_pace(j->source);
    return j->delay_ms > pace ? j->delay_ms : pace;
}

/* --- hearing --- */

static void take_quota(struct job *j, const struct net_response *r)
{
    struct collect_health *h = &j->result->health;
    if (r->quota_left >= 0)
        h->quota_left = j->state.quota_left = r->quota_left;
    if (r->retry_after_ms > h->retry_after_ms)
        h->retry_after_ms = r->retry_after_ms;
    if (r->quota_left == 0 && r->quota_reset_ms > h->retry_after_ms)
        h->retry_after_ms = r->quota_reset_ms;
}

static struct extract_input input_of(const struct job *j, const struct net_response *r)
{
    return (struct extract_input){.body = r->body, .type = r->type, .url = r->url,
                                  .cursor = j->cursor, .now = j->now};
}

static const char *status_words(int status, enum df_rc rc, bool credentials)
{
    static const struct {
        int status;
        const char *words;
    } known[] = {
        {404, "there is no such page; was it moved or renamed?"},
        {407, "the proxy wants a login"},
        {410, "the page is gone for good"},
        {429, "asked too often; the site wants a pause"},
        {451, "the site may not show this page here"},
    };
    if (status == 401 || (status == 403 && rc == DF_REJECT))
        return credentials ? "the credentials were refused" : "the site does not let us in";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].status == status)
            return known[i].words;
    return status == 403   ? "the quota is used up; the site wants a pause"
           : status >= 500 ? "the site has a problem of its own"
           : status >= 400 ? "the site refused the request"
                           : "the site sends us elsewhere";
}

/* A status that is no success; the body may say why. */
static void bad_status(struct job *j, const struct net_response *r)
{
    struct extract_input in = input_of(j, r);
    struct raw_page page = {0};
    struct err err = {0};
    struct str body = str_trim(r->body), said = STR_NONE;
    if (body.len && body.ptr[0] == '{' &&
        body_read(j->col, j->source, &in, j->arena, &page, &err) == DF_OK)
        said = str_sub(page.error, 0, 200);
    enum df_rc rc = net_status_rc(r->status);
    if (r->status == 403 && j->result->health.retry_after_ms > 0)
        rc = DF_RETRY; /* a quota, not a refusal */
    fail(j, COLLECT_FAILED, rc == DF_OK || rc == DF_NONE ? DF_REJECT : rc, "%s%s%.*s (HTTP %d, %.*s)",
         status_words(r->status, rc, j->source->channel->auth.secret_count > 0),
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

static void end_pages(struct job *j, bool natural)
{
    j->complete = j->complete || natural;
    if (j->follow_count && j->max_follow)
        j->phase = JOB_DETAILS;
    else
        stop(j);
}

static void take_page(struct job *j, const struct net_response *r)
{
    struct collect_health *h = &j->result->health;
    struct extract_input in = input_of(j, r);
    struct raw_page page;
    struct err err = {0};
    enum df_rc rc = body_read(j->col, j->source, &in, j->arena, &page, &err);
    if (rc != DF_OK) {
        fail(j, COLLECT_FAILED, rc, "%s", err.text);
        return;
    }
    if (page.retry_ms > h->retry_after_ms)
        h->retry_after_ms = page.retry_ms;
    size_t before = j->result->count;
    body_posts(j->source, &page, r->url, j->now, j->arena, j->result);
    if (page.error.len && j->result->count == before) {
        fail(j, COLLECT_FAILED, DF_RETRY, "the answer says: %.*s",
             STR_FMT(str_sub(page.error, 0, 300)));
        return;
    }
    h->pages++;
    size_t fresh = note_keys(j, before);
    if (j->phase == JOB_DETAILS) {
        j->follow_at++;
        return;
    }
    if (h->pages == 1) {
        j->etag = r->etag;
        j->modified = r->modified;
    }
    add_follow(j, &page, r->url);
    bool all_known = j->result->count > before && fresh == 0;
    bool nothing = j->result->count == before && !page.follow_count;
    if (all_known || nothing || !turn_page(j, &page, r))
        end_pages(j, true);
    else if (h->pages >= j->max_pages || j->result->count >= (size_t)j->max_posts ||
             page.retry_ms > 0)
        end_pages(j, false); /* more is there: known only as a possible gap */
}

void job_feed(struct job *j, enum df_rc rc, const struct net_response *r, const struct err *err,
              int64_t now)
{
    struct collect_health *h = &j->result->health;
    h->requests++;
    j->state.used++;
    j->now = now;
    h->bytes += (int64_t)r->body.len;
    if (j->phase == JOB_ROBOTS) {
        struct net_request page;
        take_quota(j, r);
        if (rc != DF_OK || net_status_rc(r->status) == DF_RETRY)
            fail(j, COLLECT_FAILED, rc == DF_OK ? DF_RETRY : rc, "%s%s",
                 rc == DF_OK ? status_words(r->status, DF_RETRY, false) : err->text,
                 rc == DF_OK ? " (it could not give its robots.txt)" : "");
        else if (page_request(j, &page, NULL) == DF_OK)
            robots_learn(&j->col->robots, url_origin(j->arena, page.url), r->status, r->body, now);
        return;
    }
    if (rc != DF_OK) {
        fail(j, COLLECT_FAILED, rc, "%s", err->text);
        return;
    }
    h->status = r->status;
    take_quota(j, r);
    if (j->phase == JOB_LOGIN) {
        struct err why = {0};
        rc = auth_login_done(j->col, j->source, r, j->arena, now, &why);
        if (rc != DF_OK)
            fail(j, COLLECT_FAILED, rc, "%s", why.text);
        j->phase = j->phase == JOB_LOGIN ? JOB_PAGES : j->phase;
        return;
    }
    if (r->status == 401 && j->source->channel->auth.login.url.len && !j->logged_in_again) {
        auth_forget(j->col, j->source);
        j->logged_in_again = true;
    } else if (r->status == 304 && j->conditional) {
        h->not_modified = true;
        j->complete = true;
        stop(j);
    } else if (r->status == 404 && j->phase == JOB_DETAILS) {
        j->follow_at++; /* deleted since the list was made */
    } else if (r->status == 404 && h->pages > 0) {
        end_pages(j, true);
    } else if (net_status_rc(r->status) != DF_OK) {
        bad_status(j, r);
    } else {
        take_page(j, r);
    }
}

/* --- finishing --- */

static void facts_of_posts(const struct job *j, struct poll_facts *f)
{
    int64_t lag = 0, n = 0;
    f->newest = DF_NO_TIME;
    f->lag_ms = -1;
    for (size_t i = 0; i < j->result->count; i++) {
        int64_t t = j->result->posts[i].created;
        if (t == DF_NO_TIME)
            continue;
        if (f->newest == DF_NO_TIME || t > f->newest)
            f->newest = t;
        if (!j->first && t > j->state.last_poll - DF_DAY && t <= j->now) {
            lag += j->now - t;
            n++;
        }
    }
    if (n)
        f->lag_ms = lag / n;
}

/* Keeps what the next poll compares with. After a poll that broke off, the old keys stay, so that
 * the next one reads on until it meets them: nothing in between is lost. */
static void keep_memory(struct job *j, bool good)
{
    struct source_state *s = &j->state;
    if (!good || j->result->health.not_modified)
        return;
    s->etag = j->etag;
    s->modified = j->modified;
    if (j->key_count < DF_MAX_SEEN_IDS) /* a short answer must not forget the older ones */
        for (size_t i = 0; i < s->seen_count && j->key_count < DF_MAX_SEEN_IDS; i++) {
            bool have = false;
            for (size_t k = 0; k < j->key_count && !have; k++)
                have = j->keys[k] == s->seen[i];
            if (!have)
                j->keys[j->key_count++] = s->seen[i];
        }
    s->seen = j->keys;
    s->seen_count = j->key_count;
}

static bool asks_since(const struct channel *c)
{
    if (str_find(c->request.url, STR("{since")) >= 0)
        return true;
    for (size_t i = 0; i < c->request.query_count; i++)
        if (str_find(c->request.query[i].value, STR("{since")) >= 0)
            return true;
    return false;
}

void job_finish(struct job *j, int64_t now)
{
    struct collect_health *h = &j->result->health;
    struct source_state *s = &j->state;
    struct poll_facts f = {.posts = j->result->count, .fresh = j->fresh, .first = j->first,
                           .retry_after_ms = h->retry_after_ms};
    int fails = s->fails;
    bool failed = h->error.len > 0;
    bool empty = !failed && !h->not_modified && j->result->count == 0 && !j->first &&
                 !asks_since(j->source->channel);
    if (empty) {
        h->outcome = COLLECT_EMPTY;
        h->rc = DF_RETRY;
        h->error = STR("the answer is empty where there were posts before; it is not believed");
    }
    f.good = !failed && !empty;
    facts_of_posts(j, &f);
    f.overflow = f.good && !j->first && !j->overlap && j->fresh > 0 && !h->not_modified &&
                 !(j->complete && asks_since(j->source->channel));
    if (f.good) {
        h->outcome = j->fresh ? COLLECT_NEW : COLLECT_SAME;
        h->rc = DF_OK;
    }
    h->window_overflow = f.overflow;
    keep_memory(j, f.good);
    schedule_after(j->source, s, &f, now);
    s->error = h->error;
    h->fails = s->fails;
    h->recovered = f.good && fails >= DF_ALERT_FAILS;
    h->quiet_ms = schedule_quiet(s, now);
    h->next_ms = s->next;
    j->result->state = state_write(j->arena, s);
}
