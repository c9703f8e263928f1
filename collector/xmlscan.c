#include "collector/xmlscan.h"

static bool space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (unsigned char)c >= 0x80;
}

static bool name_char(char c)
{
    return name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static const char *find(const char *p, const char *end, const char *mark)
{
    ptrdiff_t at = str_find(str_n(p, (size_t)(end - p)), str_of(mark));
    return at < 0 ? NULL : p + at;
}

/* Behind "<!": comment, CDATA or declaration. Returns where it ends. */
static const char *declaration_end(const char *p, const char *end)
{
    const char *e;
    if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
        e = find(p + 4, end, "-->");
        return e ? e + 3 : end;
    }
    int depth = 0; /* a DOCTYPE may hold declarations in brackets */
    for (e = p + 2; e < end; e++) {
        if (*e == '[')
            depth++;
        else if (*e == ']')
            depth--;
        else if (*e == '>' && depth <= 0)
            return e + 1;
        else if (*e == '<' && depth <= 0)
            return e; /* it was never closed */
    }
    return end;
}

/* How far a quote may reach before it counts as never closed: real values are short, and one
 * forgotten quote must neither swallow the document nor make the scan quadratic. */
#define QUOTE_REACH 65536
#define QUOTE_REACH_OVER_TAGS 4096

static const char *quote_end(const char *p, const char *end)
{
    size_t reach = (size_t)(end - p - 1) < QUOTE_REACH ? (size_t)(end - p - 1) : QUOTE_REACH;
    const char *close = memchr(p + 1, *p, reach);
    if (close && close - p > QUOTE_REACH_OVER_TAGS && memchr(p, '<', (size_t)(close - p)))
        return NULL;
    return close;
}

/* Where the tag that begins at p ends: the first '>' outside quotes, or a '<'. */
static const char *tag_end(const char *p, const char *end)
{
    for (const char *e = p; e < end; e++) {
        if ((*e == '"' || *e == '\'') && e > p && (e[-1] == '=' || space(e[-1]))) {
            const char *close = quote_end(e, end);
            e = close ? close : e;
        } else if (*e == '>' || *e == '<') {
            return e;
        }
    }
    return end;
}

static bool take_tag(struct xml_scan *s, struct xml_tag *out)
{
    const char *p = s->p + 1;
    bool close = p < s->end && *p == '/';
    if (close)
        p++;
    const char *name = p;
    while (p < s->end && name_char(*p))
        p++;
    const char *e = tag_end(p, s->end);
    out->kind = close ? XML_CLOSE : XML_OPEN;
    out->name = str_n(name, (size_t)(p - name));
    const char *last = e;
    if (!close && last > p && last[-1] == '/') {
        out->kind = XML_EMPTY;
        last--;
    }
    out->attrs = str_n(p, (size_t)(last - p));
    out->text = STR_NONE;
    out->source.ptr = s->p;
    s->p = e < s->end && *e == '>' ? e + 1 : e;
    out->source.len = (size_t)(s->p - out->source.ptr);
    return true;
}

bool xml_next(struct xml_scan *s, struct xml_tag *out)
{
    const char *start = s->p, *p = s->p;
    while (p < s->end) {
        const char *lt = memchr(p, '<', (size_t)(s->end - p));
        if (!lt) {
            p = s->end;
            break;
        }
        char c = lt + 1 < s->end ? lt[1] : '\0';
        bool tag = name_start(c) || (c == '/' && lt + 2 < s->end && name_start(lt[2]));
        if (!tag && c != '!' && c != '?') {
            p = lt + 1; /* "a < b" */
            continue;
        }
        if (lt > start) { /* text first, the tag next time */
            p = lt;
            break;
        }
        if (tag) {
            s->p = lt;
            return take_tag(s, out);
        }
        if (c == '!' && s->end - lt >= 9 && memcmp(lt, "<![CDATA[", 9) == 0) {
            const char *e = find(lt + 9, s->end, "]]>");
            *out = (struct xml_tag){.kind = XML_CDATA,
                                    .text = str_n(lt + 9, (size_t)((e ? e : s->end) - lt - 9))};
            s->p = e ? e + 3 : s->end;
            out->source = str_n(lt, (size_t)(s->p - lt));
            return true;
        }
        if (c == '?') {
            const char *near = s->end - lt > QUOTE_REACH_OVER_TAGS ? lt + QUOTE_REACH_OVER_TAGS : s->end;
            const char *e = find(lt, near, "?>"), *gt = memchr(lt, '>', (size_t)(s->end - lt));
            p = e ? e + 2 : gt ? gt + 1 : s->end;
        } else {
            p = declaration_end(lt, s->end);
        }
        start = s->p = p;
    }
    if (p == start)
        return false;
    *out = (struct xml_tag){.kind = XML_TEXT, .text = str_n(start, (size_t)(p - start))};
    out->source = out->text;
    s->p = p;
    return true;
}

bool xml_attr(struct str *attrs, struct str *name, struct str *value)
{
    if (!attrs->len)
        return false;
    const char *p = attrs->ptr ? attrs->ptr : "", *end = p + attrs->len;
    while (p < end && (space(*p) || *p == '/' || *p == '"' || *p == '\'' || *p == '='))
        p++;
    const char *n = p;
    while (p < end && !space(*p) && *p != '=' && *p != '/')
        p++;
    *name = str_n(n, (size_t)(p - n));
    *value = STR_NONE;
    if (name->len == 0)
        return false;
    const char *after = p;
    while (p < end && space(*p))
        p++;
    if (p < end && *p == '=') {
        for (p++; p < end && space(*p);)
            p++;
        char quote = p < end && (*p == '"' || *p == '\'') ? *p++ : '\0';
        const char *v = p;
        while (p < end && (quote ? *p != quote : !space(*p)))
            p++;
        *value = str_n(v, (size_t)(p - v));
        if (quote && p < end)
            p++;
        after = p;
    }
    *attrs = str_n(after, (size_t)(end - after));
    return true;
}

struct str xml_get(struct str attrs, const char *name)
{
    struct str n, v;
    while (xml_attr(&attrs, &n, &v))
        if (str_is(n, name))
            return v;
    return STR_NONE;
}

struct str xml_local(struct str name)
{
    ptrdiff_t colon = str_chr(name, ':');
    return colon < 0 ? name : str_sub(name, (size_t)colon + 1, name.len);
}

struct str xml_prefix(struct str name)
{
    ptrdiff_t colon = str_chr(name, ':');
    return colon < 0 ? STR_NONE : str_sub(name, 0, (size_t)colon);
}
