/* channel_read.c: each key of a pack is read by one small function; every fault is reported with
 * its line, a misspelt word with what was probably meant, and reading goes on. */
#include "collector/channel_read.h"

#include <limits.h>

#include "collector/template.h"
#include "core/clock.h"
#include "core/yaml.h"

const char *const template_builtins[] = {"cursor", "since", "since:s", "since:ms", "since:iso",
                                         "since:date", "token", "jwt", "basic", NULL};

struct reader {
    struct channel *c;
    struct arena *arena;
    struct diags *diags;
    pack_reader *read;
    void *ctx;
};

/* --- small pieces --- */

static struct str text_of(struct reader *r, const struct yaml *y)
{
    struct str s = STR_NONE;
    if (y)
        yaml_str(y, &s, r->diags);
    return arena_str(r->arena, s);
}

static struct str text_at(struct reader *r, const struct yaml *map, const char *key)
{
    return text_of(r, yaml_get(map, key));
}

static bool is_map(struct reader *r, const struct yaml *y, const char *what)
{
    if (!y || y->kind == YAML_NULL)
        return false;
    if (y->kind != YAML_MAP)
        yaml_fault(y, r->diags, "'%s' must be a list of names and values", what);
    return y->kind == YAML_MAP;
}

static int number_at(struct reader *r, const struct yaml *map, const char *key, int otherwise)
{
    const struct yaml *y = yaml_get(map, key);
    int64_t v = otherwise;
    if (y)
        yaml_int(y, 0, INT_MAX, &v, r->diags);
    return (int)v;
}

static int64_t duration_at(struct reader *r, const struct yaml *map, const char *key,
                           int64_t otherwise)
{
    const struct yaml *y = yaml_get(map, key);
    if (y)
        yaml_duration(y, &otherwise, r->diags);
    return otherwise;
}

static bool bool_at(struct reader *r, const struct yaml *map, const char *key, bool otherwise)
{
    const struct yaml *y = yaml_get(map, key);
    if (y)
        yaml_bool(y, &otherwise, r->diags);
    return otherwise;
}

/* Index of a word in a NULL-ended list; a fault and 0 when it is not in it. */
static int word_at(struct reader *r, const struct yaml *map, const char *key,
                   const char *const *words, int otherwise)
{
    const struct yaml *y = yaml_get(map, key);
    struct str s;
    if (!y || !yaml_str(y, &s, r->diags))
        return otherwise;
    for (int i = 0; words[i]; i++)
        if (str_is(s, words[i]))
            return i;
    const char *near = nearest_word(s, words);
    yaml_fault(y, r->diags, "'%.*s' is not a value of '%s'%s%s%s", STR_FMT(s), key,
               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return otherwise;
}

static struct str *words(struct reader *r, const struct yaml *y, size_t *count_out)
{
    *count_out = 0;
    if (!y)
        return NULL;
    if (y->kind != YAML_SEQ) {
        yaml_fault(y, r->diags, "a list is needed here");
        return NULL;
    }
    struct str *out = arena_array(r->arena, (size_t)y->count, sizeof *out);
    for (int i = 0; i < y->count; i++)
        out[i] = text_of(r, y->items[i]);
    *count_out = (size_t)y->count;
    return out;
}

static struct pair *pairs(struct reader *r, const struct yaml *y, const char *what, size_t *count_out)
{
    *count_out = 0;
    if (!is_map(r, y, what))
        return NULL;
    struct pair *out = arena_array(r->arena, (size_t)y->count, sizeof *out);
    for (int i = 0; i < y->count; i++)
        out[i] = (struct pair){arena_str(r->arena, y->items[i]->key), text_of(r, y->items[i]),
                               y->items[i]->line};
    *count_out = (size_t)y->count;
    return out;
}

/* --- templates: every {variable} must be known --- */

static bool known_variable(const struct channel *c, struct str name)
{
    for (size_t i = 0; i < c->param_count; i++)
        if (str_eq(c->params[i].name, name))
            return true;
    for (size_t i = 0; i < c->auth.secret_count; i++)
        if (str_eq(c->auth.secrets[i].name, name))
            return true;
    for (int i = 0; template_builtins[i]; i++)
        if (str_is(name, template_builtins[i]))
            return true;
    return false;
}

static void check_template(struct reader *r, const struct yaml *y, struct str tmpl)
{
    size_t at = 0;
    struct str name;
    while (y && template_next(tmpl, &at, &name)) {
        template_form(&name, TEMPLATE_RAW);
        if (known_variable(r->c, name))
            continue;
        const char *list[64];
        size_t n = 0;
        for (size_t i = 0; i < r->c->param_count && n < 40; i++)
            list[n++] = r->c->params[i].name.ptr;
        for (int i = 0; template_builtins[i]; i++)
            list[n++] = template_builtins[i];
        list[n] = NULL;
        const char *near = nearest_word(name, list);
        yaml_fault(y, r->diags, "'{%.*s}' is no parameter of this channel%s%s%s", STR_FMT(name),
                   near ? "; did you mean '{" : "", near ? near : "", near ? "}'?" : "");
    }
}

static struct str template_at(struct reader *r, const struct yaml *map, const char *key)
{
    const struct yaml *y = yaml_get(map, key);
    struct str s = text_of(r, y);
    check_template(r, y, s);
    return s;
}

static struct pair *templates(struct reader *r, const struct yaml *y, const char *what,
                              size_t *count_out)
{
    struct pair *out = pairs(r, y, what, count_out);
    for (size_t i = 0; i < *count_out; i++)
        check_template(r, y->items[i], out[i].value);
    return out;
}

/* --- the keys --- */

static void read_title(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"en", "zh-Hant", "zh-Hans", NULL};
    if (!is_map(r, y, "title"))
        return;
    yaml_check_keys(y, keys, r->diags);
    for (int i = 0; i < 3; i++)
        r->c->title[i] = text_at(r, y, keys[i]);
    for (int i = 1; i < 3; i++)
        if (!r->c->title[i].len)
            r->c->title[i] = r->c->title[0];
}

static void read_params(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"type", "doc", "required", "default", "example", "choices",
                                       NULL};
    static const char *const types[] = {"text", "integer", "url", "choice", "bool", "list", NULL};
    if (!is_map(r, y, "params"))
        return;
    r->c->params = arena_array(r->arena, (size_t)y->count, sizeof *r->c->params);
    for (int i = 0; i < y->count; i++) {
        const struct yaml *m = y->items[i];
        if (!is_map(r, m, "a parameter"))
            continue;
        yaml_check_keys(m, keys, r->diags);
        struct param *p = &r->c->params[r->c->param_count++];
        p->name = arena_str(r->arena, m->key);
        p->type = (enum param_type)word_at(r, m, "type", types, PARAM_TEXT);
        p->doc = text_at(r, m, "doc");
        p->required = bool_at(r, m, "required", false);
        p->fallback = text_at(r, m, "default");
        p->example = text_at(r, m, "example");
        p->choices = words(r, yaml_get(m, "choices"), &p->choice_count);
        if (!p->doc.len)
            yaml_fault(m, r->diags, "parameter '%.*s' needs a 'doc'", STR_FMT(p->name));
        if ((p->type == PARAM_CHOICE) != (p->choice_count > 0))
            yaml_fault(m, r->diags, "'choices' go with type choice, and the other way round");
    }
}

static void read_request(struct reader *r, const struct yaml *y, struct request_template *t)
{
    static const char *const keys[] = {"method", "url", "query", "headers", "form", "body", "token",
                                       "lifetime", "jwt", NULL};
    if (!is_map(r, y, "request"))
        return;
    yaml_check_keys(y, keys, r->diags);
    t->method = text_at(r, y, "method");
    t->url = template_at(r, y, "url");
    t->body = template_at(r, y, "body");
    t->query = templates(r, yaml_get(y, "query"), "query", &t->query_count);
    t->headers = templates(r, yaml_get(y, "headers"), "headers", &t->header_count);
    t->form = templates(r, yaml_get(y, "form"), "form", &t->form_count);
    if (!t->url.len)
        yaml_fault(y, r->diags, "a request needs a 'url'");
}

static void read_auth(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"secrets", "doc", "optional", "login", NULL};
    struct auth *a = &r->c->auth;
    if (!is_map(r, y, "auth"))
        return;
    yaml_check_keys(y, keys, r->diags);
    a->secrets = pairs(r, yaml_get(y, "secrets"), "secrets", &a->secret_count);
    a->doc = text_at(r, y, "doc");
    a->optional = bool_at(r, y, "optional", false);
    const struct yaml *login = yaml_get(y, "login");
    if (!login)
        return;
    read_request(r, login, &a->login);
    a->token = text_at(r, login, "token");
    a->lifetime_ms = duration_at(r, login, "lifetime", 50 * DF_MINUTE);
    a->jwt = templates(r, yaml_get(login, "jwt"), "jwt", &a->jwt_count);
    if (!a->token.len)
        yaml_fault(login, r->diags, "'login' needs 'token': the jq that finds it in the answer");
}

static void read_paging(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"first", "next", "link", "pages", NULL};
    if (!is_map(r, y, "paging"))
        return;
    yaml_check_keys(y, keys, r->diags);
    r->c->cursor_first = text_at(r, y, "first");
    r->c->cursor_next = text_at(r, y, "next");
    r->c->cursor_link = bool_at(r, y, "link", false);
    r->c->pages = number_at(r, y, "pages", 5);
}

/* "extract.jq" is a file of the pack, everything else the program itself. */
static void read_program(struct reader *r, const struct yaml *y, struct extract_rule *e)
{
    struct str s = text_of(r, y), program;
    struct err err = {0};
    if (!y)
        return;
    e->post = s;
    e->post_file = str_of(y->file);
    e->post_line = y->line;
    if (!str_ends(s, STR(".jq")) || str_chr(s, ' ') >= 0)
        return;
    e->post_file = arena_printf(r->arena, "%.*s/%.*s", STR_FMT(r->c->dir), STR_FMT(s));
    e->post_line = 1;
    enum df_rc rc = str_chr(s, '/') >= 0 ? DF_NONE
                                         : r->read(r->ctx, r->arena, e->post_file, &program, &err);
    if (rc == DF_OK)
        e->post = program;
    else
        yaml_fault(y, r->diags, "cannot read '%.*s' of this pack", STR_FMT(s));
}

static void read_extract(struct reader *r, const struct yaml *y, struct extract_rule *e)
{
    static const char *const keys[] = {"kind", "expect", "items", "post", "when", "item",
                                       "fields", "page", NULL};
    static const char *const kinds[] = {"json", "feed", "html", "xml", "structured", NULL};
    if (!is_map(r, y, "extract"))
        return;
    yaml_check_keys(y, keys, r->diags);
    e->kind = (enum extract_kind)word_at(r, y, "kind", kinds, EXTRACT_JSON);
    e->expect = text_at(r, y, "expect");
    e->items = text_at(r, y, "items");
    e->when = template_at(r, y, "when");
    e->item = template_at(r, y, "item");
    e->fields = templates(r, yaml_get(y, "fields"), "fields", &e->field_count);
    e->page = templates(r, yaml_get(y, "page"), "page", &e->page_count);
    read_program(r, yaml_get(y, "post"), e);
    if (e->kind == EXTRACT_HTML && !e->item.len)
        yaml_fault(y, r->diags, "kind html needs 'item', the selector of one post");
}

static void read_extracts(struct reader *r, const struct yaml *y)
{
    bool list = y && y->kind == YAML_SEQ;
    size_t n = list ? (size_t)y->count : 1;
    r->c->extracts = arena_array(r->arena, n, sizeof *r->c->extracts);
    if (!y || n == 0)
        return;
    for (size_t i = 0; i < n; i++)
        read_extract(r, list ? y->items[i] : y, &r->c->extracts[i]);
    r->c->extract_count = n;
}

static void read_page(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"error", "retry", "aggregate", "follow", "follow-limit", NULL};
    if (!is_map(r, y, "page"))
        return;
    yaml_check_keys(y, keys, r->diags);
    r->c->error = text_at(r, y, "error");
    r->c->retry = text_at(r, y, "retry");
    r->c->aggregate = text_at(r, y, "aggregate");
    r->c->follow = text_at(r, y, "follow");
    r->c->follow_limit = number_at(r, y, "follow-limit", 20);
}

static void read_rating(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"worst", "best", NULL};
    if (!is_map(r, y, "rating"))
        return;
    yaml_check_keys(y, keys, r->diags);
    const struct yaml *w = yaml_get(y, "worst"), *b = yaml_get(y, "best");
    if (!w || !b || !yaml_num(w, -1e6, 1e6, &r->c->rating_worst, r->diags) ||
        !yaml_num(b, -1e6, 1e6, &r->c->rating_best, r->diags))
        yaml_fault(y, r->diags, "'rating' needs 'worst' and 'best'");
    r->c->rating_present = true;
}

static void read_poll(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"every", "pace", "budget", "robots", NULL};
    r->c->every_ms = 30 * DF_MINUTE;
    r->c->pace_ms = 2 * DF_SECOND;
    if (!is_map(r, y, "poll"))
        return;
    yaml_check_keys(y, keys, r->diags);
    r->c->every_ms = duration_at(r, y, "every", r->c->every_ms);
    r->c->pace_ms = duration_at(r, y, "pace", r->c->pace_ms);
    r->c->budget = number_at(r, y, "budget", 0);
    r->c->robots = bool_at(r, y, "robots", false);
}

static void read_window(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"posts", "span", NULL};
    if (!is_map(r, y, "window"))
        return;
    yaml_check_keys(y, keys, r->diags);
    r->c->window_posts = number_at(r, y, "posts", 0);
    r->c->window_ms = duration_at(r, y, "span", 0);
}

static void read_reply(struct reader *r, const struct yaml *y)
{
    static const char *const keys[] = {"limit", "unit", "via", "note", NULL};
    static const char *const units[] = {"chars", "graphemes", "utf16", "bytes", "weighted", NULL};
    if (!is_map(r, y, "reply"))
        return;
    yaml_check_keys(y, keys, r->diags);
    r->c->reply_limit = number_at(r, y, "limit", 0);
    r->c->reply_unit = (enum reply_unit)word_at(r, y, "unit", units, REPLY_CHARS);
    r->c->reply_via = text_at(r, y, "via");
    r->c->reply_note = text_at(r, y, "note");
}

static void check_whole(struct reader *r, const struct yaml *y)
{
    struct channel *c = r->c;
    bool base = false;
    for (size_t i = 0; i < c->param_count; i++)
        base = base || str_is(c->params[i].name, "base") || str_is(c->params[i].name, "url");
    if (!c->title[0].len)
        yaml_fault(y, r->diags, "a channel needs a 'title' with at least 'en'");
    if (!c->extract_count)
        yaml_fault(y, r->diags, "a channel needs 'extract'");
    if (!c->request.url.len && !str_is(c->status, "export"))
        yaml_fault(y, r->diags, "a channel needs a 'request', or 'status: export'");
    if (!base && c->request.url.len)
        yaml_fault(y, r->diags, "every channel takes a parameter 'base' (or 'url'), so that "
                                "it can be pointed at another host");
}

enum df_rc channel_read(struct channel *c, struct arena *a, pack_reader *read, void *ctx,
                        struct diags *diags)
{
    static const char *const keys[] = {
        "title", "aliases", "about", "docs", "note", "status", "params", "auth", "request",
        "paging", "page", "extract", "format", "zone", "dates", "rating", "id", "lang", "poll",
        "window", "edits", "reply", NULL};
    static const char *const formats[] = {"html", "text", "markdown", "bbcode", NULL};
    static const char *const statuses[] = {"public", "key", "export", NULL};
    static const char *const edits[] = {"digest", "native", NULL};
    static const char *const dates[] = {"day-first", "month-first", NULL};
    struct reader r = {c, a, diags, read, ctx};
    struct str text, path = arena_printf(a, "%.*s/channel.yaml", STR_FMT(c->dir));
    const struct yaml *y;
    struct err err = {0};
    int before = diags->errors;
    enum df_rc rc = read(ctx, a, path, &text, &err);
    if (rc != DF_OK) {
        diags_add(diags, DIAG_ERROR, &err);
        return DF_REJECT;
    }
    rc = yaml_parse(a, text, path.ptr, &y, diags);
    if (rc != DF_OK)
        return rc;
    if (y->kind != YAML_MAP) {
        yaml_fault(y, diags, "a channel pack is a list of names and values");
        return DF_REJECT;
    }
    yaml_check_keys(y, keys, diags);
    read_title(&r, yaml_get(y, "title"));
    c->aliases = words(&r, yaml_get(y, "aliases"), &c->alias_count);
    c->about = text_at(&r, y, "about");
    c->docs = text_at(&r, y, "docs");
    c->note = text_at(&r, y, "note");
    c->status = str_of(statuses[word_at(&r, y, "status", statuses, 0)]);
    read_params(&r, yaml_get(y, "params"));
    read_auth(&r, yaml_get(y, "auth"));
    read_request(&r, yaml_get(y, "request"), &c->request);
    c->pages = 1;
    read_paging(&r, yaml_get(y, "paging"));
    read_page(&r, yaml_get(y, "page"));
    read_extracts(&r, yaml_get(y, "extract"));
    c->format = (enum text_format)word_at(&r, y, "format", formats, TEXT_PLAIN);
    c->zone = text_at(&r, y, "zone");
    int minutes;
    if (c->zone.len && !zone_offset(c->zone, 0, &minutes))
        yaml_fault(yaml_get(y, "zone"), diags, "'%.*s' is no time zone", STR_FMT(c->zone));
    c->month_first = word_at(&r, y, "dates", dates, 0) == 1;
    read_rating(&r, yaml_get(y, "rating"));
    c->scope = template_at(&r, y, "id");
    c->lang = template_at(&r, y, "lang");
    read_poll(&r, yaml_get(y, "poll"));
    read_window(&r, yaml_get(y, "window"));
    c->edits_native = word_at(&r, y, "edits", edits, 0) == 1;
    read_reply(&r, yaml_get(y, "reply"));
    check_whole(&r, y);
    return diags->errors > before ? DF_REJECT : DF_OK;
}
