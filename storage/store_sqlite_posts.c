/* The posts group of the SQLite driver. */
#include "core/digest.h"
#include "storage/store_key.h"
#include "storage/store_sqlite_db.h"

struct known {
    int64_t id;
    int version;
    bool same_text;
};

static enum df_rc find_known(struct sq_db *db, const struct post *p, const unsigned char *digest,
                             struct known *out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(db, &q, SQL_post_find, SQ(sq_text(p->channel), sq_text(p->id)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *out = (struct known){
            .id = sq_get_int(&q, 0),
            .version = (int)sq_get_int(&q, 1),
            .same_text = str_eq(sq_peek(&q, 2), str_n((const char *)digest, DIGEST_BYTES)),
        };
    sq_end(&q);
    return rc;
}

static enum df_rc insert(struct sq_db *db, const struct post *p, const unsigned char *digest,
                         int *added_out, struct err *err)
{
    return sq_exec(db, SQL_post_insert,
                   SQ(sq_text(p->channel), sq_text(p->id), sq_text(p->source),
                      sq_blob(digest, DIGEST_BYTES), sq_opt(p->url), sq_opt(p->author_id),
                      sq_opt(p->author_name), sq_count(p->followers), sq_opt(p->title),
                      sq_text(p->text), sq_opt(p->lang), sq_real(p->stars), sq_opt(p->rating),
                      sq_time(p->created), sq_time(p->edited), sq_int(p->seen),
                      sq_opt(p->parent), sq_count(p->likes), sq_count(p->shares),
                      sq_count(p->replies)),
                   added_out, err);
}

static enum df_rc renew(struct sq_db *db, const struct known *k, const struct post *p,
                        const unsigned char *digest, struct err *err)
{
    if (k->same_text)
        return sq_exec(db, SQL_post_touch,
                       SQ(sq_int(k->id), sq_count(p->likes), sq_count(p->shares),
                          sq_count(p->replies), sq_count(p->followers)),
                       NULL, err);
    enum df_rc rc = sq_exec(db, SQL_post_archive, SQ(sq_int(k->id)), NULL, err);
    if (rc == DF_OK)
        rc = sq_exec(db, SQL_post_edit,
                     SQ(sq_int(k->id), sq_blob(digest, DIGEST_BYTES), sq_opt(p->title),
                        sq_text(p->text), sq_real(p->stars), sq_opt(p->rating),
                        sq_time(p->edited), sq_int(p->seen), sq_count(p->likes),
                        sq_count(p->shares), sq_count(p->replies), sq_count(p->followers)),
                     NULL, err);
    return rc;
}

/* Most posts are new: try that first, look only when it was there. */
static enum df_rc put(struct store *st, const struct post *p, struct post_put *out,
                      struct err *err)
{
    struct sq_db *db = sq_of(st);
    unsigned char digest[DIGEST_BYTES];
    struct known k;
    int added = 0;
    enum df_rc rc = store_post_check(p, digest, err);
    if (rc == DF_OK)
        rc = insert(db, p, digest, &added, err);
    if (rc == DF_OK && added) {
        *out = (struct post_put){sqlite3_last_insert_rowid(db->db), 1, POST_ADDED};
        return DF_OK;
    }
    if (rc == DF_OK)
        rc = find_known(db, p, digest, &k, err);
    if (rc != DF_OK)
        return rc;
    *out = (struct post_put){k.id, k.version + !k.same_text,
                             k.same_text ? POST_SAME : POST_EDITED};
    return renew(db, &k, p, digest, err);
}

static enum df_rc find(struct store *st, struct str channel, struct str id, int64_t *out,
                       struct err *err)
{
    return sq_one(sq_of(st), SQL_post_find, SQ(sq_text(channel), sq_text(id)), out, err);
}

static enum df_rc gone(struct store *st, struct str channel, struct str id, int64_t at,
                       int64_t *out, struct err *err)
{
    return sq_one(sq_of(st), SQL_post_gone, SQ(sq_text(channel), sq_text(id), sq_int(at)), out, err);
}

static void read_row(const struct sq *q, struct arena *a, struct post_row *r)
{
    char hex[DIGEST_HEX + 1] = "";
    struct str digest = sq_peek(q, 21);
    if (digest.len == DIGEST_BYTES)
        digest_hex((const unsigned char *)digest.ptr, DIGEST_BYTES, hex);
    r->id = sq_get_int(q, 0);
    r->version = (int)sq_get_int(q, 1);
    r->post = (struct post){
        .channel = sq_get_str(q, 2, a),
        .source = sq_get_str(q, 3, a),
        .id = sq_get_str(q, 4, a),
        .url = sq_get_str(q, 5, a),
        .author_id = sq_get_str(q, 6, a),
        .author_name = sq_get_str(q, 7, a),
        .followers = sq_get_count(q, 8),
        .title = sq_get_str(q, 9, a),
        .text = sq_get_str(q, 10, a),
        .lang = sq_get_str(q, 11, a),
        .stars = sq_get_real(q, 12),
        .rating = sq_get_str(q, 13, a),
        .created = sq_get_time(q, 14),
        .edited = sq_get_time(q, 15),
        .deleted = sq_get_time(q, 22),
        .seen = sq_get_time(q, 16),
        .parent = sq_get_str(q, 17, a),
        .likes = sq_get_count(q, 18),
        .shares = sq_get_count(q, 19),
        .replies = sq_get_count(q, 20),
        .digest = arena_str(a, str_of(hex)),
    };
}

static enum df_rc get(struct store *st, int64_t id, int version, struct arena *a,
                      struct post_row *out, struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_post_get, SQ(sq_int(id)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, out);
    sq_end(&q);
    if (rc != DF_OK || version == 0 || out->version == version)
        return rc;
    rc = sq_start(sq_of(st), &q, SQL_post_get_version, SQ(sq_int(id), sq_int(version)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, out);
    sq_end(&q);
    return rc;
}

static enum df_rc list(struct store *st, const struct post_filter *f, struct arena *a,
                       struct post_row **out, int *count_out, struct err *err)
{
    struct post_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_post_list,
                             SQ(sq_int(f->after), sq_opt(f->channel), sq_opt(f->author_id),
                                sq_time(f->since), sq_time(f->until), sq_int(f->limit)),
                             err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, ARENA_PUSH(a, rows, count, cap));
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc judge(struct store *st, int64_t id, int version, const struct verdict *v,
                        struct str doc, int64_t at, struct err *err)
{
    return sq_exec(sq_of(st), SQL_verdict_put,
                   SQ(sq_int(id), sq_int(version), sq_text(v->ruleset), sq_int(at),
                      sq_text(v->lang), sq_z(sentiment_name(v->sentiment)), sq_real(v->score),
                      sq_z(urgency_name(v->urgency)), sq_z(category_name(v->category)),
                      sq_text(doc)),
                   NULL, err);
}

static enum df_rc verdict(struct store *st, int64_t id, int version, struct arena *a,
                          struct str *doc_out, struct err *err)
{
    struct sq q;
    enum df_rc rc =
        sq_start(sq_of(st), &q, SQL_verdict_get, SQ(sq_int(id), sq_int(version)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *doc_out = sq_get_str(&q, 1, a);
    sq_end(&q);
    return rc;
}

const struct store_posts sq_posts = {
    .put = put,
    .get = get,
    .find = find,
    .gone = gone,
    .list = list,
    .judge = judge,
    .verdict = verdict,
};
