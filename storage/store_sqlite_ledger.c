/* The ledger and drafts groups of the SQLite driver. */
#include "storage/store_sqlite_db.h"

static enum df_rc last(struct store *st, int64_t *seq_out, unsigned char hash_out[LEDGER_HASH],
                       struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_ledger_last, SQ_NO_VALUES, err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK) {
        struct str hash = sq_peek(&q, 1);
        *seq_out = sq_get_int(&q, 0);
        memset(hash_out, 0, LEDGER_HASH); /* a hash of another length was tampered with */
        if (hash.len == LEDGER_HASH)
            memcpy(hash_out, hash.ptr, LEDGER_HASH);
    }
    sq_end(&q);
    return rc;
}

static enum df_rc append(struct store *st, const struct ledger_row *r, struct err *err)
{
    return sq_exec(sq_of(st), SQL_ledger_append,
                   SQ(sq_int(r->seq), sq_int(r->case_id), sq_int(r->at), sq_text(r->who),
                      sq_text(r->act), sq_text(r->from), sq_text(r->to), sq_opt(r->why),
                      sq_blob(r->why_digest, LEDGER_HASH), sq_blob(r->hash, LEDGER_HASH)),
                   NULL, err);
}

static void copy_hash(const struct sq *q, int col, unsigned char out[LEDGER_HASH])
{
    struct str s = sq_peek(q, col);
    if (s.len == LEDGER_HASH)
        memcpy(out, s.ptr, LEDGER_HASH);
}

static enum df_rc list(struct store *st, int64_t case_id, int64_t after, int limit,
                       struct arena *a, struct ledger_row **out, int *count_out, struct err *err)
{
    struct ledger_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = case_id ? sq_start(sq_of(st), &q, SQL_ledger_of_case,
                                       SQ(sq_int(case_id), sq_int(after), sq_int(limit)), err)
                            : sq_start(sq_of(st), &q, SQL_ledger_list,
                                       SQ(sq_int(after), sq_int(limit)), err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK) {
        struct ledger_row *r = ARENA_PUSH(a, rows, count, cap);
        *r = (struct ledger_row){
            .seq = sq_get_int(&q, 0),
            .case_id = sq_get_int(&q, 1),
            .at = sq_get_int(&q, 2),
            .who = sq_get_str(&q, 3, a),
            .act = sq_get_str(&q, 4, a),
            .from = sq_get_str(&q, 5, a),
            .to = sq_get_str(&q, 6, a),
            .why = sq_get_str(&q, 7, a),
        };
        copy_hash(&q, 8, r->why_digest);
        copy_hash(&q, 9, r->hash);
    }
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

const struct store_ledger sq_ledger = {.last = last, .append = append, .list = list};

static enum df_rc draft_put(struct store *st, struct draft_row *r, struct err *err)
{
    struct sq_db *db = sq_of(st);
    enum df_rc rc = sq_exec(db, SQL_draft_put,
                            SQ(sq_int(r->case_id), sq_int(r->at), sq_text(r->who),
                               sq_text(r->lang), sq_text(r->text), sq_text(r->findings),
                               sq_text(r->pieces)),
                            NULL, err);
    if (rc == DF_OK)
        r->id = sqlite3_last_insert_rowid(db->db);
    return rc;
}

static enum df_rc draft_list(struct store *st, int64_t case_id, int limit, struct arena *a,
                             struct draft_row **out, int *count_out, struct err *err)
{
    struct draft_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc =
        sq_start(sq_of(st), &q, SQL_draft_list, SQ(sq_int(case_id), sq_int(limit)), err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *ARENA_PUSH(a, rows, count, cap) = (struct draft_row){
            .id = sq_get_int(&q, 0),
            .case_id = sq_get_int(&q, 1),
            .at = sq_get_int(&q, 2),
            .who = sq_get_str(&q, 3, a),
            .lang = sq_get_str(&q, 4, a),
            .text = sq_get_str(&q, 5, a),
            .findings = sq_get_str(&q, 6, a),
            .pieces = sq_get_str(&q, 7, a),
            .approved_by = sq_get_str(&q, 8, a),
            .approved_at = sq_get_time(&q, 9),
        };
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc draft_approve(struct store *st, int64_t id, struct str who, int64_t at,
                                struct err *err)
{
    int changed;
    enum df_rc rc = sq_exec(sq_of(st), SQL_draft_approve,
                            SQ(sq_int(id), sq_text(who), sq_int(at)), &changed, err);
    return rc == DF_OK && !changed ? DF_NONE : rc;
}

const struct store_drafts sq_drafts = {
    .put = draft_put, .list = draft_list, .approve = draft_approve};
