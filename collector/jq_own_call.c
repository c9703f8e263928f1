/* jq_own_call.c: the functions that are not written in jq. Most take a value and arguments of
 * exactly one value each; what jq 1.6 does in the odd corners of types is left to it. */
#include <math.h>
#include <stdlib.h>

#include "collector/jq_own.h"
#include "core/utf8.h"

/* --- numbers and strings --- */

static bool short_integer(struct jval v)
{
    return v.kind == J_NUMBER && v.number == floor(v.number) && fabs(v.number) < 1e15 &&
           !(v.number == 0 && signbit(v.number));
}

enum jq_rc jq_string(struct jq_run *r, struct jval in, struct jval *out)
{
    static const struct str words[] = {[J_NULL] = STR("null"), [J_FALSE] = STR("false"), [J_TRUE] = STR("true")};
    if (in.kind == J_STRING)
        *out = in;
    else if (in.kind <= J_TRUE)
        *out = jval_str(words[in.kind]);
    else if (short_integer(in))
        *out = jval_str(arena_printf(r->arena, "%.0f", in.number));
    else
        return JQ_ODD;
    return JQ_DONE;
}

static struct jval joined(struct arena *a, struct str x, struct str y)
{
    char *p = arena_text(a, x.len + y.len);
    if (x.len)
        memcpy(p, x.ptr, x.len);
    if (y.len)
        memcpy(p + x.len, y.ptr, y.len);
    return jval_str(str_n(p, x.len + y.len));
}

static struct jval both(struct arena *a, struct jval x, struct jval y)
{
    size_t n = (size_t)x.count + y.count;
    struct jval *items = arena_array(a, n + 1, sizeof *items);
    if (x.count)
        memcpy(items, x.items, x.count * sizeof *items);
    if (y.count)
        memcpy(items + x.count, y.items, y.count * sizeof *items);
    return (struct jval){J_ARRAY, (uint32_t)n, {.items = items}};
}

static struct jval merged(struct arena *a, struct jval x, struct jval y)
{
    size_t n = (size_t)x.count + y.count;
    struct jmember *m = arena_array(a, n + 1, sizeof *m);
    if (x.count)
        memcpy(m, x.object->members, x.count * sizeof *m);
    if (y.count)
        memcpy(m + x.count, y.object->members, y.count * sizeof *m);
    return jval_object(a, m, n);
}

enum jq_rc jq_arith(struct jq_run *r, char sign, struct jval a, struct jval b, struct jval *out)
{
    if (sign == '+' && (a.kind == J_NULL || b.kind == J_NULL)) {
        *out = a.kind == J_NULL ? b : a;
        return JQ_DONE;
    }
    if (a.kind == J_NUMBER && b.kind == J_NUMBER) {
        if (sign == '/' && b.number == 0)
            return JQ_FAIL;
        *out = jval_num(sign == '+'   ? a.number + b.number
                        : sign == '-' ? a.number - b.number
                        : sign == '*' ? a.number * b.number
                                      : a.number / b.number);
        return JQ_DONE;
    }
    if (sign != '+')
        return JQ_ODD;
    if (a.kind != b.kind || a.kind < J_NUMBER)
        return JQ_FAIL;
    *out = a.kind == J_STRING  ? joined(r->arena, jval_text(a), jval_text(b))
           : a.kind == J_ARRAY ? both(r->arena, a, b)
                               : merged(r->arena, a, b);
    return JQ_DONE;
}

enum jq_rc jq_index(struct jval in, struct jval key, struct jval *out)
{
    *out = JVAL(J_NULL);
    if (key.kind == J_STRING && in.kind == J_OBJECT) {
        *out = jval_get(in, jval_text(key));
    } else if (key.kind == J_NUMBER && in.kind == J_ARRAY) {
        if (!short_integer(key))
            return JQ_ODD;
        double at = key.number < 0 ? key.number + in.count : key.number;
        if (at >= 0 && at < in.count)
            *out = in.items[(size_t)at];
    } else if (!(in.kind == J_NULL && (key.kind == J_STRING || key.kind == J_NUMBER || key.kind == J_NULL))) {
        return key.kind == J_STRING || key.kind == J_NUMBER ? JQ_FAIL : JQ_ODD;
    }
    return JQ_DONE;
}

static bool bound(struct jval v, double length, double otherwise, double *out)
{
    *out = v.kind == J_NULL ? otherwise : v.number;
    if (v.kind != J_NULL && !short_integer(v))
        return false;
    *out = *out < 0 ? fmax(*out + length, 0) : fmin(*out, length);
    return true;
}

enum jq_rc jq_slice(struct jq_run *r, struct jval in, struct jval from, struct jval to, struct jval *out)
{
    double a, b, length = in.kind == J_STRING ? (double)utf8_count(jval_text(in)) : in.count;
    *out = JVAL(J_NULL);
    if (in.kind == J_NULL)
        return JQ_DONE;
    if ((in.kind != J_ARRAY && in.kind != J_STRING) || !bound(from, length, 0, &a) ||
        !bound(to, length, length, &b))
        return JQ_ODD;
    size_t n = b > a ? (size_t)(b - a) : 0;
    if (in.kind == J_ARRAY) {
        *out = jval_array(r->arena, n ? in.items + (size_t)a : NULL, n);
        return JQ_DONE;
    }
    struct str s = jval_text(in);
    s = str_sub(s, utf8_offset(s, (size_t)a), s.len);
    *out = jval_str(str_sub(s, 0, utf8_offset(s, n)));
    return JQ_DONE;
}

/* An argument of exactly one value; several would have to be tried in jq's order. */
struct only_sink {
    struct jq_sink sink;
    struct jval *out;
    int count;
};

static enum jq_rc on_only(struct jq_sink *s, struct jval v)
{
    struct only_sink *o = (struct only_sink *)s;
    *o->out = v;
    return ++o->count == 1 ? JQ_DONE : JQ_ODD;
}

static enum jq_rc only(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                       struct jval in, struct jval *out)
{
    struct only_sink o = {{on_only}, out, 0};
    enum jq_rc rc = jq_eval(r, n, env, in, &o.sink);
    return rc == JQ_DONE && !o.count ? JQ_ODD : rc;
}

/* --- functions of one value --- */

typedef enum jq_rc function(struct jq_run *, struct jval in, const struct jval *args, struct jval *out);

static enum jq_rc f_not(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r, (void)args;
    *out = jval_bool(!jval_truthy(in));
    return JQ_DONE;
}

static enum jq_rc f_type(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    static const struct str names[] = {STR("null"), STR("boolean"), STR("boolean"), STR("number"),
                                       STR("string"), STR("array"), STR("object")};
    (void)r, (void)args;
    *out = jval_str(names[in.kind]);
    return JQ_DONE;
}

static enum jq_rc f_length(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r, (void)args;
    if (in.kind == J_FALSE || in.kind == J_TRUE)
        return JQ_FAIL;
    *out = jval_num(in.kind == J_NULL     ? 0
                    : in.kind == J_NUMBER ? fabs(in.number)
                    : in.kind == J_STRING ? (double)utf8_count(jval_text(in))
                                          : in.count);
    return JQ_DONE;
}

static enum jq_rc f_has(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r;
    if (in.kind == J_NULL)
        *out = JVAL(J_FALSE);
    else if (in.kind == J_OBJECT && args[0].kind == J_STRING)
        *out = jval_bool(jval_has(in, jval_text(args[0])));
    else if (in.kind == J_ARRAY && short_integer(args[0]))
        *out = jval_bool(args[0].number >= 0 && args[0].number < in.count);
    else
        return args[0].kind == J_STRING ? JQ_FAIL : JQ_ODD;
    return JQ_DONE;
}

static enum jq_rc f_tostring(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    return jq_string(r, in, out);
}

static enum jq_rc f_tonumber(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    *out = in;
    if (in.kind == J_NUMBER)
        return JQ_DONE;
    struct str s = jval_text(in);
    if (in.kind != J_STRING || !s.len || s.len > 15 || s.ptr[s.len - 1] < '0')
        return JQ_ODD; /* too long for an id that is no string here */
    return jval_parse(r->arena, s, out) == DF_OK && out->kind == J_NUMBER ? JQ_DONE : JQ_ODD;
}

static enum jq_rc f_starts(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r;
    *out = jval_bool(str_starts(jval_text(in), jval_text(args[0])));
    return in.kind == J_STRING && args[0].kind == J_STRING ? JQ_DONE : JQ_FAIL;
}

static enum jq_rc f_ends(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r;
    *out = jval_bool(str_ends(jval_text(in), jval_text(args[0])));
    return in.kind == J_STRING && args[0].kind == J_STRING ? JQ_DONE : JQ_FAIL;
}

static enum jq_rc f_contains(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    struct str hay = jval_text(in), needle = jval_text(args[0]);
    (void)r;
    if (in.kind != J_STRING || args[0].kind != J_STRING || str_chr(hay, '\0') >= 0 || str_chr(needle, '\0') >= 0)
        return JQ_ODD;
    *out = jval_bool(str_find(hay, needle) >= 0);
    return JQ_DONE;
}

static enum jq_rc f_ltrimstr(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    struct str s = jval_text(in), head = jval_text(args[0]);
    (void)r;
    *out = in;
    if (in.kind == J_STRING && args[0].kind == J_STRING && str_starts(s, head))
        *out = jval_str(str_sub(s, head.len, s.len));
    return JQ_DONE;
}

static enum jq_rc f_split(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    struct str s = jval_text(in), sep = jval_text(args[0]);
    struct jval *parts = NULL;
    size_t n = 0, cap = 0;
    if (in.kind != J_STRING || args[0].kind != J_STRING)
        return JQ_FAIL;
    if (!sep.len)
        return JQ_ODD;
    for (ptrdiff_t at = 0; s.len || n; s = str_sub(s, (size_t)at + sep.len, s.len)) {
        at = str_find(s, sep);
        *ARENA_PUSH(r->arena, parts, n, cap) = jval_str(str_sub(s, 0, at < 0 ? s.len : (size_t)at));
        if (at < 0)
            break;
    }
    *out = (struct jval){J_ARRAY, (uint32_t)n, {.items = parts}};
    return JQ_DONE;
}

static enum jq_rc f_join(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    struct buf b = BUF_INIT(UINT32_MAX / 2);
    struct jval part = {0};
    enum jq_rc rc = in.kind == J_ARRAY && args[0].kind == J_STRING ? JQ_DONE : JQ_ODD;
    for (uint32_t i = 0; rc == JQ_DONE && i < in.count; i++) {
        if (i)
            buf_str(&b, jval_text(args[0]));
        rc = in.items[i].kind == J_NULL ? JQ_DONE : jq_string(r, in.items[i], &part);
        if (in.items[i].kind != J_NULL && rc == JQ_DONE)
            buf_str(&b, jval_text(part));
    }
    *out = jval_str(arena_str(r->arena, buf_view(&b)));
    buf_free(&b);
    return rc;
}

static void flatten_into(struct jq_run *r, struct jval v, struct jval **items, size_t *n, size_t *cap)
{
    for (uint32_t i = 0; i < v.count; i++)
        if (v.items[i].kind == J_ARRAY)
            flatten_into(r, v.items[i], items, n, cap);
        else
            *ARENA_PUSH(r->arena, *items, *n, *cap) = v.items[i];
}

static enum jq_rc f_flatten(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    struct jval *items = NULL;
    size_t n = 0, cap = 0;
    (void)args;
    if (in.kind != J_ARRAY)
        return JQ_ODD;
    flatten_into(r, in, &items, &n, &cap);
    *out = (struct jval){J_ARRAY, (uint32_t)n, {.items = items}};
    return JQ_DONE;
}

static enum jq_rc f_add(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    enum jq_rc rc = in.kind == J_ARRAY && in.count < 1000 ? JQ_DONE : JQ_ODD;
    (void)args;
    *out = JVAL(J_NULL);
    for (uint32_t i = 0; rc == JQ_DONE && i < in.count; i++)
        rc = jq_arith(r, '+', *out, in.items[i], out);
    return rc;
}

static enum jq_rc least(struct jval in, bool most, struct jval *out)
{
    bool odd = in.kind != J_ARRAY;
    *out = !odd && in.count ? in.items[0] : JVAL(J_NULL);
    for (uint32_t i = 1; !odd && i < in.count; i++)
        if ((jval_cmp(in.items[i], *out, &odd) < 0) != most)
            *out = in.items[i];
    return odd ? JQ_ODD : JQ_DONE;
}

static enum jq_rc f_min(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r, (void)args;
    return least(in, false, out);
}

static enum jq_rc f_max(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r, (void)args;
    return least(in, true, out);
}

static enum jq_rc f_to_entries(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    if (in.kind != J_OBJECT)
        return JQ_ODD;
    struct jval *items = arena_array(r->arena, in.count + 1u, sizeof *items);
    for (uint32_t i = 0; i < in.count; i++) {
        const struct jmember *m = &in.object->members[i];
        struct jmember pair[] = {{jval_str(STR("key")), m->key}, {jval_str(STR("value")), m->value}};
        items[i] = jval_object(r->arena, pair, 2);
    }
    *out = (struct jval){J_ARRAY, in.count, {.items = items}};
    return JQ_DONE;
}

static enum jq_rc f_fromjson(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    return in.kind == J_STRING && jval_parse(r->arena, jval_text(in), out) == DF_OK ? JQ_DONE : JQ_ODD;
}

static enum jq_rc f_error(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)r, (void)in, (void)args, (void)out;
    return JQ_FAIL;
}

static enum jq_rc f_downcase(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    if (in.kind != J_STRING)
        return JQ_FAIL;
    char *p = arena_strz(r->arena, jval_text(in));
    for (uint32_t i = 0; i < in.count; i++)
        p[i] = (char)(p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 32 : p[i]);
    *out = jval_str(str_n(p, in.count));
    return JQ_DONE;
}

static int by_value(const void *x, const void *y)
{
    bool odd = false;
    return jval_cmp(*(const struct jval *)x, *(const struct jval *)y, &odd);
}

static enum jq_rc f_unique(struct jq_run *r, struct jval in, const struct jval *args, struct jval *out)
{
    (void)args;
    if (in.kind != J_ARRAY)
        return JQ_ODD;
    struct jval *items = arena_array(r->arena, in.count + 1u, sizeof *items);
    size_t n = 0;
    for (uint32_t i = 0; i < in.count; i++) {
        if (in.items[i].kind >= J_ARRAY)
            return JQ_ODD;
        items[i] = in.items[i];
    }
    qsort(items, in.count, sizeof *items, by_value);
    for (uint32_t i = 0; i < in.count; i++)
        if (!n || !jval_equal(items[n - 1], items[i]))
            items[n++] = items[i];
    *out = (struct jval){J_ARRAY, (uint32_t)n, {.items = items}};
    return JQ_DONE;
}

/* --- functions that run their arguments --- */

/* del(.name) */
static enum jq_rc g_del(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                        struct jval in, struct jq_sink *to)
{
    const struct jq_node *path = n->list[0];
    (void)env;
    if (path->op != JQ_FIELD || path->a->op != JQ_IDENTITY || in.kind != J_OBJECT)
        return JQ_ODD;
    struct jmember *m = arena_array(r->arena, in.count + 1u, sizeof *m);
    size_t kept = 0;
    for (uint32_t i = 0; i < in.count; i++)
        if (!str_eq(jval_text(in.object->members[i].key), jval_text(path->value)))
            m[kept++] = in.object->members[i];
    return to->put(to, jval_object(r->arena, m, kept));
}

/* range(from; below), range(below) */
static enum jq_rc g_range(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                          struct jval in, struct jq_sink *to)
{
    struct jval ends[2] = {jval_num(0)};
    for (size_t i = 0; i < n->count; i++) {
        enum jq_rc got = only(r, n->list[i], env, in, &ends[i + 2 - n->count]);
        if (got != JQ_DONE)
            return got;
    }
    if (!short_integer(ends[0]) || !short_integer(ends[1]))
        return JQ_ODD;
    enum jq_rc rc = JQ_DONE;
    for (double at = ends[0].number; at < ends[1].number && rc == JQ_DONE; at++)
        rc = to->put(to, jval_num(at));
    return rc;
}

static enum jq_rc g_empty(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                          struct jval in, struct jq_sink *to)
{
    (void)r, (void)n, (void)env, (void)in, (void)to;
    return JQ_DONE;
}

static enum jq_rc g_first(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                          struct jval in, struct jq_sink *to)
{
    struct jval v;
    bool found;
    enum jq_rc rc = jq_first(r, n->list[0], env, in, &v, &found);
    return rc == JQ_DONE && found ? to->put(to, v) : rc;
}

/* any(generator; condition), all(generator; condition): until the answer is sure. */
struct quantifier {
    struct jq_sink sink;
    struct jq_run *r;
    const struct jq_node *n;
    const struct jq_frame *env;
    bool all;
};

static enum jq_rc on_answer(struct jq_sink *s, struct jval v)
{
    struct quantifier *q = (struct quantifier *)s;
    if (jval_truthy(v) == q->all)
        return JQ_DONE;
    q->r->halter = q->n;
    return JQ_HALT;
}

static enum jq_rc on_candidate(struct jq_sink *s, struct jval v)
{
    struct quantifier answer = *(struct quantifier *)s;
    answer.sink.put = on_answer;
    return jq_eval(answer.r, answer.n->list[1], answer.env, v, &answer.sink);
}

static enum jq_rc quantify(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                           struct jval in, struct jq_sink *to, bool all)
{
    struct quantifier q = {{on_candidate}, r, n, env, all};
    enum jq_rc rc = jq_eval(r, n->list[0], env, in, &q.sink);
    bool sure = rc == JQ_HALT && r->halter == n;
    return sure || rc == JQ_DONE ? to->put(to, jval_bool(sure != all)) : rc;
}

static enum jq_rc g_any(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                        struct jval in, struct jq_sink *to)
{
    return quantify(r, n, env, in, to, false);
}

static enum jq_rc g_all(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                        struct jval in, struct jq_sink *to)
{
    return quantify(r, n, env, in, to, true);
}

/* --- the table --- */

typedef enum jq_rc generator(struct jq_run *, const struct jq_node *, const struct jq_frame *, struct jval,
                             struct jq_sink *);

static const struct builtin {
    struct str name;
    size_t arity;
    function *value;
    generator *stream;
} builtins[] = {
    {STR("not"), 0, f_not, NULL},           {STR("type"), 0, f_type, NULL},
    {STR("length"), 0, f_length, NULL},     {STR("has"), 1, f_has, NULL},
    {STR("tostring"), 0, f_tostring, NULL}, {STR("tonumber"), 0, f_tonumber, NULL},
    {STR("startswith"), 1, f_starts, NULL}, {STR("endswith"), 1, f_ends, NULL},
    {STR("contains"), 1, f_contains, NULL}, {STR("ltrimstr"), 1, f_ltrimstr, NULL},
    {STR("split"), 1, f_split, NULL},       {STR("join"), 1, f_join, NULL},
    {STR("flatten"), 0, f_flatten, NULL},   {STR("add"), 0, f_add, NULL},
    {STR("min"), 0, f_min, NULL},           {STR("max"), 0, f_max, NULL},
    {STR("to_entries"), 0, f_to_entries, NULL}, {STR("fromjson"), 0, f_fromjson, NULL},
    {STR("ascii_downcase"), 0, f_downcase, NULL}, {STR("unique"), 0, f_unique, NULL},
    {STR("error"), 0, f_error, NULL},       {STR("error"), 1, f_error, NULL},
    {STR("del"), 1, NULL, g_del},           {STR("empty"), 0, NULL, g_empty},
    {STR("range"), 1, NULL, g_range},       {STR("range"), 2, NULL, g_range},
    {STR("first"), 1, NULL, g_first},       {STR("any"), 2, NULL, g_any},
    {STR("all"), 2, NULL, g_all},
};

int jq_builtin(struct str name, size_t arity)
{
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (builtins[i].arity == arity && str_eq(builtins[i].name, name))
            return (int)i;
    return -1;
}

enum jq_rc jq_call(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env, struct jval in,
                   struct jq_sink *to)
{
    const struct builtin *b = &builtins[n->id];
    struct jval args[JQ_MAX_ARGS], out;
    if (b->stream)
        return b->stream(r, n, env, in, to);
    for (size_t i = 0; i < b->arity; i++) {
        enum jq_rc rc = only(r, n->list[i], env, in, &args[i]);
        if (rc != JQ_DONE)
            return rc;
    }
    enum jq_rc rc = b->value(r, in, args, &out);
    return rc == JQ_DONE ? to->put(to, out) : rc;
}
