/* text_html.c: HTML → text in one pass over the tags. What a tag does is in one table. */
#include <stdint.h>

#include "collector/markup.h"
#include "collector/xmlscan.h"
#include "core/limits.h"
#include "core/swar.h"
#include "core/utf8.h"
#include "net/url.h"

enum effect { NOTHING, BLOCK, PARAGRAPH, BREAK, ITEM, CELL, RULE, QUOTE, PRE, LINK, IMAGE, SKIP };

static const struct {
    struct str name;
    enum effect effect;
} effects[] = {
    {STR("p"), PARAGRAPH}, {STR("br"), BREAK}, {STR("a"), LINK}, {STR("div"), BLOCK},
    {STR("li"), ITEM}, {STR("img"), IMAGE}, {STR("blockquote"), QUOTE}, {STR("pre"), PRE},
    {STR("script"), SKIP}, {STR("style"), SKIP}, {STR("ul"), PARAGRAPH}, {STR("ol"), PARAGRAPH},
    {STR("h1"), PARAGRAPH}, {STR("h2"), PARAGRAPH}, {STR("h3"), PARAGRAPH},
    {STR("h4"), PARAGRAPH}, {STR("h5"), PARAGRAPH}, {STR("h6"), PARAGRAPH}, {STR("tr"), BLOCK},
    {STR("td"), CELL}, {STR("th"), CELL}, {STR("table"), PARAGRAPH}, {STR("section"), BLOCK},
    {STR("article"), BLOCK}, {STR("header"), BLOCK}, {STR("footer"), BLOCK},
    {STR("dl"), PARAGRAPH}, {STR("dt"), BLOCK}, {STR("dd"), BLOCK}, {STR("figure"), PARAGRAPH},
    {STR("figcaption"), BLOCK}, {STR("hr"), RULE}, {STR("textarea"), BLOCK},
    {STR("template"), SKIP}, {STR("noscript"), SKIP}, {STR("svg"), SKIP}, {STR("iframe"), SKIP},
    {STR("object"), SKIP}, {STR("head"), SKIP}, {STR("select"), SKIP}, {STR("video"), SKIP},
    {STR("audio"), SKIP}, {STR("math"), SKIP},
};

struct html {
    struct buf *out;
    struct arena *arena;
    struct str base;
    int pending;         /* newlines owed before the next character */
    bool gap;            /* a space owed */
    bool started;        /* something was written */
    int quote, pre;
    struct str href;     /* of the open link */
    size_t link_from;    /* where its words begin in out */
};

static enum effect effect_of(struct str name)
{
    name = xml_local(name); /* <xhtml:p> */
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (effects[i].name.len == name.len && str_ieq(name, effects[i].name))
            return effects[i].effect;
    return NOTHING;
}

static void flush(struct html *h)
{
    if (h->started) {
        for (int i = 0; i < h->pending; i++) {
            buf_putc(h->out, '\n');
            for (int q = 0; q < h->quote && i + 1 == h->pending; q++)
                buf_puts(h->out, "> ");
        }
        if (h->gap && !h->pending)
            buf_putc(h->out, ' ');
    } else {
        for (int q = 0; q < h->quote; q++)
            buf_puts(h->out, "> ");
    }
    h->pending = 0;
    h->gap = false;
    h->started = true;
}

static void owe(struct html *h, int newlines)
{
    if (h->pending < newlines)
        h->pending = newlines;
    h->gap = false;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Eight bytes, and no blank among them or after them but single spaces. */
static bool words_eight(const char *p)
{
    uint64_t v = swar_load(p), spaces = swar_is(v, ' ');
    return !(swar_below(v, ' ') | swar_pair(spaces)) && (p[7] != ' ' || !blank(p[8]));
}

static void put_words(struct html *h, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        char c = s.ptr[i];
        if (c == '\n' && h->pre) {
            h->pending++;
            i++;
        } else if (!h->pre && blank(c)) {
            h->gap = true;
            i++;
        } else {
            size_t from = i;
            for (;;) { /* one space inside stays as it is */
                while (s.len - i > 8 && words_eight(s.ptr + i))
                    i += 8;
                if (i < s.len && (!blank(s.ptr[i]) ||
                                  (s.ptr[i] == ' ' && i + 1 < s.len && !blank(s.ptr[i + 1]))))
                    i++;
                else
                    break;
            }
            if (i == from) /* a space inside <pre> */
                i++;
            flush(h);
            buf_str(h->out, str_sub(s, from, i - from));
        }
    }
}

static void put_text(struct html *h, struct str raw)
{
    if (!memchr(raw.ptr, '&', raw.len)) {
        put_words(h, raw);
        return;
    }
    struct buf b = BUF_INIT(raw.len * 4 + 16);
    entities_put(&b, raw);
    put_words(h, buf_view(&b));
    buf_free(&b);
}

static struct str without_scheme(struct str s)
{
    static const char *const heads[] = {"https://", "http://", "www."};
    for (size_t i = 0; i < 3; i++)
        if (str_starts(s, str_of(heads[i])))
            s = str_sub(s, strlen(heads[i]), s.len);
    while (s.len && (s.ptr[s.len - 1] == '/' || (unsigned char)s.ptr[s.len - 1] == 0xA6 ||
                     s.ptr[s.len - 1] == '.')) { /* the ellipsis of a shortened address */
        if ((unsigned char)s.ptr[s.len - 1] == 0xA6 && s.len >= 3)
            s.len -= 3;
        else
            s.len--;
    }
    return s;
}

/* Words of a link that say nothing their address does not: "#tag", "@name", the address itself. */
static void link_close(struct html *h)
{
    struct str href = h->href;
    h->href = STR_NONE;
    if (href.len == 0)
        return;
    struct str words = str_trim(str_sub(buf_view(h->out), h->link_from, h->out->len));
    if (words.len && (words.ptr[0] == '#' || words.ptr[0] == '@'))
        return;
    struct str shown = without_scheme(words);
    bool is_address = shown.len > 3 && str_starts(without_scheme(href), shown);
    if (is_address) {
        if (shown.len < without_scheme(href).len) { /* it was shortened: give it whole */
            h->out->len = h->link_from;
            buf_str(h->out, href);
        }
        return;
    }
    if (words.len == 0)
        return; /* an icon or a picture */
    buf_puts(h->out, " (");
    buf_str(h->out, href);
    buf_putc(h->out, ')');
}

static void link_open(struct html *h, struct str attrs)
{
    link_close(h);
    struct str href = str_trim(entities_decode(h->arena, xml_get(attrs, "href")));
    if (href.len && href.ptr[0] != '#')
        href = url_resolve(h->arena, h->base, href);
    struct url u;
    if (!url_split(href, &u) ||
        !(str_ieq(u.scheme, STR("http")) || str_ieq(u.scheme, STR("https"))))
        return;
    if (h->gap || h->pending)
        flush(h);
    h->href = href;
    h->link_from = h->out->len;
}

static void image(struct html *h, struct str attrs)
{
    struct str alt = str_trim(entities_decode(h->arena, xml_get(attrs, "alt")));
    if (alt.len && alt.len <= 200)
        put_words(h, alt);
}

static void open_tag(struct html *h, enum effect e, const struct xml_tag *t)
{
    switch (e) {
    case BLOCK: owe(h, 1); break;
    case PARAGRAPH: owe(h, 2); break;
    case RULE: owe(h, 2); break;
    case BREAK: h->pending++, h->gap = false; break;
    case CELL: h->gap = true; break;
    case ITEM:
        owe(h, 1);
        flush(h);
        buf_puts(h->out, "- ");
        break;
    case QUOTE: owe(h, 2), h->quote += h->quote < 4; break;
    case PRE: owe(h, 2), h->pre++; break;
    case LINK: link_open(h, t->attrs); break;
    case IMAGE: image(h, t->attrs); break;
    case SKIP: case NOTHING: break;
    }
}

static void close_tag(struct html *h, enum effect e)
{
    switch (e) {
    case BLOCK: case ITEM: owe(h, 1); break;
    case PARAGRAPH: owe(h, 2); break;
    case CELL: h->gap = true; break;
    case QUOTE: owe(h, 2), h->quote -= h->quote > 0; break;
    case PRE: owe(h, 2), h->pre -= h->pre > 0; break;
    case LINK: link_close(h); break;
    case BREAK: h->pending++; break; /* </br> */
    default: break;
    }
}

/* Passes over everything up to the closing tag of the same name; to the end when there is none
 * only for elements whose content is never text. */
static void skip_element(struct xml_scan *s, struct str name)
{
    struct xml_scan ahead = *s;
    struct xml_tag t;
    while (xml_next(&ahead, &t))
        if (t.kind == XML_CLOSE && str_ieq(t.name, name)) {
            *s = ahead;
            return;
        }
    if (str_ieq(name, STR("script")) || str_ieq(name, STR("style")))
        s->p = s->end;
}

void html_text_put(struct buf *b, struct arena *a, struct str html, struct str base)
{
    struct html h = {.out = b, .arena = a, .base = base};
    struct xml_scan s = xml_scan_of(html);
    struct xml_tag t;
    int skipped = 0; /* unclosed ones are looked for a few times only: no quadratic scans */
    if (!memchr(html.ptr ? html.ptr : "", '<', html.len)) {
        put_text(&h, html);
        return;
    }
    while (xml_next(&s, &t)) {
        if (t.kind == XML_TEXT) {
            put_text(&h, t.text);
        } else if (t.kind == XML_CDATA) {
            put_words(&h, t.text);
        } else {
            enum effect e = effect_of(t.name);
            if (e == SKIP && t.kind == XML_OPEN && skipped++ < 64)
                skip_element(&s, t.name);
            else if (t.kind == XML_CLOSE)
                close_tag(&h, e);
            else
                open_tag(&h, e, &t);
        }
    }
    link_close(&h);
}

struct str html_text(struct arena *a, struct str html, struct str base)
{
    return markup_text(a, html, TEXT_HTML, base);
}

/* --- entities --- */

static uint32_t numeric(struct str digits)
{
    uint32_t v = 0;
    bool hex = digits.len && (digits.ptr[0] | 32) == 'x';
    for (size_t i = hex; i < digits.len && v < 0x110000; i++) {
        char c = digits.ptr[i];
        uint32_t d = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a' + 10);
        v = v * (hex ? 16 : 10) + d;
    }
    return v;
}

/* Length of the entity that begins at s ("&…;"), 0 when it is none; *cp its character. */
static size_t entity_at(struct str s, uint32_t *cp)
{
    size_t n = 1;
    bool number = s.len > 1 && s.ptr[1] == '#';
    if (number) {
        bool hex = s.len > 2 && (s.ptr[2] | 32) == 'x';
        size_t from = n = hex ? 3 : 2;
        while (n < s.len && n < 12 &&
               ((s.ptr[n] >= '0' && s.ptr[n] <= '9') ||
                (hex && (s.ptr[n] | 32) >= 'a' && (s.ptr[n] | 32) <= 'f')))
            n++;
        if (n == from)
            return 0;
        *cp = numeric(str_sub(s, 2, n - 2));
    } else {
        while (n < s.len && n < 12 &&
               ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || (s.ptr[n] >= 'A' && s.ptr[n] <= 'Z') ||
                (s.ptr[n] >= '0' && s.ptr[n] <= '9')))
            n++;
        *cp = n > 1 ? entity_lookup(str_sub(s, 1, n - 1)) : 0;
        if (!*cp)
            return 0;
    }
    if (n < s.len && s.ptr[n] == ';')
        return n + 1;
    /* "&copy=1" in an address is no entity; "&lt" at the end of a word is */
    bool plain = number || n <= 5;
    return plain && (n == s.len || (s.ptr[n] != '=' && (unsigned char)s.ptr[n] < 0x80)) ? n : 0;
}

void entities_put(struct buf *b, struct str s)
{
    while (s.len) {
        const char *amp = memchr(s.ptr, '&', s.len);
        if (!amp) {
            buf_str(b, s);
            return;
        }
        size_t before = (size_t)(amp - s.ptr);
        buf_str(b, str_sub(s, 0, before));
        s = str_sub(s, before, s.len);
        uint32_t cp;
        size_t n = entity_at(s, &cp);
        if (n)
            buf_utf8(b, cp);
        else
            buf_putc(b, '&'), n = 1;
        s = str_sub(s, n, s.len);
    }
}

struct str entities_decode(struct arena *a, struct str s)
{
    if (s.len == 0 || !memchr(s.ptr, '&', s.len))
        return s;
    struct buf b = BUF_INIT(s.len * 4 + 16);
    entities_put(&b, s);
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}
