/* bench_reply.c: how many replies a core composes and checks in a second, and how long the pack
 * takes to load. Posts are made up here. */
#include <stdio.h>

#include "core/clock.h"
#include "reply/reply.h"

enum { MEASURE_MS = 700, KEPT = 48 };

static const char *const langs[] = {"en", "zh-Hant", "zh-Hans", "yue"};

static void figure(const char *name, double value, const char *unit)
{
    printf("%s\t%.4g\t%s\n", name, value, unit);
}

static struct verdict verdict_at(int n)
{
    return (struct verdict){.lang = str_of(langs[n % 4]), .sentiment = SENTIMENT_NEGATIVE,
                            .urgency = (enum urgency)(n % 4 == 3 ? 1 : n % 4),
                            .category = (enum category)(n % CATEGORIES), .ask = (enum ask)(n % ASKS),
                            .needs_reply = true};
}

/* Composes until the time is up; every draft is checked as in real use, against KEPT others. */
static double compose(const struct reply_pack *pack, struct arena *kept)
{
    struct str recent[KEPT];
    struct arena *a = arena_new();
    int n = 0;
    int64_t start = clock_ticks_ms(), now = start;
    for (; now - start < MEASURE_MS; n++, now = clock_ticks_ms()) {
        struct verdict v = verdict_at(n);
        struct post p = POST_INIT;
        struct reply_ctx ctx = {.recent = recent, .recent_count = n < KEPT ? n : KEPT};
        struct draft d;
        p.id = arena_printf(a, "post-%d", n);
        p.channel = STR("steam");
        if (reply_compose(pack, &p, &v, &ctx, a, &d, NULL) == DF_OK)
            recent[n % KEPT] = arena_str(kept, d.text);
        arena_reset(a);
    }
    arena_free(&a);
    return n * 1000.0 / (double)(now - start);
}

static double lint(const struct reply_pack *pack)
{
    static const char *const texts[] = {
        "I'm sorry the lid came off. A colleague is looking into it and will call you by 18:00.",
        "等了十七天還沒下文，換成誰都會火大，真的很抱歉。我現在就去查，明天中午前回覆您。",
        "请您冷静，明天一定送到，订单号 20261103-7781 正在查，手机 13812345678 打不通。",
        "真係對唔住，我哋跟緊，24 個鐘內喺度覆你。"};
    struct arena *a = arena_new();
    int n = 0;
    int64_t start = clock_ticks_ms(), now = start;
    for (; now - start < MEASURE_MS; n++, now = clock_ticks_ms()) {
        struct lint_ctx ctx = {.lang = str_of(langs[n % 4]), .limit = 350};
        struct lint_report r;
        if (reply_lint(reply_lint_set(pack), str_of(texts[n % 4]), &ctx, a, &r, NULL) != DF_OK)
            break;
        arena_reset(a);
    }
    arena_free(&a);
    return n * 1000.0 / (double)(now - start);
}

int main(void)
{
    struct reply_pack *pack;
    struct diags d = {0};
    struct arena *kept = arena_new();
    int64_t start = clock_ticks_ms();
    if (reply_load(NULL, &pack, &d) != DF_OK) {
        fprintf(stderr, "bench_reply: %s\n", d.count ? d.items[0].err.text : "?");
        return 1;
    }
    figure("reply.load", (double)(clock_ticks_ms() - start), "ms");
    figure("reply.compose", compose(pack, kept), "drafts/s");
    figure("reply.lint", lint(pack), "replies/s");
    reply_free(&pack);
    arena_free(&kept);
    diags_free(&d);
    return 0;
}
