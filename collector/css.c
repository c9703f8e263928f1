#include "collector/css.h"

#include "core/buf.h"

#define MAX_SELECTOR 2000

struct css {
    struct buf *out;
    const char *start, *p, *end;
    struct err *err;
};

static enum df_rc fault(struct css *c, const char *what)
{
    return err_at(c->err, DF_REJECT, NULL, 1, (int)(c->p - c->start) + 1, "selector '%.*s': %s",
                  (int)(c->end - c->start), c->start, what);
}

static bool name_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '-' || ch == '_' || (unsigned char)ch >= 0x80;
}

static struct str name(struct css *c)
{
    const char *from = c->p;
    while (c->p < c->end && name_char(*c->p))
        c->p++;
    return str_n(from, (size_t)(c->p - from));
}

static void spaces(struct css *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n'))
        c->p++;
}

/* XPath 1.0 knows no escape inside a literal: use the quote that is not in it. */
static bool put_literal(struct css *c, struct str s)
{
    char quote = memchr(s.ptr ? s.ptr : "", '\'', s.len) ? '"' : '\'';
    if (s.len && memchr(s.ptr, quote, s.len))
        return false;
    buf_putc(c->out, quote);
    buf_str(c->out, s);
    buf_putc(c->out, quote);
    return true;
}

static void put_has_word(struct css *c, const char *attr, size_t attr_len, struct str word)
{
    buf_printf(c->out, "contains(concat(' ',normalize-space(@%.*s),' '),' %.*s ')", (int)attr_len,
               attr, STR_FMT(word));
}

/* [name], [name=value], [name^="value"] … */
static enum df_rc attribute(struct css *c)
{
    c->p++;
    spaces(c);
    struct str n = name(c), value;
    spaces(c);
    if (!n.len)
        return fault(c, "an attribute name is missing");
    if (c->p < c->end && *c->p == ']') {
        c->p++;
        buf_printf(c->out, "@%.*s", STR_FMT(n));
        return DF_OK;
    }
    char op = c->p < c->end ? *c->p : '\0';
    if (op != '=')
        c->p++;
    if (c->p >= c->end || *c->p != '=' || !strchr("=^$*~", op))
        return fault(c, "'=' is missing in the attribute test");
    c->p++;
    spaces(c);
    char quote = c->p < c->end && (*c->p == '"' || *c->p == '\'') ? *c->p++ : '\0';
    const char *from = c->p;
    while (c->p < c->end && (quote ? *c->p != quote : *c->p != ']' && *c->p != ' '))
        c->p++;
    value = str_n(from, (size_t)(c->p - from));
    if (quote && c->p < c->end)
        c->p++;
    spaces(c);
    if (c->p >= c->end || *c->p != ']')
        return fault(c, "']' is missing");
    c->p++;
    if (op == '~') {
        put_has_word(c, n.ptr, n.len, value);
        return DF_OK;
    }
    bool ok = true;
    switch (op) {
    case '=':
        buf_printf(c->out, "@%.*s=", STR_FMT(n));
        ok = put_literal(c, value);
        break;
    case '^': case '*':
        buf_printf(c->out, "%s(@%.*s,", op == '^' ? "starts-with" : "contains", STR_FMT(n));
        ok = put_literal(c, value);
        buf_putc(c->out, ')');
        break;
    case '$':
        buf_printf(c->out, "substring(@%.*s,string-length(@%.*s)-%zu)=", STR_FMT(n), STR_FMT(n),
                   value.len ? value.len - 1 : 0);
        ok = put_literal(c, value);
        break;
    }
    return ok ? DF_OK : fault(c, "both kinds of quotes in a value");
}

static enum df_rc conditions(struct css *c, bool *any);

static enum df_rc pseudo(struct css *c)
{
    c->p++;
    struct str n = name(c);
    if (str_is(n, "first-child")) {
        buf_puts(c->out, "not(preceding-sibling::*)");
    } else if (str_is(n, "last-child")) {
        buf_puts(c->out, "not(following-sibling::*)");
    } else if (str_is(n, "nth-child") && c->p < c->end && *c->p == '(') {
        int k = 0;
        for (c->p++; c->p < c->end && *c->p >= '0' && *c->p <= '9' && k < 100000; c->p++)
            k = k * 10 + (*c->p - '0');
        if (k < 1 || c->p >= c->end || *c->p != ')')
            return fault(c, ":nth-child takes a number");
        c->p++;
        buf_printf(c->out, "count(preceding-sibling::*)=%d", k - 1);
    } else if (str_is(n, "not") && c->p < c->end && *c->p == '(') {
        bool any = false;
        c->p++;
        spaces(c);
        buf_puts(c->out, "not(");
        struct str type = name(c);
        if (type.len) {
            buf_printf(c->out, "self::%.*s", STR_FMT(type));
            any = true;
            if (c->p < c->end && *c->p != ')')
                buf_puts(c->out, " and ");
        }
        bool more = false;
        enum df_rc rc = conditions(c, &more);
        if (rc != DF_OK)
            return rc;
        spaces(c);
        if (!(any || more) || c->p >= c->end || *c->p != ')')
            return fault(c, ":not takes one simple selector");
        c->p++;
        buf_putc(c->out, ')');
    } else {
        return fault(c, "this pseudo class is not supported; XPath can say it");
    }
    return DF_OK;
}

/* .class #id [attr] :pseudo, joined with "and". */
static enum df_rc conditions(struct css *c, bool *any)
{
    enum df_rc rc = DF_OK;
    while (c->p < c->end && rc == DF_OK && strchr(".#[:", *c->p)) {
        if (*any)
            buf_puts(c->out, " and ");
        *any = true;
        if (*c->p == '.' || *c->p == '#') {
            char kind = *c->p++;
            struct str n = name(c);
            if (!n.len)
                return fault(c, kind == '.' ? "a class name is missing" : "an id is missing");
            if (kind == '.')
                put_has_word(c, "class", 5, n);
            else
                buf_printf(c->out, "@id='%.*s'", STR_FMT(n));
        } else if (*c->p == '[') {
            rc = attribute(c);
        } else {
            rc = pseudo(c);
        }
    }
    return rc;
}

static enum df_rc compound(struct css *c, const char *axis)
{
    buf_puts(c->out, axis);
    struct str type = name(c);
    const char *from = c->p;
    if (!type.len && c->p < c->end && *c->p == '*')
        c->p++;
    bool star = !type.len;
    buf_str(c->out, star ? STR("*") : type);
    if (c->p < c->end && strchr(".#[:", *c->p)) {
        bool any = false;
        buf_putc(c->out, '[');
        enum df_rc rc = conditions(c, &any);
        buf_putc(c->out, ']');
        return rc;
    }
    return star && c->p == from ? fault(c, "an element, .class, #id or [attribute] is missing")
                                : DF_OK;
}

static enum df_rc group(struct css *c)
{
    enum df_rc rc = compound(c, ".//");
    while (rc == DF_OK && c->p < c->end) {
        const char *before = c->p;
        spaces(c);
        if (c->p >= c->end || *c->p == ',')
            break;
        char comb = *c->p;
        if (comb == '>' || comb == '+' || comb == '~') {
            c->p++;
            spaces(c);
            if (comb == '+') {
                rc = compound(c, "/following-sibling::*[1]/self::");
            } else {
                rc = compound(c, comb == '>' ? "/" : "/following-sibling::");
            }
        } else if (c->p > before) {
            rc = compound(c, "//");
        } else {
            rc = fault(c, "this character has no meaning here");
        }
    }
    return rc;
}

static bool looks_like_xpath(struct str s)
{
    static const char *const heads[] = {"/", "./", "..", "(", "string(", "normalize-space(",
                                        "concat(", "substring", "count(", "translate(", "self::",
                                        "ancestor::", "following", "preceding", "@"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (str_starts(s, str_of(heads[i])))
            return true;
    return str_is(s, ".");
}

enum df_rc selector_parse(struct arena *a, struct str text, struct selector *out, struct err *err)
{
    *out = (struct selector){0};
    text = str_trim(text);
    if (!text.len || text.len > MAX_SELECTOR)
        return err_set(err, DF_REJECT, text.len ? "a selector is too long" : "a selector is empty");
    if (looks_like_xpath(text)) {
        out->xpath = text;
        return DF_OK;
    }
    for (size_t i = text.len; i-- > 1;) /* "a.title @href" */
        if (text.ptr[i] == '@' && text.ptr[i - 1] == ' ') {
            out->attr = str_sub(text, i + 1, text.len);
            text = str_trim(str_sub(text, 0, i));
            break;
        } else if (!name_char(text.ptr[i])) {
            break;
        }
    out->css = text;
    struct buf b = BUF_INIT(MAX_SELECTOR * 20);
    struct css c = {&b, text.ptr, text.ptr, str_end(text), err};
    enum df_rc rc = DF_OK;
    while (rc == DF_OK) {
        spaces(&c);
        rc = group(&c);
        if (rc != DF_OK || c.p >= c.end || *c.p != ',')
            break;
        c.p++;
        buf_puts(&b, " | ");
    }
    if (rc == DF_OK && c.p < c.end)
        rc = fault(&c, "this character has no meaning here");
    out->xpath = arena_str(a, buf_view(&b));
    buf_free(&b);
    return rc;
}
