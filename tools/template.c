/* template: turns dashboard/templates/NAME.html into C at build time.
 *
 *   template dashboard/templates/queue.html > build/gen/template_queue.c
 *
 * It follows the HTML it passes through, so that every value is escaped for the place it stands in
 * and a template that could inject does not compile. There is no way to write raw bytes.
 *
 *   %include "dashboard/views.h"            what the code needs
 *   %template queue_page(const struct queue_page *v)     opens  void tpl_queue_page(struct html *h, …)
 *   %template static …                      the same, for this file only
 *   %end                                    closes it
 *   % for (…) {                             a line of C; only between tags
 *   {% if (x) { %} checked{% } %}           the same inside a line, also between attributes
 *   {{ expr }}                              a value: text, attribute or URL by its place
 *   {{ @queue.title }}                      a message in the reader's language
 *   {# … #}                                 a comment, not sent
 *   \ at the end of a line                  the line break is not sent
 *
 * Refused, with file:line:column: values in tag or attribute names, unquoted attributes, comments,
 * <script> and <style> bodies; inline handlers and styles; blocks that end in another place of the
 * HTML than they began; templates that end inside a tag.
 * Knows nothing of the pages. Owner: dashboard. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum place { TEXT, TAG_NAME, TAG, ATTR_NAME, ATTR_AFTER_NAME, ATTR_VALUE, COMMENT, RAW_BODY };
enum { NAME_MAX_LEN = 40, DEPTH_MAX = 64, LINE_OUT_MAX = 90 };

static const char *const place_names[] = {
    [TEXT] = "text",           [TAG_NAME] = "a tag name",
    [TAG] = "a tag",           [ATTR_NAME] = "an attribute name",
    [COMMENT] = "a comment",   [ATTR_AFTER_NAME] = "an attribute without quotes",
    [RAW_BODY] = "a script or style", [ATTR_VALUE] = "an attribute value",
};

struct compiler {
    const char *file;
    const char *src;
    size_t len, at;
    int line, column;
    bool failed, open;
    enum place place;
    char quote;                    /* of the attribute value */
    char tag[NAME_MAX_LEN];
    char attr[NAME_MAX_LEN];
    bool closing, value_started;
    enum place stack[DEPTH_MAX];   /* the place where each open { of the code stands */
    size_t depth;
    char *lit;                     /* literal text waiting to be written */
    size_t lit_len;
};

static void complain(struct compiler *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void complain(struct compiler *c, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "%s:%d:%d: ", c->file, c->line, c->column);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    c->failed = true;
}

static void step(struct compiler *c)
{
    if (c->src[c->at] == '\n') {
        c->line++;
        c->column = 1;
    } else if (((unsigned char)c->src[c->at] & 0xC0) != 0x80) {
        c->column++;
    }
    c->at++;
}

static bool looking_at(const struct compiler *c, const char *word)
{
    size_t n = strlen(word);

    return c->len - c->at >= n && memcmp(c->src + c->at, word, n) == 0;
}

/* ---- literal bytes -------------------------------------------------------------------------- */

static void literal_flush(struct compiler *c)
{
    size_t i, col = 0;

    if (c->lit_len == 0)
        return;
    fputs("    html_lit(h, \"", stdout);
    for (i = 0; i < c->lit_len; i++) {
        unsigned char ch = (unsigned char)c->lit[i];

        if (ch == '"' || ch == '\\')
            col += (size_t)printf("\\%c", ch);
        else if (ch == '\n')
            col += (size_t)printf("\\n");
        else if (ch < 0x20 || ch >= 0x7f)
            col += (size_t)printf("\\%03o", ch);
        else
            col += (size_t)printf("%c", ch);
        if (col > LINE_OUT_MAX && i + 1 < c->lit_len) {
            fputs("\"\n                \"", stdout);
            col = 0;
        }
    }
    printf("\", %zu);\n", c->lit_len);
    c->lit_len = 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

static void name_add(char *name, char ch)
{
    size_t n = strlen(name);

    if (n + 1 < NAME_MAX_LEN) {
        name[n] = (char)tolower((unsigned char)ch);
        name[n + 1] = '\0';
    }
}

static void attr_begin(struct compiler *c)
{
    if (strncmp(c->attr, "on", 2) == 0 || strcmp(c->attr, "style") == 0)
        complain(c, "inline %s is not allowed: the page's policy forbids it", c->attr);
}

static void tag_end(struct compiler *c)
{
    static const char *const raw[] = {"script", "style", NULL};

    c->place = TEXT;
    if (!c->closing && is_one_of(c->tag, raw))
        c->place = RAW_BODY;
}

/* One literal byte: which place of the HTML does it lead to? */
static void follow(struct compiler *c, char ch)
{
    switch (c->place) {
    case TEXT:
        if (ch == '<') {
            c->place = TAG_NAME;
            c->tag[0] = '\0';
            c->closing = false;
        }
        break;
    case TAG_NAME:
        if (ch == '/' && c->tag[0] == '\0')
            c->closing = true;
        else if (ch == '>')
            tag_end(c);
        else if (isspace((unsigned char)ch))
            c->place = TAG;
        else
            name_add(c->tag, ch);
        if (strcmp(c->tag, "!--") == 0)
            c->place = COMMENT;
        break;
    case TAG:
        if (ch == '>') {
            tag_end(c);
        } else if (!isspace((unsigned char)ch) && ch != '/') {
            c->place = ATTR_NAME;
            c->attr[0] = '\0';
            name_add(c->attr, ch);
        }
        break;
    case ATTR_NAME:
        if (ch == '=') {
            c->place = ATTR_AFTER_NAME;
            attr_begin(c);
        } else if (ch == '>') {
            tag_end(c);
        } else if (isspace((unsigned char)ch)) {
            c->place = TAG;
        } else {
            name_add(c->attr, ch);
        }
        break;
    case ATTR_AFTER_NAME:
        if (ch != '"' && ch != '\'')
            complain(c, "attribute %s needs quotes", c->attr);
        c->place = ATTR_VALUE;
        c->quote = ch;
        c->value_started = false;
        break;
    case ATTR_VALUE:
        if (ch == c->quote)
            c->place = TAG;
        else
            c->value_started = true;
        break;
    case COMMENT:
        if (ch == '>' && c->at >= 2 && memcmp(c->src + c->at - 2, "--", 2) == 0)
            c->place = TEXT;
        break;
    case RAW_BODY:
        if (ch == '<') {
            c->place = TAG_NAME;
            c->tag[0] = '\0';
            c->closing = false;
        } else if (!isspace((unsigned char)ch)) {
            complain(c, "inline script or style is not allowed: the page's policy forbids it");
            c->place = TEXT;
        }
        break;
    }
}

/* ---- values and code ------------------------------------------------------------------------ */

/* Reads up to the closing mark; NULL with a complaint when it is missing. The result is trimmed. */
static char *inside(struct compiler *c, const char *open, const char *close)
{
    size_t from, to, n;
    char *text;

    for (n = strlen(open); n > 0; n--)
        step(c);
    from = c->at;
    while (c->at < c->len && !looking_at(c, close) && c->src[c->at] != '\n')
        step(c);
    if (!looking_at(c, close)) {
        complain(c, "%s without %s on the same line", open, close);
        return NULL;
    }
    to = c->at;
    for (n = strlen(close); n > 0; n--)
        step(c);
    while (from < to && isspace((unsigned char)c->src[from]))
        from++;
    while (to > from && isspace((unsigned char)c->src[to - 1]))
        to--;
    text = strndup(c->src + from, to - from);
    return text;
}

static void value(struct compiler *c)
{
    static const char *const url_attrs[] = {"href", "src", "action", "formaction", NULL};
    static const char *const text_only[] = {"title", "textarea", "option", NULL};
    const char *writer = "html_text";
    char *expr;

    literal_flush(c);
    if (c->place == TEXT && !c->closing && is_one_of(c->tag, text_only))
        writer = "html_plain";
    else if (c->place == ATTR_VALUE)
        writer = !is_one_of(c->attr, url_attrs) ? "html_attr"
                 : c->value_started             ? "html_url_part"
                                                : "html_url";
    else if (c->place != TEXT)
        complain(c, "a value cannot stand in %s", place_names[c->place]);
    c->value_started = true;
    expr = inside(c, "{{", "}}");
    if (!expr)
        return;
    if (expr[0] == '@') {
        printf("    %s(h, html_msg(h, \"%s\"));\n", writer, expr + 1);
    } else if (expr[0] == '\0') {
        complain(c, "an empty value");
    } else {
        printf("    %s(h, %s);\n", writer, expr);
    }
    free(expr);
}

static void code(struct compiler *c, const char *text)
{
    char quote = '\0';
    const char *p;

    literal_flush(c);
    if (c->place == ATTR_NAME || (c->place == TAG_NAME && c->tag[0]))
        c->place = TAG; /* <li{% and checked{% : the name is complete */
    if (c->place != TEXT && c->place != TAG && c->place != ATTR_VALUE)
        complain(c, "code cannot stand in %s", place_names[c->place]);
    for (p = text; *p; p++) {
        if (quote) {
            if (*p == '\\' && p[1])
                p++;
            else if (*p == quote)
                quote = '\0';
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (*p == '{') {
            if (c->depth == DEPTH_MAX) {
                complain(c, "more than %d open blocks", DEPTH_MAX);
                return;
            }
            c->stack[c->depth++] = c->place;
        } else if (*p == '}') {
            if (c->depth == 0)
                complain(c, "} without {");
            else if (c->stack[--c->depth] != c->place)
                complain(c, "a block begins in %s and ends in %s",
                         place_names[c->stack[c->depth]], place_names[c->place]);
        }
    }
    printf("#line %d \"%s\"\n    %s\n", c->line, c->file, text);
}

static char *rest_of_line(struct compiler *c)
{
    size_t from = c->at;

    while (c->at < c->len && c->src[c->at] != '\n')
        step(c);
    return strndup(c->src + from, c->at - from);
}

static void template_end(struct compiler *c)
{
    literal_flush(c);
    if (!c->open)
        complain(c, "%%end without %%template");
    if (c->place != TEXT)
        complain(c, "the template ends in %s", place_names[c->place]);
    if (c->depth)
        complain(c, "the template ends inside %zu open blocks", c->depth);
    c->open = false;
    c->place = TEXT;
    c->depth = 0;
    fputs("}\n\n", stdout);
}

/* A line whose first mark is %. */
static void directive(struct compiler *c)
{
    char *line = rest_of_line(c);

    if (strncmp(line, "%include ", 9) == 0) {
        printf("#include %s\n", line + 9);
    } else if (strncmp(line, "%template ", 10) == 0) {
        char *args = strchr(line, '(');

        if (c->open)
            complain(c, "%%template before the %%end of the one above");
        if (!args) {
            complain(c, "%%template needs (arguments)");
        } else {
            bool local = strncmp(line + 10, "static ", 7) == 0;

            *args++ = '\0';
            printf("%svoid tpl_%s(struct html *h%s%s\n{\n", local ? "static " : "",
                   line + (local ? 17 : 10), *args == ')' ? "" : ", ", args);
        }
        c->open = true;
    } else if (strcmp(line, "%end") == 0) {
        template_end(c);
    } else if (strncmp(line, "% ", 2) == 0) {
        code(c, line + 2);
    } else {
        complain(c, "unknown directive: %s", line);
    }
    free(line);
}

static void compile(struct compiler *c)
{
    bool line_start = true;

    printf("/* Made from %s by tools/template.c: edit that file. */\n", c->file);
    printf("#include \"dashboard/html.h\"\n");
    while (c->at < c->len) {
        char ch = c->src[c->at];

        if (line_start && (ch == ' ' || ch == '\t')) {   /* indentation is for the author */
            step(c);
            continue;
        }
        if (line_start && ch == '%') {
            directive(c);
            if (c->at < c->len)
                step(c);
            continue;
        }
        line_start = ch == '\n';
        if (looking_at(c, "\\\n")) {
            step(c);
            step(c);
            line_start = true;
            continue;
        }
        if (looking_at(c, "{{")) {
            value(c);
        } else if (looking_at(c, "{%")) {
            char *text = inside(c, "{%", "%}");

            if (text)
                code(c, text);
            free(text);
        } else if (looking_at(c, "{#")) {
            free(inside(c, "{#", "#}"));
        } else {
            if (c->open) {
                follow(c, ch);
                c->lit[c->lit_len++] = ch;
            } else if (!isspace((unsigned char)ch)) {
                complain(c, "text outside of a template");
                free(rest_of_line(c));
                continue;
            }
            step(c);
        }
    }
    if (c->open)
        complain(c, "the last template has no %%end");
}

static char *read_all(const char *path, size_t *len_out)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    long n;

    if (f && fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0) {
        text = malloc((size_t)n + 1);
        if (text) {
            *len_out = fread(text, 1, (size_t)n, f);
            text[*len_out] = '\0';
        }
    }
    if (f)
        fclose(f);
    return text;
}

int main(int argc, char **argv)
{
    struct compiler c = {.line = 1, .column = 1};
    char *src;

    if (argc != 2) {
        fputs("usage: template FILE.html > FILE.c\n", stderr);
        return 2;
    }
    c.file = argv[1];
    src = read_all(argv[1], &c.len);
    if (!src) {
        perror(argv[1]);
        return 2;
    }
    c.src = src;
    c.lit = malloc(c.len + 1);
    if (!c.lit) {
        perror("template");
        return 2;
    }
    compile(&c);
    free(c.lit);
    free(src);
    return c.failed || fflush(stdout) != 0 || ferror(stdout) ? 1 : 0;
}
