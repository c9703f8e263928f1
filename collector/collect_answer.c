/* collect_answer.c: what an answer means for a poll, as far as its status and headers tell. The
 * polling thread's part: it learns robots.txt and tokens, which all sources share. */
#include "collector/auth.h"
#include "collector/collect_job.h"
#include "collector/robots.h"
#include "net/url.h"

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

/* The status says that we ask too much, or that all of the host is ill, and for how long. */
static void take_hold(struct job *j, const struct net_response *r)
{
    if ((r->status == 429 || r->status == 503) && r->retry_after_ms > 0)
        j->state.hold_until = j->now + r->retry_after_ms;
}

const char *job_status_words(int status, enum df_rc rc, bool credentials)
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

/* robots.txt came, or did not: without it nothing of the site is read. */
static void robots_came(struct job *j, enum df_rc rc, const struct net_response *r,
                        const struct err *err)
{
    struct net_request page;
    take_quota(j, r);
    if (rc != DF_OK)
        job_fail(j, COLLECT_FAILED, rc, "%s", err->text);
    else if (net_status_rc(r->status) == DF_RETRY)
        job_fail(j, COLLECT_FAILED, DF_RETRY, "%s (it could not give its robots.txt)",
                 job_status_words(r->status, DF_RETRY, false));
    else if (job_page_request(j, &page, NULL) == DF_OK)
        robots_learn(&j->col->robots, url_origin(j->arena, page.url), r->status, r->body, j->now);
}

static void login_came(struct job *j, const struct net_response *r)
{
    struct err why = {0};
    enum df_rc rc = auth_login_done(j->col, j->source, r, j->arena, j->now, &why);
    if (rc == DF_OK)
        j->phase = JOB_PAGES;
    else
        job_fail(j, COLLECT_FAILED, rc, "%s", why.text);
}

bool job_feed(struct job *j, enum df_rc rc, const struct net_response *r, const struct err *err,
              int64_t now)
{
    struct collect_health *h = &j->result->health;
    h->requests++;
    j->state.used++;
    j->now = now;
    take_hold(j, r);
    h->bytes += (int64_t)r->body.len;
    if (j->phase == JOB_ROBOTS) {
        robots_came(j, rc, r, err);
        return false;
    }
    if (rc != DF_OK) {
        job_fail(j, COLLECT_FAILED, rc, "%s", err->text);
        return false;
    }
    h->status = r->status;
    take_quota(j, r);
    if (j->phase == JOB_LOGIN) {
        login_came(j, r);
        return false;
    }
    if (r->status == 401 && j->source->channel->auth.login.url.len && !j->logged_in_again) {
        auth_forget(j->col, j->source);
        j->logged_in_again = true;
    } else if (r->status == 304 && j->conditional) {
        h->not_modified = true;
        j->complete = true;
        job_stop(j);
    } else if (r->status == 404 && j->phase == JOB_DETAILS) {
        j->follow_at++; /* deleted since the list was made */
    } else if (r->status == 404 && h->pages > 0) {
        job_end_pages(j, true);
    } else {
        j->response = *r;
        return true;
    }
    return false;
}
