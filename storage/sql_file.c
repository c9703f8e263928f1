#include "storage/sql_file.h"

#include "core/buf.h"
#include "core/limits.h"

enum { MAX_STATEMENT = 16384 };

const struct sql_text *sql_find(const struct sql_set *set, struct str name)
{
    for (size_t i = 0; i < set->count; i++)
        if (str_eq(set->items[i].name, name))
            return &set->items[i];
    return NULL;
}

/* "NAME" or "NAME(first, second)" */
static enum df_rc read_header(struct sql_set *set, struct sql_text *t, struct str head,
                              const char *file, int line, struct err *err)
{
    ptrdiff_t open = str_chr(head, '(');
    t->name = str_trim(open < 0 ? head : str_sub(head, 0, (size_t)open));
    if (t->name.len == 0)
        return err_at(err, DF_FATAL, file, line, 0, "a statement without a name");
    if (sql_find(set, t->name))
        return err_at(err, DF_FATAL, file, line, 0, "the name %.*s is used twice",
                      STR_FMT(t->name));
    if (open < 0)
        return DF_OK;
    struct str list = str_trim(str_sub(head, (size_t)open + 1, head.len));
    if (!str_ends(list, STR(")")))
        return err_at(err, DF_FATAL, file, line, 0, "the parameter list is not closed");
    list.len--;
    struct str one;
    while (str_split(&list, ',', &one)) {
        one = str_trim(one);
        if (one.len == 0)
            continue;
        if (t->param_count == SQL_MAX_PARAMS)
            return err_at(err, DF_FATAL, file, line, 0, "more than %d parameters",
                          SQL_MAX_PARAMS);
        t->params[t->param_count++] = arena_printf(set->arena, ":%.*s", STR_FMT(one)).ptr;
    }
    return DF_OK;
}

/* Copies body with every {fragment} replaced. */
static enum df_rc expand(const struct sql_set *set, struct str body, struct buf *out,
                         const char *file, int line, struct err *err)
{
    while (body.len) {
        ptrdiff_t open = str_chr(body, '{');
        if (open < 0)
            break;
        struct str rest = str_sub(body, (size_t)open + 1, body.len);
        ptrdiff_t close = str_chr(rest, '}');
        if (close < 0)
            return err_at(err, DF_FATAL, file, line, 0, "'{' without '}' in this statement");
        const struct sql_text *f = sql_find(set, str_sub(rest, 0, (size_t)close));
        if (!f || !f->fragment)
            return err_at(err, DF_FATAL, file, line, 0, "no fragment {%.*s}",
                          STR_FMT(str_sub(rest, 0, (size_t)close)));
        buf_str(out, str_sub(body, 0, (size_t)open));
        buf_str(out, f->sql);
        body = str_sub(rest, (size_t)close + 1, rest.len);
    }
    buf_str(out, body);
    if (out->full)
        return err_at(err, DF_FATAL, file, line, 0, "a statement longer than %d bytes",
                      MAX_STATEMENT);
    return DF_OK;
}

static enum df_rc add(struct sql_set *set, struct sql_text t, struct str body, const char *file,
                      int line, struct err *err)
{
    struct buf b = BUF_INIT(MAX_STATEMENT);
    enum df_rc rc = expand(set, str_trim(body), &b, file, line, err);
    if (rc == DF_OK) {
        t.sql = arena_str(set->arena, buf_view(&b));
        *ARENA_PUSH(set->arena, set->items, set->count, set->cap) = t;
    }
    buf_free(&b);
    return rc;
}

enum df_rc sql_file_read(struct sql_set *set, struct str text, const char *file, struct err *err)
{
    static const struct str NAME = {"-- name:", 8}, FRAGMENT = {"-- fragment:", 12};
    struct sql_text t = {0};
    struct str line, body = STR_NONE;
    int number = 0, head_line = 0;
    enum df_rc rc = DF_OK;

    while (str_split(&text, '\n', &line)) {
        number++;
        bool name = str_starts(line, NAME), fragment = str_starts(line, FRAGMENT);
        if (!name && !fragment) {
            if (head_line) /* lines are neighbours in the file: the body grows over them */
                body = body.ptr ? str_n(body.ptr, (size_t)(line.ptr + line.len - body.ptr)) : line;
            continue;
        }
        if (head_line && (rc = add(set, t, body, file, head_line, err)) != DF_OK)
            return rc;
        t = (struct sql_text){.fragment = fragment};
        body = STR_NONE;
        head_line = number;
        size_t skip = name ? NAME.len : FRAGMENT.len;
        rc = read_header(set, &t, str_trim(str_sub(line, skip, line.len)), file, number, err);
        if (rc != DF_OK)
            return rc;
        t.name = arena_str(set->arena, t.name);
    }
    return head_line ? add(set, t, body, file, head_line, err) : DF_OK;
}
