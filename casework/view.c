#include "casework/casework.h"
#include "core/limits.h"

static enum df_rc read_verdict(struct casework *cw, struct case_view *v, struct arena *a,
                               struct err *err)
{
    struct str doc;
    json_t *obj = NULL;
    enum df_rc rc = cw->store->posts->verdict(cw->store, v->row.post_id, 0, a, &doc, err);
    if (rc != DF_OK)
        return rc == DF_NONE ? DF_OK : rc;
    rc = json_parse(doc, "stored verdict", &obj, err);
    if (rc == DF_OK)
        rc = verdict_from_json(obj, a, &v->verdict, err);
    json_decref(obj);
    v->has_verdict = rc == DF_OK;
    return rc;
}

static enum df_rc read_posts(struct casework *cw, struct case_view *v, struct arena *a,
                             struct err *err)
{
    struct store *st = cw->store;
    int64_t *ids = NULL;
    enum df_rc rc = st->links->posts(st, v->row.id, a, &ids, &v->post_count, err);
    if (rc != DF_OK)
        return rc;
    v->posts = arena_array(a, (size_t)v->post_count + 1, sizeof *v->posts);
    for (int i = 0; rc == DF_OK && i < v->post_count; i++)
        rc = st->posts->get(st, ids[i], 0, a, &v->posts[i], err);
    return rc;
}

enum df_rc casework_view(struct casework *cw, int64_t case_id, struct arena *a,
                         struct case_view *out, struct err *err)
{
    struct store *st = cw->store;
    *out = (struct case_view){0};
    enum df_rc rc = st->cases->get(st, case_id, a, &out->row, err);
    if (rc == DF_NONE)
        return err_set(err, DF_NONE, "there is no case %lld", (long long)case_id);
    if (rc == DF_OK)
        rc = st->posts->get(st, out->row.post_id, 0, a, &out->post, err);
    if (rc == DF_OK)
        rc = read_verdict(cw, out, a, err);
    if (rc == DF_OK)
        rc = read_posts(cw, out, a, err);
    if (rc == DF_OK)
        rc = st->ledger->list(st, case_id, 0, DF_MAX_LEDGER_SHOWN, a, &out->ledger,
                              &out->ledger_count, err);
    if (rc == DF_OK)
        rc = st->drafts->list(st, case_id, DF_MAX_DRAFTS_SHOWN, a, &out->drafts,
                              &out->draft_count, err);
    return rc;
}
