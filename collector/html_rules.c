/* html_rules.c: a page read by the selectors of a pack → a value for its jq:
 *   {"items": [{field: value, …}, …], "page": {field: value, …}}
 * Fields: "text" and names ending in "_html" give HTML (all that matched), names ending in "_all"
 * a list of texts, every other name the first text. What did not match is left out. */
#include <stdlib.h>

#include "collector/css.h"
#include "collector/css_match.h"
#include "collector/jq_value.h"
#include "core/limits.h"

#define MAX_ITEMS 5000

/* A selector, made ready when it is first asked: one that is wrong costs nothing where it is not
 * used. */
struct finder {
    const char *what; /* for messages */
    struct str text;
    bool ready;
    struct selector sel;
    const struct css_match *css; /* NULL: the XPath */
    xmlXPathCompExpr *xpath;
};

struct page_reader {
    struct arena *arena;
    struct html_dom *dom;
    xmlXPathContext *ctx;
    xmlBuffer *written; /* the serializer's, used again and again */
    xmlOutputBuffer *writer;
    struct err *err;
};

/* What a selector found: nodes, or with XPath also a text, a number or a truth. */
struct found {
    struct node_list nodes;
    xmlXPathObject *other;
};

static enum df_rc make_ready(struct page_reader *p, struct finder *f)
{
    enum df_rc rc = f->ready ? DF_OK : selector_parse(p->arena, f->text, &f->sel, p->err);
    if (rc == DF_OK && !f->ready) {
        if (str_find(f->sel.xpath, STR("id(")) >= 0)
            html_dom_ids(p->dom);
        f->css = f->sel.css.len ? css_match_parse(p->arena, f->sel.css) : NULL;
        if (!f->css && !(f->xpath = xmlXPathCompile((const xmlChar *)arena_strz(p->arena, f->sel.xpath))))
            rc = err_set(p->err, DF_REJECT, "selector '%.*s' is no valid XPath", STR_FMT(f->text));
    }
    f->ready = rc == DF_OK;
    return rc;
}

static enum df_rc find(struct page_reader *p, struct finder *f, xmlNode *from, size_t most, struct found *out)
{
    *out = (struct found){0};
    enum df_rc rc = make_ready(p, f);
    if (rc == DF_OK && f->css) {
        css_match_find(f->css, p->arena, from, most, &out->nodes);
    } else if (rc == DF_OK) {
        p->ctx->node = from;
        out->other = xmlXPathCompiledEval(f->xpath, p->ctx);
        if (!out->other)
            rc = err_set(p->err, DF_REJECT, "selector '%.*s' is no valid XPath", STR_FMT(f->text));
        else if (out->other->type == XPATH_NODESET && out->other->nodesetval)
            out->nodes = (struct node_list){out->other->nodesetval->nodeTab,
                                            (size_t)out->other->nodesetval->nodeNr, 0};
    }
    if (rc != DF_OK)
        err_wrap(p->err, "%s", f->what);
    return rc;
}

static void found_free(struct found *f)
{
    if (f->other)
        xmlXPathFreeObject(f->other);
}

static struct str node_html(struct page_reader *p, xmlNode *n)
{
    xmlBufferEmpty(p->written);
    htmlNodeDumpFormatOutput(p->writer, n->doc, n, "UTF-8", 0);
    xmlOutputBufferFlush(p->writer);
    return str_n((const char *)xmlBufferContent(p->written), (size_t)xmlBufferLength(p->written));
}

static struct str node_text(struct page_reader *p, xmlNode *n, struct str attr)
{
    if (attr.len && n->type == XML_ELEMENT_NODE)
        return html_dom_attr(p->arena, n, arena_strz(p->arena, attr));
    return str_trim(html_dom_text(p->arena, n));
}

static bool wants_html(struct str key)
{
    return str_is(key, "text") || str_ends(key, STR("_html"));
}

static jv nodes_value(struct page_reader *p, struct str key, struct str attr, const struct node_list *nodes)
{
    if (wants_html(key)) {
        jv text = jv_string_empty(256);
        int room = DF_MAX_POST_TEXT * 2;
        for (size_t i = 0; i < nodes->count && room >= 0; i++) {
            struct str s = node_html(p, nodes->items[i]);
            room -= (int)s.len; /* a node that does not fit is the last, and left out */
            if (room >= 0)
                text = jv_string_append_buf(text, s.ptr, (int)s.len);
        }
        return text;
    }
    if (!str_ends(key, STR("_all")))
        return jv_of(node_text(p, nodes->items[0], attr));
    jv all = jv_array();
    for (size_t i = 0; i < nodes->count && i < MAX_ITEMS; i++)
        all = jv_array_append(all, jv_of(node_text(p, nodes->items[i], attr)));
    return all;
}

/* Puts the field into *obj when something matched. */
static enum df_rc put_field(struct page_reader *p, xmlNode *from, struct finder *f, struct str key, jv *obj,
                            bool *matched)
{
    struct found found;
    jv value = jv_null();
    *matched = false;
    if (!f->text.len)
        return DF_OK; /* a parameter that was not given */
    bool many = wants_html(key) || str_ends(key, STR("_all"));
    enum df_rc rc = find(p, f, from, many ? SIZE_MAX : 1, &found);
    if (rc != DF_OK)
        return rc;
    if (found.nodes.count) {
        *matched = true;
        value = nodes_value(p, key, f->sel.attr, &found.nodes);
    } else if (found.other && (found.other->type == XPATH_STRING || found.other->type == XPATH_NUMBER)) {
        xmlChar *s = xmlXPathCastToString(found.other);
        struct str v = str_trim(str_of((const char *)s));
        *matched = v.len > 0;
        value = jv_of(v);
        xmlFree(s);
    }
    if (*matched)
        *obj = jv_object_set(*obj, jv_of(key), value);
    else
        jv_free(value);
    found_free(&found);
    return DF_OK;
}

/* --- objects --- */

struct fields {
    const struct pair *pairs;
    struct finder *finders;
    size_t count;
    int *matched; /* per field: in how many items */
};

static struct fields fields_of(struct arena *a, const struct pair *pairs, size_t n)
{
    struct fields f = {pairs, arena_array(a, n + 1, sizeof *f.finders), n,
                       arena_array(a, n + 1, sizeof *f.matched)};
    for (size_t i = 0; i < n; i++) {
        f.finders[i].text = pairs[i].value;
        f.finders[i].what = arena_printf(a, "field '%.*s'", STR_FMT(str_sub(pairs[i].name, 0, 86))).ptr;
    }
    return f;
}

static void fields_free(struct fields *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->finders[i].xpath)
            xmlXPathFreeCompExpr(f->finders[i].xpath);
}

static enum df_rc put_object(struct page_reader *p, xmlNode *from, struct fields *f, jv *out)
{
    enum df_rc rc = DF_OK;
    *out = jv_object();
    for (size_t i = 0; i < f->count && rc == DF_OK; i++) {
        bool matched;
        rc = put_field(p, from, &f->finders[i], f->pairs[i].name, out, &matched);
        f->matched[i] += rc == DF_OK && matched;
    }
    return rc;
}

/* For `defuse source test`: what each selector found. */
static void put_trace(struct buf *out, const struct extract_rule *rule, size_t items, const int *matched)
{
    buf_printf(out, "item '%.*s': found %zu\n", STR_FMT(rule->item), items);
    for (size_t i = 0; i < rule->field_count && items; i++)
        if (rule->fields[i].value.len)
            buf_printf(out, "  %.*s '%.*s': in %d of them\n", STR_FMT(rule->fields[i].name),
                       STR_FMT(rule->fields[i].value), matched[i]);
}

static enum df_rc put_items(struct page_reader *p, xmlNode *root, const struct extract_rule *rule,
                            struct buf *trace, jv *out)
{
    struct finder item = {.what = "item", .text = rule->item};
    struct fields fields = fields_of(p->arena, rule->fields, rule->field_count);
    struct found found;
    enum df_rc rc = find(p, &item, root, SIZE_MAX, &found);
    *out = jv_array();
    for (size_t i = 0; i < found.nodes.count && i < MAX_ITEMS && rc == DF_OK; i++) {
        jv one;
        if (found.nodes.items[i]->type != XML_ELEMENT_NODE)
            continue;
        rc = put_object(p, found.nodes.items[i], &fields, &one);
        *out = jv_array_append(*out, one);
    }
    if (trace && item.ready)
        put_trace(trace, rule, found.nodes.count, fields.matched);
    found_free(&found);
    fields_free(&fields);
    if (item.xpath)
        xmlXPathFreeCompExpr(item.xpath);
    return rc;
}

static bool truthy(const struct found *f)
{
    if (!f->other || f->other->type == XPATH_NODESET)
        return f->nodes.count > 0;
    return f->other->type == XPATH_BOOLEAN ? f->other->boolval
                                           : f->other->type == XPATH_STRING && f->other->stringval[0];
}

static enum df_rc fits(struct page_reader *p, xmlNode *root, struct str when)
{
    struct finder f = {.what = "when", .text = when};
    struct found found;
    enum df_rc rc = when.len ? find(p, &f, root, 1, &found) : DF_OK;
    if (when.len && rc == DF_OK) {
        rc = truthy(&found) ? DF_OK : DF_NONE;
        found_free(&found);
    }
    if (f.xpath)
        xmlXPathFreeCompExpr(f.xpath);
    return rc;
}

static void quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx;
    (void)fmt;
}

enum df_rc html_to_value(struct arena *a, struct str html, const struct extract_rule *rule,
                         struct buf *trace, jv *out, struct err *err)
{
    struct html_dom *dom = html_dom_parse(a, html);
    if (!dom)
        return err_set(err, DF_REJECT, "this is no web page");
    xmlNode *root = (xmlNode *)html_dom_doc(dom);
    struct page_reader p = {a, dom, xmlXPathNewContext(html_dom_doc(dom)), xmlBufferCreate(), NULL, err};
    struct fields fields = fields_of(a, rule->page, rule->page_count);
    jv items = jv_null(), page = jv_null();
    xmlSetGenericErrorFunc(NULL, quiet); /* faults of XPath are told by us */
    p.writer = xmlOutputBufferCreateBuffer(p.written, NULL);
    if (!p.ctx || !p.writer)
        abort();
    enum df_rc rc = fits(&p, root, rule->when);
    if (rc == DF_OK && !xmlDocGetRootElement(html_dom_doc(dom)))
        rc = err_set(err, DF_REJECT, "the answer is cut off or damaged: there is no value in it");
    if (rc == DF_OK)
        rc = put_items(&p, root, rule, trace, &items);
    if (rc == DF_OK)
        rc = put_object(&p, root, &fields, &page);
    *out = rc == DF_OK ? jv_object_set(jv_object(), jv_string("items"), items) : items;
    if (rc == DF_OK)
        *out = jv_object_set(*out, jv_string("page"), page);
    else
        jv_free(*out), jv_free(page);
    fields_free(&fields);
    xmlOutputBufferClose(p.writer);
    xmlBufferFree(p.written);
    xmlXPathFreeContext(p.ctx);
    html_dom_free(&dom);
    return rc;
}
