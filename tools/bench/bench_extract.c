/* bench_extract.c: from bytes to posts: a feed beside expat alone and beside sfeed, a web page and
 * a JSON answer beside the libraries that read them. Processor time, made-up bodies.
 * Prints name<TAB>value<TAB>unit.   usage: bench_extract */
#include <expat.h>
#include <jansson.h>
#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/collector.h"
#include "collector/extract.h"
#include "core/clock.h"
#include "core/limits.h"
#include "tools/bench/seconds.h"

#define LEAST 0.5 /* seconds a figure is measured for */
#define FEED_ITEMS 200
#define LARGE_ITEMS 8000 /* for sfeed: so that starting a process does not count */
#define CARDS 500

static struct buf feed = BUF_INIT(64 << 20), large = BUF_INIT(64 << 20), page = BUF_INIT(64 << 20),
                  json = BUF_INIT(64 << 20);

static const char words[] =
    "The parcel came late and the lid was cracked, so I wrote to support twice and heard nothing. "
    "終於收到了，但是盒子是破的，客服一直沒有回覆。 "
    "On the whole it boils fast &amp; looks good; still, for that price I had hoped for a little more "
    "care. I would like a replacement before the weekend, please. ";

static void put_feed(struct buf *b, int items)
{
    buf_puts(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\""
                "http://purl.org/dc/elements/1.1/\"><channel><title>Bench</title>\n");
    for (int i = 0; i < items; i++)
        buf_printf(b, "<item><title>Note %d</title><link>https://shop.example/n/%d</link><guid "
                      "isPermaLink=\"false\">n-%d</guid><dc:creator>Reader %d</dc:creator><pubDate>Tue, "
                      "03 Mar 2026 10:%02d:00 +0000</pubDate><description><![CDATA[<p>%s</p><p>%s"
                      "<a href=\"/more\">more</a></p>]]></description></item>\n",
                   i, i, i, i, i % 60, words, words);
    buf_puts(b, "</channel></rss>\n");
}

static void put_page(struct buf *b)
{
    buf_puts(b, "<!doctype html><html><head><title>Bench</title></head><body><nav><ul>");
    for (int i = 0; i < 60; i++)
        buf_printf(b, "<li><a href=\"/c/%d\">Category %d</a></li>", i, i);
    buf_puts(b, "</ul></nav><main>");
    for (int i = 0; i < CARDS; i++)
        buf_printf(b, "<article class=\"card review\" data-id=\"%d\"><header><span class=\"who\">Reader "
                      "%d</span> <time datetime=\"2026-03-03T10:%02d:00Z\">3 March</time><span class=\""
                      "stars\" title=\"%d of 5\"></span></header><div class=\"body\"><p>%s</p></div>"
                      "<footer><button type=\"button\">Helpful</button></footer></article>\n",
                   i, i, i % 60, 1 + i % 5, words);
    buf_puts(b, "</main></body></html>");
}

static void put_json(struct buf *b)
{
    buf_puts(b, "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[");
    for (int i = 0; i < FEED_ITEMS; i++) {
        buf_printf(b, "%s{\"id\":\"n-%d\",\"url\":\"https://shop.example/n/%d\",\"content_html\":",
                   i ? "," : "", i, i);
        buf_json(b, str_of(words));
        buf_printf(b, ",\"date_published\":\"2026-03-03T10:%02d:00Z\"}", i % 60);
    }
    buf_puts(b, "]}");
}

/* --- one figure --- */

typedef void work(void *ctx);

static void measure(const char *name, size_t bytes, work *f, void *ctx)
{
    double began, spent;
    long times = 0;
    f(ctx); /* programs are compiled, caches filled */
    began = seconds(CLOCK_PROCESS_CPUTIME_ID);
    do {
        f(ctx);
        times++;
        spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - began;
    } while (spent < LEAST);
    printf("%s\t%.1f\tMB/s\n", name, (double)bytes * (double)times / spent / 1e6);
    fflush(stdout);
}

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench_extract: %s gave something else than was put in\n", what);
    exit(1);
}

/* --- ours --- */

struct ours {
    struct collector *collector;
    struct source *source;
    const struct buf *body;
    size_t want;
    struct arena *arena;
};

static void whole(void *ctx)
{
    struct ours *o = ctx;
    struct collect_result r;
    struct err err;
    struct extract_input in = {.body = buf_view(o->body), .url = STR("https://shop.example/"),
                               .now = DF_NO_TIME};
    enum df_rc rc = collect_extract(o->collector, o->source, &in, o->arena, &r, &err);
    must(rc == DF_OK && r.count == o->want, "extraction");
    arena_reset(o->arena);
}

static void scan_only(void *ctx)
{
    struct ours *o = ctx;
    struct raw_page p = {.retry_ms = -1};
    struct extract_body body = {.text = buf_view(o->body), .url = STR("https://shop.example/")};
    must(extract_feed(&body, o->arena, &p, NULL) == DF_OK && p.count == o->want, "the feed reader");
    arena_reset(o->arena);
}

/* --- others --- */

static void on_start(void *n, const XML_Char *name, const XML_Char **attrs)
{
    (void)attrs;
    *(int *)n += strcmp(name, "item") == 0;
}

static void on_text(void *n, const XML_Char *s, int len)
{
    (void)n;
    (void)s;
    (void)len;
}

static void expat_alone(void *ctx)
{
    const struct buf *b = ctx;
    int items = 0;
    XML_Parser p = XML_ParserCreate(NULL);
    XML_SetUserData(p, &items);
    XML_SetStartElementHandler(p, on_start);
    XML_SetCharacterDataHandler(p, on_text);
    must(XML_Parse(p, b->ptr, (int)b->len, 1) == XML_STATUS_OK && items == FEED_ITEMS, "expat");
    XML_ParserFree(p);
}

static void libxml_alone(void *ctx)
{
    static const char *const paths[] = {".//*[@class='who']", ".//time/@datetime",
                                        ".//*[@class='body']"};
    const struct buf *b = ctx;
    htmlDocPtr doc = htmlReadMemory(b->ptr, (int)b->len, NULL, "UTF-8",
                                    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_NONET);
    xmlXPathContextPtr x = xmlXPathNewContext(doc);
    xmlXPathObjectPtr cards = xmlXPathEval((const xmlChar *)"//article", x);
    must(cards && cards->nodesetval->nodeNr == CARDS, "libxml2");
    for (int i = 0; i < cards->nodesetval->nodeNr; i++)
        for (int k = 0; k < 3; k++) {
            x->node = cards->nodesetval->nodeTab[i];
            xmlXPathObjectPtr found = xmlXPathEval((const xmlChar *)paths[k], x);
            xmlChar *s = xmlXPathCastToString(found);
            must(s && *s, "libxml2");
            xmlFree(s);
            xmlXPathFreeObject(found);
        }
    xmlXPathFreeObject(cards);
    xmlXPathFreeContext(x);
    xmlFreeDoc(doc);
}

static void jansson_alone(void *ctx)
{
    const struct buf *b = ctx;
    json_t *root = json_loadb(b->ptr, b->len, 0, NULL);
    must(json_array_size(json_object_get(root, "items")) == FEED_ITEMS, "jansson");
    json_decref(root);
}

/* Its processor time, as the system tells it. */
static void bench_sfeed(void)
{
    FILE *f = tmpfile();
    struct rusage u;
    int status;
    if (!f || fwrite(large.ptr, 1, large.len, f) != large.len || fflush(f) != 0)
        exit(1);
    rewind(f);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(f), 0);
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        execlp("sfeed", "sfeed", "https://shop.example/", (char *)NULL);
        _exit(127);
    }
    wait4(pid, &status, 0, &u);
    fclose(f);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fputs("SKIP feed_sfeed: Debian's sfeed is not installed\n", stderr);
        return;
    }
    double spent = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
                   (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    printf("feed_sfeed\t%.1f\tMB/s\n", (double)large.len / spent / 1e6);
}

static struct source *source_of(const struct channels *cs, const char *channel,
                                const struct param_value *params, size_t n, struct arena *a)
{
    struct diags diags = {0};
    struct source *s = ARENA_NEW(a, struct source);
    must(source_make(cs, STR("bench"), str_of(channel), params, n, "bench", a, s, &diags) == DF_OK,
         channel);
    diags_free(&diags);
    return s;
}

int main(void)
{
    static const struct param_value feed_params[] = {{STR("url"), STR("https://shop.example/")}};
    static const struct param_value page_params[] = {
        {STR("url"), STR("https://shop.example/")}, {STR("item"), STR("article.review")},
        {STR("text"), STR(".body")},                {STR("author"), STR(".who")},
        {STR("date"), STR("time @datetime")},
    };
    struct arena *a = arena_new(), *batch = arena_new();
    struct channels *channels = NULL;
    struct collector *col = NULL;
    struct diags diags = {0};
    struct err err;
    put_feed(&feed, FEED_ITEMS);
    put_feed(&large, LARGE_ITEMS);
    put_page(&page);
    put_json(&json);
    must(channels_load(NULL, &channels, &diags) == DF_OK && collector_new(channels, &col, &err) == DF_OK,
         "loading");
    struct source *f = source_of(channels, "feed", feed_params, 1, a);
    struct source *p = source_of(channels, "page", page_params, 5, a);
    struct ours o = {col, f, &feed, FEED_ITEMS, batch}, w = {col, p, &page, CARDS, batch},
                j = {col, f, &json, FEED_ITEMS, batch}, l = {col, f, &large, LARGE_ITEMS, batch};
    measure("feed_scan", feed.len, scan_only, &o);
    measure("feed_to_posts", feed.len, whole, &o);
    measure("feed_large_scan", large.len, scan_only, &l);
    measure("feed_expat_alone", feed.len, expat_alone, &feed);
    bench_sfeed();
    measure("html_to_posts", page.len, whole, &w);
    measure("html_libxml2_alone", page.len, libxml_alone, &page);
    measure("json_to_posts", json.len, whole, &j);
    measure("json_jansson_alone", json.len, jansson_alone, &json);
    collector_free(&col);
    channels_free(&channels);
    diags_free(&diags);
    arena_free(&batch);
    arena_free(&a);
    buf_free(&feed);
    buf_free(&large);
    buf_free(&page);
    buf_free(&json);
    return 0;
}
