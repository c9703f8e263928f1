/* case_history.c: what happened to the post and to the case. */
#include "casework/say.h"
#include "dashboard/case.h"
#include "dashboard/diff.h"

enum { OTHERS_SHOWN = 5, OTHERS_READ = 50, VERSIONS_SHOWN = 10 };

/* Newest first; each is shown as what it changed in the one before. */
static enum df_rc fill_versions(struct page *p, const struct case_view *c, struct view_case *v,
                                struct err *err)
{
    struct post_row after = c->post, before;
    int least = after.version > VERSIONS_SHOWN ? after.version - VERSIONS_SHOWN : 1;

    v->versions = arena_array(p->arena, VERSIONS_SHOWN + 1, sizeof *v->versions);
    for (int n = after.version - 1; n >= least; n--) {
        struct view_version *out = &v->versions[v->version_count];
        enum df_rc rc = p->store->posts->get(p->store, after.id, n, p->arena, &before, err);

        if (rc == DF_NONE)
            continue;
        if (rc != DF_OK)
            return rc;
        out->seen = words_past(&p->words, after.post.edited != DF_NO_TIME ? after.post.edited
                                                                          : after.post.seen);
        diff_texts(p->arena, before.post.text, after.post.text, &out->changes, &out->change_count);
        v->version_count++;
        after = before;
    }
    return DF_OK;
}

static void fill_steps(struct page *p, const struct case_view *c, struct view_case *v)
{
    v->steps = arena_array(p->arena, (size_t)c->ledger_count + 1, sizeof *v->steps);
    v->step_count = (size_t)c->ledger_count;
    const struct ledger_reader reader = {
        .lang = p->words.lang,
        .zone = p->words.zone,
        .verdict = c->has_verdict ? &c->verdict : NULL,
        .why = p->site->rules.why,
        .arg = p->site->rules.arg,
    };
    for (int i = 0; i < c->ledger_count; i++) {
        const struct ledger_row *l = &c->ledger[c->ledger_count - 1 - i];

        v->steps[i] = (struct view_step){
            .at = words_past(&p->words, l->at),
            .who = l->who,
            .what = str_of(words_label(&p->words, "act", arena_strz(p->arena, l->act))),
            .note = {say_step(l, &reader, p->arena)},
        };
    }
}

/* The same author's other cases, newest first. */
static enum df_rc fill_others(struct page *p, const struct case_view *c, struct view_case *v,
                              struct err *err)
{
    struct queue_filter f = {.channel = c->row.channel, .author_id = c->post.post.author_id,
                             .closed_too = true, .asleep_too = true, .now = p->now,
                             .limit = OTHERS_READ};
    struct case_row *rows;
    int count = 0;
    enum df_rc rc;

    if (f.author_id.len == 0)
        return DF_OK;
    rc = p->store->cases->list(p->store, &f, p->arena, &rows, &count, err);
    if (rc != DF_OK)
        return rc == DF_NONE ? DF_OK : rc;
    v->others = arena_array(p->arena, OTHERS_SHOWN, sizeof *v->others);
    for (int i = count - 1; i >= 0 && v->other_count < OTHERS_SHOWN; i--) {
        if (rows[i].id == c->row.id)
            continue;
        rc = page_row(p, &rows[i], &v->others[v->other_count], err);
        if (rc != DF_OK)
            return rc;
        v->other_count++;
    }
    return DF_OK;
}

enum df_rc case_fill_history(struct page *p, const struct case_view *c, struct view_case *v,
                             struct err *err)
{
    enum df_rc rc = fill_versions(p, c, v, err);

    fill_steps(p, c, v);
    return rc == DF_OK ? fill_others(p, c, v, err) : rc;
}
