#include "collector/jq_lib.h"

#include <jq.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/jq_own.h"

struct jq_lib {
    jq_state *jq;
    char message[512]; /* the first thing libjq complained about: it is the cause */
};

static void on_message(void *ctx, jv msg)
{
    struct jq_lib *l = ctx;
    jv text = jq_format_error(msg);
    if (!l->message[0] && jv_get_kind(text) == JV_KIND_STRING)
        snprintf(l->message, sizeof l->message, "%s", jv_string_value(text));
    jv_free(text);
}

struct jq_lib *jq_lib_new(void)
{
    struct jq_lib *l = calloc(1, sizeof *l);
    if (!l)
        abort();
    jq_regex_start();
    l->jq = jq_init();
    if (!l->jq) {
        free(l);
        return NULL;
    }
    jq_set_error_cb(l->jq, on_message, l);
    return l;
}

void jq_lib_free(struct jq_lib **l)
{
    if (!*l)
        return;
    jq_teardown(&(*l)->jq);
    free(*l);
    *l = NULL;
}

char *jq_lib_message(struct jq_lib *l)
{
    return l->message;
}

bool jq_lib_compile(struct jq_lib *l, const char *program)
{
    l->message[0] = '\0';
    return jq_compile_args(l->jq, program, jv_object());
}

/* --- values --- */

static jv string_of(struct str s)
{
    return jv_string_sized(s.ptr ? s.ptr : "", (int)s.len);
}

static jv to_jv(struct jval v)
{
    jv out;
    switch (v.kind) {
    case J_NULL: return jv_null();
    case J_FALSE: return jv_false();
    case J_TRUE: return jv_true();
    case J_NUMBER: return jv_number(v.number);
    case J_STRING: return string_of(jval_text(v));
    case J_ARRAY:
        out = jv_array_sized((int)v.count + 1);
        for (uint32_t i = 0; i < v.count; i++)
            out = jv_array_append(out, to_jv(v.items[i]));
        return out;
    case J_OBJECT:
        out = jv_object();
        for (uint32_t i = 0; i < v.count; i++)
            out = jv_object_set(out, string_of(jval_text(v.object->members[i].key)),
                                to_jv(v.object->members[i].value));
        return out;
    }
    return jv_null();
}

static struct jval from_string(struct arena *a, jv v)
{
    return jval_str(arena_str(a, str_n(jv_string_value(v), (size_t)jv_string_length_bytes(jv_copy(v)))));
}

static struct jval from_jv(struct arena *a, jv v);

static struct jval from_object(struct arena *a, jv v)
{
    struct jmember *m = arena_array(a, (size_t)jv_object_length(jv_copy(v)) + 1, sizeof *m);
    size_t n = 0;
    jv_object_foreach(v, key, value)
    {
        m[n].key = from_string(a, key);
        m[n++].value = from_jv(a, value);
        jv_free(key);
    }
    return jval_object(a, m, n);
}

static struct jval from_jv(struct arena *a, jv v)
{
    struct jval out = JVAL(J_NULL);
    switch (jv_get_kind(v)) {
    case JV_KIND_FALSE: out = JVAL(J_FALSE); break;
    case JV_KIND_TRUE: out = JVAL(J_TRUE); break;
    case JV_KIND_NUMBER: out = jval_num(jv_number_value(v)); break;
    case JV_KIND_STRING: out = from_string(a, v); break;
    case JV_KIND_ARRAY: {
        int n = jv_array_length(jv_copy(v));
        struct jval *items = arena_array(a, (size_t)n + 1, sizeof *items);
        for (int i = 0; i < n; i++)
            items[i] = from_jv(a, jv_array_get(jv_copy(v), i));
        out = (struct jval){J_ARRAY, (uint32_t)n, {.items = items}};
        break;
    }
    case JV_KIND_OBJECT: out = from_object(a, v); break;
    default: break;
    }
    jv_free(v);
    return out;
}

bool jq_lib_run(struct jq_lib *l, struct arena *a, struct jval in, struct jval *out)
{
    l->message[0] = '\0';
    jq_start(l->jq, to_jv(in), 0);
    jv v = jq_next(l->jq);
    bool valid = jv_is_valid(v);
    if (valid) {
        *out = from_jv(a, v);
    } else {
        jv msg = jv_invalid_get_msg(v);
        snprintf(l->message, sizeof l->message, "%s",
                 jv_get_kind(msg) == JV_KIND_STRING ? jv_string_value(msg) : "no result");
        jv_free(msg);
    }
    return valid;
}

struct str jq_lib_dump(struct arena *a, struct jval v)
{
    jv text = jv_dump_string(to_jv(v), 0);
    struct str out = jval_text(from_string(a, text));
    jv_free(text);
    return out;
}
