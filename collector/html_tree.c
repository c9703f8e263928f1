/* html_tree.c: libxml2's HTML parser builds its tree in the arena. The tree is the one htmlReadMemory()
 * makes (a test compares them), of the same structs, so that XPath and the serializer work on it;
 * but nodes, names and texts are not asked for one by one and not given back one by one, which
 * is half the time of a page. The table of ids is made when it is asked for. */
#include <libxml/parserInternals.h>
#include <pthread.h>

#include "collector/html_dom.h"
#include "core/limits.h"

#define MAX_TEXT 10000000 /* of one node, as libxml2 has it */

/* A text node that grows keeps its room here; there is one at a time. */
struct tree {
    struct arena *arena;
    xmlNode *growing;
    size_t len, cap;
};

static struct tree *tree_of(xmlParserCtxt *c)
{
    return c->_private;
}

static xmlNode *node_new(xmlParserCtxt *c, xmlElementType type, const xmlChar *name)
{
    xmlNode *n = ARENA_NEW(tree_of(c)->arena, xmlNode);
    n->type = type;
    n->name = name;
    n->doc = c->myDoc;
    return n;
}

static void append(xmlNode *parent, xmlNode *n)
{
    n->parent = parent;
    n->prev = parent->last;
    if (parent->last)
        parent->last->next = n;
    else
        parent->children = n;
    parent->last = n;
}

static xmlChar *copy(xmlParserCtxt *c, const xmlChar *s, size_t len)
{
    return (xmlChar *)arena_strz(tree_of(c)->arena, str_n((const char *)s, len));
}

static void add_attribute(xmlParserCtxt *c, xmlNode *n, const xmlChar *name, const xmlChar *value)
{
    xmlAttr *at = ARENA_NEW(tree_of(c)->arena, xmlAttr), *last = n->properties;
    at->type = XML_ATTRIBUTE_NODE;
    at->name = name;
    at->doc = c->myDoc;
    at->parent = n;
    while (last && last->next)
        last = last->next;
    at->prev = last;
    if (last)
        last->next = at;
    else
        n->properties = at;
    if (!value && htmlIsBooleanAttr(name))
        value = name;
    if (!value)
        return;
    xmlNode *text = node_new(c, XML_TEXT_NODE, xmlStringText);
    text->content = copy(c, value, strlen((const char *)value));
    text->parent = (xmlNode *)at;
    at->children = at->last = text;
}

/* "o:p" is known as "p". */
static const xmlChar *local_name(xmlParserCtxt *c, const xmlChar *name)
{
    xmlChar *prefix = NULL, *local;
    if (!strchr((const char *)name, ':'))
        return name;
    local = xmlSplitQName(c, name, &prefix);
    name = local ? copy(c, local, strlen((const char *)local)) : name;
    xmlFree(local);
    xmlFree(prefix);
    return name;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **attrs)
{
    xmlParserCtxt *c = ctx;
    xmlNode *parent = c->node, *n = node_new(c, XML_ELEMENT_NODE, local_name(c, name));
    xmlNode *doc = (xmlNode *)c->myDoc;
    bool first = doc->children == NULL;
    if (nodePush(c, n) < 0)
        return; /* nested too deep: the parser stops */
    if (first)
        append(doc, n);
    else if (parent && parent->type == XML_ELEMENT_NODE)
        append(parent, n);
    else if (doc->children->type == XML_ELEMENT_NODE)
        append(doc->children, n);
    else
        append(doc, n);
    for (; attrs && attrs[0]; attrs += 2)
        add_attribute(c, n, attrs[0], attrs[1]);
}

static void on_end(void *ctx, const xmlChar *name)
{
    (void)name;
    nodePop(ctx);
}

/* The same node goes on when text comes in pieces. */
static void add_text(xmlParserCtxt *c, xmlElementType type, const xmlChar *s, int len)
{
    struct tree *t = tree_of(c);
    xmlNode *last = c->node ? c->node->last : NULL;
    size_t n = len > 0 ? (size_t)len : 0;
    if (!c->node)
        return;
    if (!last || last->type != type) {
        last = node_new(c, type, type == XML_TEXT_NODE ? xmlStringText : NULL);
        last->content = copy(c, s, n);
        append(c->node, last);
        t->growing = NULL;
        return;
    }
    if (t->growing != last) {
        t->growing = last;
        t->len = t->cap = strlen((const char *)last->content);
    }
    if (t->len + n > MAX_TEXT)
        return;
    if (t->len + n > t->cap) {
        t->cap = 2 * (t->len + n);
        xmlChar *more = (xmlChar *)arena_text(t->arena, t->cap);
        memcpy(more, last->content, t->len);
        last->content = more;
    }
    memcpy(last->content + t->len, s, n);
    t->len += n;
    last->content[t->len] = '\0';
}

static void on_text(void *ctx, const xmlChar *s, int len)
{
    add_text(ctx, XML_TEXT_NODE, s, len);
}

static void on_cdata(void *ctx, const xmlChar *s, int len)
{
    add_text(ctx, XML_CDATA_SECTION_NODE, s, len);
}

static void add_aside(xmlParserCtxt *c, xmlNode *n, const xmlChar *content)
{
    if (content)
        n->content = copy(c, content, strlen((const char *)content));
    append(c->node ? c->node : (xmlNode *)c->myDoc, n);
}

static void on_comment(void *ctx, const xmlChar *text)
{
    add_aside(ctx, node_new(ctx, XML_COMMENT_NODE, xmlStringComment), text);
}

static void on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
    xmlNode *n = node_new(ctx, XML_PI_NODE, NULL);
    n->name = copy(ctx, target, strlen((const char *)target));
    add_aside(ctx, n, data);
}

/* --- */

struct html_dom {
    htmlDocPtr doc;
    xmlDict *names; /* of elements and attributes */
};

htmlDocPtr html_dom_doc(const struct html_dom *d)
{
    return d->doc;
}

static void start(void)
{
    xmlInitParser();
}

struct html_dom *html_dom_parse(struct arena *a, struct str html)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct tree t = {.arena = a};
    if (html.len == 0 || html.len > DF_MAX_BODY * 3)
        return NULL;
    pthread_once(&once, start);
    htmlParserCtxtPtr c = htmlCreateMemoryParserCtxt(html.ptr, (int)html.len);
    if (!c)
        return NULL;
    htmlCtxtUseOptions(c, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                              HTML_PARSE_NONET | HTML_PARSE_COMPACT);
    xmlSwitchEncoding(c, XML_CHAR_ENCODING_UTF8);
    if (!c->input->encoding)
        c->input->encoding = xmlStrdup((const xmlChar *)"UTF-8");
    c->_private = &t;
    c->sax->startElement = on_start;
    c->sax->endElement = on_end;
    c->sax->characters = on_text;
    c->sax->cdataBlock = on_cdata;
    c->sax->comment = on_comment;
    c->sax->processingInstruction = on_instruction;
    htmlParseDocument(c);
    struct html_dom *d = NULL;
    if (c->myDoc) {
        d = ARENA_NEW(a, struct html_dom);
        d->doc = c->myDoc;
        d->names = c->dict;
        xmlDictReference(d->names);
    }
    c->myDoc = NULL;
    xmlFreeParserCtxt(c);
    return d;
}

void html_dom_ids(struct html_dom *d)
{
    if (d->doc->ids)
        return;
    for (xmlNode *n = d->doc->children; n;) {
        for (xmlAttr *at = n->type == XML_ELEMENT_NODE ? n->properties : NULL; at; at = at->next) {
            bool is_id = xmlStrEqual(at->name, (const xmlChar *)"id") ||
                         (xmlStrEqual(at->name, (const xmlChar *)"name") &&
                          xmlStrEqual(n->name, (const xmlChar *)"a"));
            if (is_id && at->children)
                xmlAddID(NULL, d->doc, at->children->content, at); /* the first of a name wins */
        }
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (n && !n->next)
            n = n->parent;
        n = n ? n->next : NULL;
    }
}

void html_dom_free(struct html_dom **d)
{
    if (!*d)
        return;
    xmlDoc *doc = (*d)->doc;
    if (doc->intSubset) { /* the one node that is not in the arena */
        doc->intSubset->prev = doc->intSubset->next = NULL;
        doc->intSubset->parent = NULL;
    }
    xmlNode *dtd = (xmlNode *)doc->intSubset;
    doc->intSubset = NULL;
    doc->children = doc->last = NULL;
    if (dtd)
        xmlFreeDtd((xmlDtd *)dtd);
    xmlFreeDoc(doc);
    xmlDictFree((*d)->names);
    *d = NULL;
}
