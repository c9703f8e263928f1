#include "model/post.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "core/digest.h"
#include "core/limits.h"
#include "core/utf8.h"

/* One table for reading, writing and limits: key, kind, place in the struct. Keys inside
 * "author" and "reactions" are written "author.name". */
enum kind { TEXT, ID, COUNT, TIME, STARS };

struct field {
    const char *object, *key;
    enum kind kind;
    size_t at, max;
};

/* Years 1 to 9999: what RFC 3339 can write. */
#define TIME_LEAST INT64_C(-62135596800000)
#define TIME_MOST INT64_C(253402300799999)

#define AT(member) offsetof(struct post, member)

static const struct field fields[] = {
    {NULL, "id", ID, AT(id), DF_MAX_POST_ID},
    {NULL, "channel", TEXT, AT(channel), DF_MAX_NAME},
    {NULL, "source", TEXT, AT(source), DF_MAX_NAME},
    {NULL, "url", TEXT, AT(url), DF_MAX_URL},
    {"author", "id", ID, AT(author_id), DF_MAX_POST_ID},
    {"author", "name", TEXT, AT(author_name), DF_MAX_NAME},
    {"author", "followers", COUNT, AT(followers), 0},
    {NULL, "title", TEXT, AT(title), DF_MAX_POST_TITLE},
    {NULL, "text", TEXT, AT(text), DF_MAX_POST_TEXT},
    {NULL, "lang", TEXT, AT(lang), DF_MAX_NAME},
    {NULL, "stars", STARS, AT(stars), 0},
    {NULL, "rating", TEXT, AT(rating), DF_MAX_NAME},
    {NULL, "created", TIME, AT(created), 0},
    {NULL, "edited", TIME, AT(edited), 0},
    {NULL, "deleted", TIME, AT(deleted), 0},
    {NULL, "seen", TIME, AT(seen), 0},
    {NULL, "parent", ID, AT(parent), DF_MAX_POST_ID},
    {"reactions", "likes", COUNT, AT(likes), 0},
    {"reactions", "shares", COUNT, AT(shares), 0},
    {"reactions", "replies", COUNT, AT(replies), 0},
    {NULL, "digest", TEXT, AT(digest), DF_MAX_NAME},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static enum df_rc wrong(struct err *err, const struct field *f, const char *want)
{
    return err_set(err, DF_REJECT, "'%s%s%s' should be %s", f->object ? f->object : "",
                   f->object ? "." : "", f->key, want);
}

static enum df_rc read_text(const struct field *f, const json_t *v, struct arena *a,
                            struct str *out, struct err *err)
{
    if (f->kind == ID && json_is_integer(v)) {
        *out = arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
        return DF_OK;
    }
    if (!json_is_string(v))
        return wrong(err, f, "a text");
    struct str s = json_as_str(v);
    if (s.len > f->max)
        return err_set(err, DF_REJECT, "'%s' is larger than %zu bytes", f->key, f->max);
    *out = utf8_repair(a, arena_str(a, s));
    return DF_OK;
}

static enum df_rc read_field(const struct field *f, const json_t *v, struct arena *a,
                             struct post *p, struct err *err)
{
    void *at = (char *)p + f->at;
    switch (f->kind) {
    case TEXT:
    case ID: return read_text(f, v, a, at, err);
    case COUNT:
        if (!json_is_number(v))
            return wrong(err, f, "a number");
        if (json_number_value(v) < 0 || json_number_value(v) > 9e15)
            return wrong(err, f, "a count from 0 up");
        *(int64_t *)at = json_is_integer(v) ? json_integer_value(v) : (int64_t)json_real_value(v);
        return DF_OK;
    case STARS:
        if (!json_is_number(v) || json_number_value(v) < 0 || json_number_value(v) > 5)
            return wrong(err, f, "a number from 1 to 5");
        *(double *)at = json_number_value(v);
        return DF_OK;
    case TIME:
        if (json_is_integer(v) && json_integer_value(v) >= TIME_LEAST &&
            json_integer_value(v) <= TIME_MOST) {
            *(int64_t *)at = json_integer_value(v);
            return DF_OK;
        }
        if (!json_is_string(v) || !time_parse_rfc3339(json_as_str(v), at))
            return wrong(err, f, "a time such as 2026-11-21T09:14:00Z");
        return DF_OK;
    }
    return DF_FATAL;
}

enum df_rc post_from_json(const json_t *obj, struct arena *a, struct post *out, struct err *err)
{
    *out = POST_INIT;
    if (!json_is_object(obj))
        return err_set(err, DF_REJECT, "a post should be a JSON object");
    for (int i = 0; i < FIELDS; i++) {
        const struct field *f = &fields[i];
        const json_t *from = f->object ? json_object_get(obj, f->object) : obj;
        /* "author": "name" is what many tools write. */
        const json_t *v = json_is_string(from) && strcmp(f->key, "name") == 0
                              ? from
                              : json_object_get(from, f->key);
        if (!v || json_is_null(v))
            continue;
        enum df_rc rc = read_field(f, v, a, out, err);
        if (rc != DF_OK)
            return rc;
    }
    if (!json_is_string(json_object_get(obj, "text")))
        return err_set(err, DF_REJECT, "a post needs 'text'");
    return DF_OK;
}

enum df_rc post_read_line(struct str line, const char *name, long long number, struct arena *a,
                          struct post *out, struct err *err)
{
    json_t *obj = NULL;
    enum df_rc rc = json_parse(line, name, &obj, err);
    if (rc == DF_OK)
        rc = post_from_json(obj, a, out, err);
    json_decref(obj);
    if (rc != DF_OK && err) {
        int col = err->col > 0 ? err->col : 1;
        snprintf(err->file, sizeof err->file, "%s", name);
        err->line = (int)number;
        err->col = col;
    }
    return rc;
}

static bool absent(const struct field *f, const struct post *p)
{
    const void *at = (const char *)p + f->at;
    switch (f->kind) {
    case TEXT:
    case ID: return ((const struct str *)at)->len == 0 && f->at != AT(text);
    case COUNT: return *(const int64_t *)at == POST_NO_COUNT;
    case TIME: return *(const int64_t *)at == DF_NO_TIME;
    case STARS: return isnan(*(const double *)at);
    }
    return true;
}

static void put_field(struct json_out *w, const struct field *f, const struct post *p)
{
    const void *at = (const char *)p + f->at;
    json_key(w, f->key);
    switch (f->kind) {
    case TEXT:
    case ID: json_put_str(w, *(const struct str *)at); break;
    case COUNT: json_put_int(w, *(const int64_t *)at); break;
    case TIME: json_put_time(w, *(const int64_t *)at); break;
    case STARS: json_put_num(w, *(const double *)at); break;
    }
}

void post_put_json(struct buf *b, const struct post *p)
{
    struct json_out w = {.buf = b};
    const char *open = NULL; /* the nested object being written */
    json_open(&w, '{');
    for (int i = 0; i < FIELDS; i++) {
        const struct field *f = &fields[i];
        if (open && f->object != open) {
            json_close(&w, '}');
            open = NULL;
        }
        if (absent(f, p))
            continue;
        if (f->object && !open) {
            json_key(&w, f->object);
            json_open(&w, '{');
            open = f->object;
        }
        put_field(&w, f, p);
    }
    if (open)
        json_close(&w, '}');
    json_close(&w, '}');
}

struct str post_digest(struct arena *a, const struct post *p)
{
    struct sha256 h;
    unsigned char raw[DIGEST_BYTES];
    char stars[32];
    int n = isnan(p->stars) ? 0 : snprintf(stars, sizeof stars, "%.3f", p->stars);
    sha256_begin(&h);
    sha256_field(&h, p->title);
    sha256_field(&h, p->text);
    sha256_field(&h, str_n(stars, (size_t)n));
    sha256_field(&h, p->rating);
    sha256_end(&h, raw);
    char *hex = arena_alloc(a, DIGEST_HEX + 1);
    digest_hex(raw, sizeof raw, hex);
    return str_n(hex, DIGEST_HEX);
}
