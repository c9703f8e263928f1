/* transport_curl_multi.c: thousands of transfers in one thread. curl's work per request grows with
 * the number of hosts a multi handle knows, so hosts are dealt out to shards of at most
 * HOSTS_PER_SHARD; all shards share one epoll. A host stays with its shard, so its connections
 * are found again. Idle handles are kept for the next transfer. */
#include "net/transport_curl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"
#include "net/url.h"

#define HOSTS_PER_SHARD 250 /* measured: past 500 the cost per request doubles */
#define MAX_SHARDS 64
#define MAX_IDLE 512
#define WANTED_FILES 20000
#define SPARE_FILES 600     /* transfers under way, the database, the dashboard */
#define WAKE UINT64_MAX     /* what epoll says of the driver's eventfd */

struct shard {
    struct curl_driver *driver;
    CURLM *multi;
    int index, hosts;
    int64_t deadline; /* ticks; -1 = none */
};

struct host_slot {
    uint64_t hash; /* 0 = free */
    int shard;
};

struct curl_multi {
    int epoll;
    int64_t born; /* ticks */
    long files; /* the process may have open */
    struct shard *shards[MAX_SHARDS];
    int shard_count;
    struct host_slot *hosts; /* open addressing, power of two */
    size_t host_count, host_room;
    struct curl_transfer *idle[MAX_IDLE];
    int idle_count;
    struct curl_transfer *under_way; /* a list through before and after */
    int running;
    bool moving; /* in curl_multi_move, from where `done` may start transfers */
};

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *unused)
{
    struct shard *s = ctx;
    (void)easy, (void)unused;
    curl_sockets_want(s->driver, s->driver->multi->epoll, fd,
                      (uint64_t)s->index << 32 | (uint32_t)fd, what);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *ctx)
{
    struct shard *s = ctx;
    (void)multi;
    s->deadline = timeout_ms < 0 ? -1 : clock_ticks_ms() + timeout_ms;
    return 0;
}

/* Open connections are kept for the next poll as far as the process may have files. */
static void share_connections(struct curl_multi *m)
{
    long each = (m->files - SPARE_FILES) / m->shard_count;
    if (each > HOSTS_PER_SHARD)
        each = HOSTS_PER_SHARD;
    for (int i = 0; i < m->shard_count; i++)
        curl_multi_setopt(m->shards[i]->multi, CURLMOPT_MAXCONNECTS, each < 4 ? 4L : each);
}

/* The usual soft limit of 1,024 files is for programs that use select. */
static long allow_files(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return 1024;
    rlim_t want = r.rlim_max < WANTED_FILES ? r.rlim_max : WANTED_FILES;
    if (r.rlim_cur < want) {
        r.rlim_cur = want;
        if (setrlimit(RLIMIT_NOFILE, &r) != 0)
            getrlimit(RLIMIT_NOFILE, &r);
    }
    return r.rlim_cur > WANTED_FILES ? WANTED_FILES : (long)r.rlim_cur;
}

static struct shard *shard_new(struct curl_driver *d)
{
    struct curl_multi *m = d->multi;
    struct shard *s = calloc(1, sizeof *s);
    if (!s || !(s->multi = curl_multi_init()))
        abort();
    s->driver = d;
    s->index = m->shard_count;
    s->deadline = -1;
    curl_multi_setopt(s->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(s->multi, CURLMOPT_SOCKETDATA, s);
    curl_multi_setopt(s->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(s->multi, CURLMOPT_TIMERDATA, s);
    curl_multi_setopt(s->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)d->config.max_per_host);
    m->shards[m->shard_count++] = s;
    share_connections(m);
    return s;
}

static void hosts_grow(struct curl_multi *m)
{
    size_t room = m->host_room ? m->host_room * 2 : 1024;
    struct host_slot *bigger = calloc(room, sizeof *bigger);
    if (!bigger)
        abort();
    for (size_t i = 0; i < m->host_room; i++) {
        if (!m->hosts[i].hash)
            continue;
        size_t at = m->hosts[i].hash & (room - 1);
        while (bigger[at].hash)
            at = (at + 1) & (room - 1);
        bigger[at] = m->hosts[i];
    }
    free(m->hosts);
    m->hosts = bigger;
    m->host_room = room;
}

static struct shard *shard_of(struct curl_driver *d, struct str url)
{
    struct curl_multi *m = d->multi;
    struct url u;
    uint64_t hash = (url_split(url, &u) ? hash64(u.host) : hash64(url)) | 1;
    if ((m->host_count + 1) * 2 > m->host_room)
        hosts_grow(m);
    size_t at = hash & (m->host_room - 1);
    while (m->hosts[at].hash && m->hosts[at].hash != hash)
        at = (at + 1) & (m->host_room - 1);
    if (!m->hosts[at].hash) {
        struct shard *last = m->shard_count ? m->shards[m->shard_count - 1] : NULL;
        if (!last || (last->hosts >= HOSTS_PER_SHARD && m->shard_count < MAX_SHARDS))
            last = shard_new(d);
        last->hosts++;
        m->hosts[at] = (struct host_slot){hash, last->index};
        m->host_count++;
    }
    return m->shards[m->hosts[at].shard];
}

static enum df_rc multi_open(struct curl_driver *d, struct err *err)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = WAKE};
    struct curl_multi *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->born = clock_ticks_ms();
    m->files = allow_files();
    m->epoll = epoll_create1(EPOLL_CLOEXEC);
    d->multi = m;
    if (m->epoll < 0 || epoll_ctl(m->epoll, EPOLL_CTL_ADD, d->wake, &ev) != 0)
        return err_set(err, DF_FATAL, "epoll: %s", strerror(errno));
    return DF_OK;
}

static void list_add(struct curl_multi *m, struct curl_transfer *t)
{
    t->before = NULL;
    t->after = m->under_way;
    if (t->after)
        t->after->before = t;
    m->under_way = t;
    m->running++;
}

static void list_remove(struct curl_multi *m, struct curl_transfer *t)
{
    if (t->before)
        t->before->after = t->after;
    else
        m->under_way = t->after;
    if (t->after)
        t->after->before = t->before;
    m->running--;
}

/* Another one may use its handle. */
static void retire(struct curl_multi *m, struct curl_transfer *t)
{
    curl_transfer_clean(t);
    if (m->idle_count < MAX_IDLE)
        m->idle[m->idle_count++] = t;
    else
        curl_transfer_free(&t);
}

/* curl is told to keep the addresses of names for ever, because it looks through all of them for
 * every request otherwise. So that a host may move, everything is forgotten now and then. */
static void drop_old(struct curl_driver *d)
{
    int life = d->config.renew_ms ? d->config.renew_ms : DF_RENEW_MS;
    if (d->multi && !d->multi->moving && d->multi->running == 0 &&
        clock_ticks_ms() - d->multi->born > life)
        curl_multi_end(d);
}

enum df_rc curl_multi_begin(struct curl_driver *d, const struct net_request *req,
                            struct arena *arena, net_done *done, void *ctx, struct err *err)
{
    drop_old(d);
    enum df_rc rc = d->multi ? DF_OK : multi_open(d, err);
    if (rc != DF_OK)
        return rc;
    struct curl_multi *m = d->multi;
    struct curl_transfer *t = m->idle_count ? m->idle[--m->idle_count] : curl_transfer_new(d, err);
    if (!t)
        return DF_FATAL;
    t->done = done;
    t->ctx = ctx;
    struct shard *s = shard_of(d, req->url);
    rc = curl_transfer_prepare(t, req, arena, err);
    if (rc == DF_OK && curl_multi_add_handle(s->multi, t->easy) != CURLM_OK)
        rc = err_set(err, DF_FATAL, "libcurl refused a transfer");
    if (rc != DF_OK) {
        retire(m, t);
        return rc;
    }
    t->shard = s;
    list_add(m, t);
    return DF_OK;
}

/* Hands finished transfers back. `done` may start new ones. */
static void reap(struct curl_multi *m, struct shard *s)
{
    CURLMsg *msg;
    int left;
    while ((msg = curl_multi_info_read(s->multi, &left)) != NULL) {
        if (msg->msg != CURLMSG_DONE)
            continue;
        CURLcode code = msg->data.result; /* msg dies with the removal */
        struct curl_transfer *t = NULL;
        struct err why = {0};
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        enum df_rc rc = curl_transfer_finish(t, code, &why);
        struct net_response response = t->response;
        net_done *done = t->done;
        void *ctx = t->ctx;
        curl_multi_remove_handle(s->multi, t->easy);
        list_remove(m, t);
        retire(m, t);
        done(ctx, rc, &response, &why);
    }
}

static int wait_ms(const struct curl_multi *m, int timeout_ms)
{
    int64_t now = clock_ticks_ms();
    for (int i = 0; i < m->shard_count; i++) {
        int64_t left = m->shards[i]->deadline - now;
        if (m->shards[i]->deadline >= 0 && left < timeout_ms)
            timeout_ms = left < 0 ? 0 : (int)left;
    }
    return timeout_ms;
}

enum df_rc curl_multi_move(struct curl_driver *d, int timeout_ms, int *running_out,
                           struct err *err)
{
    struct curl_multi *m = d->multi;
    struct epoll_event events[256];
    int still;
    *running_out = 0;
    if (!m || m->running == 0)
        return DF_OK;
    int n = epoll_wait(m->epoll, events, 256, wait_ms(m, timeout_ms));
    if (n < 0 && errno != EINTR)
        return err_set(err, DF_FATAL, "epoll: %s", strerror(errno));
    for (int i = 0; i < n; i++) {
        uint64_t woken;
        if (events[i].data.u64 == WAKE) {
            while (read(d->wake, &woken, sizeof woken) < 0 && errno == EINTR)
                ;
            continue;
        }
        struct shard *s = m->shards[events[i].data.u64 >> 32];
        int fd = (int)(events[i].data.u64 & 0xffffffffu);
        if (!curl_sockets_wanted(d, m->epoll, fd))
            continue;
        int flags = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                    (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                    (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(s->multi, fd, flags, &still);
    }
    m->moving = true;
    int64_t now = clock_ticks_ms();
    for (int i = 0; i < m->shard_count; i++) {
        struct shard *s = m->shards[i];
        if (s->deadline >= 0 && s->deadline <= now) {
            s->deadline = -1;
            curl_multi_socket_action(s->multi, CURL_SOCKET_TIMEOUT, 0, &still);
        }
    }
    for (int i = 0; i < m->shard_count; i++)
        reap(m, m->shards[i]);
    m->moving = false;
    *running_out = m->running;
    return DF_OK;
}

void curl_multi_end(struct curl_driver *d)
{
    struct curl_multi *m = d->multi;
    if (!m)
        return;
    while (m->under_way) { /* only when the caller gave up: nobody is told */
        struct curl_transfer *t = m->under_way;
        curl_multi_remove_handle(((struct shard *)t->shard)->multi, t->easy);
        list_remove(m, t);
        curl_transfer_free(&t);
    }
    for (int i = 0; i < m->idle_count; i++)
        curl_transfer_free(&m->idle[i]);
    for (int i = 0; i < m->shard_count; i++) {
        curl_multi_cleanup(m->shards[i]->multi);
        free(m->shards[i]);
    }
    if (m->epoll >= 0)
        close(m->epoll);
    free(m->hosts);
    free(m);
    d->multi = NULL;
}
