#include "cmd/packs.h"

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
