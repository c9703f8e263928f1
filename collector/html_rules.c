/* html_rules.c: a page read by the selectors of a pack → JSON for its jq:
 *   {"items": [{field: value, …}, …], "page": {field: value, …}}
 * Fields: "text" and names ending in "_html" give HTML (all that matched), names ending in "_all"
 * a list of texts, every other name the first text. What did not match is left out. */
#include <stdlib.h>

#include "collector/css.h"
#include "collector/extract.h"
#include "collector/html_dom.h"
#include "core/json.h"
#include "core/limits.h"

#define MAX_ITEMS 5000

struct page_reader {
    struct arena *arena;
    struct json_out *out;
    xmlXPathContextPtr ctx;
    struct err *err;
    int *matched; /* per field of the rule: in how many items; NULL = not counted */
};

static xmlXPathObjectPtr find(struct page_reader *p, xmlNode *from, struct str xpath)
{
    p->ctx->node = from;
    return xmlXPathEvalExpression((const xmlChar *)arena_strz(p->arena, xpath), p->ctx);
}

static enum df_rc evaluate(struct page_reader *p, xmlNode *from, const char *what, struct str text,
                           struct selector *sel, xmlXPathObjectPtr *out)
{
    *out = NULL;
    enum df_rc rc = selector_parse(p->arena, text, sel, p->err);
    if (rc == DF_OK && !(*out = find(p, from, sel->xpath)))
        rc = err_set(p->err, DF_REJECT, "selector '%.*s' is no valid XPath", STR_FMT(text));
    if (rc != DF_OK)
        err_wrap(p->err, "%s", what);
    return rc;
}

static struct str node_html(struct page_reader *p, xmlNode *n)
{
    xmlBufferPtr b = xmlBufferCreate();
    if (!b)
        abort();
    xmlOutputBufferPtr o = xmlOutputBufferCreateBuffer(b, NULL);
    htmlNodeDumpFormatOutput(o, n->doc, n, "UTF-8", 0);
    xmlOutputBufferClose(o);
    struct str s = arena_str(p->arena, str_n((const char *)xmlBufferContent(b),
                                             (size_t)xmlBufferLength(b)));
    xmlBufferFree(b);
    return s;
}

static struct str node_text(struct page_reader *p, xmlNode *n, struct str attr)
{
    if (attr.len && n->type == XML_ELEMENT_NODE)
        return html_dom_attr(p->arena, n, arena_strz(p->arena, attr));
    return str_trim(html_dom_text(p->arena, n));
}

static void put_nodes(struct page_reader *p, struct str key, struct str attr, xmlNodeSetPtr set)
{
    if (str_is(key, "text") || str_ends(key, STR("_html"))) {
        struct buf b = BUF_INIT(DF_MAX_POST_TEXT * 2);
        for (int i = 0; i < set->nodeNr; i++)
            buf_str(&b, node_html(p, set->nodeTab[i]));
        json_put_str(p->out, buf_view(&b));
        buf_free(&b);
    } else if (str_ends(key, STR("_all"))) {
        json_open(p->out, '[');
        for (int i = 0; i < set->nodeNr && i < MAX_ITEMS; i++)
            json_put_str(p->out, node_text(p, set->nodeTab[i], attr));
        json_close(p->out, ']');
    } else {
        json_put_str(p->out, node_text(p, set->nodeTab[0], attr));
    }
}

static enum df_rc put_field(struct page_reader *p, xmlNode *from, const struct pair *f,
                            int *matched)
{
    struct selector sel;
    xmlXPathObjectPtr r;
    if (!f->value.len)
        return DF_OK; /* a parameter that was not given */
    char what[96];
    snprintf(what, sizeof what, "field '%.*s'", STR_FMT(f->name));
    enum df_rc rc = evaluate(p, from, what, f->value, &sel, &r);
    if (rc != DF_OK)
        return rc;
    if (r->type == XPATH_NODESET && r->nodesetval && r->nodesetval->nodeNr) {
        ++*matched;
        json_key(p->out, arena_strz(p->arena, f->name));
        put_nodes(p, f->name, sel.attr, r->nodesetval);
    } else if (r->type == XPATH_STRING || r->type == XPATH_NUMBER) {
        xmlChar *s = xmlXPathCastToString(r);
        struct str v = str_trim(str_of((const char *)s));
        if (v.len) {
            ++*matched;
            json_key(p->out, arena_strz(p->arena, f->name));
            json_put_str(p->out, v);
        }
        xmlFree(s);
    }
    xmlXPathFreeObject(r);
    return DF_OK;
}

static enum df_rc put_object(struct page_reader *p, xmlNode *from, const struct pair *fields,
                             size_t count)
{
    enum df_rc rc = DF_OK;
    json_open(p->out, '{');
    for (size_t i = 0; i < count && rc == DF_OK; i++) {
        int none = 0;
        rc = put_field(p, from, &fields[i], p->matched ? &p->matched[i] : &none);
    }
    json_close(p->out, '}');
    return rc;
}

static bool truthy(const xmlXPathObject *r)
{
    if (r->type == XPATH_NODESET)
        return r->nodesetval && r->nodesetval->nodeNr > 0;
    return r->type == XPATH_BOOLEAN ? r->boolval : r->type == XPATH_STRING && r->stringval[0];
}

/* For `defuse source test`: what each selector found. */
static void put_trace(struct buf *out, const struct extract_rule *rule, int items, const int *matched)
{
    buf_printf(out, "item '%.*s': found %d\n", STR_FMT(rule->item), items);
    for (size_t i = 0; i < rule->field_count && items; i++)
        if (rule->fields[i].value.len)
            buf_printf(out, "  %.*s '%.*s': in %d of them\n", STR_FMT(rule->fields[i].name),
                       STR_FMT(rule->fields[i].value), matched[i]);
}

static enum df_rc read_items(struct page_reader *p, xmlNode *root, const struct extract_rule *rule,
                             struct buf *trace)
{
    struct selector sel;
    xmlXPathObjectPtr r;
    enum df_rc rc = evaluate(p, root, "item", rule->item, &sel, &r);
    if (rc != DF_OK)
        return rc;
    json_key(p->out, "items");
    json_open(p->out, '[');
    xmlNodeSetPtr set = r->type == XPATH_NODESET ? r->nodesetval : NULL;
    p->matched = arena_array(p->arena, rule->field_count + 1, sizeof *p->matched);
    for (int i = 0; set && i < set->nodeNr && i < MAX_ITEMS && rc == DF_OK; i++)
        if (set->nodeTab[i]->type == XML_ELEMENT_NODE)
            rc = put_object(p, set->nodeTab[i], rule->fields, rule->field_count);
    json_close(p->out, ']');
    if (trace)
        put_trace(trace, rule, set ? set->nodeNr : 0, p->matched);
    p->matched = NULL;
    xmlXPathFreeObject(r);
    return rc;
}

static void quiet(void *ctx, const char *fmt, ...)
{
    (void)ctx;
    (void)fmt;
}

enum df_rc html_to_json(struct buf *out, struct arena *a, struct str html,
                        const struct extract_rule *rule, struct buf *trace, struct err *err)
{
    htmlDocPtr doc = html_dom_parse(html);
    if (!doc)
        return err_set(err, DF_REJECT, "this is no web page");
    xmlNode *root = xmlDocGetRootElement(doc);
    struct json_out json = {.buf = out};
    struct page_reader p = {a, &json, xmlXPathNewContext(doc), err, NULL};
    xmlXPathObjectPtr r;
    struct selector sel;
    enum df_rc rc = DF_OK;
    xmlSetGenericErrorFunc(NULL, quiet); /* faults of XPath are told by us */
    if (rule->when.len) {
        rc = evaluate(&p, (xmlNode *)doc, "when", rule->when, &sel, &r);
        if (rc == DF_OK && !truthy(r))
            rc = DF_NONE;
        if (r)
            xmlXPathFreeObject(r);
    }
    if (rc == DF_OK && root) {
        json_open(&json, '{');
        rc = read_items(&p, (xmlNode *)doc, rule, trace);
        json_key(&json, "page");
        if (rc == DF_OK)
            rc = put_object(&p, (xmlNode *)doc, rule->page, rule->page_count);
        json_close(&json, '}');
        buf_putc(out, '\n');
    }
    xmlXPathFreeContext(p.ctx);
    xmlFreeDoc(doc);
    return rc;
}
