/* json_check.c: is this text one JSON value? Asked before libjq reads it, because libjq 1.6 loses
 * the memory of a value it was holding when it meets a fault, and `defuse serve` reads broken
 * answers for months. One pass, no memory, no recursion. */
#include "collector/extract.h"
#include "core/str.h"
#include "core/swar.h"

#define MOST_DEPTH 250 /* libjq takes 256 */

struct check {
    const char *p, *end;
    char nest[MOST_DEPTH]; /* '{' or '[' */
    int depth;
    bool odd; /* valid, but json_tidy() would change it */
};

static void skip_space(struct check *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

static bool take(struct check *c, char wanted)
{
    skip_space(c);
    if (c->p == c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

static bool hex4(struct check *c)
{
    for (int i = 0; i < 4; i++, c->p++)
        if (c->p == c->end || !strchr("0123456789abcdefABCDEF", *c->p) || !*c->p)
            return false;
    return true;
}

static bool plain_eight(const char *p)
{
    uint64_t v = swar_load(p);
    return !(swar_is(v, '"') | swar_is(v, '\\') | swar_below(v, ' '));
}

static bool string(struct check *c)
{
    if (!take(c, '"'))
        return false;
    while (c->p < c->end && *c->p != '"') {
        while (c->end - c->p >= 8 && plain_eight(c->p))
            c->p += 8;
        if (c->p == c->end || *c->p == '"')
            break;
        c->odd |= (unsigned char)*c->p < ' ';
        if (*c->p++ != '\\')
            continue;
        if (c->p == c->end || !*c->p || !strchr("\"\\/bfnrtu", *c->p))
            return false;
        if (*c->p++ != 'u')
            continue;
        c->odd |= c->p < c->end && (*c->p == 'd' || *c->p == 'D'); /* perhaps half a surrogate pair */
        if (!hex4(c))
            return false;
    }
    return take(c, '"');
}

static bool digits(struct check *c)
{
    const char *from = c->p;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9')
        c->p++;
    return c->p > from;
}

static bool number(struct check *c)
{
    const char *from = c->p;
    c->p += *c->p == '-';
    if (!digits(c))
        return false;
    c->odd |= c->p - from > 15; /* perhaps more than a double holds */
    if (c->p < c->end && *c->p == '.' && (c->p++, !digits(c)))
        return false;
    if (c->p < c->end && (*c->p == 'e' || *c->p == 'E')) {
        c->p++;
        c->p += c->p < c->end && (*c->p == '+' || *c->p == '-');
        return digits(c);
    }
    return true;
}

static bool word(struct check *c, struct str w)
{
    if (!str_starts(str_n(c->p, (size_t)(c->end - c->p)), w))
        return false;
    c->p += w.len;
    return true;
}

/* What stands at p; an opening bracket only goes one level down. */
static bool value(struct check *c, bool *opened)
{
    skip_space(c);
    *opened = false;
    if (c->p == c->end)
        return false;
    switch (*c->p) {
    case '"': return string(c);
    case 't': return word(c, STR("true"));
    case 'f': return word(c, STR("false"));
    case 'n': return word(c, STR("null"));
    case '{':
    case '[':
        *opened = true;
        if (c->depth == MOST_DEPTH)
            return false;
        c->nest[c->depth++] = *c->p++;
        return true;
    default: return number(c);
    }
}

static bool key(struct check *c)
{
    return string(c) && take(c, ':');
}

static bool whole_value(struct str text, bool *odd)
{
    struct check c = {.p = text.ptr, .end = str_end(text)};
    bool opened;
    do {
        if (!value(&c, &opened))
            return false;
        if (opened) { /* empty, or its first element */
            bool object = c.nest[c.depth - 1] == '{';
            if (!take(&c, object ? '}' : ']')) {
                if (object && !key(&c))
                    return false;
                continue;
            }
            c.depth--;
        }
        while (c.depth && take(&c, c.nest[c.depth - 1] == '{' ? '}' : ']'))
            c.depth--;
        if (c.depth && (!take(&c, ',') || (c.nest[c.depth - 1] == '{' && !key(&c))))
            return false;
    } while (c.depth);
    skip_space(&c);
    *odd = c.odd;
    return c.p == c.end;
}

bool json_well_formed(struct str text)
{
    bool odd;
    return whole_value(text, &odd);
}

bool json_is_plain(struct str text)
{
    bool odd;
    text = str_trim(text);
    return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[') && whole_value(text, &odd) && !odd;
}
