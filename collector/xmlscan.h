/* xmlscan.h: a tolerant scanner for XML and tag soup that are really out there: undeclared
 * prefixes, bare ampersands, CDATA that never ends, attributes without quotes. It cuts the
 * text into tags and what lies between them and allocates nothing; every slice points into the
 * input. No entity is expanded here (see markup.h), so there is nothing to blow up.
 * Why not expat: half of the feeds people point at are not well-formed, and a reader that drops
 * a whole feed for one ampersand loses posts.
 *
 *   struct xml_scan s = xml_scan_of(text); struct xml_tag t;
 *   while (xml_next(&s, &t)) switch (t.kind) … */
#ifndef DF_COLLECTOR_XMLSCAN_H
#define DF_COLLECTOR_XMLSCAN_H

#include <stdbool.h>

#include "core/str.h"

enum xml_kind { XML_TEXT, XML_CDATA, XML_OPEN, XML_CLOSE, XML_EMPTY };

struct xml_tag {
    enum xml_kind kind;
    struct str name;   /* qualified, as written */
    struct str attrs;  /* raw, for xml_attr */
    struct str text;   /* XML_TEXT raw; XML_CDATA content */
    struct str source; /* the whole of it in the input */
};

struct xml_scan {
    const char *p, *end;
};

static inline struct xml_scan xml_scan_of(struct str s)
{
    const char *p = s.ptr ? s.ptr : "";
    return (struct xml_scan){p, p + s.len};
}

bool xml_next(struct xml_scan *s, struct xml_tag *out); /* false at the end */
/* Cuts the next attribute off *attrs; false when none is left. Value is raw. */
bool xml_attr(struct str *attrs, struct str *name, struct str *value);
/* Raw value of one attribute by its exact name; STR_NONE when absent. */
struct str xml_get(struct str attrs, const char *name);
struct str xml_local(struct str name);  /* after the colon */
struct str xml_prefix(struct str name); /* before it, "" without one */

#endif
