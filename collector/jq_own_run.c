/* jq_own_run.c: an expression and a value → values, given to a sink one by one. An expression that
 * can give several runs what comes after it inside its own sink, so a fault behind `try` unwinds
 * through it and is caught, as in libjq 1.6. Of two operands the right one is the outer loop, as there. */
#include "collector/jq_own.h"

#define MAX_NESTED 1500 /* evaluations inside each other: well under 2 MB of stack */

struct step { /* a sink that knows where it came from */
    struct jq_sink sink;
    struct jq_run *r;
    const struct jq_node *n;
    const struct jq_frame *env;
    struct jval in;
    struct jq_sink *to;
};

#define STEP(fn) {{fn}, r, n, env, in, to}

static const struct jq_frame *lookup(const struct jq_frame *env, int id)
{
    while (env && env->id != id)
        env = env->up;
    return env;
}

static enum jq_rc fail(const struct jq_node *n)
{
    return n->optional ? JQ_DONE : JQ_FAIL; /* ".a?" gives nothing */
}

/* --- paths --- */

static enum jq_rc on_field(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    if (v.kind == J_OBJECT)
        return x->to->put(x->to, jval_get(v, jval_text(x->n->value)));
    return v.kind == J_NULL ? x->to->put(x->to, v) : fail(x->n);
}

static enum jq_rc on_each(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    if (v.kind != J_ARRAY && v.kind != J_OBJECT)
        return fail(x->n);
    enum jq_rc rc = JQ_DONE;
    for (uint32_t i = 0; i < v.count && rc == JQ_DONE; i++)
        rc = x->to->put(x->to, v.kind == J_ARRAY ? v.items[i] : v.object->members[i].value);
    return rc;
}

struct key_step {
    struct step s;
    struct jval key;
};

static enum jq_rc on_indexed(struct jq_sink *s, struct jval v)
{
    struct key_step *k = (struct key_step *)s;
    struct jval out;
    enum jq_rc rc = jq_index(v, k->key, &out);
    return rc == JQ_DONE ? k->s.to->put(k->s.to, out) : rc == JQ_FAIL ? fail(k->s.n) : rc;
}

static enum jq_rc on_key(struct jq_sink *s, struct jval key)
{
    struct step *x = (struct step *)s;
    struct key_step k = {*x, key};
    k.s.sink.put = on_indexed;
    return jq_eval(x->r, x->n->a, x->env, x->in, &k.s.sink);
}

struct slice_step {
    struct step s;
    struct jval from, to;
};

static enum jq_rc on_sliced(struct jq_sink *s, struct jval v)
{
    struct slice_step *x = (struct slice_step *)s;
    struct jval out;
    enum jq_rc rc = jq_slice(x->s.r, v, x->from, x->to, &out);
    return rc == JQ_DONE ? x->s.to->put(x->s.to, out) : rc == JQ_FAIL ? fail(x->s.n) : rc;
}

static enum jq_rc slice(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                        struct jval in, struct jq_sink *to)
{
    struct slice_step x = {.s = STEP(on_sliced)};
    bool found[2];
    enum jq_rc rc = jq_first(r, n->b, env, in, &x.from, &found[0]);
    if (rc == JQ_DONE)
        rc = jq_first(r, n->c, env, in, &x.to, &found[1]);
    if (rc != JQ_DONE)
        return rc;
    return found[0] && found[1] ? jq_eval(r, n->a, env, in, &x.s.sink) : JQ_ODD;
}

static enum jq_rc recurse(struct jq_run *r, struct jval v, struct jq_sink *to)
{
    enum jq_rc rc = to->put(to, v);
    if (v.kind == J_ARRAY || v.kind == J_OBJECT)
        for (uint32_t i = 0; i < v.count && rc == JQ_DONE; i++)
            rc = recurse(r, v.kind == J_ARRAY ? v.items[i] : v.object->members[i].value, to);
    return rc;
}

/* --- making --- */

struct collector_sink {
    struct jq_sink sink;
    struct arena *arena;
    struct jval *items;
    size_t count, cap;
};

static enum jq_rc on_collected(struct jq_sink *s, struct jval v)
{
    struct collector_sink *c = (struct collector_sink *)s;
    *ARENA_PUSH(c->arena, c->items, c->count, c->cap) = v;
    return JQ_DONE;
}

static enum jq_rc collect(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                          struct jval in, struct jq_sink *to)
{
    struct collector_sink c = {{on_collected}, r->arena, NULL, 0, 0};
    enum jq_rc rc = n->a ? jq_eval(r, n->a, env, in, &c.sink) : JQ_DONE;
    return rc == JQ_DONE ? to->put(to, (struct jval){J_ARRAY, (uint32_t)c.count, {.items = c.items}}) : rc;
}

struct object_step {
    struct step s;
    struct jmember *members;
    size_t at;
};

static enum jq_rc object_from(struct object_step *o);

static enum jq_rc on_member(struct jq_sink *s, struct jval v)
{
    struct object_step *o = (struct object_step *)s, next = *o;
    o->members[o->at].value = v;
    next.at++;
    return object_from(&next);
}

static enum jq_rc on_name(struct jq_sink *s, struct jval v)
{
    struct object_step *o = (struct object_step *)s, value = *o;
    if (v.kind != J_STRING)
        return JQ_FAIL;
    o->members[o->at].key = v;
    value.s.sink.put = on_member;
    return jq_eval(o->s.r, o->s.n->list[2 * o->at + 1], o->s.env, o->s.in, &value.s.sink);
}

static enum jq_rc object_from(struct object_step *o)
{
    if (2 * o->at == o->s.n->count)
        return o->s.to->put(o->s.to, jval_object(o->s.r->arena, o->members, o->at));
    struct object_step name = *o;
    name.s.sink.put = on_name;
    const struct jq_node *key = o->s.n->list[2 * o->at];
    if (key->op == JQ_CONST)
        return on_name(&name.s.sink, key->value);
    return jq_eval(o->s.r, key, o->s.env, o->s.in, &name.s.sink);
}

/* --- operators --- */

struct pair_step {
    struct step s;
    struct jval right;
};

static bool compare(enum jq_compare how, struct jval a, struct jval b, bool *odd)
{
    if (how == JQ_EQ || how == JQ_NE)
        return jval_equal(a, b) == (how == JQ_EQ);
    int c = jval_cmp(a, b, odd);
    return how == JQ_LT ? c < 0 : how == JQ_LE ? c <= 0 : how == JQ_GT ? c > 0 : c >= 0;
}

static enum jq_rc on_left(struct jq_sink *s, struct jval left)
{
    struct pair_step *p = (struct pair_step *)s;
    struct jval out = JVAL(J_NULL);
    enum jq_rc rc = JQ_DONE;
    bool odd = false;
    if (p->s.n->op == JQ_ARITH)
        rc = jq_arith(p->s.r, p->s.n->sign, left, p->right, &out);
    else
        out = jval_bool(compare(p->s.n->compare, left, p->right, &odd));
    if (odd)
        return JQ_ODD;
    return rc == JQ_DONE ? p->s.to->put(p->s.to, out) : rc;
}

static enum jq_rc on_right(struct jq_sink *s, struct jval right)
{
    struct step *x = (struct step *)s;
    struct pair_step p = {*x, right};
    p.s.sink.put = on_left;
    return jq_eval(x->r, x->n->a, x->env, x->in, &p.s.sink);
}

static enum jq_rc on_truth(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    return x->to->put(x->to, jval_bool(jval_truthy(v)));
}

static enum jq_rc on_logic(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s, right = *x;
    if (jval_truthy(v) == (x->n->op == JQ_OR))
        return x->to->put(x->to, jval_bool(x->n->op == JQ_OR));
    right.sink.put = on_truth;
    return jq_eval(x->r, x->n->b, x->env, x->in, &right.sink);
}

struct alt_step {
    struct step s;
    bool found;
};

static enum jq_rc on_alt(struct jq_sink *s, struct jval v)
{
    struct alt_step *a = (struct alt_step *)s;
    if (!jval_truthy(v))
        return JQ_DONE;
    a->found = true;
    return a->s.to->put(a->s.to, v);
}

static enum jq_rc on_condition(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    return jq_eval(x->r, jval_truthy(v) ? x->n->b : x->n->c, x->env, x->in, x->to);
}

static enum jq_rc on_pipe(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    return jq_eval(x->r, x->n->b, x->env, v, x->to);
}

static enum jq_rc on_negate(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    return v.kind == J_NUMBER ? x->to->put(x->to, jval_num(-v.number)) : JQ_FAIL;
}

static enum jq_rc on_bind(struct jq_sink *s, struct jval v)
{
    struct step *x = (struct step *)s;
    struct jq_frame f = {.up = x->env, .id = x->n->id, .value = v};
    return jq_eval(x->r, x->n->b, &f, x->in, x->to);
}

/* --- functions --- */

/* Parameters are bound from the first to the last; "$name" is each value of its argument. */
struct call_step {
    struct step s;                /* env: frame of the body so far */
    const struct jq_frame *caller;
    size_t at;
};

static enum jq_rc call_from(struct call_step *c);

static enum jq_rc on_argument(struct jq_sink *s, struct jval v)
{
    struct call_step *c = (struct call_step *)s, next = *c;
    struct jq_frame f = {.up = c->s.env, .id = c->s.n->def->params[c->at].value_id, .value = v};
    next.s.env = &f;
    next.at++;
    return call_from(&next);
}

static enum jq_rc call_from(struct call_step *c)
{
    const struct jq_def *d = c->s.n->def;
    if (c->at == d->arity)
        return jq_eval(c->s.r, d->body, c->s.env, c->s.in, c->s.to);
    struct call_step next = *c;
    struct jq_frame f = {.up = c->s.env, .id = d->params[c->at].id, .body = c->s.n->list[c->at],
                         .env = c->caller};
    next.s.env = &f;
    next.s.sink.put = on_argument;
    if (d->params[c->at].value_id)
        return jq_eval(c->s.r, f.body, c->caller, c->s.in, &next.s.sink);
    next.at++;
    return call_from(&next);
}

static enum jq_rc call(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                       struct jval in, struct jq_sink *to)
{
    /* a function of the library sees no frame, one defined here the frames where it was */
    struct call_step c = {{{NULL}, r, n, lookup(env, n->id), in, to}, env, 0};
    return call_from(&c);
}

/* --- setting: ".a.b = v", ".a |= f" --- */

enum { MAX_STEPS = 16 };

static enum jq_rc set_path(struct arena *a, struct jval in, const struct jval *names, int n,
                           struct jval v, struct jval *out)
{
    if (n == 0) {
        *out = v;
        return JQ_DONE;
    }
    if (in.kind != J_OBJECT && in.kind != J_NULL)
        return JQ_FAIL;
    size_t old = in.kind == J_OBJECT ? in.count : 0;
    struct jmember *m = arena_array(a, old + 1, sizeof *m);
    if (old)
        memcpy(m, in.object->members, old * sizeof *m);
    m[old].key = names[0];
    enum jq_rc rc = set_path(a, jval_get(in, jval_text(names[0])), names + 1, n - 1, v, &m[old].value);
    if (rc == JQ_DONE)
        *out = jval_object(a, m, old + 1);
    return rc;
}

struct set_step {
    struct step s;
    struct jval names[MAX_STEPS];
    int count;
};

static enum jq_rc on_set(struct jq_sink *s, struct jval v)
{
    struct set_step *x = (struct set_step *)s;
    struct jval out;
    enum jq_rc rc = set_path(x->s.r->arena, x->s.in, x->names, x->count, v, &out);
    return rc == JQ_DONE ? x->s.to->put(x->s.to, out) : rc;
}

static enum jq_rc set(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                      struct jval in, struct jq_sink *to)
{
    struct set_step x = {.s = STEP(on_set)};
    struct jval old = in;
    const struct jq_node *at = n->a;
    for (; at->op == JQ_FIELD && x.count < MAX_STEPS; at = at->a)
        x.names[MAX_STEPS - 1 - x.count++] = at->value;
    if (at->op != JQ_IDENTITY || x.count == 0)
        return JQ_ODD;
    memmove(x.names, x.names + MAX_STEPS - x.count, (size_t)x.count * sizeof *x.names);
    if (n->sign == '=')
        return jq_eval(r, n->b, env, in, &x.s.sink);
    for (int i = 0; i < x.count; i++) {
        if (old.kind != J_OBJECT && old.kind != J_NULL)
            return JQ_FAIL;
        old = jval_get(old, jval_text(x.names[i]));
    }
    bool found;
    struct jval v;
    enum jq_rc rc = jq_first(r, n->b, env, old, &v, &found);
    if (rc != JQ_DONE)
        return rc;
    return found ? on_set(&x.s.sink, v) : JQ_ODD; /* "|= empty" takes the member away */
}

/* --- all of it --- */

static enum jq_rc eval(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                       struct jval in, struct jq_sink *to)
{
    struct step s = STEP(NULL);
    enum jq_rc rc;
    switch (n->op) {
    case JQ_IDENTITY: return to->put(to, in);
    case JQ_CONST: return to->put(to, n->value);
    case JQ_RECURSE: return recurse(r, in, to);
    case JQ_FIELD:
        s.sink.put = on_field;
        return n->a->op == JQ_IDENTITY ? on_field(&s.sink, in) : jq_eval(r, n->a, env, in, &s.sink);
    case JQ_EACH:
        s.sink.put = on_each;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_INDEX:
        s.sink.put = on_key;
        return jq_eval(r, n->b, env, in, &s.sink);
    case JQ_SLICE: return slice(r, n, env, in, to);
    case JQ_COLLECT: return collect(r, n, env, in, to);
    case JQ_OBJECT: {
        struct jmember members[JQ_MAX_KEYS];
        struct object_step o = {s, members, 0};
        return object_from(&o);
    }
    case JQ_NEGATE:
        s.sink.put = on_negate;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_PIPE:
        s.sink.put = on_pipe;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_COMMA:
        rc = jq_eval(r, n->a, env, in, to);
        return rc == JQ_DONE ? jq_eval(r, n->b, env, in, to) : rc;
    case JQ_ARITH:
    case JQ_COMPARE:
        s.sink.put = on_right;
        return jq_eval(r, n->b, env, in, &s.sink);
    case JQ_AND:
    case JQ_OR:
        s.sink.put = on_logic;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_ALT: {
        struct alt_step alt = {s, false};
        alt.s.sink.put = on_alt;
        rc = jq_eval(r, n->a, env, in, &alt.s.sink);
        return rc == JQ_DONE && !alt.found ? jq_eval(r, n->b, env, in, to) : rc;
    }
    case JQ_IF:
        s.sink.put = on_condition;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_TRY:
        rc = jq_eval(r, n->a, env, in, to);
        return rc == JQ_FAIL ? JQ_DONE : rc;
    case JQ_AS:
        s.sink.put = on_bind;
        return jq_eval(r, n->a, env, in, &s.sink);
    case JQ_VAR: {
        const struct jq_frame *f = lookup(env, n->id);
        return f ? to->put(to, f->value) : JQ_ODD;
    }
    case JQ_DEF: {
        struct jq_frame f = {.up = env, .id = n->id};
        return jq_eval(r, n->a, &f, in, to);
    }
    case JQ_CALL: return call(r, n, env, in, to);
    case JQ_PARAM: {
        const struct jq_frame *f = lookup(env, n->id);
        return f ? jq_eval(r, f->body, f->env, in, to) : JQ_ODD;
    }
    case JQ_BUILTIN: return jq_call(r, n, env, in, to);
    case JQ_REGEX: return jq_regex_run(r, n, in, to);
    case JQ_SET: return set(r, n, env, in, to);
    case JQ_UNKNOWN: break;
    }
    return JQ_ODD;
}

enum jq_rc jq_eval(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env, struct jval in,
                   struct jq_sink *to)
{
    if (r->depth >= MAX_NESTED || r->steps == 1)
        return JQ_ODD;
    if (r->steps)
        r->steps--;
    r->depth++;
    enum jq_rc rc = eval(r, n, env, in, to);
    r->depth--;
    return rc;
}

struct first_sink {
    struct jq_sink sink;
    struct jq_run *r;
    struct jval *out;
};

static enum jq_rc on_first(struct jq_sink *s, struct jval v)
{
    struct first_sink *f = (struct first_sink *)s;
    *f->out = v;
    f->r->halter = f;
    return JQ_HALT;
}

enum jq_rc jq_first(struct jq_run *r, const struct jq_node *n, const struct jq_frame *env,
                    struct jval in, struct jval *out, bool *found)
{
    struct first_sink f = {{on_first}, r, out};
    enum jq_rc rc = jq_eval(r, n, env, in, &f.sink);
    *found = rc == JQ_HALT && r->halter == &f;
    return *found ? JQ_DONE : rc;
}
