#include "dashboard/site.h"

#include <stdlib.h>

#include "casework/casework.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/log.h"
#include "dashboard/page.h"

#define KEY_META "dashboard.key"

struct site {
    struct site_config config;
    struct arena *arena; /* process */
    struct assets assets;
    struct guard guard;
};

/* "#" stands for a number. Nothing changes by GET; every POST passes all guards. */
static const struct route {
    enum method method;
    const char *path;
    page_fn *answer;
} routes[] = {
    {METHOD_GET, "/", page_queue},
    {METHOD_GET, "/case/#", page_case},
    {METHOD_GET, "/sources", page_sources},
    {METHOD_GET, "/healthz", page_health},
    {METHOD_GET, "/live", page_live},
    {METHOD_POST, "/prefs", act_prefs},
    {METHOD_POST, "/case/#/claim", act_claim},
    {METHOD_POST, "/case/#/reply", act_reply},
    {METHOD_POST, "/case/#/lint", act_lint},
    {METHOD_POST, "/case/#/snooze", act_snooze},
    {METHOD_POST, "/case/#/note", act_note},
    {METHOD_POST, "/case/#/close", act_close},
    {METHOD_POST, "/case/#/reopen", act_reopen},
    {METHOD_POST, "/case/#/step", act_step},
};

static bool path_fits(const char *pattern, struct str path, int64_t *id_out)
{
    struct str want = str_of(pattern), a, b;
    long long n;

    while (str_split(&want, '/', &a)) {
        if (!str_split(&path, '/', &b))
            return false;
        if (str_is(a, "#")) {
            if (!str_i64(b, &n) || n < 1 || b.ptr[0] == '+' || b.ptr[0] == '0')
                return false;
            *id_out = n;
        } else if (!str_eq(a, b)) {
            return false;
        }
    }
    return !path.ptr;
}

static const struct route *route_find(const struct request *q, int64_t *id_out, bool *known_out)
{
    enum method method = q->method == METHOD_HEAD ? METHOD_GET : q->method;

    *known_out = false;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!path_fits(routes[i].path, q->path, id_out))
            continue;
        *known_out = true;
        if (routes[i].method == method)
            return &routes[i];
    }
    return NULL;
}

/* ---- preferences, from cookies ---------------------------------------------------------------- */

static enum ui_lang reader_lang(struct str cookie, struct str accept)
{
    struct str rest = accept, part, tag;

    if (cookie.len)
        return ui_lang_of(cookie);
    while (rest.len && str_split(&rest, ',', &part)) { /* browsers send them by preference */
        tag = str_trim(part);
        str_split(&tag, ';', &part);
        if (str_starts(part, STR("zh")) || str_starts(part, STR("en")))
            return ui_lang_of(part);
    }
    return UI_EN;
}

static const char *theme_of(struct str cookie)
{
    static const char *const themes[] = {"light", "dark"};

    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        if (str_is(cookie, themes[i]))
            return themes[i];
    return "";
}

static void page_begin(struct site *s, struct request *q, struct response *r, struct page *p)
{
    enum ui_lang lang = reader_lang(fields_get(&q->cookies, "defuse_lang"), q->languages);
    struct str actor = str_trim(fields_get(&q->cookies, "defuse_name"));

    html_init(&r->body, lang);
    *p = (struct page){
        .site = &s->config,
        .assets = &s->assets,
        .guard = &s->guard,
        .store = s->config.cases->store,
        .q = q,
        .r = r,
        .arena = q->arena,
        .html = &r->body,
        .now = clock_now(s->config.cases->clock),
        .actor = actor.len && actor.len <= DF_MAX_ACTOR ? actor : s->config.actor,
    };
    p->words = (struct words){q->arena, lang, s->config.zone, p->now};
    p->frame = (struct view_frame){
        .page = "",
        .lang = ui_lang_tag(lang),
        .theme = theme_of(fields_get(&q->cookies, "defuse_theme")),
        .actor = p->actor,
        .here = q->target,
        .now = words_int(&p->words, p->now),
        .clock = words_clock(&p->words),
        .css = asset_url(&s->assets, "app.css"),
        .js = asset_url(&s->assets, "app.js"),
        .icon = asset_url(&s->assets, "icon.svg"),
    };
}

/* The browser's id, the token bound to it, and what the last step left to say. */
static void page_greet(struct page *p)
{
    struct str flash = fields_get(&p->q->query, "done");

    p->browser = guard_browser(p->q, p->r);
    p->frame.token = guard_token(p->guard, p->arena, p->browser);
    if (flash.len && flash.len < 32) {
        struct str id = arena_printf(p->arena, "flash.%.*s", STR_FMT(flash));
        const char *text = msg(p->words.lang, id.ptr);

        if (text != id.ptr)
            p->frame.flash = str_of(text);
    }
}

void page_problem(struct page *p, int status, const char *msg_id, struct str saved)
{
    const struct words *w = &p->words;
    struct str title_id = arena_printf(p->arena, "%s.title", msg_id);
    struct view_problem v = {
        .status = status,
        .title = str_of(msg(w->lang, title_id.ptr)),
        .text = str_of(msg(w->lang, msg_id)),
        .saved = saved,
    };

    buf_reset(&p->html->out);
    p->r->status = status;
    p->frame.title = v.title;
    tpl_problem(p->html, &p->frame, &v);
}

void site_refuse(struct site *s, struct request *q, struct response *r, int status,
                 const char *msg_id)
{
    struct page p;

    page_begin(s, q, r, &p);
    page_problem(&p, status, msg_id, STR_NONE);
}

/* What a failed page becomes. */
static void page_failed(struct page *p, enum df_rc rc, const struct err *err)
{
    struct str text = fields_get(&p->q->form, "text");

    if (rc == DF_NONE) {
        page_problem(p, 404, "problem.none", text);
    } else if (rc == DF_RETRY) {
        page_problem(p, 503, "problem.busy", text);
    } else {
        log_error("dashboard", "failed", LOG_STR("path", p->q->path), LOG_ERR(err));
        page_problem(p, 500, "problem.failed", text);
    }
}

static void post_guarded(struct page *p, const struct route *route, int64_t id, struct err *err)
{
    struct str text = fields_get(&p->q->form, "text");
    struct str known = fields_get(&p->q->cookies, "defuse_browser");
    enum df_rc rc;

    page_greet(p);
    if (!guard_origin(p->q)) {
        page_problem(p, 403, "problem.origin", text);
        return;
    }
    if (!guard_token_ok(p->guard, known, fields_get(&p->q->form, "token"))) {
        page_problem(p, 403, "problem.token", text);
        return;
    }
    rc = route->answer(p, id, err);
    if (rc != DF_OK)
        page_failed(p, rc, err);
}

void site_answer(struct site *s, struct request *q, struct response *r)
{
    const struct route *route;
    struct page p;
    struct err err = {0};
    int64_t id = 0;
    bool known;
    enum df_rc rc;

    r->status = 200;
    s->config.cases->store->deadline = clock_ticks_ms() + DF_PAGE_PATIENCE_MS;
    if (!guard_host(&s->guard, q)) {
        site_refuse(s, q, r, 421, "problem.host");
        return;
    }
    if (asset_answer(&s->assets, q, r))
        return;
    page_begin(s, q, r, &p);
    route = route_find(q, &id, &known);
    if (!route && known && id > 0 && q->method == METHOD_GET) {
        /* The address of a step, left in the bar after "check": back to the case. */
        response_see(r, arena_printf(q->arena, "/case/%lld", (long long)id));
    } else if (!route) {
        page_problem(&p, known ? 405 : 404, known ? "problem.method" : "problem.none", STR_NONE);
    } else if (route->method == METHOD_POST) {
        post_guarded(&p, route, id, &err);
    } else {
        page_greet(&p);
        rc = route->answer(&p, id, &err);
        if (rc != DF_OK)
            page_failed(&p, rc, &err);
    }
    if (r->body.out.full)
        page_problem(&p, 500, "problem.large", STR_NONE);
}

/* ---- life ------------------------------------------------------------------------------------ */

/* The signing key lives in the store: a form opened before a restart can still be sent after it. */
static enum df_rc load_key(struct site *s, struct err *err)
{
    struct store *st = s->config.cases->store;
    struct str text;
    size_t len;
    enum df_rc rc = st->meta->get(st, KEY_META, s->arena, &text, err);
    struct buf b = BUF_INIT(128);

    if (rc == DF_OK && digest_unbase64(text, s->guard.key, GUARD_KEY, &len) && len == GUARD_KEY)
        return DF_OK;
    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    digest_random(s->guard.key, GUARD_KEY);
    digest_base64(&b, s->guard.key, GUARD_KEY);
    rc = store_begin(st, err);
    if (rc == DF_OK) {
        rc = st->meta->put(st, KEY_META, buf_view(&b), err);
        rc = store_finish(st, rc, err);
    }
    buf_free(&b);
    return rc;
}

enum df_rc site_open(const struct site_config *c, struct site **out, struct err *err)
{
    struct site *s = calloc(1, sizeof *s);
    enum df_rc rc;

    *out = NULL;
    if (!s)
        return err_set(err, DF_FATAL, "out of memory");
    s->config = *c;
    s->arena = arena_new();
    for (size_t i = 0; i < c->host_count; i++)
        guard_allow(&s->guard, c->hosts[i]);
    rc = assets_load(s->arena, &s->assets, err);
    if (rc == DF_OK)
        rc = load_key(s, err);
    if (rc == DF_OK)
        *out = s;
    else
        site_close(&s);
    return rc;
}

void site_close(struct site **sp)
{
    if (!*sp)
        return;
    arena_free(&(*sp)->arena);
    free(*sp);
    *sp = NULL;
}

void site_listens(struct site *s, struct str host, int port)
{
    bool six = str_chr(host, ':') >= 0;
    bool loopback = str_starts(host, STR("127.")) || str_is(host, "::1");

    guard_allow(&s->guard, arena_printf(s->arena, six ? "[%.*s]:%d" : "%.*s:%d", STR_FMT(host), port));
    if (loopback)
        guard_allow(&s->guard, arena_printf(s->arena, "localhost:%d", port));
}
