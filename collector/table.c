#include "collector/table.h"

#include <stdio.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/yaml.h"

#define MAX_COLUMNS 256

const char *const table_field_names[] = {"id", "url", "author_id", "author", "title", "text",
                                         "lang", "rating", "created", "edited", "parent",
                                         "likes", "shares", "replies", NULL};

/* What exports call their columns; compared without case, spaces and underscores. */
static const struct {
    enum table_field field;
    const char *name;
} usual[] = {
    {TABLE_ID, "id"}, {TABLE_ID, "reviewid"}, {TABLE_ID, "commentid"}, {TABLE_ID, "postid"},
    {TABLE_ID, "編號"}, {TABLE_ID, "编号"}, {TABLE_ID, "評論id"}, {TABLE_ID, "评论id"},
    {TABLE_URL, "url"}, {TABLE_URL, "link"}, {TABLE_URL, "permalink"}, {TABLE_URL, "reviewlink"},
    {TABLE_URL, "連結"}, {TABLE_URL, "链接"}, {TABLE_URL, "網址"}, {TABLE_URL, "网址"},
    {TABLE_AUTHOR_ID, "authorid"}, {TABLE_AUTHOR_ID, "userid"}, {TABLE_AUTHOR, "author"},
    {TABLE_AUTHOR, "authorname"}, {TABLE_AUTHOR, "user"}, {TABLE_AUTHOR, "username"},
    {TABLE_AUTHOR, "reviewer"}, {TABLE_AUTHOR, "name"}, {TABLE_AUTHOR, "nickname"},
    {TABLE_AUTHOR, "作者"}, {TABLE_AUTHOR, "暱稱"}, {TABLE_AUTHOR, "昵称"},
    {TABLE_AUTHOR, "用户名"}, {TABLE_AUTHOR, "使用者"}, {TABLE_AUTHOR, "買家"},
    {TABLE_AUTHOR, "买家"}, {TABLE_TITLE, "title"}, {TABLE_TITLE, "headline"},
    {TABLE_TITLE, "subject"}, {TABLE_TITLE, "reviewtitle"}, {TABLE_TITLE, "標題"},
    {TABLE_TITLE, "标题"}, {TABLE_TEXT, "text"}, {TABLE_TEXT, "body"}, {TABLE_TEXT, "review"},
    {TABLE_TEXT, "reviewtext"}, {TABLE_TEXT, "reviewbody"}, {TABLE_TEXT, "comment"},
    {TABLE_TEXT, "content"}, {TABLE_TEXT, "message"}, {TABLE_TEXT, "內容"}, {TABLE_TEXT, "内容"},
    {TABLE_TEXT, "評論"}, {TABLE_TEXT, "评论"}, {TABLE_TEXT, "評論內容"},
    {TABLE_TEXT, "评论内容"}, {TABLE_TEXT, "評價內容"}, {TABLE_TEXT, "评价内容"},
    {TABLE_TEXT, "留言"}, {TABLE_LANG, "lang"}, {TABLE_LANG, "language"},
    {TABLE_LANG, "reviewerlanguage"}, {TABLE_LANG, "語言"}, {TABLE_LANG, "语言"},
    {TABLE_RATING, "rating"}, {TABLE_RATING, "stars"}, {TABLE_RATING, "starrating"},
    {TABLE_RATING, "score"}, {TABLE_RATING, "評分"}, {TABLE_RATING, "评分"},
    {TABLE_RATING, "星級"}, {TABLE_RATING, "星级"}, {TABLE_CREATED, "created"},
    {TABLE_CREATED, "createdat"}, {TABLE_CREATED, "date"}, {TABLE_CREATED, "time"},
    {TABLE_CREATED, "timestamp"}, {TABLE_CREATED, "published"},
    {TABLE_CREATED, "reviewsubmitdateandtime"}, {TABLE_CREATED, "日期"}, {TABLE_CREATED, "時間"},
    {TABLE_CREATED, "时间"}, {TABLE_CREATED, "評論時間"}, {TABLE_CREATED, "评论时间"},
    {TABLE_EDITED, "edited"}, {TABLE_EDITED, "updatedat"}, {TABLE_EDITED, "lastupdated"},
    {TABLE_EDITED, "reviewlastupdatedateandtime"}, {TABLE_PARENT, "parent"},
    {TABLE_PARENT, "parentid"}, {TABLE_LIKES, "likes"}, {TABLE_LIKES, "讚"}, {TABLE_LIKES, "赞"},
    {TABLE_SHARES, "shares"}, {TABLE_REPLIES, "replies"},
};

enum df_rc table_map_add(struct table_map *m, struct str s, struct err *err)
{
    ptrdiff_t eq = str_chr(s, '=');
    if (eq <= 0)
        return err_set(err, DF_REJECT, "a column is given as FIELD=COLUMN, not '%.*s'", STR_FMT(s));
    struct str name = str_sub(s, 0, (size_t)eq);
    for (int i = 0; table_field_names[i]; i++)
        if (str_is(name, table_field_names[i])) {
            m->column[i] = str_sub(s, (size_t)eq + 1, s.len);
            return DF_OK;
        }
    const char *near = nearest_word(name, table_field_names);
    return err_set(err, DF_REJECT, "'%.*s' is no field of a post%s%s%s", STR_FMT(name),
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* --- cells --- */

struct csv {
    const char *p, *end;
    char sep;
    int line; /* where the next row begins */
};

/* One cell; quotes may hold the separator, line ends and doubled quotes. */
static struct str cell(struct csv *c, struct arena *a)
{
    while (c->p < c->end && *c->p == ' ' && c->sep != ' ')
        c->p++;
    if (c->p >= c->end || *c->p != '"') {
        const char *from = c->p;
        while (c->p < c->end && *c->p != c->sep && *c->p != '\n' && *c->p != '\r')
            c->p++;
        return str_trim(str_n(from, (size_t)(c->p - from)));
    }
    struct buf b = BUF_INIT((size_t)(c->end - c->p));
    for (c->p++; c->p < c->end; c->p++) {
        if (*c->p == '"') {
            if (c->p + 1 < c->end && c->p[1] == '"')
                c->p++;
            else
                break;
        }
        c->line += *c->p == '\n';
        buf_putc(&b, *c->p);
    }
    if (c->p < c->end)
        c->p++;
    while (c->p < c->end && *c->p != c->sep && *c->p != '\n' && *c->p != '\r')
        buf_putc(&b, *c->p++); /* "5" stars: what follows the quote belongs to it */
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

/* False at the end. Empty lines are passed over. */
static bool row(struct csv *c, struct arena *a, struct str *cells, int *count, int *line)
{
    while (c->p < c->end && (*c->p == '\n' || *c->p == '\r')) {
        c->line += *c->p == '\n';
        c->p++;
    }
    *count = 0;
    *line = c->line;
    if (c->p >= c->end)
        return false;
    while (true) {
        struct str s = cell(c, a);
        if (*count < MAX_COLUMNS)
            cells[(*count)++] = s;
        if (c->p >= c->end || *c->p != c->sep)
            return true;
        c->p++;
    }
}

/* The separator that the first line holds most of, outside quotes. */
static char find_separator(struct str text)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t counts[4] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && (quoted || text.ptr[i] != '\n'); i++) {
        if (text.ptr[i] == '"')
            quoted = !quoted;
        for (size_t k = 0; k < 4 && !quoted; k++)
            counts[k] += text.ptr[i] == candidates[k];
    }
    for (size_t k = 1; k < 4; k++)
        if (counts[k] > counts[best])
            best = k;
    return candidates[best];
}

/* --- columns --- */

static size_t plain_name(struct str s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len && n < room; i++) {
        char c = s.ptr[i];
        if (c == ' ' || c == '_' || c == '-' || c == '.')
            continue;
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return n;
}

static int column_named(const struct str *head, int count, struct str name)
{
    char want[64], have[64];
    struct str w = {want, plain_name(name, want, sizeof want)};
    for (int i = 0; i < count; i++) {
        struct str h = {have, plain_name(head[i], have, sizeof have)};
        if (str_eq(w, h))
            return i;
    }
    long long n;
    return str_i64(name, &n) && n >= 1 && n <= count ? (int)n - 1 : -1;
}

static enum df_rc find_columns(const struct table_map *m, const char *file, const struct str *head,
                               int count, int columns[TABLE_FIELDS], struct err *err)
{
    for (int f = 0; f < TABLE_FIELDS; f++) {
        columns[f] = -1;
        if (m->column[f].len) {
            columns[f] = column_named(head, count, m->column[f]);
            if (columns[f] < 0)
                return err_at(err, DF_REJECT, file, 1, 1, "there is no column '%.*s'",
                              STR_FMT(m->column[f]));
        }
        for (size_t i = 0; i < sizeof usual / sizeof *usual && columns[f] < 0; i++)
            if (usual[i].field == (enum table_field)f && !m->column[f].len)
                columns[f] = column_named(head, count, str_of(usual[i].name));
    }
    if (columns[TABLE_TEXT] < 0 && columns[TABLE_TITLE] < 0)
        return err_at(err, DF_REJECT, file, 1, 1,
                      "no column looks like the text of a post; name it: --map text=COLUMN");
    return DF_OK;
}

struct table_place table_place(struct raw_post *p, enum table_field f)
{
    struct str *const texts[TABLE_FIELDS] = {
        [TABLE_ID] = &p->id, [TABLE_URL] = &p->url, [TABLE_AUTHOR_ID] = &p->author_id,
        [TABLE_AUTHOR] = &p->author_name, [TABLE_TITLE] = &p->title, [TABLE_TEXT] = &p->text,
        [TABLE_LANG] = &p->lang, [TABLE_RATING] = &p->rating, [TABLE_CREATED] = &p->created,
        [TABLE_EDITED] = &p->edited, [TABLE_PARENT] = &p->parent};
    int64_t *const counts[TABLE_FIELDS] = {[TABLE_LIKES] = &p->likes, [TABLE_SHARES] = &p->shares,
                                           [TABLE_REPLIES] = &p->replies};
    return (struct table_place){texts[f], counts[f]};
}

static int64_t count_of(struct str cell)
{
    long long n;
    return str_i64(cell, &n) && n >= 0 ? n : RAW_NO_COUNT;
}

enum df_rc table_read(struct str text, const char *file, const struct table_map *m,
                      struct arena *a, struct raw_page *page, struct diags *diags,
                      struct err *err)
{
    struct str head[MAX_COLUMNS], cells[MAX_COLUMNS];
    int columns[TABLE_FIELDS], width, count, line;
    const char *start = text.ptr ? text.ptr : "";
    struct csv c = {start, start + text.len, find_separator(text), 1};
    if (!row(&c, a, head, &width, &line))
        return err_at(err, DF_REJECT, file, 0, 0, "the file is empty");
    enum df_rc rc = find_columns(m, file, head, width, columns, err);
    while (rc == DF_OK && row(&c, a, cells, &count, &line)) {
        if (count != width) {
            diags_addf(diags, DIAG_ERROR, file, line, 1,
                       "this row has %d cells, the header has %d; it was left out", count, width);
            continue;
        }
        struct raw_post *p = raw_push(a, page);
        for (int f = 0; f < TABLE_FIELDS; f++) {
            struct table_place to = table_place(p, (enum table_field)f);
            if (columns[f] >= 0 && to.text)
                *to.text = cells[columns[f]];
            else if (columns[f] >= 0)
                *to.count = count_of(cells[columns[f]]);
        }
    }
    return rc;
}
