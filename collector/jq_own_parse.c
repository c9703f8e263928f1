/* jq_own_parse.c: jq's grammar by recursive descent. Precedence, lowest first: | , // = |= or and
 * == < + * and what binds to a term. Whatever is not read here is a fault, and libjq's business. */
#include <stdlib.h>

#include "collector/jq_own.h"
#include "core/utf8.h"

#define MAX_DEPTH 200
#define MAX_STRING 65536

struct jq_scope {
    struct jq_scope *up;
    enum { VARIABLE, PARAMETER, FUNCTION } kind;
    struct str name;
    size_t arity;
    int id;
    struct jq_def *def;
};

static struct jq_node *read_pipe(struct jq_reader *r);
static struct jq_node *read_postfix(struct jq_reader *r);

static struct jq_node *node(struct jq_reader *r, enum jq_op op, struct jq_node *a, struct jq_node *b)
{
    struct jq_node *n = ARENA_NEW(r->arena, struct jq_node);
    n->op = op;
    n->a = a;
    n->b = b;
    return n;
}

static struct jq_node *fault(struct jq_reader *r)
{
    r->fault = true;
    r->p = r->end;
    return node(r, JQ_UNKNOWN, NULL, NULL);
}

static struct jq_node *constant(struct jq_reader *r, struct jval v)
{
    struct jq_node *n = node(r, JQ_CONST, NULL, NULL);
    n->value = v;
    return n;
}

/* --- signs and words --- */

static void skip(struct jq_reader *r)
{
    while (r->p < r->end) {
        if (*r->p == '#') {
            const char *nl = memchr(r->p, '\n', (size_t)(r->end - r->p));
            r->p = nl ? nl : r->end;
        } else if (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r') {
            r->p++;
        } else {
            break;
        }
    }
}

static char peek(struct jq_reader *r)
{
    skip(r);
    return r->p < r->end ? *r->p : '\0';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || digit(c);
}

static struct str name_here(struct jq_reader *r)
{
    const char *from = r->p;
    if (r->p < r->end && !digit(*r->p))
        while (r->p < r->end && name_char(*r->p))
            r->p++;
    return str_n(from, (size_t)(r->p - from));
}

/* A sign or a word, whole. */
static bool take(struct jq_reader *r, const char *z)
{
    struct str want = str_of(z);
    skip(r);
    if (!str_starts(str_n(r->p, (size_t)(r->end - r->p)), want))
        return false;
    const char *after = r->p + want.len;
    if (name_char(want.ptr[0]) && after < r->end && (name_char(*after) || *after == ':'))
        return false;
    r->p = after;
    return true;
}

static void need(struct jq_reader *r, const char *z)
{
    if (!take(r, z))
        fault(r);
}

/* --- names --- */

static struct jq_scope *declare(struct jq_reader *r, int kind, struct str name, size_t arity)
{
    struct jq_scope *s = ARENA_NEW(r->arena, struct jq_scope);
    *s = (struct jq_scope){.up = r->scope, .name = name, .arity = arity, .id = ++r->last_id};
    s->kind = kind;
    r->scope = s;
    return s;
}

int jq_read_var(struct jq_reader *r, const char *name)
{
    return declare(r, VARIABLE, str_of(name), 0)->id;
}

static const struct jq_scope *find(struct jq_reader *r, bool variable, struct str name, size_t arity)
{
    for (const struct jq_scope *s = r->scope; s; s = s->up)
        if ((s->kind == VARIABLE) == variable && s->arity == arity && str_eq(s->name, name))
            return s;
    return NULL;
}

static struct jq_node *variable(struct jq_reader *r, struct str name)
{
    const struct jq_scope *s = find(r, true, name, 0);
    struct jq_node *n = node(r, JQ_VAR, NULL, NULL);
    if (!name.len || !s)
        return fault(r);
    n->id = s->id;
    return n;
}

static bool regex(struct jq_reader *r, struct str name, struct jq_node *n)
{
    static const struct {
        struct str name;
        size_t arity;
    } known[] = {{STR("test"), 1}, {STR("capture"), 1}, {STR("sub"), 2}, {STR("gsub"), 2}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (n->count != known[i].arity || !str_eq(name, known[i].name))
            continue;
        for (size_t k = 0; k < n->count; k++)
            if (n->list[k]->op != JQ_CONST || n->list[k]->value.kind != J_STRING)
                return true; /* stays unknown */
        n->regex = jq_regex_new(r->arena, jval_text(n->list[0]->value), &r->regexes);
        n->sign = name.ptr[0];
        n->op = n->regex ? JQ_REGEX : JQ_UNKNOWN;
        return true;
    }
    return false;
}

static struct jq_node *call(struct jq_reader *r, struct str name)
{
    struct jq_node *n = node(r, JQ_UNKNOWN, NULL, NULL);
    if (take(r, "(")) {
        do
            *ARENA_PUSH(r->arena, n->list, n->count, n->cap) = read_pipe(r);
        while (take(r, ";"));
        need(r, ")");
    }
    const struct jq_scope *s = find(r, false, name, n->count);
    if (n->count > JQ_MAX_ARGS || regex(r, name, n))
        return n;
    if (s) {
        n->op = s->kind == PARAMETER ? JQ_PARAM : JQ_CALL;
        n->id = s->id;
        n->def = s->def;
    } else if ((n->id = jq_builtin(name, n->count)) >= 0) {
        n->op = JQ_BUILTIN;
    }
    return n;
}

/* def name(f; $v): body; — what follows it is up to the caller. */
static struct jq_def *read_def(struct jq_reader *r)
{
    struct jq_def *d = ARENA_NEW(r->arena, struct jq_def);
    skip(r);
    d->name = name_here(r);
    if (take(r, "(")) {
        do {
            bool value = take(r, "$");
            skip(r);
            if (d->arity == JQ_MAX_ARGS) {
                fault(r);
                return d;
            }
            d->params[d->arity].value_id = value;
            d->params[d->arity++].name = name_here(r);
        } while (take(r, ";"));
        need(r, ")");
    }
    need(r, ":");
    struct jq_scope *own = declare(r, FUNCTION, d->name, d->arity);
    own->def = d;
    for (size_t i = 0; i < d->arity; i++) {
        d->params[i].id = declare(r, PARAMETER, d->params[i].name, 0)->id;
        if (d->params[i].value_id)
            d->params[i].value_id = declare(r, VARIABLE, d->params[i].name, 0)->id;
    }
    d->body = read_pipe(r);
    need(r, ";");
    r->scope = own; /* parameters end here, the function can be used */
    if (!d->name.len)
        fault(r);
    return d;
}

/* --- terms --- */

static struct jq_node *named(struct jq_reader *r, struct str name)
{
    return constant(r, jval_str(arena_str(r->arena, name)));
}

static struct jq_node *joined(struct jq_reader *r, struct jq_node *left, struct jq_node *right)
{
    if (!left)
        return right;
    struct jq_node *n = node(r, JQ_ARITH, left, right);
    n->sign = '+';
    return n;
}

static struct jq_node *read_string(struct jq_reader *r)
{
    struct jq_node *whole = NULL;
    struct buf b = BUF_INIT(MAX_STRING);
    for (r->p++; r->p < r->end && *r->p != '"';) {
        char c = *r->p++;
        if (c != '\\') {
            buf_putc(&b, c);
            continue;
        }
        c = r->p < r->end ? *r->p++ : '\0';
        if (c == '(') {
            struct jq_node *made = node(r, JQ_BUILTIN, NULL, NULL);
            made->id = jq_builtin(STR("tostring"), 0);
            whole = joined(r, whole, named(r, buf_view(&b)));
            whole = joined(r, whole, node(r, JQ_PIPE, read_pipe(r), made));
            need(r, ")");
            buf_reset(&b);
        } else if (c && strchr("\"\\/", c)) {
            buf_putc(&b, c);
        } else if (c == 'n' || c == 't' || c == 'r') {
            buf_putc(&b, c == 'n' ? '\n' : c == 't' ? '\t' : '\r');
        } else {
            fault(r); /* \u and what is rarer */
        }
    }
    need(r, "\"");
    whole = joined(r, whole, named(r, buf_view(&b)));
    if (b.full)
        fault(r);
    buf_free(&b);
    return whole;
}

static struct jq_node *field(struct jq_reader *r, struct jq_node *of, struct jq_node *name)
{
    if (name->op != JQ_CONST) {
        struct jq_node *n = node(r, JQ_INDEX, of, name);
        return n;
    }
    struct jq_node *n = node(r, JQ_FIELD, of, NULL);
    n->value = name->value;
    return n;
}

/* Behind '[' of a suffix: "]", "key]", "from:to]". */
static struct jq_node *bracket(struct jq_reader *r, struct jq_node *of)
{
    if (take(r, "]"))
        return node(r, JQ_EACH, of, NULL);
    struct jq_node *from = peek(r) == ':' ? constant(r, JVAL(J_NULL)) : read_pipe(r), *n;
    if (take(r, ":")) {
        n = node(r, JQ_SLICE, of, from);
        n->c = peek(r) == ']' ? constant(r, JVAL(J_NULL)) : read_pipe(r);
    } else if (from->op == JQ_CONST && from->value.kind == J_STRING) {
        n = field(r, of, from);
    } else {
        n = node(r, JQ_INDEX, of, from);
    }
    need(r, "]");
    return n;
}

static struct jq_node *read_object(struct jq_reader *r)
{
    struct jq_node *n = node(r, JQ_OBJECT, NULL, NULL);
    while (!r->fault && peek(r) != '}') {
        struct jq_node *k, *v = NULL;
        if (take(r, "$")) {
            struct str name = name_here(r);
            k = named(r, name);
            v = variable(r, name);
        } else if (take(r, "(")) {
            k = read_pipe(r);
            need(r, ")");
        } else if (peek(r) == '"') {
            k = read_string(r);
        } else {
            struct str name = name_here(r);
            k = name.len ? named(r, name) : fault(r);
        }
        if (!v && take(r, ":")) {
            v = read_postfix(r);
            while (peek(r) == '|' && !r->fault) {
                r->p++;
                v = node(r, JQ_PIPE, v, read_postfix(r));
            }
        } else if (!v) {
            v = k->op == JQ_CONST ? field(r, node(r, JQ_IDENTITY, NULL, NULL), k) : fault(r);
        }
        *ARENA_PUSH(r->arena, n->list, n->count, n->cap) = k;
        *ARENA_PUSH(r->arena, n->list, n->count, n->cap) = v;
        if (!take(r, ","))
            break;
    }
    need(r, "}");
    return n->count <= 2 * JQ_MAX_KEYS ? n : fault(r);
}

static struct jq_node *read_if(struct jq_reader *r)
{
    struct jq_node *n = node(r, JQ_IF, read_pipe(r), NULL);
    need(r, "then");
    n->b = read_pipe(r);
    if (take(r, "elif")) {
        n->c = read_if(r);
        return n;
    }
    need(r, "else");
    n->c = read_pipe(r);
    need(r, "end");
    return n;
}

static struct jq_node *read_number(struct jq_reader *r)
{
    const char *from = r->p;
    while (r->p < r->end && (digit(*r->p) || *r->p == '.'))
        r->p++;
    double v;
    bool plain = r->p == r->end || (*r->p != 'e' && *r->p != 'E');
    return plain && r->p - from < 16 && str_f64(str_n(from, (size_t)(r->p - from)), &v)
               ? constant(r, jval_num(v))
               : fault(r);
}

static struct jq_node *read_dot(struct jq_reader *r)
{
    r->p++;
    struct jq_node *self = node(r, JQ_IDENTITY, NULL, NULL);
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        return node(r, JQ_RECURSE, NULL, NULL);
    }
    if (r->p < r->end && *r->p == '"')
        return field(r, self, read_string(r));
    struct str name = name_here(r);
    return name.len ? field(r, self, named(r, name)) : self;
}

static struct jq_node *read_word(struct jq_reader *r)
{
    static const char *const others[] = {"reduce", "foreach", "try", "label", "import", "include",
                                         "__loc__", "then", "else", "end", "as", "and", "or", "def"};
    static const struct {
        const char *name;
        enum jkind kind;
    } fixed[] = {{"null", J_NULL}, {"true", J_TRUE}, {"false", J_FALSE}};
    struct str name = name_here(r);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_is(name, others[i]))
            return fault(r);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (str_is(name, fixed[i].name))
            return constant(r, JVAL(fixed[i].kind));
    return name.len ? call(r, name) : fault(r);
}

static struct jq_node *read_term(struct jq_reader *r)
{
    struct jq_node *n;
    char c = peek(r);
    switch (c) {
    case '.': return read_dot(r);
    case '"': return read_string(r);
    case '{': r->p++; return read_object(r);
    case '$': r->p++; return variable(r, name_here(r));
    case '(':
        r->p++;
        n = read_pipe(r);
        need(r, ")");
        return n;
    case '[':
        r->p++;
        n = node(r, JQ_COLLECT, peek(r) == ']' ? NULL : read_pipe(r), NULL);
        need(r, "]");
        return n;
    default: return digit(c) ? read_number(r) : read_word(r);
    }
}

static bool suffix_follows(struct jq_reader *r)
{
    char c = peek(r);
    return c == '[' || (c == '.' && r->end - r->p > 1 && (name_char(r->p[1]) || r->p[1] == '"') &&
                        !digit(r->p[1]));
}

/* A term with what binds to it; a '?' behind it makes it an expression: nothing may follow then. */
static struct jq_node *read_postfix(struct jq_reader *r)
{
    bool indexed = peek(r) == '.' && r->end - r->p > 1 && r->p[1] != '.';
    struct jq_node *n = read_term(r);
    indexed = indexed && n->op == JQ_FIELD;
    while (!r->fault) {
        if (suffix_follows(r)) {
            if (*r->p++ == '[')
                n = bracket(r, n);
            else if (*r->p == '"')
                n = field(r, n, read_string(r));
            else
                n = field(r, n, named(r, name_here(r)));
            indexed = true;
        } else if (peek(r) == '?') {
            r->p++;
            if (indexed) {
                n->optional = true;
                indexed = false;
            } else {
                n = node(r, JQ_TRY, n, NULL);
                if (suffix_follows(r))
                    fault(r);
            }
        } else {
            break;
        }
    }
    return n;
}

/* --- operators --- */

static struct jq_node *read_unary(struct jq_reader *r)
{
    if (take(r, "if"))
        return read_if(r);
    if (take(r, "def")) {
        struct jq_scope *before = r->scope;
        struct jq_node *n = node(r, JQ_DEF, NULL, NULL);
        n->def = read_def(r);
        n->id = r->scope->id;
        n->a = read_pipe(r);
        r->scope = before;
        return n;
    }
    if (take(r, "-"))
        return node(r, JQ_NEGATE, read_postfix(r), NULL);
    struct jq_node *n = read_postfix(r);
    if (!take(r, "as"))
        return n;
    struct jq_scope *before = r->scope;
    need(r, "$");
    struct str name = name_here(r);
    need(r, "|");
    n = node(r, JQ_AS, n, NULL);
    n->id = declare(r, VARIABLE, name, 0)->id;
    n->b = name.len ? read_pipe(r) : fault(r);
    r->scope = before;
    return n;
}

static const struct binary {
    const char *sign;
    int level;
    enum jq_op op;
    int detail;
} binaries[] = {
    {"//", 1, JQ_ALT, 0},     {"|=", 2, JQ_SET, '|'},        {"==", 5, JQ_COMPARE, JQ_EQ},
    {"=", 2, JQ_SET, '='},    {"or", 3, JQ_OR, 0},           {"and", 4, JQ_AND, 0},
    {"!=", 5, JQ_COMPARE, JQ_NE}, {"<=", 5, JQ_COMPARE, JQ_LE}, {"<", 5, JQ_COMPARE, JQ_LT},
    {">=", 5, JQ_COMPARE, JQ_GE}, {">", 5, JQ_COMPARE, JQ_GT},  {"+", 6, JQ_ARITH, '+'},
    {"-", 6, JQ_ARITH, '-'},  {"*", 7, JQ_ARITH, '*'},       {"/", 7, JQ_ARITH, '/'},
};

static const struct binary *binary_here(struct jq_reader *r)
{
    static const char *const others[] = {"//=", "+=", "-=", "*=", "/=", "%=", "?//"};
    skip(r);
    struct str rest = str_n(r->p, (size_t)(r->end - r->p));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_starts(rest, str_of(others[i]))) {
            fault(r);
            return NULL;
        }
    const char *at = r->p;
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++)
        if (take(r, binaries[i].sign)) {
            r->p = at;
            return &binaries[i];
        }
    return NULL;
}

static struct jq_node *read_level(struct jq_reader *r, int level)
{
    struct jq_node *left = level > 7 ? read_unary(r) : read_level(r, level + 1);
    const struct binary *b;
    while (level <= 7 && !r->fault && (b = binary_here(r)) != NULL && b->level == level) {
        need(r, b->sign);
        /* "//" groups to the right, assignments and comparisons do not group at all */
        struct jq_node *right = read_level(r, level == 1 ? 1 : level + 1);
        left = node(r, b->op, left, right);
        left->sign = (char)b->detail;
        left->compare = b->op == JQ_COMPARE ? (enum jq_compare)b->detail : JQ_EQ;
        if (level == 2 || level == 5) {
            b = binary_here(r);
            if (b && b->level == level)
                return fault(r);
        }
    }
    return left;
}

static struct jq_node *read_comma(struct jq_reader *r)
{
    struct jq_node *n = read_level(r, 1);
    while (!r->fault && take(r, ","))
        n = node(r, JQ_COMMA, n, read_level(r, 1));
    return n;
}

static struct jq_node *read_pipe(struct jq_reader *r)
{
    if (r->fault || ++r->depth > MAX_DEPTH)
        return fault(r);
    struct jq_node *n = read_comma(r);
    if (!r->fault && peek(r) == '|' && !(r->end - r->p > 1 && r->p[1] == '=')) {
        r->p++;
        n = node(r, JQ_PIPE, n, read_pipe(r));
    }
    r->depth--;
    return n;
}

/* --- whole texts --- */

void jq_read_defs(struct jq_reader *r, struct str text)
{
    r->p = text.ptr;
    r->end = str_end(text);
    while (!r->fault && take(r, "def"))
        read_def(r);
    if (peek(r))
        r->fault = true;
}

struct jq_node *jq_read(struct jq_reader *r, struct str text)
{
    struct jq_scope *before = r->scope;
    r->p = text.ptr;
    r->end = str_end(text);
    r->depth = 0;
    struct jq_node *n = r->fault ? NULL : read_pipe(r);
    if (!r->fault && peek(r))
        r->fault = true;
    r->scope = before;
    return r->fault ? NULL : n;
}

bool jq_known(const struct jq_node *n)
{
    if (!n)
        return true;
    if (n->op == JQ_UNKNOWN)
        return false;
    if (n->op == JQ_CALL && !n->def->reached) {
        n->def->reached = true;
        if (!jq_known(n->def->body))
            return false;
    }
    for (size_t i = 0; i < n->count; i++)
        if (!jq_known(n->list[i]))
            return false;
    return jq_known(n->a) && jq_known(n->b) && jq_known(n->c);
}
