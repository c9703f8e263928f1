#include "core/json.h"

#include <math.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/limits.h"

/* jansson's own depth limit is 2048, deep enough to be slow: count brackets outside strings. */
static bool too_deep(struct str s)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > DF_MAX_JSON_DEPTH)
                return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

enum df_rc json_parse(struct str text, const char *name, json_t **out, struct err *err)
{
    if (text.len > DF_MAX_BODY)
        return err_at(err, DF_REJECT, name, 0, 0, "JSON is larger than %zu bytes", DF_MAX_BODY);
    if (too_deep(text))
        return err_at(err, DF_REJECT, name, 0, 0, "JSON is nested deeper than %d levels",
                      DF_MAX_JSON_DEPTH);
    json_error_t e;
    *out = json_loadb(text.ptr ? text.ptr : "", text.len,
                      JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);
    if (!*out)
        return err_at(err, DF_REJECT, name, e.line, e.column, "not valid JSON: %s", e.text);
    return DF_OK;
}

struct str json_as_str(const json_t *v)
{
    if (!json_is_string(v))
        return STR_NONE;
    return (struct str){json_string_value(v), json_string_length(v)};
}

struct str json_get_str(const json_t *obj, const char *key)
{
    return json_as_str(json_object_get(obj, key));
}

int64_t json_get_int(const json_t *obj, const char *key, int64_t otherwise)
{
    const json_t *v = json_object_get(obj, key);
    if (json_is_integer(v))
        return json_integer_value(v);
    double d = json_is_real(v) ? json_real_value(v) : NAN;
    return d > -9e15 && d < 9e15 ? (int64_t)d : otherwise;
}

double json_get_num(const json_t *obj, const char *key, double otherwise)
{
    const json_t *v = json_object_get(obj, key);
    return json_is_number(v) ? json_number_value(v) : otherwise;
}

static void comma(struct json_out *w)
{
    if (w->comma)
        buf_putc(w->buf, ',');
    w->comma = true;
}

void json_open(struct json_out *w, char bracket)
{
    comma(w);
    buf_putc(w->buf, bracket);
    w->comma = false;
}

void json_close(struct json_out *w, char bracket)
{
    buf_putc(w->buf, bracket);
    w->comma = true;
}

void json_key(struct json_out *w, const char *key)
{
    comma(w);
    buf_json(w->buf, str_of(key));
    buf_putc(w->buf, ':');
    w->comma = false;
}

void json_put_str(struct json_out *w, struct str s)
{
    comma(w);
    buf_json(w->buf, s);
}

void json_put_int(struct json_out *w, int64_t v)
{
    comma(w);
    buf_i64(w->buf, v);
}

void json_put_num(struct json_out *w, double v)
{
    comma(w);
    if (!isfinite(v)) {
        buf_puts(w->buf, "null");
        return;
    }
    char z[64];
    int n = snprintf(z, sizeof z, "%.4f", v);
    while (n > 1 && z[n - 1] == '0')
        n--;
    if (z[n - 1] == '.')
        n--;
    if (n == 2 && z[0] == '-' && z[1] == '0') {
        z[0] = '0';
        n = 1;
    }
    buf_add(w->buf, z, (size_t)n);
}

void json_put_bool(struct json_out *w, bool v)
{
    comma(w);
    buf_puts(w->buf, v ? "true" : "false");
}

void json_put_null(struct json_out *w)
{
    comma(w);
    buf_puts(w->buf, "null");
}

void json_put_time(struct json_out *w, int64_t ms)
{
    if (ms == DF_NO_TIME) {
        json_put_null(w);
        return;
    }
    comma(w);
    buf_putc(w->buf, '"');
    time_put_rfc3339(w->buf, ms);
    buf_putc(w->buf, '"');
}

void json_put_raw(struct json_out *w, struct str json)
{
    comma(w);
    buf_str(w->buf, json);
}

void json_pair_str(struct json_out *w, const char *key, struct str s)
{
    json_key(w, key);
    json_put_str(w, s);
}

void json_pair_int(struct json_out *w, const char *key, int64_t v)
{
    json_key(w, key);
    json_put_int(w, v);
}

void json_pair_num(struct json_out *w, const char *key, double v)
{
    json_key(w, key);
    json_put_num(w, v);
}

void json_pair_bool(struct json_out *w, const char *key, bool v)
{
    json_key(w, key);
    json_put_bool(w, v);
}

void json_pair_time(struct json_out *w, const char *key, int64_t ms)
{
    json_key(w, key);
    json_put_time(w, ms);
}

void json_pair_raw(struct json_out *w, const char *key, struct str json)
{
    json_key(w, key);
    json_put_raw(w, json);
}
