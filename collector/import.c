#include "collector/import.h"

#include <math.h>

#include "collector/body.h"
#include "collector/charset.h"
#include "core/json.h"
#include "core/limits.h"

/* Stands where a pack would: a table has no pack, only what was said on the command line. */
static struct channel stand_in(const struct import_options *o)
{
    return (struct channel){.name = o->channel, .format = o->html ? TEXT_HTML : TEXT_PLAIN,
                            .zone = o->zone, .lang = o->lang, .month_first = o->month_first,
                            .edits_native = true, .rating_present = !isnan(o->best),
                            .rating_best = o->best,
                            .rating_worst = isnan(o->worst) ? (o->best > 10 ? 0 : 1) : o->worst};
}

/* --- JSON --- */

static struct str value_text(struct arena *a, const json_t *v)
{
    if (json_is_string(v))
        return arena_str(a, json_as_str(v));
    if (json_is_integer(v))
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (json_is_real(v))
        return arena_printf(a, "%.15g", json_real_value(v));
    if (json_is_object(v)) /* author: {id, name} */
        return value_text(a, json_object_get(v, "name"));
    return STR_NONE;
}

static int64_t value_count(const json_t *v)
{
    return json_is_integer(v) && json_integer_value(v) >= 0 ? json_integer_value(v) : RAW_NO_COUNT;
}

static void mapped_post(const json_t *obj, const struct import_options *o, struct arena *a,
                        struct raw_page *page)
{
    struct raw_post *p = raw_push(a, page);
    for (int f = 0; f < TABLE_FIELDS; f++) {
        const char *key = o->map.column[f].len ? arena_strz(a, o->map.column[f])
                                               : table_field_names[f];
        const json_t *v = json_object_get(obj, key);
        struct table_place to = table_place(p, (enum table_field)f);
        if (to.text)
            *to.text = value_text(a, v);
        else
            *to.count = value_count(v);
    }
}

struct json_import {
    const struct import_options *o;
    struct arena *arena;
    const char *file;
    struct diags *diags;
    struct raw_page *page;      /* mapped records */
    struct post *posts;         /* records that are posts */
    size_t count, cap;
};

static void add_record(struct json_import *im, const json_t *obj, int line)
{
    struct err e = {0};
    struct post p;
    if (im->o->mapped && json_is_object(obj)) {
        mapped_post(obj, im->o, im->arena, im->page);
    } else if (post_from_json(obj, im->arena, &p, &e) == DF_OK) {
        if (!p.channel.len)
            p.channel = im->o->channel;
        p.source = im->o->source;
        if (!p.id.len)
            p.id = arena_printf(im->arena, "h-%.32s", post_digest(im->arena, &p).ptr);
        p.digest = post_digest(im->arena, &p);
        *ARENA_PUSH(im->arena, im->posts, im->count, im->cap) = p;
    } else {
        diags_addf(im->diags, DIAG_ERROR, im->file, line, line ? 1 : 0, "%s", e.text);
    }
}

static enum df_rc read_json(struct json_import *im, struct str text, struct err *err)
{
    json_t *v = NULL;
    struct str line;
    int number = 0;
    if (str_trim(text).ptr[0] == '[') {
        enum df_rc rc = json_parse(text, im->file, &v, err);
        for (size_t i = 0; rc == DF_OK && i < json_array_size(v); i++)
            add_record(im, json_array_get(v, i), 0);
        json_decref(v);
        return rc;
    }
    while (str_split(&text, '\n', &line)) {
        struct err e = {0};
        number++;
        if (!str_trim(line).len)
            continue;
        if (json_parse(line, im->file, &v, &e) != DF_OK) {
            diags_addf(im->diags, DIAG_ERROR, im->file, number, e.col, "%s", e.text);
            continue;
        }
        add_record(im, v, number);
        json_decref(v);
    }
    return DF_OK;
}

enum df_rc import_read(struct str bytes, const char *file, const struct import_options *o,
                       struct arena *a, struct collect_result *out, struct diags *diags,
                       struct err *err)
{
    struct channel *channel = ARENA_NEW(a, struct channel);
    struct raw_page page = {.retry_ms = -1};
    *channel = stand_in(o);
    struct source src = {.name = o->source, .channel = channel};
    *out = (struct collect_result){.health = {.retry_after_ms = -1, .quota_left = -1}};
    struct str text = charset_decode(a, bytes, STR_NONE).text, t = str_trim(text);
    if (!t.len)
        return err_at(err, DF_REJECT, file, 0, 0, "the file is empty");
    if (str_starts(t, STR("PK\x03\x04")))
        return err_at(err, DF_REJECT, file, 0, 0,
                      "this is a spreadsheet (XLSX); save it as CSV UTF-8 and import that");
    enum df_rc rc;
    if (t.ptr[0] == '{' || t.ptr[0] == '[') {
        struct json_import im = {.o = o, .arena = a, .file = file, .diags = diags, .page = &page};
        rc = read_json(&im, text, err);
        out->posts = im.posts;
        out->count = im.count;
    } else {
        rc = table_read(text, file, &o->map, a, &page, diags, err);
    }
    if (rc != DF_OK)
        return rc;
    if (page.count)
        body_posts(&src, &page, STR_NONE, DF_NO_TIME, a, out);
    return DF_OK;
}
