/* The dashboard without a socket: requests in, pages out, over the store in memory. */
#include <criterion/criterion.h>

#include "casework/casework.h"
#include "core/digest.h"
#include "core/limits.h"
#include "dashboard/site.h"

#define NOW INT64_C(1795226400000)

static struct arena *arena;
static struct store *store;
static struct site *site;
static struct clock noon;
static struct casework_conf conf;
static struct casework cases;
static int64_t case_id;

static int opened; /* posts so far: each has an id of its own */

static void open_case(const char *text)
{
    struct post post = POST_INIT;
    struct post_put put;
    struct post_row row;
    struct triage done;
    struct verdict v = {.lang = STR("en"), .urgency = URGENCY_P3, .needs_reply = true,
                        .category = CATEGORY_DELIVERY, .ask = ASK_NONE};

    post.channel = STR("forum");
    post.id = post.url = arena_printf(arena, "https://example.com/%d", ++opened);
    post.text = str_of(text);
    post.created = post.seen = NOW - DF_HOUR;
    post.digest = post_digest(arena, &post);
    cr_assert_eq(store_begin(store, NULL), DF_OK);
    cr_assert_eq(store->posts->put(store, &post, &put, NULL), DF_OK);
    row = (struct post_row){put.id, put.version, post};
    cr_assert_eq(casework_triage(&cases, &row, &v, arena, &done, NULL), DF_OK);
    cr_assert_eq(store_commit(store, NULL), DF_OK);
    case_id = done.case_id;
}

static void begin(void)
{
    struct err err = {0};

    arena = arena_new();
    opened = 0;
    noon = clock_fixed(NOW);
    conf = casework_conf_default();
    cr_assert_eq(store_open("mem:", &store, &err), DF_OK, "%s", err.text);
    cases = (struct casework){store, &noon, &conf};
    cr_assert_eq(site_open(&(struct site_config){.cases = &cases, .zone = STR("UTC"),
                                                 .actor = STR("mei")},
                           &site, &err), DF_OK, "%s", err.text);
    site_listens(site, STR("127.0.0.1"), 8737);
}

static void end(void)
{
    site_close(&site);
    store_close(&store);
    arena_free(&arena);
}

TestSuite(site, .init = begin, .fini = end);

static struct str ask(enum method method, const char *target, const char *form, const char *host,
                      const char *cookies, struct response *r)
{
    struct request q = {.method = method, .host = str_of(host), .arena = arena};

    *r = (struct response){.status = 200};
    cr_assert_eq(request_target(&q, str_of(target), NULL), DF_OK);
    cr_assert_eq(fields_parse(arena, str_of(form), &q.form, NULL), DF_OK);
    fields_cookies(arena, str_of(cookies), &q.cookies);
    site_answer(site, &q, r);
    struct str body = arena_str(arena, r->bytes.ptr ? r->bytes : buf_view(&r->body.out));
    html_free(&r->body);
    return body;
}

#define HOST "127.0.0.1:8737"

static bool has(struct str body, const char *text)
{
    return str_find(body, str_of(text)) >= 0;
}

Test(site, every_path_has_its_status)
{
    static const struct {
        enum method method;
        const char *target, *host;
        int status;
    } cases_of[] = {
        {METHOD_GET, "/", HOST, 200},          {METHOD_HEAD, "/", HOST, 200},
        {METHOD_GET, "/sources", HOST, 200},   {METHOD_GET, "/healthz", HOST, 200},
        {METHOD_GET, "/live", HOST, 200},      {METHOD_GET, "/?q=urgency:P9", HOST, 200},
        {METHOD_GET, "/?after=x.y.z", HOST, 200}, {METHOD_GET, "/case/1", HOST, 404},
        {METHOD_GET, "/case/0", HOST, 404},    {METHOD_GET, "/case/x", HOST, 404},
        {METHOD_GET, "/case/99999999999999999999", HOST, 404},
        {METHOD_GET, "/nothing", HOST, 404},   {METHOD_GET, "/case/1/claim", HOST, 303},
        {METHOD_POST, "/", HOST, 405},         {METHOD_POST, "/case/1/claim", HOST, 403},
        {METHOD_POST, "/prefs", HOST, 403},    {METHOD_GET, "/s/0/app.css", HOST, 404},
        {METHOD_GET, "/", "rebound.example:8737", 421},
        {METHOD_GET, "/healthz", "rebound.example", 421},
        {METHOD_GET, "/", "localhost:8737", 200},
    };
    for (size_t i = 0; i < sizeof cases_of / sizeof *cases_of; i++) {
        struct response r;
        ask(cases_of[i].method, cases_of[i].target, "", cases_of[i].host, "", &r);
        cr_expect_eq(r.status, cases_of[i].status, "%s: %d", cases_of[i].target, r.status);
    }
}

Test(site, an_empty_queue_says_what_is_true)
{
    struct response r;
    struct str body = ask(METHOD_GET, "/", "", HOST, "", &r);

    cr_expect(has(body, "No source has been asked yet"));
    body = ask(METHOD_GET, "/?q=owner:nobody", "", HOST, "defuse_lang=zh-Hant", &r);
    cr_expect(has(body, "沒有符合條件的案件"));
    cr_expect(has(body, "<html lang=\"zh-Hant\""));
}

/* The hidden fields of a page, as the form would send them. */
static struct str token_of(struct str body)
{
    ptrdiff_t at = str_find(body, STR("name=\"token\" value=\""));
    struct str rest, token;

    cr_assert_geq(at, 0);
    rest = str_sub(body, (size_t)at + 20, body.len);
    str_split(&rest, '"', &token);
    return token;
}

static struct str version_of(struct str body)
{
    ptrdiff_t at = str_find(body, STR("name=\"version\" value=\""));
    struct str rest, version;

    cr_assert_geq(at, 0);
    rest = str_sub(body, (size_t)at + 22, body.len);
    str_split(&rest, '"', &version);
    return version;
}

#define BROWSER "defuse_browser=00112233445566778899aabbccddeeff"

/* Opens the case in the name of the cookies' owner and sends one of its forms. */
static struct str step(const char *what, const char *fields, const char *cookies, struct response *r)
{
    struct str url = arena_printf(arena, "/case/%lld", (long long)case_id);
    struct str page = ask(METHOD_GET, url.ptr, "", HOST, cookies, r);
    struct str form = arena_printf(arena, "token=%.*s&version=%.*s&%s", STR_FMT(token_of(page)),
                                   STR_FMT(version_of(page)), fields);

    return ask(METHOD_POST, arena_printf(arena, "%.*s/%s", STR_FMT(url), what).ptr, form.ptr, HOST,
               cookies, r);
}

Test(site, a_case_goes_from_claim_to_close)
{
    static const struct {
        const char *what, *fields, *done;
    } steps[] = {
        {"claim", "", "claimed"},
        {"note", "text=asked+the+depot", "noted"},
        {"reply", "do=save&text=We+are+sorry+about+the+wait.", "saved"},
        {"reply", "do=sent&text=We+are+sorry+about+the+wait.", "sent"},
        {"step", "do=visible", "stepped"},
        {"close", "reason=resolved&why=arrived", "closed"},
        {"reopen", "why=came+back", "reopened"},
        {"snooze", "for=tomorrow", "snoozed"},
    };
    struct response r;
    struct str page;

    open_case("Where is my parcel?");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        step(steps[i].what, steps[i].fields, BROWSER, &r);
        cr_expect_eq(r.status, 303, "%s: %d", steps[i].what, r.status);
        cr_expect(str_ends(r.location, arena_printf(arena, "?done=%s", steps[i].done)), "%.*s",
                  STR_FMT(r.location));
    }
    page = ask(METHOD_GET, arena_printf(arena, "/case/%lld", (long long)case_id).ptr, "", HOST,
               BROWSER, &r);
    cr_expect(has(page, "asked the depot"));
    cr_expect(has(page, "resolved: arrived"));
}

Test(site, a_form_from_an_older_page_stores_nothing)
{
    struct response r;
    struct str url, old, form, body;

    open_case("Where is my parcel?");
    url = arena_printf(arena, "/case/%lld", (long long)case_id);
    old = ask(METHOD_GET, url.ptr, "", HOST, BROWSER, &r);
    step("reply", "do=save&text=theirs+came+first", BROWSER, &r);
    cr_assert_eq(r.status, 303);
    form = arena_printf(arena, "token=%.*s&version=%.*s&do=save&text=mine+came+late",
                        STR_FMT(token_of(old)), STR_FMT(version_of(old)));
    body = ask(METHOD_POST, arena_printf(arena, "%.*s/reply", STR_FMT(url)).ptr, form.ptr, HOST,
               BROWSER, &r);
    cr_expect_eq(r.status, 409);
    cr_expect(has(body, "mine came late"));
    cr_expect(has(body, "theirs came first"));
    body = ask(METHOD_GET, url.ptr, "", HOST, BROWSER, &r);
    cr_expect_not(has(body, "mine came late"));
    form = arena_printf(arena, "token=%.*s&version=%.*s&reason=resolved", STR_FMT(token_of(old)),
                        STR_FMT(version_of(old)));
    body = ask(METHOD_POST, arena_printf(arena, "%.*s/close", STR_FMT(url)).ptr, form.ptr, HOST,
               BROWSER, &r);
    cr_expect_eq(r.status, 409);
    cr_expect(has(body, "theirs came first"), "the case as it is now");
}

#define FRIEND "defuse_browser=aa112233445566778899aabbccddeeff; defuse_name=liu"

Test(site, an_answer_may_need_a_second_person)
{
    struct response r;
    struct str page;

    conf.approval[URGENCY_P3] = true;
    open_case("Where is my parcel?");
    step("reply", "do=save&text=We+are+looking+for+it.", BROWSER, &r);
    page = ask(METHOD_GET, arena_printf(arena, "/case/%lld", (long long)case_id).ptr, "", HOST,
               BROWSER, &r);
    cr_expect_not(has(page, "value=\"sent\""), "not before somebody agreed");
    cr_expect_not(has(page, "value=\"approve\""), "nobody approves their own text");
    step("reply", "do=sent&text=We+are+looking+for+it.", BROWSER, &r);
    cr_expect_eq(r.status, 422);
    page = ask(METHOD_GET, arena_printf(arena, "/case/%lld", (long long)case_id).ptr, "", HOST,
               FRIEND, &r);
    cr_expect(has(page, "value=\"approve\""));
    cr_expect_not(has(page, "<textarea"), "who approves does not rewrite");
    step("reply", "do=approve", FRIEND, &r);
    cr_expect_eq(r.status, 303);
    step("reply", "do=sent&text=We+are+looking+for+it.", BROWSER, &r);
    cr_expect_eq(r.status, 303);
}

Test(site, a_stolen_token_or_none_stores_nothing_and_keeps_the_text)
{
    struct response r;
    struct str url, page, form, body;

    open_case("Where is my parcel?");
    url = arena_printf(arena, "/case/%lld/reply", (long long)case_id);
    page = ask(METHOD_GET, arena_printf(arena, "/case/%lld", (long long)case_id).ptr, "", HOST,
               BROWSER, &r);
    form = arena_printf(arena, "token=%.*s&version=1&do=save&text=typed+for+long",
                        STR_FMT(token_of(page)));
    body = ask(METHOD_POST, url.ptr, form.ptr, HOST,
               "defuse_browser=ffeeddccbbaa99887766554433221100", &r);
    cr_expect_eq(r.status, 403);
    cr_expect(has(body, "typed for long"));
}

Test(site, hostile_posts_stay_text)
{
    struct response r;
    struct str body;

    open_case("<script>alert(1)</script>\"><img src=x onerror=alert(1)>\xE2\x80\xAE" "gpj.exe");
    body = ask(METHOD_GET, "/", "", HOST, "", &r);
    cr_expect_not(has(body, "<script>alert"));
    cr_expect_not(has(body, "<img src=x"));
    cr_expect_not(has(body, "\xE2\x80\xAE"));
    body = ask(METHOD_GET, arena_printf(arena, "/case/%lld", (long long)case_id).ptr, "", HOST, "",
               &r);
    cr_expect_not(has(body, "<script>alert"));
    cr_expect_not(has(body, "<img src=x"));
    cr_expect_not(has(body, "\xE2\x80\xAE"));
    cr_expect(has(body, "&lt;script&gt;alert(1)"));
}

/* The addresses of the cases on a page, "|" after each. */
static struct str rows_of(struct str body)
{
    struct buf b = BUF_INIT(1 << 16);
    struct str rest = body, out;
    ptrdiff_t at;

    while ((at = str_find(rest, STR("class=\"say\" href=\""))) >= 0) {
        struct str url;

        rest = str_sub(rest, (size_t)at + 18, rest.len);
        str_split(&rest, '"', &url);
        buf_str(&b, url);
        buf_putc(&b, '|');
    }
    out = arena_str(arena, buf_view(&b));
    buf_free(&b);
    return out;
}

Test(site, pages_show_every_case_once)
{
    enum { CASES = DF_PAGE_ROWS * 2 + 7 };
    struct response r;
    struct str target = STR("/?q=channel%3Aforum"), seen[CASES], url;
    int pages = 0, count = 0;

    for (int i = 0; i < CASES; i++)
        open_case("All due at the same moment");
    while (target.len) {
        struct str body = ask(METHOD_GET, arena_strz(arena, target), "", HOST, BROWSER, &r);
        struct str rows = rows_of(body);
        ptrdiff_t next = str_find(body, STR("rel=\"next\" href=\""));

        pages++;
        while (rows.len && str_split(&rows, '|', &url)) {
            for (int i = 0; i < count; i++)
                cr_assert_not(str_eq(seen[i], url), "%.*s twice", STR_FMT(url));
            cr_assert_lt(count, CASES);
            seen[count++] = url;
        }
        target = STR_NONE;
        if (next >= 0) {
            struct str rest = str_sub(body, (size_t)next + 17, body.len);

            str_split(&rest, '"', &target);
            char *plain = arena_strz(arena, target), *amp = strstr(plain, "&amp;");
            if (amp)
                memmove(amp + 1, amp + 5, strlen(amp + 5) + 1);
            target = str_of(plain);
        }
    }
    cr_expect_eq(count, CASES);
    cr_expect_eq(pages, 3);
}

Test(site, preferences_are_the_browsers)
{
    struct response r;
    struct str page = ask(METHOD_GET, "/", "", HOST, BROWSER, &r), form;

    form = arena_printf(arena, "token=%.*s&lang=zh-Hans&theme=dark&actor=%%E5%%B0%%8F%%E6%%9E%%97&here=//evil.example/",
                        STR_FMT(token_of(page)));
    ask(METHOD_POST, "/prefs", form.ptr, HOST, BROWSER, &r);
    cr_expect_eq(r.status, 303);
    cr_expect(str_is(r.location, "/"), "never to another host");
    page = ask(METHOD_GET, "/", "", HOST,
               BROWSER "; defuse_lang=zh-Hans; defuse_theme=dark; defuse_name=%E5%B0%8F%E6%9E%97", &r);
    cr_expect(has(page, "data-theme=\"dark\""));
    cr_expect(has(page, "小林"));
}
