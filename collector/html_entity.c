/* html_entity.c: the names of HTML's entities are libxml2's. */
#include <libxml/HTMLparser.h>

#include "collector/markup.h"

unsigned entity_lookup(struct str name)
{
    char z[16];
    if (name.len == 0 || name.len >= sizeof z)
        return 0;
    memcpy(z, name.ptr, name.len);
    z[name.len] = '\0';
    if (strcmp(z, "apos") == 0)
        return '\'';
    const htmlEntityDesc *d = htmlEntityLookup((const xmlChar *)z);
    return d ? d->value : 0;
}
