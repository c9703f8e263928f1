/* css_match.h: the selectors people write most, matched on libxml2's tree without XPath: types, classes,
 * ids, [attribute], [attribute=value], descendants, children, commas. What it finds is what the XPath
 * of css.h finds, in the order of the document. */
#ifndef DF_COLLECTOR_CSS_MATCH_H
#define DF_COLLECTOR_CSS_MATCH_H

#include "collector/html_dom.h"

struct css_match;

struct node_list {
    xmlNode **items;
    size_t count, cap;
};

/* NULL: more than that; css must be one that selector_parse() takes. */
const struct css_match *css_match_parse(struct arena *, struct str css);
/* Elements below `from`; at most `most` of them. */
void css_match_find(const struct css_match *, struct arena *, const xmlNode *from, size_t most,
                    struct node_list *out);

#endif
