#include "alerts/document.h"

#include <math.h>

#include "core/limits.h"

struct builder {
    struct doc doc;
    const struct sink_conf *conf;
    const struct sink_limits *limits;
    struct arena *arena;
};

static struct doc_part *add(struct builder *b, enum doc_kind kind, struct str label)
{
    struct doc_part *p = &b->doc.parts[b->doc.count++];
    *p = (struct doc_part){.kind = kind, .label = label};
    return p;
}

static struct str say(struct builder *b, const char *id)
{
    return str_of(msg(b->conf->lang, id));
}

/* Somebody else's words, or ours made from theirs. */
static void field(struct builder *b, const char *id, struct str value)
{
    if (value.len)
        add(b, DOC_FIELD, say(b, id))->text =
            user_text_clean(value, b->limits->unit, b->limits->field, b->arena);
}

static void field_time(struct builder *b, const char *id, int64_t ms)
{
    struct buf t = BUF_INIT(64);
    if (ms != DF_NO_TIME)
        time_put_local(&t, ms, b->conf->zone);
    field(b, id, buf_view(&t));
    buf_free(&t);
}

static void quote(struct builder *b, struct str label, struct str text)
{
    if (text.len)
        add(b, DOC_QUOTE, label)->text =
            user_text_clean(text, b->limits->unit, b->limits->quote, b->arena);
}

static void button(struct builder *b, const char *id, struct str url)
{
    if (url.len && url.len < DF_MAX_URL)
        add(b, DOC_BUTTON, say(b, id))->url = url;
}

/* The others are about a source and have no author, clock or category. */
static bool about_post(const struct alert *al)
{
    return al->kind != ALERT_SOURCE_FAILED && al->kind != ALERT_SOURCE_BACK;
}

static void title(struct builder *b, const struct alert *al)
{
    struct buf t = BUF_INIT(1024);
    const struct str brand[] = {b->conf->brand};
    if (about_post(al))
        buf_printf(&t, "[%s] ", urgency_name(al->urgency));
    msg_put(&t, b->conf->lang, alert_kind_name(al->kind), brand, 1);
    if (b->conf->brand.len)
        buf_printf(&t, " — %.*s", STR_FMT(b->conf->brand));
    if (al->channel.len)
        buf_printf(&t, " @ %.*s", STR_FMT(al->channel));
    add(b, DOC_TITLE, text_cut(arena_str(b->arena, buf_view(&t)), b->limits->unit,
                               b->limits->title, b->arena));
    buf_free(&t);
}

struct doc doc_build(const struct alert *al, const struct sink_conf *conf,
                     const struct sink_limits *limits, struct arena *a)
{
    struct builder b = {.conf = conf, .limits = limits, .arena = a};
    title(&b, al);
    if (al->reason.len)
        add(&b, DOC_PARA, user_text_clean(al->reason, limits->unit, limits->field, a).raw);
    if (!about_post(al))
        return b.doc;
    quote(&b, STR_NONE, al->title.len ? arena_printf(a, "%.*s\n%.*s", STR_FMT(al->title),
                                                     STR_FMT(al->text))
                                      : al->text);
    field(&b, "alert.author", al->author);
    field(&b, "alert.rating", isnan(al->stars) ? STR_NONE : arena_printf(a, "%g/5", al->stars));
    field(&b, "alert.category", say(&b, arena_printf(a, "category.%s",
                                                     category_name(al->category)).ptr));
    field_time(&b, "alert.posted", al->created);
    field_time(&b, al->seen_late ? "alert.due_late" : "alert.due", al->due);
    quote(&b, say(&b, "alert.reply"), al->reply);
    button(&b, "alert.open_post", safe_url(al->url));
    if (conf->case_url.len && al->case_id)
        button(&b, "alert.open_case", arena_printf(a, "%.*s%lld", STR_FMT(conf->case_url),
                                                   (long long)al->case_id));
    return b.doc;
}
