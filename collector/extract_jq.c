/* extract_jq.c: the pack's jq over the JSON of a body. The only file that includes libjq.
 *
 * The pieces of a pack are put together into one program, because compiling costs 20 ms whatever
 * the size: an item that fails is counted and the others go on. In a pack's expressions
 *   .      the item (post), the body (everything else)
 *   $page  the body   $p  the source's parameters   $cursor  the paging value   $url  the address
 * and the functions of channels/common.jq can be used. */
#include "collector/jq_value.h"

#include <jq.h>
#include <math.h>
#include <oniguruma.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/data.h"
#include "core/limits.h"

#define MAX_PROGRAM DF_KIB(256)
#define MAX_DOCUMENTS 100000 /* lines of JSON in one body */
#define BINDINGS                                                                               \
    "\n. as $in | $in.p as $p | $in.cursor as $cursor | $in.url as $url | $in.body | "         \
    ". as $page | "

struct jq_program {
    jq_state *jq;
    const struct channel *channel;
    const struct extract_rule *rule;
    char message[512]; /* the last thing libjq complained about */
};

static void on_message(void *ctx, jv msg)
{
    struct jq_program *p = ctx;
    jv text = jq_format_error(msg);
    if (!p->message[0] && jv_get_kind(text) == JV_KIND_STRING) /* the first one is the cause */
        snprintf(p->message, sizeof p->message, "%s", jv_string_value(text));
    jv_free(text);
}

/* --- compiling --- */

static struct str or_else(struct str s, const char *otherwise)
{
    return s.len ? s : str_of(otherwise);
}

static void put_piece(struct buf *b, const char *key, const char *open, struct str code,
                      const char *close)
{
    buf_printf(b, "\n%s%s", key, open);
    buf_str(b, code);
    buf_printf(b, "\n%s", close);
}

/* A value that may also be nothing or fail: null then. */
static void put_value(struct buf *b, const char *key, struct str code)
{
    buf_printf(b, "\n%s", key);
    put_piece(b, ": ([try (", "", code, ") catch null] | .[0]),");
}

static bool makes_items(const struct extract_rule *r)
{
    return r->kind == EXTRACT_HTML || r->kind == EXTRACT_FEED;
}

static void build(struct buf *b, struct str common, const struct channel *c,
                  const struct extract_rule *r)
{
    buf_str(b, common);
    buf_puts(b, BINDINGS);
    put_piece(b, "", "if (try (", or_else(r->expect, "true"), ") catch false) then {");
    put_piece(b, "posts: [", "(", or_else(r->items, makes_items(r) ? ".items[]" : ".[]?"),
              ")");
    put_piece(b, "| . as $item | try ", "(", or_else(r->post, "."),
              ") catch {\"!bad\": tostring}],");
    put_value(b, "next", or_else(c->cursor_next,
                                 r->kind == EXTRACT_HTML ? ".page.next"
                                 : r->kind == EXTRACT_FEED ? ".next" : "null"));
    put_value(b, "total", or_else(c->aggregate, "null"));
    put_value(b, "retry", or_else(c->retry, "null"));
    put_value(b, "error", or_else(c->error, "null"));
    put_piece(b, "follow: [", "try (", or_else(c->follow, "empty"), ") catch empty]");
    buf_puts(b, "} else {");
    put_value(b, "error", or_else(c->error, "null"));
    buf_puts(b, "shape: false} end");
}

static bool compile(struct jq_program *p, const char *text)
{
    p->message[0] = '\0';
    return jq_compile_args(p->jq, text, jv_object());
}

/* libjq says "… (Unix shell quoting issues?) at <top-level>, line 3:" and then quotes it all. */
static int message_line(char *message)
{
    char *at = strstr(message, " at <top-level>, line ");
    int line = at ? (int)strtol(at + strlen(" at <top-level>, line "), NULL, 10) : 0;
    char *hint = strstr(message, " (Unix shell quoting");
    if (at)
        *at = '\0';
    if (hint)
        *hint = '\0';
    char *from = strstr(message, "jq: error: ");
    if (from)
        memmove(message, from + 11, strlen(from + 11) + 1);
    return line;
}

static int lines_of(struct str s)
{
    int n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += s.ptr[i] == '\n';
    return n;
}

/* The whole did not compile: find the piece that does not, to name its file and line. */
static enum df_rc compile_error(struct jq_program *p, struct str common, struct err *err)
{
    const struct channel *c = p->channel;
    const struct extract_rule *r = p->rule;
    char dir[256];
    snprintf(dir, sizeof dir, "%.*s/channel.yaml", STR_FMT(c->dir));
    const struct {
        const char *what;
        struct str code;
        struct str file;
        int line;
    } pieces[] = {
        {"post", r->post, r->post_file, r->post_line}, {"items", r->items, {0}, 0},
        {"expect", r->expect, {0}, 0},                 {"next", c->cursor_next, {0}, 0},
        {"follow", c->follow, {0}, 0},                 {"error", c->error, {0}, 0},
        {"retry", c->retry, {0}, 0},                   {"aggregate", c->aggregate, {0}, 0},
    };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf b = BUF_INIT(MAX_PROGRAM);
        buf_str(&b, common);
        buf_puts(&b, BINDINGS ". as $item | (\n");
        int before = lines_of(buf_view(&b));
        buf_str(&b, or_else(pieces[i].code, "."));
        buf_puts(&b, "\n)");
        bool good = compile(p, b.ptr);
        buf_free(&b);
        if (good)
            continue;
        int line = message_line(p->message) - before;
        char file[256];
        snprintf(file, sizeof file, "%.*s", STR_FMT(pieces[i].file));
        return err_at(err, DF_REJECT, file[0] ? file : dir,
                      pieces[i].line + (line > 0 && file[0] ? line - 1 : 0), 1, "jq in '%s': %s",
                      pieces[i].what, p->message);
    }
    return err_at(err, DF_REJECT, dir, 0, 0, "jq: %s", p->message);
}

/* libjq's regular expressions set themselves up when first used, without a lock. */
static void regex_start(void)
{
    OnigEncoding utf8 = ONIG_ENCODING_UTF8;
    onig_initialize(&utf8, 1);
}

enum df_rc jq_program_new(const struct channel *c, const struct extract_rule *r,
                          struct jq_program **out, struct err *err)
{
    struct jq_program *p = calloc(1, sizeof *p);
    struct arena *a = arena_new();
    struct buf b = BUF_INIT(MAX_PROGRAM);
    struct str common = STR_NONE;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!p)
        abort();
    pthread_once(&once, regex_start);
    p->channel = c;
    p->rule = r;
    p->jq = jq_init();
    enum df_rc rc = p->jq ? data_read(a, "channels/common.jq", &common, err)
                          : err_set(err, DF_FATAL, "libjq could not start");
    if (rc == DF_NONE)
        rc = DF_OK;
    if (rc != DF_OK)
        goto out;
    jq_set_error_cb(p->jq, on_message, p);
    build(&b, common, c, r);
    if (b.full)
        rc = err_set(err, DF_REJECT, "the jq of channel %.*s is too long", STR_FMT(c->name));
    else if (!compile(p, b.ptr))
        rc = compile_error(p, common, err);
out:
    buf_free(&b);
    arena_free(&a);
    if (rc != DF_OK)
        jq_program_free(&p);
    *out = p;
    return rc;
}

void jq_program_free(struct jq_program **p)
{
    if (!*p)
        return;
    jq_teardown(&(*p)->jq);
    free(*p);
    *p = NULL;
}

/* --- values --- */

static struct str as_str(struct arena *a, jv v)
{
    struct str out = STR_NONE;
    jv_kind kind = jv_get_kind(v);
    if (kind == JV_KIND_STRING) {
        out = arena_str(a, str_n(jv_string_value(v), (size_t)jv_string_length_bytes(jv_copy(v))));
    } else if (kind == JV_KIND_NUMBER) {
        double d = jv_number_value(v);
        if (d == floor(d) && fabs(d) <= 9007199254740992.0) /* 2^53: exact up to here */
            out = arena_printf(a, "%.0f", d);
        else
            out = arena_printf(a, "%.15g", d);
    } else if (kind == JV_KIND_TRUE || kind == JV_KIND_FALSE) {
        out = kind == JV_KIND_TRUE ? STR("true") : STR("false");
    }
    jv_free(v);
    return out;
}

static struct str get_str(struct arena *a, jv obj, const char *key)
{
    return as_str(a, jv_object_get(jv_copy(obj), jv_string(key)));
}

static double as_num(jv v, double otherwise)
{
    double d = otherwise, parsed;
    if (jv_get_kind(v) == JV_KIND_NUMBER)
        d = jv_number_value(v);
    else if (jv_get_kind(v) == JV_KIND_STRING && str_f64(str_of(jv_string_value(v)), &parsed))
        d = parsed;
    jv_free(v);
    return d;
}

static int64_t as_count(jv v)
{
    double d = as_num(v, -1);
    return d >= 0 && d < 9e15 ? (int64_t)d : RAW_NO_COUNT;
}

static bool as_bool(jv v)
{
    bool yes = jv_get_kind(v) == JV_KIND_TRUE;
    jv_free(v);
    return yes;
}

static double get_num(jv obj, const char *key, double otherwise)
{
    return as_num(jv_object_get(jv_copy(obj), jv_string(key)), otherwise);
}

static int64_t get_count(jv obj, const char *key)
{
    return as_count(jv_object_get(jv_copy(obj), jv_string(key)));
}

static const struct {
    const char *name;
    enum text_format format;
} formats[] = {{"html", TEXT_HTML}, {"text", TEXT_PLAIN}, {"markdown", TEXT_MARKDOWN},
               {"bbcode", TEXT_BBCODE}};

static void read_author(struct arena *a, jv v, struct raw_post *p)
{
    if (jv_get_kind(v) == JV_KIND_OBJECT) {
        p->author_id = get_str(a, v, "id");
        p->author_name = get_str(a, v, "name");
        p->followers = get_count(v, "followers");
        jv_free(v);
    } else {
        p->author_name = as_str(a, v);
    }
}

/* No id of its own: `hash` names the values that together are one. */
static struct str read_hash(struct arena *a, jv v)
{
    struct str out = STR_NONE;
    if (jv_get_kind(v) == JV_KIND_ARRAY)
        out = jv_array_length(jv_copy(v)) ? as_str(a, jv_dump_string(jv_copy(v), 0)) : out;
    jv_free(v);
    return out;
}

/* The keys of a post; an object is gone through once instead of being asked for each. */
enum key { TEXT, NUMBER, COUNT, AUTHOR, EDITED, DELETED, HASH, FORMAT, TITLE_HTML };

static const struct {
    const char *name;
    enum key key;
    size_t at; /* in struct raw_post, of the first three */
} keys[] = {
#define AT(member) offsetof(struct raw_post, member)
    {"id", TEXT, AT(id)}, {"text", TEXT, AT(text)}, {"author", AUTHOR, 0}, {"created", TEXT, AT(created)},
    {"url", TEXT, AT(url)}, {"title", TEXT, AT(title)}, {"rating", TEXT, AT(rating)},
    {"edited", EDITED, 0}, {"parent", TEXT, AT(parent)}, {"likes", COUNT, AT(likes)},
    {"replies", COUNT, AT(replies)}, {"shares", COUNT, AT(shares)}, {"lang", TEXT, AT(lang)},
    {"hash", HASH, 0}, {"format", FORMAT, 0}, {"best", NUMBER, AT(best)}, {"worst", NUMBER, AT(worst)},
    {"scope", TEXT, AT(scope)}, {"base", TEXT, AT(base)}, {"deleted", DELETED, 0},
    {"title_html", TITLE_HTML, 0},
#undef AT
};

static void read_key(struct arena *a, size_t which, jv v, struct raw_post *p)
{
    char *at = (char *)p + keys[which].at;
    switch (keys[which].key) {
    case TEXT: *(struct str *)(void *)at = as_str(a, v); return;
    case NUMBER: *(double *)(void *)at = as_num(v, NAN); return;
    case COUNT: *(int64_t *)(void *)at = as_count(v); return;
    case AUTHOR: read_author(a, v, p); return;
    case HASH: p->hash = read_hash(a, v); return;
    case DELETED: p->deleted = as_bool(v); return;
    case TITLE_HTML: p->title_format = as_bool(v) ? TEXT_HTML : TEXT_PLAIN; return;
    case EDITED:
        p->edited_flag = jv_get_kind(v) == JV_KIND_TRUE;
        p->edited = as_str(a, v);
        if (p->edited_flag || str_is(p->edited, "false"))
            p->edited = STR_NONE;
        return;
    case FORMAT:
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            if (jv_get_kind(v) == JV_KIND_STRING && strcmp(jv_string_value(v), formats[i].name) == 0) {
                p->format = formats[i].format;
                p->format_given = true;
            }
        jv_free(v);
        return;
    }
}

static void read_post(struct arena *a, jv obj, struct raw_page *page)
{
    struct str bad = get_str(a, obj, "!bad");
    if (bad.len) {
        raw_bad(a, page, "%.*s", STR_FMT(str_sub(bad, 0, 200)));
        return;
    }
    struct raw_post *p = raw_push(a, page);
    p->title_format = TEXT_PLAIN;
    jv_object_foreach(obj, key, value)
    {
        size_t i = 0, n = sizeof keys / sizeof *keys;
        while (i < n && strcmp(jv_string_value(key), keys[i].name) != 0)
            i++;
        if (i < n)
            read_key(a, i, value, p);
        else
            jv_free(value);
        jv_free(key);
    }
}

/* One or a list of {rating, about, best, worst, ratings, reviews}. */
static void read_totals(struct arena *a, jv totals, struct raw_page *page)
{
    if (jv_get_kind(totals) == JV_KIND_OBJECT)
        totals = jv_array_append(jv_array(), totals);
    int n = jv_get_kind(totals) == JV_KIND_ARRAY ? jv_array_length(jv_copy(totals)) : 0;
    for (int i = 0; i < n && i < DF_MAX_OVERALLS; i++) {
        jv t = jv_array_get(jv_copy(totals), i);
        if (jv_get_kind(t) == JV_KIND_OBJECT)
            *ARENA_PUSH(a, page->totals, page->total_count, page->total_cap) =
                (struct raw_total){.about = get_str(a, t, "about"),
                                   .rating = get_str(a, t, "rating"),
                                   .best = get_num(t, "best", NAN),
                                   .worst = get_num(t, "worst", NAN),
                                   .ratings = get_count(t, "ratings"),
                                   .reviews = get_count(t, "reviews")};
        jv_free(t);
    }
    jv_free(totals);
}

static void read_page(struct arena *a, jv out, const struct extract_body *body,
                      struct raw_page *page)
{
    jv posts = jv_object_get(jv_copy(out), jv_string("posts"));
    int n = jv_array_length(jv_copy(posts));
    for (int i = 0; i < n; i++) {
        jv item = jv_array_get(jv_copy(posts), i);
        if (jv_get_kind(item) == JV_KIND_OBJECT) {
            size_t before = page->count;
            read_post(a, item, page);
            if (page->count > before && !page->posts[before].base.len)
                page->posts[before].base = body->url;
        } else if (jv_get_kind(item) != JV_KIND_NULL) {
            raw_bad(a, page, "an item did not become an object");
        }
        jv_free(item);
    }
    jv_free(posts);
    jv follow = jv_object_get(jv_copy(out), jv_string("follow"));
    n = jv_array_length(jv_copy(follow));
    for (int i = 0; i < n; i++) {
        struct str url = as_str(a, jv_array_get(jv_copy(follow), i));
        if (url.len)
            *ARENA_PUSH(a, page->follow, page->follow_count, page->follow_cap) = url;
    }
    jv_free(follow);
    struct str next = get_str(a, out, "next");
    if (next.len && !str_is(next, "false"))
        page->next = next;
    double retry = get_num(out, "retry", -1);
    page->retry_ms = retry >= 0 && retry < 1e7 ? (int64_t)(retry * 1000) : -1;
    read_totals(a, jv_object_get(jv_copy(out), jv_string("total")), page);
}

/* json_tidy writes one document a line. One is the body; several are an array, without those
 * that are broken, so that a bad block of a page costs only itself. */
static jv parse(struct str json, char *why, size_t size)
{
    jv docs = jv_array();
    struct str line;
    int n = 0;
    while (n < MAX_DOCUMENTS && str_split(&json, '\n', &line)) {
        if (!str_trim(line).len)
            continue;
        if (!json_well_formed(line)) {
            snprintf(why, size, "not valid JSON");
            continue;
        }
        jv v = jv_parse_sized(line.ptr, (int)line.len);
        if (jv_is_valid(v)) {
            docs = jv_array_append(docs, v);
            n++;
            continue;
        }
        jv msg = jv_invalid_get_msg(v);
        if (jv_get_kind(msg) == JV_KIND_STRING)
            snprintf(why, size, "%s", jv_string_value(msg));
        jv_free(msg);
    }
    if (n > 1 || (n == 1 && !why[0]))
        return n == 1 ? jv_array_get(docs, 0) : docs;
    jv_free(docs);
    if (!why[0])
        snprintf(why, size, "there is no value in it");
    return jv_invalid();
}

static jv input_of(jv body, const struct extract_body *b)
{
    jv params = jv_object();
    for (size_t i = 0; i < b->param_count; i++)
        params = jv_object_set(params, jv_of(b->params[i].name), jv_of(b->params[i].value));
    jv in = jv_object();
    in = jv_object_set(in, jv_string("body"), body);
    in = jv_object_set(in, jv_string("p"), params);
    in = jv_object_set(in, jv_string("cursor"), jv_of(b->cursor));
    return jv_object_set(in, jv_string("url"), jv_of(b->url));
}

enum df_rc jq_program_run_value(struct jq_program *p, jv body, const struct extract_body *b,
                                struct arena *a, struct raw_page *page, struct err *err)
{
    page->retry_ms = -1;
    p->message[0] = '\0';
    jq_start(p->jq, input_of(body, b), 0);
    jv out = jq_next(p->jq);
    enum df_rc rc = DF_OK;
    if (!jv_is_valid(out)) {
        jv msg = jv_invalid_get_msg(jv_copy(out));
        rc = err_set(err, DF_REJECT, "the answer could not be read: %s",
                     jv_get_kind(msg) == JV_KIND_STRING ? jv_string_value(msg) : "no result");
        jv_free(msg);
    } else {
        page->error = get_str(a, out, "error");
        if (str_is(page->error, "false"))
            page->error = STR_NONE;
        jv shape = jv_object_get(jv_copy(out), jv_string("shape"));
        if (jv_get_kind(shape) == JV_KIND_FALSE)
            rc = page->error.len ? DF_OK
                                 : err_set(err, DF_REJECT, "the answer is not what the channel "
                                                           "%.*s sends", STR_FMT(p->channel->name));
        else
            read_page(a, out, b, page);
        jv_free(shape);
    }
    jv_free(out);
    return rc;
}

enum df_rc jq_program_run(struct jq_program *p, struct str json, const struct extract_body *b,
                          struct arena *a, struct raw_page *page, struct err *err)
{
    char why[256] = "";
    jv body = parse(json, why, sizeof why);
    if (!jv_is_valid(body)) {
        jv_free(body);
        char *quote = strstr(why, " (while parsing"); /* what people wrote stays out of messages */
        if (quote)
            *quote = '\0';
        return err_set(err, DF_REJECT, "the answer is cut off or damaged: %s", why);
    }
    return jq_program_run_value(p, body, b, a, page, err);
}
