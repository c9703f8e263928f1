/* collect.c: one poll that blocks. */
#include <time.h>

#include "collector/collect_job.h"
#include "core/clock.h"
#include "net/url.h"

/* Oneself needs no politeness: files and loopback are asked without a pause. */
bool host_is_ours(struct str url)
{
    struct url u;
    return !url_split(url, &u) || str_ieq(u.scheme, STR("file")) || str_is(u.host, "127.0.0.1") ||
           str_ieq(u.host, STR("localhost")) || str_is(u.host, "[::1]");
}

static void pause_ms(int64_t ms)
{
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
    while (nanosleep(&t, &t) != 0)
        ;
}

enum df_rc collect(struct collector *col, const struct source *src, struct str state,
                   struct transport *transport, const struct collect_limits *limits, int64_t now,
                   struct arena *a, struct collect_result *out, struct err *err)
{
    struct job j;
    struct net_request request;
    int64_t began = clock_ticks_ms();
    static const struct collect_limits none;
    job_start(&j, col, src, state, limits ? limits : &none, now, a, out);
    for (bool again = false; job_next(&j, &request); again = true) {
        struct net_response response;
        struct err why = {0};
        if (again && !host_is_ours(request.url))
            pause_ms(job_pace(&j));
        enum df_rc rc = transport_perform(transport, &request, a, &response, &why);
        if (job_feed(&j, rc, &response, &why, now + clock_ticks_ms() - began))
            job_read(&j, &col->readers[0]);
    }
    job_finish(&j, now + clock_ticks_ms() - began);
    if (out->health.rc != DF_OK)
        err_set(err, out->health.rc, "%.*s", STR_FMT(out->health.error));
    return out->health.rc;
}
