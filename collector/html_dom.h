/* html_dom.h: a page as libxml2's tree, with the few questions we ask of it. Private to the
 * readers in collector/html_*.c; nothing else sees libxml2. Parsing recovers, fetches nothing and
 * keeps libxml2's own size limits (no HUGE). */
#ifndef DF_COLLECTOR_HTML_DOM_H
#define DF_COLLECTOR_HTML_DOM_H

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/xpath.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

struct html_dom;

/* The tree lies in the arena; the rest is freed. NULL when nothing could be made of it. */
struct html_dom *html_dom_parse(struct arena *, struct str html);
void html_dom_free(struct html_dom **);
htmlDocPtr html_dom_doc(const struct html_dom *);
void html_dom_ids(struct html_dom *); /* for XPath's id(), before it is used */

struct str html_dom_attr(struct arena *a, const xmlNode *n, const char *name); /* "" absent */
bool html_dom_has(const xmlNode *n, const char *name);
struct str html_dom_text(struct arena *a, xmlNode *n);  /* all characters below */
struct str html_dom_inner(struct arena *a, xmlNode *n); /* what is below, as HTML */

#endif
