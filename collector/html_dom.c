#include "collector/html_dom.h"

static struct str take(struct arena *a, xmlChar *s)
{
    struct str out = arena_str(a, str_of((const char *)s));
    xmlFree(s);
    return out;
}

struct str html_dom_attr(struct arena *a, const xmlNode *n, const char *name)
{
    return take(a, xmlGetProp(n, (const xmlChar *)name));
}

bool html_dom_has(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && xmlHasProp(n, (const xmlChar *)name) != NULL;
}

struct str html_dom_text(struct arena *a, xmlNode *n)
{
    return take(a, xmlNodeGetContent(n));
}

struct str html_dom_inner(struct arena *a, xmlNode *n)
{
    xmlBufferPtr b = xmlBufferCreate();
    if (!b)
        abort();
    xmlOutputBufferPtr out = xmlOutputBufferCreateBuffer(b, NULL);
    for (xmlNode *c = n->children; c; c = c->next)
        htmlNodeDumpFormatOutput(out, n->doc, c, "UTF-8", 0);
    xmlOutputBufferClose(out);
    struct str s = arena_str(a, str_n((const char *)xmlBufferContent(b), (size_t)xmlBufferLength(b)));
    xmlBufferFree(b);
    return s;
}
