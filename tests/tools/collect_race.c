/* collect_race.c: many sources of every channel, read by many threads and by none: what comes out
 * must be the same, source by source and post by post. The network is a driver that answers with
 * the channels' fixtures. No test framework, so that ThreadSanitizer can watch: `make check-tsan`.
 * Run at the root of the tree. Exit 0: equal. */
#include <stdio.h>
#include <stdlib.h>

#include "collector/collector.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/limits.h"

enum { EACH = 12, THREADS = 6, MAX_CHANNELS = 128 };
#define NOON INT64_C(1763726400000)

struct fixture {
    const struct channel *channel;
    struct str body[8];
    int count;
};

static struct fixture fixtures[MAX_CHANNELS];
static int fixture_count, asked;

/* --- a network of fixtures; a source tells its channel by its User-Agent --- */

static enum df_rc no_open(const struct net_config *config, void **self, struct err *err)
{
    static int nothing;
    (void)config, (void)err;
    *self = &nothing;
    return DF_OK;
}

static enum df_rc answer(void *self, const struct net_request *q, struct arena *a,
                         struct net_response *r, struct err *err)
{
    (void)self, (void)err;
    r->url = arena_str(a, q->url);
    r->status = str_ends(q->url, STR("/robots.txt")) ? 404 : 200;
    for (int i = 0; i < fixture_count && r->status == 200; i++)
        if (str_eq(fixtures[i].channel->name, q->user_agent))
            r->body = arena_str(a, fixtures[i].body[hash64(q->url) % (uint64_t)fixtures[i].count]);
    asked++;
    return DF_OK;
}

static void no_close(void *self)
{
    (void)self;
}

static const struct transport_ops network = {
    .name = "fixtures", .schemes = 7, .open = no_open, .perform = answer, .close = no_close};

/* --- sources --- */

static void read_fixtures(const struct channels *cs, struct arena *a)
{
    for (size_t i = 0; i < channels_count(cs) && fixture_count < MAX_CHANNELS; i++) {
        const struct channel *c = channels_at(cs, i);
        struct fixture *f = &fixtures[fixture_count];
        struct str dir = arena_printf(a, "channels/%.*s", STR_FMT(c->name)), *names;
        size_t count = 0;
        if (file_list(a, dir.ptr, "", &names, &count, NULL) != DF_OK)
            continue;
        *f = (struct fixture){.channel = c};
        for (size_t k = 0; k < count && f->count < 8; k++) {
            struct str path = arena_printf(a, "%s/%.*s", dir.ptr, STR_FMT(names[k]));
            if (str_starts(names[k], STR("fixture")) && !str_ends(names[k], STR(".args")) &&
                file_read(a, path.ptr, DF_MAX_BODY, &f->body[f->count], NULL) == DF_OK)
                f->count++;
        }
        fixture_count += f->count > 0;
        for (size_t k = 0; k < c->auth.secret_count; k++)
            setenv(c->auth.secrets[k].value.ptr, "x", 1);
    }
}

/* Required parameters get their example; addresses one of this machine. */
static bool make(const struct channels *cs, const struct channel *c, int number, struct arena *a,
                 struct source *out)
{
    struct param_value *p = arena_array(a, c->param_count + 1, sizeof *p);
    struct diags diags = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->param_count; i++)
        if (c->params[i].type == PARAM_URL)
            p[n++] = (struct param_value){c->params[i].name,
                                          arena_printf(a, "http://127.0.0.1:1/%d/x", number)};
        else if (c->params[i].required)
            p[n++] = (struct param_value){c->params[i].name, c->params[i].example.len
                                                                 ? c->params[i].example
                                                                 : arena_printf(a, "%d", number)};
    enum df_rc rc = source_make(cs, arena_printf(a, "%.*s-%d", STR_FMT(c->name), number), c->name, p,
                                n, NULL, a, out, &diags);
    diags_free(&diags);
    out->user_agent = c->name;
    return rc == DF_OK;
}

/* --- a pass, and what came of it --- */

struct outcome {
    uint64_t posts; /* ids and digests in their order */
    size_t count;
    int status, pages;
    bool failed;
};

static bool keep(struct collect_job *j, struct collect_result *r, void *ctx)
{
    struct outcome *o = j->ctx;
    (void)ctx;
    *o = (struct outcome){.count = r->count, .status = r->health.status, .pages = r->health.pages,
                          .failed = r->health.rc != DF_OK};
    for (size_t i = 0; i < r->count; i++)
        o->posts = o->posts * 31 + hash64(r->posts[i].id) * 17 + hash64(r->posts[i].digest);
    return true;
}

static int64_t noon(void *ctx)
{
    (void)ctx;
    return NOON;
}

static bool pass(const struct channels *cs, const struct source *sources, size_t n, int threads,
                 struct outcome *out)
{
    struct collector *col = NULL;
    struct transport *t = NULL;
    struct err err = {0};
    struct collect_job *jobs = calloc(n, sizeof *jobs);
    bool done = jobs && collector_new(cs, &col, &err) == DF_OK &&
                transport_open_with(&network, &(struct net_config){0}, &t, &err) == DF_OK;
    for (size_t i = 0; i < n && done; i++)
        jobs[i] = (struct collect_job){.source = &sources[i], .ctx = &out[i]};
    if (done)
        collector_threads(col, threads);
    done = done && collect_many(col, jobs, n, t, NULL, noon, NULL, keep, NULL, &err) == DF_OK;
    if (!done)
        fprintf(stderr, "collect_race: %s\n", err.text);
    transport_free(&t);
    collector_free(&col);
    free(jobs);
    return done;
}

int main(void)
{
    struct arena *a = arena_new();
    struct channels *cs = NULL;
    struct diags diags = {0};
    size_t n = 0, posts = 0, good = 0, differ = 0;
    if (channels_load(NULL, &cs, &diags) != DF_OK)
        return 1;
    read_fixtures(cs, a);
    struct source *sources = arena_array(a, MAX_CHANNELS * EACH, sizeof *sources);
    for (int k = 0; k < EACH; k++)
        for (int i = 0; i < fixture_count; i++)
            n += make(cs, fixtures[i].channel, k, a, &sources[n]);
    struct outcome *one = calloc(n, sizeof *one), *many = calloc(n, sizeof *many);
    bool done = one && many && pass(cs, sources, n, 0, one) && pass(cs, sources, n, THREADS, many);
    for (size_t i = 0; i < n && done; i++) {
        bool same = one[i].posts == many[i].posts && one[i].count == many[i].count &&
                    one[i].status == many[i].status && one[i].pages == many[i].pages &&
                    one[i].failed == many[i].failed;
        if (!same && differ++ < 5)
            printf("%.*s: %zu posts without threads, %zu with\n", STR_FMT(sources[i].name),
                   one[i].count, many[i].count);
        posts += many[i].count;
        good += !many[i].failed;
    }
    printf("collect_race: %zu sources, %zu read, %zu posts, %d requests\n", n, good, posts, asked);
    free(one);
    free(many);
    diags_free(&diags);
    channels_free(&cs);
    arena_free(&a);
    return !(done && !differ && good * 2 > n && posts > n);
}
