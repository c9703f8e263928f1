/* extract_jq.c: the pack's jq over the value of a body → raw posts. Our own jq (jq_own.h) does what it
 * knows, libjq (jq_lib.h) the rest: a whole program that has more in it, or one body in which something
 * odd or a fault came up, because libjq has the words for what went wrong.
 *
 * For libjq the pieces of a pack are put together into one program, because compiling costs 50 ms
 * whatever the size: an item that fails is counted and the others go on. In a pack's expressions
 *   .      the item (post), the body (everything else)
 *   $page  the body   $p  the source's parameters   $cursor  the paging value   $url  the address
 * and the functions of channels/common.jq can be used. */
#include "collector/extract.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/jq_lib.h"
#include "collector/jq_own.h"
#include "core/data.h"
#include "core/limits.h"

#define MAX_PROGRAM DF_KIB(256)
#define MOST_MEMORY DF_MIB(64) /* for the values of one body in our own jq */
#define BINDINGS                                                                               \
    "\n. as $in | $in.p as $p | $in.cursor as $cursor | $in.url as $url | $in.body | "         \
    ". as $page | "

enum piece { EXPECT, ITEMS, POST, NEXT, TOTAL, RETRY, ERROR, FOLLOW, PIECES };
enum binding { P, CURSOR, URL, PAGE, BINDINGS_COUNT };

struct jq_program {
    const struct channel *channel;
    const struct extract_rule *rule;
    struct jq_lib *lib;   /* NULL until it is needed */
    struct arena *arena;  /* of what follows */
    struct str common;    /* channels/common.jq */
    struct jq_regex *regexes;
    bool own;             /* all pieces were understood */
    struct jq_node *pieces[PIECES];
    int bindings[BINDINGS_COUNT], item;
};

/* --- for ourselves --- */

/* Functions that jq itself defines in jq. */
static const char prelude[] =
    "def map(f): [.[] | f];\n"
    "def select(f): if f then . else empty end;\n"
    "def recurse(f): def r: ., (f | r); r;\n"
    "def values: select(. != null);\n"
    "def nulls: select(. == null);\n"
    "def booleans: select(type == \"boolean\");\n"
    "def numbers: select(type == \"number\");\n"
    "def strings: select(type == \"string\");\n"
    "def arrays: select(type == \"array\");\n"
    "def objects: select(type == \"object\");\n"
    "def first: .[0];\n"
    "def last: .[-1];\n"
    "def any(f): any(.[]; f);\n"
    "def all(f): all(.[]; f);\n"
    "def any: any(.[]; .);\n"
    "def all: all(.[]; .);\n";

static struct str or_else(struct str s, const char *otherwise)
{
    return s.len ? s : str_of(otherwise);
}

static bool makes_items(const struct extract_rule *r)
{
    return r->kind == EXTRACT_HTML || r->kind == EXTRACT_FEED;
}

static void pieces_of(const struct channel *c, const struct extract_rule *r, struct str out[PIECES])
{
    out[EXPECT] = or_else(r->expect, "true");
    out[ITEMS] = or_else(r->items, makes_items(r) ? ".items[]" : ".[]?");
    out[POST] = or_else(r->post, ".");
    out[NEXT] = or_else(c->cursor_next, r->kind == EXTRACT_HTML   ? ".page.next"
                                        : r->kind == EXTRACT_FEED ? ".next"
                                                                  : "null");
    out[TOTAL] = or_else(c->aggregate, "null");
    out[RETRY] = or_else(c->retry, "null");
    out[ERROR] = or_else(c->error, "null");
    out[FOLLOW] = or_else(c->follow, "empty");
}

static void read_own(struct jq_program *p)
{
    static const char *const names[] = {[P] = "p", [CURSOR] = "cursor", [URL] = "url", [PAGE] = "page"};
    struct jq_reader r = {.arena = p->arena};
    struct str text[PIECES];
    jq_read_defs(&r, str_of(prelude));
    jq_read_defs(&r, p->common);
    for (int i = 0; i < BINDINGS_COUNT; i++)
        p->bindings[i] = jq_read_var(&r, names[i]);
    p->item = jq_read_var(&r, "item"); /* last: only the post may use it, as in libjq's program */
    pieces_of(p->channel, p->rule, text);
    p->own = true;
    for (int i = 0; i < PIECES && p->own; i++) {
        p->pieces[i] = jq_read(&r, text[i]);
        p->own = p->pieces[i] && jq_known(p->pieces[i]);
    }
    p->regexes = r.regexes;
}

/* --- for libjq --- */

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

static void build(struct buf *b, const struct jq_program *p)
{
    struct str text[PIECES];
    pieces_of(p->channel, p->rule, text);
    buf_str(b, p->common);
    buf_puts(b, BINDINGS);
    put_piece(b, "", "if (try (", text[EXPECT], ") catch false) then {");
    put_piece(b, "posts: [", "(", text[ITEMS], ")");
    put_piece(b, "| . as $item | try ", "(", text[POST], ") catch {\"!bad\": tostring}],");
    put_value(b, "next", text[NEXT]);
    put_value(b, "total", text[TOTAL]);
    put_value(b, "retry", text[RETRY]);
    put_value(b, "error", text[ERROR]);
    put_piece(b, "follow: [", "try (", text[FOLLOW], ") catch empty]");
    buf_puts(b, "} else {");
    put_value(b, "error", text[ERROR]);
    buf_puts(b, "shape: false} end");
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
static enum df_rc compile_error(struct jq_program *p, struct err *err)
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
        buf_str(&b, p->common);
        buf_puts(&b, BINDINGS ". as $item | (\n");
        int before = lines_of(buf_view(&b));
        buf_str(&b, or_else(pieces[i].code, "."));
        buf_puts(&b, "\n)");
        bool good = jq_lib_compile(p->lib, b.ptr);
        buf_free(&b);
        if (good)
            continue;
        int line = message_line(jq_lib_message(p->lib)) - before;
        char file[256];
        snprintf(file, sizeof file, "%.*s", STR_FMT(pieces[i].file));
        return err_at(err, DF_REJECT, file[0] ? file : dir,
                      pieces[i].line + (line > 0 && file[0] ? line - 1 : 0), 1, "jq in '%s': %s",
                      pieces[i].what, jq_lib_message(p->lib));
    }
    return err_at(err, DF_REJECT, dir, 0, 0, "jq: %s", jq_lib_message(p->lib));
}

static enum df_rc compile(struct jq_program *p, struct err *err)
{
    struct buf b = BUF_INIT(MAX_PROGRAM);
    enum df_rc rc = DF_OK;
    p->lib = jq_lib_new();
    if (p->lib)
        build(&b, p);
    if (!p->lib)
        rc = err_set(err, DF_FATAL, "libjq could not start");
    else if (b.full)
        rc = err_set(err, DF_REJECT, "the jq of channel %.*s is too long", STR_FMT(p->channel->name));
    else if (!jq_lib_compile(p->lib, b.ptr))
        rc = compile_error(p, err);
    if (rc != DF_OK)
        jq_lib_free(&p->lib);
    buf_free(&b);
    return rc;
}

enum df_rc jq_program_new(const struct channel *c, const struct extract_rule *r,
                          struct jq_program **out, struct err *err)
{
    struct arena *a = arena_new();
    struct jq_program *p = ARENA_NEW(a, struct jq_program);
    *p = (struct jq_program){.channel = c, .rule = r, .arena = a};
    enum df_rc rc = data_read(a, "channels/common.jq", &p->common, err);
    if (rc == DF_NONE)
        rc = DF_OK;
    if (rc == DF_OK)
        read_own(p);
    if (rc == DF_OK && !p->own)
        rc = compile(p, err);
    if (rc != DF_OK)
        jq_program_free(&p);
    *out = p;
    return rc;
}

void jq_program_free(struct jq_program **p)
{
    if (!*p)
        return;
    struct arena *a = (*p)->arena; /* it lies in its own arena */
    jq_lib_free(&(*p)->lib);
    jq_regex_free((*p)->regexes);
    arena_free(&a);
    *p = NULL;
}

/* --- running: {posts, next, total, retry, error, follow}, or {error, shape: false} --- */

struct posts_sink {
    struct jq_sink sink;
    struct jq_run *run;
    const struct jq_program *program;
    const struct jq_frame *env;
    struct jval *items;
    size_t count, cap, most; /* most: bytes of the arena */
};

static enum jq_rc on_value(struct jq_sink *s, struct jval v)
{
    struct posts_sink *x = (struct posts_sink *)s;
    *ARENA_PUSH(x->run->arena, x->items, x->count, x->cap) = v;
    return JQ_DONE;
}

static enum jq_rc on_item(struct jq_sink *s, struct jval item)
{
    struct posts_sink *x = (struct posts_sink *)s;
    struct jq_frame f = {.up = x->env, .id = x->program->item, .value = item};
    if (arena_bytes(x->run->arena) > x->most)
        return JQ_ODD; /* each item looks at all of them: libjq gives memory back in between */
    x->sink.put = on_value;
    enum jq_rc rc = jq_eval(x->run, x->program->pieces[POST], &f, item, &x->sink);
    x->sink.put = on_item;
    return rc;
}

static struct jval list_of(const struct posts_sink *x)
{
    return (struct jval){J_ARRAY, (uint32_t)x->count, {.items = x->items}};
}

static enum jq_rc first_or(struct jq_run *r, const struct jq_program *p, enum piece which,
                           const struct jq_frame *env, struct jval body, enum jkind otherwise,
                           struct jval *out)
{
    bool found;
    enum jq_rc rc = jq_first(r, p->pieces[which], env, body, out, &found);
    if (!found)
        *out = JVAL(otherwise);
    return rc == JQ_FAIL ? JQ_DONE : rc;
}

/* Not JQ_DONE: libjq is to do it. */
static enum jq_rc run_own(const struct jq_program *p, struct arena *a, const struct jval in[BINDINGS_COUNT],
                          struct jval *out)
{
    struct jq_run run = {.arena = a};
    struct jq_frame frames[BINDINGS_COUNT];
    struct jval body = in[PAGE], expected;
    for (int i = 0; i < BINDINGS_COUNT; i++)
        frames[i] = (struct jq_frame){.up = i ? &frames[i - 1] : NULL, .id = p->bindings[i], .value = in[i]};
    const struct jq_frame *env = &frames[BINDINGS_COUNT - 1];
    struct posts_sink posts = {.sink = {on_item}, .run = &run, .program = p, .env = env,
                               .most = arena_bytes(a) + MOST_MEMORY}, follow = posts;
    struct jmember m[7] = {{jval_str(STR("error")), JVAL(J_NULL)},
                           {jval_str(STR("shape")), JVAL(J_FALSE)}};
    bool found;
    enum jq_rc rc = jq_first(&run, p->pieces[EXPECT], env, body, &expected, &found);
    if (rc == JQ_DONE && !found)
        return JQ_ODD;
    bool fits = rc == JQ_DONE && jval_truthy(expected);
    if (rc == JQ_DONE || rc == JQ_FAIL)
        rc = first_or(&run, p, ERROR, env, body, J_NULL, &m[0].value);
    if (rc != JQ_DONE || !fits) {
        *out = jval_object(a, m, 2);
        return rc;
    }
    static const struct {
        struct str name;
        enum piece piece;
    } values[] = {{STR("next"), NEXT}, {STR("total"), TOTAL}, {STR("retry"), RETRY}};
    for (size_t i = 0; i < 3 && rc == JQ_DONE; i++) {
        m[1 + i].key = jval_str(values[i].name);
        rc = first_or(&run, p, values[i].piece, env, body, J_NULL, &m[1 + i].value);
    }
    if (rc == JQ_DONE)
        rc = jq_eval(&run, p->pieces[ITEMS], env, body, &posts.sink);
    if (rc != JQ_DONE)
        return rc;
    follow.sink.put = on_value;
    rc = jq_eval(&run, p->pieces[FOLLOW], env, body, &follow.sink);
    m[4] = (struct jmember){jval_str(STR("posts")), list_of(&posts)};
    m[5] = (struct jmember){jval_str(STR("follow")), list_of(&follow)};
    *out = jval_object(a, m, 6);
    return rc == JQ_FAIL ? JQ_DONE : rc;
}

static struct jval input_of(struct arena *a, const struct jval in[BINDINGS_COUNT])
{
    struct jmember m[] = {{jval_str(STR("body")), in[PAGE]}, {jval_str(STR("p")), in[P]},
                          {jval_str(STR("cursor")), in[CURSOR]}, {jval_str(STR("url")), in[URL]}};
    return jval_object(a, m, 4);
}

static struct jval params_of(struct arena *a, const struct extract_body *b)
{
    struct jmember *m = arena_array(a, b->param_count + 1, sizeof *m);
    for (size_t i = 0; i < b->param_count; i++)
        m[i] = (struct jmember){jval_str(b->params[i].name), jval_str(b->params[i].value)};
    return jval_object(a, m, b->param_count);
}

enum df_rc jq_program_run(struct jq_program *p, struct jval body, const struct extract_body *b,
                          struct arena *a, struct raw_page *page, struct err *err)
{
    struct jval in[] = {[P] = params_of(a, b), [CURSOR] = jval_str(b->cursor), [URL] = jval_str(b->url),
                        [PAGE] = body};
    struct jval out;
    page->retry_ms = -1;
    if (!p->own || run_own(p, a, in, &out) != JQ_DONE) {
        enum df_rc rc = p->lib ? DF_OK : compile(p, err);
        if (rc != DF_OK)
            return rc;
        if (!jq_lib_run(p->lib, a, input_of(a, in), &out))
            return err_set(err, DF_REJECT, "the answer could not be read: %s", jq_lib_message(p->lib));
    }
    raw_read_page(a, out, b->url, page);
    if (jval_get(out, STR("shape")).kind != J_FALSE || page->error.len)
        return DF_OK;
    return err_set(err, DF_REJECT, "the answer is not what the channel %.*s sends",
                   STR_FMT(p->channel->name));
}
