/* page_case.c: one case: what was said, why it is here, and the answer. */
#include "dashboard/case.h"

enum { NEXT_LOOKED_AT = 2 };

static enum df_rc fill_reply(struct page *p, const struct case_view *c,
                             const struct case_retry *retry, struct view_case *v, struct err *err)
{
    const struct words *w = &p->words;
    enum df_rc rc;

    v->draft_lang = v->lang;
    if (retry->text.ptr) {
        v->draft = retry->text;
    } else if (c->draft_count) {
        const struct draft_row *d = &c->drafts[0];

        v->draft = d->text;
        v->draft_lang = page_lang(d->lang);
        if (str_eq(d->who, CASEWORK_MACHINE))
            v->draft_note = str_of(msg(w->lang, "case.suggested"));
        else if (d->approved_by.len)
            v->draft_note = WORDS(w, "case.approved-by", d->who, d->approved_by);
        else if (c->row.state == CASE_DRAFTED && case_waits(p, c))
            v->draft_note = WORDS(w, "case.waits", d->who, words_past(w, d->at).text);
        else
            v->draft_note = WORDS(w, "case.written-by", d->who, words_past(w, d->at).text);
    } else if (v->can_write) {
        rc = desk_suggest(p, c, &v->draft, &v->draft_note, err);
        if (rc == DF_OK)
            v->draft_note = str_of(msg(w->lang, "case.suggested"));
        else if (rc != DF_NONE)
            return rc;
    }
    v->ask_why = retry->blocked;
    return desk_lint(p, c, v->draft, &v->lint, err);
}

static enum df_rc first_other(struct page *p, const struct queue_filter *f, int64_t id,
                              struct str *url_out, struct err *err)
{
    struct case_row *rows;
    int count = 0;
    enum df_rc rc = p->store->cases->list(p->store, f, p->arena, &rows, &count, err);

    if (rc != DF_OK)
        return rc;
    for (int i = 0; i < count; i++)
        if (rows[i].id != id) {
            *url_out = arena_printf(p->arena, "/case/%lld", (long long)rows[i].id);
            return DF_OK;
        }
    return DF_NONE;
}

/* The next one to answer: after this one in the queue, else its top. */
static enum df_rc fill_next(struct page *p, const struct case_row *c, struct view_case *v,
                            struct err *err)
{
    struct queue_filter f = {.now = p->now, .limit = NEXT_LOOKED_AT};
    enum df_rc rc = DF_NONE;

    if (c->state != CASE_CLOSED) {
        f.paged = true;
        f.after = (struct queue_key){c->due, c->urgency, c->id};
        rc = first_other(p, &f, c->id, &v->next, err);
    }
    f.paged = false;
    if (rc == DF_NONE)
        rc = first_other(p, &f, c->id, &v->next, err);
    return rc == DF_NONE ? DF_OK : rc;
}

enum df_rc page_case_again(struct page *p, int64_t id, const struct case_retry *retry,
                           struct err *err)
{
    struct view_case v = {0};
    struct case_view c;
    enum df_rc rc = casework_view(p->site->cases, id, p->arena, &c, err);

    if (rc == DF_OK)
        rc = page_row(p, &c.row, &v.row, err);
    if (rc != DF_OK)
        return rc;
    p->frame.page = "case";
    p->frame.title = WORDS(&p->words, "case.title", words_int(&p->words, id));
    if (retry->flash.len) {
        p->frame.flash = retry->flash;
        p->frame.flash_bad = true;
    }
    v.version = words_int(&p->words, c.row.rev);
    case_fill_post(p, &c, &v);
    case_fill_choices(p, &c, &v);
    rc = case_fill_history(p, &c, &v, err);
    if (rc == DF_OK)
        rc = fill_reply(p, &c, retry, &v, err);
    if (rc == DF_OK)
        rc = fill_next(p, &c.row, &v, err);
    if (rc == DF_OK)
        tpl_case(p->html, &p->frame, &v);
    return rc;
}

enum df_rc page_case(struct page *p, int64_t id, struct err *err)
{
    return page_case_again(p, id, &(struct case_retry){0}, err);
}
