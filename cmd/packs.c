#include "cmd/packs.h"

#include <stdio.h>

#include "core/limits.h"

struct param_value *packs_params(struct cmd *c, const struct option_list *list, struct diags *diags)
{
    struct param_value *out = arena_array(c->arena, (size_t)list->count + 1, sizeof *out);
    for (int i = 0; i < list->count; i++) {
        struct str s = str_of(list->items[i]);
        ptrdiff_t eq = str_chr(s, '=');
        if (eq <= 0) {
            diags_addf(diags, DIAG_ERROR, NULL, 0, 0, "-p takes NAME=VALUE, not '%.*s'", STR_FMT(s));
            continue;
        }
        out[i] = (struct param_value){str_sub(s, 0, (size_t)eq), str_sub(s, (size_t)eq + 1, s.len)};
    }
    return out;
}

const char **packs_dirs(struct cmd *c, const struct option_list *list)
{
    const char **out = arena_array(c->arena, (size_t)list->count + 1, sizeof *out);
    for (int i = 0; i < list->count; i++)
        out[i] = list->items[i];
    return out;
}

int packs_put_posts(const struct collect_result *r, const char *name)
{
    struct buf line = BUF_INIT(DF_MAX_LINE * 2);
    for (size_t i = 0; i < r->count; i++) {
        buf_reset(&line);
        post_put_json(&line, &r->posts[i]);
        buf_putc(&line, '\n');
        fwrite(line.ptr, 1, line.len, stdout);
    }
    buf_free(&line);
    if (r->health.bad_items == 0)
        return EXIT_DONE;
    struct err e;
    err_set(&e, DF_REJECT, "%s: %d item(s) could not be read; the first: %.*s", name,
            r->health.bad_items, STR_FMT(r->health.bad_first));
    return cmd_fail(EXIT_PROBLEM, &e);
}
