/* fuzz_extract.c: any body through a whole channel, as it would come from the network: the first
 * line names the channel. What comes out are posts that keep the promises of a post. */
#include <math.h>
#include <stdlib.h>

#include "collector/collector.h"
#include "core/limits.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct channels *channels;
static struct collector *collector;

/* libjq keeps pointers the leak checker does not understand. */
static void close_all(void)
{
    collector_free(&collector);
    channels_free(&channels);
}

static void open_once(void)
{
    struct diags d = {0};
    struct err e;
    if (channels)
        return;
    if (channels_load(NULL, &channels, &d) != DF_OK || collector_new(channels, &collector, &e) != DF_OK)
        abort();
    diags_free(&d);
    atexit(close_all);
}

static void look(const struct post *p)
{
    if (!p->id.len || p->id.len > DF_MAX_POST_ID || !p->digest.len)
        abort();
    if (!utf8_valid(p->id) || !utf8_valid(p->text) || !utf8_valid(p->title) ||
        !utf8_valid(p->author_name) || !utf8_valid(p->url))
        abort();
    if (p->text.len > DF_MAX_POST_TEXT || p->author_name.len > DF_MAX_NAME)
        abort();
    if (!isnan(p->stars) && !(p->stars >= 1 && p->stars <= 5))
        abort();
    if (p->url.len && str_find(p->url, STR("http")) != 0 && str_find(p->url, STR("HTTP")) != 0 &&
        !str_ieq(str_sub(p->url, 0, 4), STR("http")))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = str_n((const char *)data, size), name = STR_NONE;
    struct source src;
    struct collect_result r;
    struct diags d = {0};
    struct err e = {0};
    open_once();
    str_split(&body, '\n', &name);
    const struct channel *c = channels_find(channels, name);
    struct arena *a = arena_new();
    struct extract_input in = {.body = body, .url = STR("https://site.test/path/"),
                               .now = INT64_C(1772445600000)};
    if (!c || source_for_extract(channels, c->name, NULL, 0, a, &src, &d) != DF_OK)
        goto out;
    enum df_rc rc = collect_extract(collector, &src, &in, a, &r, &e);
    if (rc == DF_FATAL || (rc != DF_OK && !e.text[0]))
        abort();
    for (size_t i = 0; rc == DF_OK && i < r.count; i++)
        look(&r.posts[i]);
out:
    diags_free(&d);
    arena_free(&a);
    return 0;
}
