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

htmlDocPtr html_dom_parse(struct str html); /* NULL when nothing could be made of it */
struct str html_dom_attr(struct arena *a, const xmlNode *n, const char *name); /* "" absent */
bool html_dom_has(const xmlNode *n, const char *name);
struct str html_dom_text(struct arena *a, xmlNode *n);  /* all characters below */
struct str html_dom_inner(struct arena *a, xmlNode *n); /* what is below, as HTML */

#endif
