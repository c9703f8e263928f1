/* fuzz_alert.c: whatever a stranger wrote, what leaves for a chat is valid, within its limits, and
 * for Slack nothing of it is interpreted; kept in the outbox it reads back the same. */
#include <stdlib.h>

#include "alerts/render.h"
#include "core/json.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_plain(const json_t *v)
{
    const char *key;
    json_t *child;
    size_t i;
    if (json_is_object(v)) {
        if (str_is(json_get_str(v, "type"), "mrkdwn"))
            abort();
        json_object_foreach((json_t *)v, key, child)
            must_be_plain(child);
    } else if (json_is_array(v)) {
        json_array_foreach(v, i, child)
            must_be_plain(child);
    }
}

static void send(const char *type, const struct alert *al, struct arena *a)
{
    struct clock clock = clock_fixed(1763726400000);
    struct alerts all = {.clock = &clock};
    struct sink_conf conf = {.name = str_of(type), .ops = sink_find(str_of(type)),
                             .url = STR("https://hooks.example/T/SECRET"), .zone = STR("UTC")};
    struct net_request req;
    json_t *v = NULL;
    if (alert_render(&all, &conf, al, a, &req, NULL) != DF_OK ||
        req.body.len > conf.ops->limits.total)
        abort();
    if (conf.ops->deliver)
        return;
    if (json_parse(req.body, type, &v, NULL) != DF_OK)
        abort();
    if (str_is(conf.name, "slack"))
        must_be_plain(v);
    json_decref(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str all = utf8_repair(a, str_n((const char *)data, size < 16384 ? size : 16384));
    size_t third = all.len / 3;
    struct alert back, al = {
        .id = STR("al_0"), .at = 1763726400000, .case_id = 7, .due = DF_NO_TIME, .stars = 1,
        .created = DF_NO_TIME, .reason = STR("because"), .channel = STR("feed"),
        .author = utf8_repair(a, str_sub(all, 0, third < 512 ? third : 512)),
        .title = utf8_repair(a, str_sub(all, third, third)),
        .text = all,
        .url = utf8_repair(a, str_sub(all, 0, 2048)),
        .reply = utf8_repair(a, str_sub(all, third, third)),
    };
    struct buf kept = BUF_INIT(1 << 20);
    alert_put_json(&kept, &al);
    if (alert_from_json(buf_view(&kept), a, &back, NULL) != DF_OK || !str_eq(back.text, al.text) ||
        !str_eq(back.author, al.author))
        abort();
    send("webhook", &al, a);
    send("slack", &al, a);
    send("stdout", &al, a);
    buf_free(&kept);
    arena_free(&a);
    return 0;
}
