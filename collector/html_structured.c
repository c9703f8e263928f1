/* html_structured.c: what a page says of itself in JSON-LD, microdata and RDFa → JSON Lines, all
 * three in the shape of JSON-LD: {"@type": …, property: value or [values]}. The first line tells
 * of the page: {"@page": {next, lang, canonical}}. A broken JSON-LD block costs only itself. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "collector/extract.h"
#include "collector/html_dom.h"
#include "collector/markup.h"
#include "core/json.h"
#include "core/limits.h"
#include "net/url.h"

#define MAX_NESTING 24
#define MAX_PROPERTIES 2000 /* of one item; they are compared with each other */

/* Microdata and RDFa differ in the names of three attributes. */
struct dialect {
    const char *scope, *type, *property;
};
static const struct dialect microdata = {"itemscope", "itemtype", "itemprop"};
static const struct dialect rdfa = {"typeof", "typeof", "property"};

struct walk {
    struct arena *arena;
    struct json_out *out;
    const struct dialect *d;
    struct str url;
};

struct property {
    struct str name;
    xmlNode *node;
};

struct properties {
    struct property *items;
    size_t count, cap;
};

/* "http://schema.org/Review", "schema:Review" → "Review" */
static struct str local_name(struct str s)
{
    for (size_t i = s.len; i-- > 0;)
        if (s.ptr[i] == '/' || s.ptr[i] == '#' || s.ptr[i] == ':')
            return str_sub(s, i + 1, s.len);
    return s;
}

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    size_t n = 0;
    while (n < rest->len && !strchr(" \t\r\n", rest->ptr[n]))
        n++;
    *word = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->len);
    return n > 0;
}

/* Properties of an item: those below it that no nested item stands between. */
static void collect_properties(struct walk *w, xmlNode *n, struct properties *out, int depth)
{
    for (xmlNode *c = n->children; c && depth < 200 && out->count < MAX_PROPERTIES;
         c = c->next) {
        if (c->type != XML_ELEMENT_NODE)
            continue;
        struct str names = html_dom_attr(w->arena, c, w->d->property), name;
        while (next_word(&names, &name))
            *ARENA_PUSH(w->arena, out->items, out->count, out->cap) =
                (struct property){local_name(name), c};
        if (!html_dom_has(c, w->d->scope))
            collect_properties(w, c, out, depth + 1);
    }
}

static bool is(const xmlNode *n, const char *name)
{
    return strcasecmp((const char *)n->name, name) == 0;
}

static struct str first_attr(struct arena *a, const xmlNode *n, const char *const *names)
{
    for (; *names; names++)
        if (html_dom_has(n, *names))
            return html_dom_attr(a, n, *names);
    return STR_NONE;
}

/* The value of a property that is no item: an attribute where HTML puts it there, else text. */
static struct str plain_value(struct walk *w, const struct property *p)
{
    static const char *const given[] = {"content", "datetime", NULL};
    static const char *const address[] = {"href", "src", "data", "resource", NULL};
    xmlNode *n = p->node;
    struct str s = first_attr(w->arena, n, given);
    if (s.len)
        return s;
    if (is(n, "data") || is(n, "meter"))
        return html_dom_attr(w->arena, n, "value");
    if (is(n, "a") || is(n, "link") || is(n, "area") || is(n, "img") || is(n, "iframe")) {
        s = first_attr(w->arena, n, address);
        bool named = str_is(p->name, "author") || str_is(p->name, "name");
        if (s.len && !(named && is(n, "a"))) /* the words of a link are the author's name */
            return url_resolve(w->arena, w->url, s);
    }
    bool prose = str_ends(p->name, STR("Body")) || str_is(p->name, "description") ||
                 str_is(p->name, "text");
    return prose ? html_dom_inner(w->arena, n) : str_trim(html_dom_text(w->arena, n));
}

static void put_item(struct walk *w, xmlNode *n, int depth);

static void put_values(struct walk *w, const struct properties *ps, size_t from, int depth)
{
    json_open(w->out, '[');
    for (size_t i = from; i < ps->count; i++) {
        if (!str_eq(ps->items[i].name, ps->items[from].name))
            continue;
        if (html_dom_has(ps->items[i].node, w->d->scope) && depth < MAX_NESTING)
            put_item(w, ps->items[i].node, depth + 1);
        else
            json_put_str(w->out, plain_value(w, &ps->items[i]));
    }
    json_close(w->out, ']');
}

static void put_item(struct walk *w, xmlNode *n, int depth)
{
    static const char *const ids[] = {"itemid", "resource", "about", "data-review-id",
                                      "data-reviewid", NULL};
    struct str types = html_dom_attr(w->arena, n, w->d->type), type;
    struct str id = first_attr(w->arena, n, ids);
    struct properties ps = {0};
    collect_properties(w, n, &ps, 0);
    json_open(w->out, '{');
    json_key(w->out, "@type");
    json_open(w->out, '[');
    while (next_word(&types, &type))
        json_put_str(w->out, local_name(type));
    json_close(w->out, ']');
    if (id.len) {
        json_key(w->out, "@id");
        json_put_str(w->out, id);
    }
    struct str anchor = html_dom_attr(w->arena, n, "id");
    if (anchor.len) { /* where on the page it stands */
        json_key(w->out, "@anchor");
        json_put_str(w->out, anchor);
    }
    for (size_t i = 0; i < ps.count; i++) {
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)
            before = str_eq(ps.items[k].name, ps.items[i].name);
        if (before || !ps.items[i].name.len)
            continue;
        json_key(w->out, arena_strz(w->arena, ps.items[i].name));
        put_values(w, &ps, i, depth);
    }
    json_close(w->out, '}');
}

/* Items that are no property of another; one that claims to be a property but stands in no item
 * is one too. */
static void walk_items(struct walk *w, xmlNode *n, bool inside, int depth)
{
    for (xmlNode *c = n; c && depth < 250; c = c->next) {
        if (c->type != XML_ELEMENT_NODE)
            continue;
        bool item = html_dom_has(c, w->d->scope);
        if (item && !(inside && html_dom_has(c, w->d->property))) {
            w->out->comma = false;
            put_item(w, c, 0);
            buf_putc(w->out->buf, '\n');
        }
        walk_items(w, c->children, inside || item, depth + 1);
    }
}

/* --- JSON-LD --- */

static bool holds(struct str hay, const char *needle)
{
    for (size_t i = 0, n = strlen(needle); i + n <= hay.len; i++)
        if (str_ieq(str_sub(hay, i, n), str_of(needle)))
            return true;
    return false;
}

static void walk_scripts(struct walk *w, xmlNode *n, int depth)
{
    for (xmlNode *c = n; c && depth < 250; c = c->next) {
        if (c->type != XML_ELEMENT_NODE)
            continue;
        if (is(c, "script") && holds(html_dom_attr(w->arena, c, "type"), "ld+json")) {
            struct str text = str_trim(html_dom_text(w->arena, c));
            if (holds(str_sub(text, 0, 40), "&quot;"))
                text = entities_decode(w->arena, text);
            json_tidy(w->out->buf, text);
            buf_putc(w->out->buf, '\n');
        } else {
            walk_scripts(w, c->children, depth + 1);
        }
    }
}

/* --- the page --- */

struct page_facts {
    struct str next, canonical, lang;
};

static void walk_links(struct walk *w, xmlNode *n, struct page_facts *f, int depth)
{
    for (xmlNode *c = n; c && depth < 250; c = c->next) {
        if (c->type != XML_ELEMENT_NODE)
            continue;
        if (is(c, "html") && !f->lang.len)
            f->lang = html_dom_attr(w->arena, c, "lang");
        if (is(c, "link") || is(c, "a")) {
            struct str rel = html_dom_attr(w->arena, c, "rel");
            struct str href = html_dom_attr(w->arena, c, "href");
            if (str_is(rel, "next") && !f->next.len)
                f->next = url_resolve(w->arena, w->url, href);
            if (str_is(rel, "canonical") && !f->canonical.len)
                f->canonical = url_resolve(w->arena, w->url, href);
        }
        walk_links(w, c->children, f, depth + 1);
    }
}

static void put_page(struct walk *w, const struct page_facts *f)
{
    json_open(w->out, '{');
    json_key(w->out, "@page");
    json_open(w->out, '{');
    json_key(w->out, "next");
    json_put_str(w->out, f->next);
    json_key(w->out, "canonical");
    json_put_str(w->out, f->canonical);
    json_key(w->out, "lang");
    json_put_str(w->out, f->lang);
    json_close(w->out, '}');
    json_close(w->out, '}');
    buf_putc(w->out->buf, '\n');
}

enum df_rc structured_to_json(struct buf *out, struct arena *a, struct str html, struct str url,
                              struct err *err)
{
    struct html_dom *dom = html_dom_parse(a, html);
    if (!dom)
        return err_set(err, DF_REJECT, "this is no web page");
    htmlDocPtr doc = html_dom_doc(dom);
    xmlNode *root = xmlDocGetRootElement(doc);
    struct json_out json = {.buf = out};
    struct walk w = {.arena = a, .out = &json, .d = &microdata, .url = url};
    struct page_facts facts = {0};
    walk_links(&w, root, &facts, 0);
    put_page(&w, &facts);
    if (!w.url.len)
        w.url = facts.canonical;
    walk_scripts(&w, root, 0);
    walk_items(&w, root, false, 0);
    w.d = &rdfa;
    walk_items(&w, root, false, 0);
    html_dom_free(&dom);
    return out->full ? err_set(err, DF_REJECT, "the structured data of the page are too large")
                     : DF_OK;
}
