/* lint_patterns.c: regular expressions of checks, run over the folded reply. A reply is short and
 * looked at once, so nothing is filtered beforehand. */
#include "analyzer/regex.h"
#include "reply/lint_private.h"

void lint_patterns_read(struct arena *a, const struct yaml *list, struct lint_patterns *out,
                        struct diags *d)
{
    if (list->kind != YAML_SEQ) {
        yaml_fault(list, d, "a list of patterns is expected");
        return;
    }
    out->items = arena_array(a, (size_t)list->count + 1, sizeof(struct regex *));
    for (int i = 0; i < list->count; i++) {
        struct err e = {0};
        struct str pattern;
        if (!yaml_str(list->items[i], &pattern, d))
            continue;
        if (regex_new(pattern, &out->items[out->count], &e) == DF_OK)
            out->count++;
        else
            yaml_fault(list->items[i], d, "regular expression: %s at character %d", e.text, e.col);
    }
}

void lint_patterns_free(struct lint_patterns *p)
{
    for (int i = 0; i < p->count; i++)
        regex_free(&p->items[i]);
    p->count = 0;
}

int lint_patterns_find(const struct lint_patterns *p, const struct lint_view *v,
                       struct span *spans)
{
    struct regex_run *run = regex_run_new();
    int found = 0;
    for (int i = 0; i < p->count; i++) {
        struct regex_match m;
        for (uint32_t from = 0; found < LINT_SPANS &&
             regex_find(p->items[i], run, v->folded, from, &m) == DF_OK; from = m.end)
            spans[found++] = (struct span){FIELD_TEXT, v->origin[m.start],
                                           v->origin[m.end - 1] + 1};
    }
    regex_run_free(&run);
    return found;
}
