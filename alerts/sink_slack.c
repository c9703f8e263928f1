/* sink_slack.c: Slack incoming webhook. What strangers wrote goes into plain_text objects only,
 * where neither <!channel> nor links nor *marks* mean anything; the mrkdwn fallback line holds
 * our words alone, escaped. Lengths: the documented limits of Block Kit, in characters. */
#include "alerts/sink.h"
#include "core/json.h"

static void put(struct json_out *w, const char *key, struct str value)
{
    json_key(w, key);
    json_put_str(w, value);
}

/* The only way text reaches Slack: an object in which nothing is interpreted. */
static void plain_text(struct json_out *w, struct str text)
{
    json_open(w, '{');
    put(w, "type", STR("plain_text"));
    put(w, "text", text);
    json_pair_bool(w, "emoji", false);
    json_close(w, '}');
}

static void block(struct json_out *w, const char *type)
{
    json_open(w, '{');
    put(w, "type", str_of(type));
}

static void text_block(struct json_out *w, const char *type, struct str text)
{
    block(w, type);
    json_key(w, "text");
    plain_text(w, text);
    json_close(w, '}');
}

static struct str labelled(struct arena *a, const struct doc_part *p, const char *between)
{
    return p->label.len ? arena_printf(a, "%.*s%s%.*s", STR_FMT(p->label), between,
                                       STR_FMT(p->text.raw))
                        : p->text.raw;
}

static int count_kind(const struct doc *d, enum doc_kind kind)
{
    int n = 0;
    for (int i = 0; i < d->count; i++)
        n += d->parts[i].kind == kind;
    return n;
}

static void put_fields(struct json_out *w, const struct doc *d, struct arena *a)
{
    if (count_kind(d, DOC_FIELD) == 0)
        return;
    block(w, "section");
    json_key(w, "fields");
    json_open(w, '[');
    for (int i = 0; i < d->count; i++)
        if (d->parts[i].kind == DOC_FIELD)
            plain_text(w, labelled(a, &d->parts[i], ": "));
    json_close(w, ']');
    json_close(w, '}');
}

static void put_buttons(struct json_out *w, const struct doc *d)
{
    if (count_kind(d, DOC_BUTTON) == 0)
        return;
    block(w, "actions");
    json_key(w, "elements");
    json_open(w, '[');
    for (int i = 0; i < d->count; i++) {
        if (d->parts[i].kind != DOC_BUTTON || d->parts[i].url.len > 3000)
            continue;
        block(w, "button");
        json_key(w, "text");
        plain_text(w, d->parts[i].label);
        put(w, "url", d->parts[i].url);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}

static void put_blocks(struct json_out *w, const struct doc *d, struct arena *a)
{
    for (int i = 0; i < d->count; i++) {
        const struct doc_part *p = &d->parts[i];
        if (p->kind == DOC_TITLE)
            text_block(w, "header", p->label);
        else if (p->kind == DOC_PARA)
            text_block(w, "section", p->label);
        else if (p->kind == DOC_QUOTE && p->text.raw.len)
            text_block(w, "section", labelled(a, p, "\n"));
    }
    put_fields(w, d, a);
    put_buttons(w, d);
}

/* The line of the notification is mrkdwn: its three marks are escaped, the first one first. */
static struct str fallback(const struct doc *d, struct arena *a)
{
    struct buf b = BUF_INIT(4096);
    struct str s = d->parts[0].label;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '&')
            buf_puts(&b, "&amp;");
        else if (s.ptr[i] == '<')
            buf_puts(&b, "&lt;");
        else if (s.ptr[i] == '>')
            buf_puts(&b, "&gt;");
        else
            buf_putc(&b, s.ptr[i]);
    }
    s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

static enum df_rc render(const struct sink_job *job, struct net_request *out, struct err *err)
{
    struct arena *a = job->arena;
    struct doc d = doc_build(job->alert, job->conf, &job->limits, a);
    struct buf b = BUF_INIT(job->limits.total * 4);
    struct json_out w = {.buf = &b};
    (void)err;
    json_open(&w, '{');
    put(&w, "text", fallback(&d, a));
    json_key(&w, "blocks");
    json_open(&w, '[');
    put_blocks(&w, &d, a);
    json_close(&w, ']');
    json_pair_bool(&w, "unfurl_links", false);
    json_pair_bool(&w, "unfurl_media", false);
    json_close(&w, '}');
    enum df_rc rc = sink_body(job, &b, out);
    buf_free(&b);
    sink_header(out, a, "Content-Type", STR("application/json; charset=utf-8"));
    return rc;
}

/* Slack answers "ok" in plain text, or a word that says what is wrong. */
static enum sink_verdict judge(const struct net_response *r)
{
    static const struct {
        const char *word;
        enum sink_verdict verdict;
    } words[] = {
        {"ok", SINK_OK},
        {"invalid_payload", SINK_REFUSED},
        {"no_text", SINK_REFUSED},
        {"invalid_blocks", SINK_REFUSED},
        {"msg_blocks_too_long", SINK_REFUSED},
        {"channel_not_found", SINK_CLOSED},
        {"channel_is_archived", SINK_CLOSED},
        {"no_service", SINK_CLOSED},
        {"no_team", SINK_CLOSED},
        {"invalid_token", SINK_CLOSED},
        {"action_prohibited", SINK_CLOSED},
        {"rate_limited", SINK_SLOWER},
        {"rollup_error", SINK_LATER},
    };
    struct str body = str_trim(r->body);
    if (r->status == 429)
        return SINK_SLOWER;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(body, words[i].word) && (i > 0 || r->status == 200))
            return words[i].verdict;
    return r->status == 200 ? SINK_REFUSED : sink_judge_status(r->status);
}

const struct sink_ops sink_slack = {
    .name = "slack",
    .limits = {.unit = LENGTH_UTF16, .title = 150, .quote = 2900, .field = 1900, .total = 13000},
    .per_minute = 50, /* one a second is allowed, with short bursts */
    .needs_url = true,
    .render = render,
    .judge = judge,
};
