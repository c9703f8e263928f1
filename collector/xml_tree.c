/* xml_tree.c: any XML → JSON for jq. An element becomes an object: "@name" for an attribute,
 * "#" for its text, and under each child's name (as written, with prefix) a list of children:
 *   <entry id="7"><im:rating>5</im:rating></entry>
 *   {"entry": [{"@id": "7", "im:rating": [{"#": "5"}]}]}                                        */
#include <stdlib.h>

#include "collector/extract.h"
#include "collector/markup.h"
#include "collector/xmlscan.h"
#include "core/json.h"
#include "core/limits.h"

#define MAX_NODES 500000
#define MAX_DEPTH 64
#define MAX_NAMES 256 /* different children of one element; more is no format, but an attack */

struct node {
    struct str name, attrs;
    struct buf text;
    struct node *parent;
    struct node *first, *last; /* children, one of each name */
    struct node *next;         /* the next name */
    struct node *same, *tail;  /* siblings of this name; tail is kept in the first of them */
    int names;
};

static void put_attributes(struct json_out *w, struct arena *a, struct str attrs)
{
    struct str name, value;
    char key[128];
    while (xml_attr(&attrs, &name, &value)) {
        snprintf(key, sizeof key, "@%.*s", STR_FMT(name));
        json_key(w, key);
        json_put_str(w, entities_decode(a, value));
    }
}

static void put_node(struct json_out *w, struct arena *a, struct node *n)
{
    json_open(w, '{');
    put_attributes(w, a, n->attrs);
    struct str text = str_trim(buf_view(&n->text));
    if (text.len)
        json_pair_str(w, "#", text);
    for (struct node *c = n->first; c; c = c->next) {
        json_key(w, arena_strz(a, c->name));
        json_open(w, '[');
        for (struct node *s = c; s; s = s->same)
            put_node(w, a, s);
        json_close(w, ']');
    }
    json_close(w, '}');
    buf_free(&n->text);
}

/* False when the parent has too many names: the child is passed over with all below it. */
static bool add_child(struct node *parent, struct node *n)
{
    for (struct node *c = parent->first; c; c = c->next)
        if (str_eq(c->name, n->name)) {
            c->tail->same = n;
            c->tail = n;
            return true;
        }
    if (parent->names >= MAX_NAMES)
        return false;
    parent->names++;
    n->tail = n;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
    return true;
}

void xml_to_json(struct buf *out, struct arena *a, struct str text)
{
    struct xml_scan s = xml_scan_of(text);
    struct xml_tag t;
    struct node root = {.text = BUF_INIT(DF_MAX_BODY)}, *at = &root;
    int depth = 0;
    long nodes = 0;
    while (xml_next(&s, &t) && nodes < MAX_NODES) {
        if (t.kind == XML_TEXT) {
            entities_put(&at->text, t.text);
        } else if (t.kind == XML_CDATA) {
            buf_str(&at->text, t.text);
        } else if (t.kind == XML_CLOSE) {
            struct node *n = at;
            while (n->parent && !str_eq(n->name, t.name))
                n = n->parent;
            if (n->parent) { /* an end without a beginning is passed over */
                for (; at != n; at = at->parent)
                    depth--;
                at = n->parent;
                depth--;
            }
        } else {
            struct node *n = ARENA_NEW(a, struct node);
            nodes++;
            *n = (struct node){.name = t.name, .attrs = t.attrs, .parent = at,
                               .text = BUF_INIT(DF_MAX_BODY)};
            if (add_child(at, n) && t.kind == XML_OPEN && depth < MAX_DEPTH) {
                at = n;
                depth++;
            }
        }
    }
    struct json_out w = {.buf = out};
    put_node(&w, a, &root);
    buf_putc(out, '\n');
}
