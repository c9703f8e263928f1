#include "collector/collect_job.h"

#include <stdarg.h>
#include <stdio.h>

#include "collector/auth.h"
#include "collector/request.h"
#include "collector/robots.h"
#include "collector/schedule.h"
#include "core/clock.h"
#include "core/limits.h"
#include "net/url.h"

#define SINCE_OVERLAP DF_DAY /* posts arrive late: look back over what was seen already */

#define BUDGET_SPENT "the day's budget of %lld requests is spent; it goes on at midnight UTC"

/* --- ends --- */

void job_stop(struct job *j)
{
    j->phase = JOB_DONE;
}

void job_fail(struct job *j, enum collect_outcome outcome, enum df_rc rc, const char *fmt, ...)
{
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    j->result->health.outcome = outcome;
    j->result->health.rc = rc;
    j->result->health.error = arena_str(j->arena, str_of(text));
    job_stop(j);
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
                      .cursor = c->cursor_first, .held_until = DF_NO_TIME};
    if (state_read(state, a, &j->state, &err) != DF_OK)
        result->health.bad_first = STR("what was remembered of this source could not be read");
    j->first = j->state.seen_count == 0;
    if (j->first && src->baseline)
        j->max_pages = 1;
    j->keys = arena_array(a, DF_MAX_SEEN_IDS, sizeof *j->keys);
    if (auth_check(src, &err) != DF_OK)
        job_fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
    else if (!schedule_budget_left(src, &j->state, now))
        job_fail(j, COLLECT_DENIED, DF_RETRY, BUDGET_SPENT, (long long)schedule_budget(src));
}

/* --- asking --- */

enum df_rc job_page_request(struct job *j, struct net_request *out, struct err *err)
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
        if (job_page_request(j, out, &err) == DF_OK)
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
            job_stop(j);
        else
            job_fail(j, COLLECT_DENIED, DF_RETRY, BUDGET_SPENT, (long long)schedule_budget(j->source));
        return false;
    }
    if (auth_needs_login(j->col, j->source, j->now)) {
        j->phase = JOB_LOGIN;
        if (auth_login_request(j->source, j->arena, j->now, out, &err) == DF_OK)
            return true;
        job_fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
        return false;
    }
    struct net_request page;
    bool details = j->phase == JOB_DETAILS || (j->phase == JOB_ROBOTS && j->follow_count);
    if (details && !next_detail(j, &page)) {
        job_stop(j);
        return false;
    }
    if (!details && job_page_request(j, &page, &err) != DF_OK) {
        job_fail(j, COLLECT_FAILED, DF_REJECT, "%s", err.text);
        return false;
    }
    enum df_rc rc = check_robots(j, &page, out);
    if (rc == DF_REJECT) {
        job_fail(j, COLLECT_DENIED, DF_REJECT, "the site's robots.txt forbids reading %.*s",
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

void job_hold(struct job *j, int64_t until)
{
    j->held_until = until;
    job_stop(j);
}

int64_t job_pace(const struct job *j)
{
    int64_t pace = schedule_pace(j->source);
    return j->delay_ms > pace ? j->delay_ms : pace;
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

/* Posts of the pages before are kept, and so is what the next poll compares with. */
static void finish_held(struct job *j)
{
    struct collect_health *h = &j->result->health;
    schedule_held(j->source, &j->state, j->held_until);
    h->outcome = COLLECT_HELD;
    h->rc = DF_RETRY;
    h->error = j->state.error;
    h->fails = j->state.fails;
    h->next_ms = j->state.next;
    j->result->state = state_write(j->arena, &j->state);
}

void job_finish(struct job *j, int64_t now)
{
    if (j->held_until != DF_NO_TIME) {
        finish_held(j);
        return;
    }
    struct collect_health *h = &j->result->health;
    struct source_state *s = &j->state;
    struct poll_facts f = {.posts = j->result->count, .fresh = j->fresh, .first = j->first,
                           .retry_after_ms = h->retry_after_ms};
    int fails = s->fails;
    bool failed = h->error.len > 0;
    bool empty = !failed && !h->not_modified && j->result->count == 0 &&
                 j->result->gone_count == 0 && !j->first &&
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
