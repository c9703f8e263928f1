#include "collector/css_match.h"

struct test { /* class when word is set; attr = NULL: the type */
    const char *attr;
    struct str value;
    enum { TYPE, WORD, EQUAL, PRESENT } kind;
};

/* One element's tests, and how the element before it in the selector lies to it. */
struct compound {
    struct test *tests;
    size_t count, cap;
    bool child; /* of the one before; else a descendant */
};

struct chain {
    struct compound *parts;
    size_t count, cap;
};

struct css_match {
    struct chain *chains; /* between commas */
    size_t count, cap;
};

/* --- reading --- */

struct css_reader {
    const char *p, *end;
    struct arena *arena;
};

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || (unsigned char)c >= 0x80;
}

static struct str name(struct css_reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && name_char(*r->p))
        r->p++;
    return str_n(from, (size_t)(r->p - from));
}

static void spaces(struct css_reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n'))
        r->p++;
}

static bool attribute(struct css_reader *r, struct test *t)
{
    spaces(r);
    struct str n = name(r);
    t->attr = arena_strz(r->arena, n);
    t->kind = PRESENT;
    spaces(r);
    if (n.len && r->p < r->end && *r->p == '=') {
        r->p++;
        spaces(r);
        char quote = r->p < r->end && (*r->p == '"' || *r->p == '\'') ? *r->p++ : '\0';
        const char *from = r->p;
        while (r->p < r->end && (quote ? *r->p != quote : *r->p != ']' && *r->p != ' '))
            r->p++;
        t->value = str_n(from, (size_t)(r->p - from));
        t->kind = EQUAL;
        if (quote && r->p < r->end)
            r->p++;
        spaces(r);
    }
    return n.len && r->p < r->end && *r->p++ == ']';
}

static bool condition(struct css_reader *r, struct compound *c)
{
    char kind = *r->p++;
    struct test t = {.attr = kind == '#' ? "id" : "class", .kind = kind == '#' ? EQUAL : WORD};
    if (kind == '[') {
        if (!attribute(r, &t))
            return false;
    } else {
        t.value = name(r);
        if (!t.value.len)
            return false;
    }
    *ARENA_PUSH(r->arena, c->tests, c->count, c->cap) = t;
    return true;
}

static bool compound(struct css_reader *r, struct compound *c)
{
    struct str type = name(r);
    const char *from = r->p;
    if (type.len)
        *ARENA_PUSH(r->arena, c->tests, c->count, c->cap) = (struct test){.value = type, .kind = TYPE};
    else if (r->p < r->end && *r->p == '*')
        r->p++;
    while (r->p < r->end && (*r->p == '.' || *r->p == '#' || *r->p == '['))
        if (!condition(r, c))
            return false;
    return type.len || r->p > from;
}

static bool chain(struct css_reader *r, struct chain *out)
{
    bool child = false;
    for (;;) {
        struct compound c = {.child = child};
        if (!compound(r, &c))
            return false;
        *ARENA_PUSH(r->arena, out->parts, out->count, out->cap) = c;
        const char *before = r->p;
        spaces(r);
        if (r->p == r->end || *r->p == ',')
            return true;
        child = *r->p == '>';
        if (child) {
            r->p++;
            spaces(r);
        } else if (r->p == before) {
            return false;
        }
    }
}

const struct css_match *css_match_parse(struct arena *a, struct str css)
{
    struct css_match *m = ARENA_NEW(a, struct css_match);
    struct css_reader r = {css.ptr, str_end(css), a};
    for (;;) {
        struct chain c = {0};
        spaces(&r);
        if (!chain(&r, &c))
            return NULL;
        *ARENA_PUSH(a, m->chains, m->count, m->cap) = c;
        if (r.p == r.end)
            return m;
        r.p++;
    }
}

/* --- matching --- */

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool has_word(struct str s, struct str word)
{
    for (size_t i = 0; i < s.len;) {
        while (i < s.len && blank(s.ptr[i]))
            i++;
        size_t from = i;
        while (i < s.len && !blank(s.ptr[i]))
            i++;
        if (str_eq(str_sub(s, from, i - from), word))
            return true;
    }
    return false;
}

static const xmlAttr *attribute_of(const xmlNode *n, const char *attr)
{
    const xmlAttr *at = n->properties;
    while (at && strcmp((const char *)at->name, attr) != 0)
        at = at->next;
    return at;
}

static bool passes(const xmlNode *n, const struct test *t)
{
    if (t->kind == TYPE)
        return str_is(t->value, (const char *)n->name);
    const xmlAttr *at = attribute_of(n, t->attr);
    if (!at || t->kind == PRESENT)
        return at != NULL;
    const xmlNode *text = at->children; /* one, or none when it is empty */
    struct str value = str_of(text && text->content ? (const char *)text->content : "");
    return t->kind == WORD ? has_word(value, t->value) : str_eq(value, t->value);
}

static bool fits(const xmlNode *n, const struct compound *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (!passes(n, &c->tests[i]))
            return false;
    return true;
}

/* Does the chain up to part k end in n? All its elements lie below `from`. */
static bool ends_in(const struct chain *c, size_t k, const xmlNode *n, const xmlNode *from)
{
    if (!fits(n, &c->parts[k]))
        return false;
    if (k == 0)
        return true;
    for (const xmlNode *up = n->parent; up && up != from; up = up->parent) {
        if (ends_in(c, k - 1, up, from))
            return true;
        if (c->parts[k].child)
            return false;
    }
    return false;
}

void css_match_find(const struct css_match *m, struct arena *a, const xmlNode *from, size_t most,
                    struct node_list *out)
{
    for (xmlNode *n = from->children; n && out->count < most;) {
        if (n->type == XML_ELEMENT_NODE)
            for (size_t i = 0; i < m->count; i++)
                if (ends_in(&m->chains[i], m->chains[i].count - 1, n, from)) {
                    *ARENA_PUSH(a, out->items, out->count, out->cap) = n;
                    break;
                }
        if (n->type == XML_ELEMENT_NODE && n->children) {
            n = n->children;
            continue;
        }
        while (n && n != from && !n->next)
            n = n->parent;
        n = n && n != from ? n->next : NULL;
    }
}
