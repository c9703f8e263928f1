/* vars.c: what the {variables} of a sentence say, and putting them in. */
#include "reply/vars.h"

#include "core/clock.h"
#include "core/limits.h"
#include "core/utf8.h"

enum { MAX_QUOTE = 24 }; /* code points of the post that may be said back */

/* "24 hours", "3 天": the largest unit that says it exactly, days only from the third on. */
static struct str say_duration(struct arena *a, int64_t ms, enum reply_lang lang)
{
    static const char *const units[3][REPLY_LANGS] = {
        {"minute", "分鐘", "分钟", "分鐘"},
        {"hour", "小時", "小时", "個鐘"},
        {"day", "天", "天", "日"},
    };
    int unit = ms % DF_HOUR ? 0 : ms % DF_DAY || ms <= 2 * DF_DAY ? 1 : 2;
    long long n = ms / (unit == 0 ? DF_MINUTE : unit == 1 ? DF_HOUR : DF_DAY);
    return arena_printf(a, "%lld %s%s", n, units[unit][lang], lang == REPLY_EN && n != 1 ? "s" : "");
}

/* What the post says, word for word, if it is short, one line and holds no long number. */
static struct str quote_fact(const struct verdict *v, const char *kind)
{
    for (int i = 0; i < v->fact_count; i++) {
        struct str t = str_trim(v->facts[i].text);
        int digits = 0;
        bool plain = t.len > 0 && utf8_count(t) <= MAX_QUOTE;
        for (size_t k = 0; k < t.len; k++) {
            digits += t.ptr[k] >= '0' && t.ptr[k] <= '9';
            plain &= (unsigned char)t.ptr[k] >= ' ' && !strchr("{}<>\"@", t.ptr[k]);
        }
        if (str_is(v->facts[i].kind, kind) && plain && digits <= 5)
            return t;
    }
    return STR_NONE;
}

/* "Three weeks" began a sentence there; here it stands within one. */
static struct str start_small(struct arena *a, struct str s)
{
    struct str copy = arena_str(a, s);
    if (copy.len > 1 && copy.ptr[0] >= 'A' && copy.ptr[0] <= 'Z' && copy.ptr[1] >= 'a')
        ((char *)copy.ptr)[0] = (char)(copy.ptr[0] + ('a' - 'A'));
    return copy;
}

static struct str in_lang(const struct str *by_lang, enum reply_lang lang)
{
    return by_lang[lang].len ? by_lang[lang] : by_lang[REPLY_EN];
}

void vars_make(const struct reply_pack *pack, const struct reply_ctx *ctx, const struct verdict *v,
               enum reply_lang lang, struct arena *a, struct str out[REPLY_VARS])
{
    const struct playbook *book = &pack->playbook;
    out[VAR_BRAND] = in_lang(ctx->brand, lang);
    int64_t within = book->urgency[v->urgency].within_ms;
    out[VAR_WITHIN] = within > 0 ? say_duration(a, within, lang) : STR_NONE; /* no promise */
    out[VAR_TOPIC] = pack->topics[v->category][lang];
    out[VAR_CONTACT] = in_lang(ctx->contact, lang);
    out[VAR_OWNER] = ctx->owner;
    if (reply_lang_of(v->lang) != (int)lang)
        return; /* words of the post fit only a reply in its own language */
    out[VAR_ELAPSED] = start_small(a, quote_fact(v, "elapsed"));
    out[VAR_VERSION] = quote_fact(v, "version");
    out[VAR_PRODUCT] = quote_fact(v, "product");
}

static bool is_han(uint32_t cp)
{
    return cp >= 0x3400 && cp <= 0x9FFF;
}

static bool is_latin(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Chinese text sets a blank between its characters and Latin letters: 用 help.example 找我們. */
static bool han_before(const struct buf *b)
{
    size_t step;
    return b->len >= 3 && is_han(utf8_get(b->ptr + b->len - 3, 3, &step));
}

static void put_var(struct buf *b, struct str value, struct str after)
{
    size_t step;
    if (is_latin(value.ptr[0]) && han_before(b))
        buf_putc(b, ' ');
    buf_str(b, value);
    if (is_latin(value.ptr[value.len - 1]) && after.len &&
        is_han(utf8_get(after.ptr, after.len, &step)))
        buf_putc(b, ' ');
}

struct str vars_fill(struct arena *a, struct str text, const struct str vars[REPLY_VARS], bool casual)
{
    struct buf b = BUF_INIT(DF_MAX_REPLY);
    size_t start, end = 0, done = 0;
    int var;
    while (reply_next_var(text, end, &start, &end, &var)) {
        buf_str(&b, str_sub(text, done, start - done));
        put_var(&b, vars[var], str_sub(text, end, text.len));
        done = end;
    }
    buf_str(&b, str_sub(text, done, text.len));
    if (casual) { /* the pieces are written with 您; among equals it is 你 */
        struct buf plain = BUF_INIT(DF_MAX_REPLY);
        for (size_t i = 0, step; i < b.len; i += step) {
            if (utf8_get(b.ptr + i, b.len - i, &step) == 0x60A8)
                buf_puts(&plain, "你");
            else
                buf_add(&plain, b.ptr + i, step);
        }
        buf_free(&b);
        b = plain;
    }
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}
