/* The cases and links groups of the SQLite driver. */
#include "core/limits.h"
#include "storage/store_sqlite_db.h"

static void read_row(const struct sq *q, struct arena *a, struct case_row *c)
{
    *c = (struct case_row){
        .id = sq_get_int(q, 0),
        .post_id = sq_get_int(q, 1),
        .version = (int)sq_get_int(q, 2),
        .state = (enum case_state)case_state_of(sq_peek(q, 3)), /* the schema checks the word */
        .outcome = (enum case_outcome)case_outcome_of(sq_peek(q, 4)),
        .urgency = (enum urgency)urgency_of(sq_peek(q, 5)),
        .category = (enum category)category_of(sq_peek(q, 6)),
        .sentiment = (enum sentiment)sentiment_of(sq_peek(q, 7)),
        .channel = sq_get_str(q, 8, a),
        .author_id = sq_get_str(q, 9, a),
        .lang = sq_get_str(q, 10, a),
        .reason = sq_get_str(q, 11, a),
        .owner = sq_get_str(q, 12, a),
        .rev = sq_get_int(q, 13),
        .posted = sq_get_time(q, 14),
        .seen = sq_get_int(q, 15),
        .opened = sq_get_int(q, 16),
        .alerted = sq_get_time(q, 17),
        .due = sq_get_due(q, 18),
        .answer_by = sq_get_due(q, 19),
        .seen_late = sq_get_int(q, 20) != 0,
        .answered_late = (int)sq_get_count(q, 21),
        .sent = sq_get_time(q, 22),
        .closed = sq_get_time(q, 23),
        .wake = sq_get_int(q, 24),
    };
}

static struct sq_val outcome_val(enum case_outcome o)
{
    return sq_opt(str_of(case_outcome_name(o)));
}

static enum df_rc link_post(struct store *st, int64_t id, int64_t post_id, int64_t at,
                            struct err *err)
{
    return sq_exec(sq_of(st), SQL_case_link, SQ(sq_int(post_id), sq_int(id), sq_int(at)), NULL,
                   err);
}

static enum df_rc open_case(struct store *st, struct case_row *c, struct err *err)
{
    struct sq_db *db = sq_of(st);
    enum df_rc rc = sq_exec(
        db, SQL_case_insert,
        SQ(sq_int(c->post_id), sq_int(c->version), sq_z(case_state_name(c->state)),
           outcome_val(c->outcome), sq_z(urgency_name(c->urgency)),
           sq_z(category_name(c->category)), sq_z(sentiment_name(c->sentiment)),
           sq_text(c->channel), sq_opt(c->author_id), sq_text(c->lang), sq_text(c->reason), sq_time(c->posted),
           sq_int(c->seen), sq_int(c->opened), sq_due(c->due), sq_due(c->answer_by),
           sq_int(c->seen_late)),
        NULL, err);
    if (rc != DF_OK)
        return rc;
    c->id = sqlite3_last_insert_rowid(db->db);
    c->rev = 1;
    return link_post(st, c->id, c->post_id, c->opened, err);
}

static enum df_rc get(struct store *st, int64_t id, struct arena *a, struct case_row *out,
                      struct err *err)
{
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_case_get, SQ(sq_int(id)), err);
    if (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, out);
    sq_end(&q);
    return rc;
}

static enum df_rc of_post(struct store *st, int64_t post_id, int64_t *id_out, struct err *err)
{
    return sq_one(sq_of(st), SQL_case_of_post, SQ(sq_int(post_id)), id_out, err);
}

static enum df_rc posts(struct store *st, int64_t id, struct arena *a, int64_t **out,
                        int *count_out, struct err *err)
{
    int64_t *ids = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_case_post_ids,
                             SQ(sq_int(id), sq_int(DF_MAX_CASE_POSTS)), err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        *ARENA_PUSH(a, ids, count, cap) = sq_get_int(&q, 0);
    sq_end(&q);
    *out = ids;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc update(struct store *st, struct case_row *c, struct err *err)
{
    int changed;
    enum df_rc rc = sq_exec(
        sq_of(st), SQL_case_update,
        SQ(sq_int(c->id), sq_int(c->rev), sq_int(c->version), sq_z(case_state_name(c->state)),
           outcome_val(c->outcome), sq_z(urgency_name(c->urgency)),
           sq_z(category_name(c->category)), sq_z(sentiment_name(c->sentiment)),
           sq_text(c->lang), sq_text(c->reason), sq_opt(c->owner), sq_due(c->due),
           sq_due(c->answer_by), sq_count(c->answered_late), sq_time(c->sent),
           sq_time(c->closed), sq_int(c->wake)),
        &changed, err);
    if (rc == DF_OK && changed)
        c->rev++;
    return rc == DF_OK && !changed ? DF_NONE : rc;
}

static enum df_rc claim(struct store *st, int64_t id, enum urgency least, struct str who,
                        int64_t now, int64_t *id_out, struct err *err)
{
    if (id)
        return sq_one(sq_of(st), SQL_case_claim, SQ(sq_int(id), sq_text(who)), id_out, err);
    return sq_one(sq_of(st), SQL_case_claim_next,
                  SQ(sq_text(who), sq_int(now), sq_z(urgency_name(least))), id_out, err);
}

/* "50% off_" → "%50\% off\_%": what was typed is looked for, not understood as a pattern. */
static struct str like_pattern(struct arena *a, struct str text)
{
    struct buf b = BUF_INIT(2 * text.len + 8);
    buf_putc(&b, '%');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '%' || text.ptr[i] == '_' || text.ptr[i] == '\\')
            buf_putc(&b, '\\');
        buf_putc(&b, text.ptr[i]);
    }
    buf_putc(&b, '%');
    struct str s = arena_str(a, buf_view(&b));
    buf_free(&b);
    return s;
}

static enum df_rc start_list(struct sq_db *db, struct sq *q, const struct queue_filter *f,
                             struct arena *a, struct err *err)
{
    struct sq_val now = sq_int(f->now), asleep = sq_int(f->asleep_too),
                  state = f->by_state ? sq_z(case_state_name(f->state)) : sq_null(),
                  urgency = f->by_urgency ? sq_z(urgency_name(f->urgency)) : sq_null(),
                  text = f->text.len ? sq_text(like_pattern(a, f->text)) : sq_null(),
                  owner = sq_opt(f->owner), limit = sq_int(f->limit);
    struct sq_val due = f->paged ? sq_due(f->after.due) : sq_int(INT64_MIN),
                  after_urgency = sq_z(f->paged ? urgency_name(f->after.urgency) : ""),
                  after = sq_int(f->paged ? f->after.id : 0);
    if (f->author_id.len)
        return sq_start(db, q, SQL_queue_author,
                        SQ(now, sq_int(1), state, urgency, sq_opt(f->channel), sq_opt(f->lang),
                           text, after, limit, sq_text(f->author_id)),
                        err);
    if (f->closed_too)
        return sq_start(db, q, SQL_queue_all,
                        SQ(now, asleep, state, urgency, sq_opt(f->channel), sq_opt(f->lang),
                           text, after, limit, owner),
                        err);
    if (f->owner.len)
        return sq_start(db, q, SQL_queue_mine,
                        SQ(now, asleep, state, urgency, sq_opt(f->channel), sq_opt(f->lang),
                           text, due, after_urgency, after, limit, owner),
                        err);
    return sq_start(db, q, SQL_queue_open,
                    SQ(now, asleep, state, urgency, sq_opt(f->channel), sq_opt(f->lang), text,
                       due, after_urgency, after, limit),
                    err);
}

static enum df_rc list(struct store *st, const struct queue_filter *f, struct arena *a,
                       struct case_row **out, int *count_out, struct err *err)
{
    struct case_row *rows = NULL;
    size_t count = 0, cap = 0;
    struct sq q;
    enum df_rc rc = start_list(sq_of(st), &q, f, a, err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        read_row(&q, a, ARENA_PUSH(a, rows, count, cap));
    sq_end(&q);
    *out = rows;
    *count_out = (int)count;
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc count(struct store *st, int64_t now, struct queue_count out[URGENCIES],
                        struct err *err)
{
    struct sq q;
    for (int i = 0; i < URGENCIES; i++)
        out[i] = (struct queue_count){0};
    enum df_rc rc = sq_start(sq_of(st), &q, SQL_queue_count, SQ(sq_int(now)), err);
    while (rc == DF_OK && (rc = sq_row(&q, err)) == DF_OK)
        out[urgency_of(sq_peek(&q, 0))] = (struct queue_count){
            .open = sq_get_int(&q, 1),
            .fresh = sq_get_int(&q, 2),
            .overdue = sq_get_int(&q, 3),
            .asleep = sq_get_int(&q, 4),
        };
    sq_end(&q);
    return rc == DF_NONE ? DF_OK : rc;
}

static enum df_rc alerted(struct store *st, int64_t id, int64_t at, struct err *err)
{
    return sq_exec(sq_of(st), SQL_case_alerted, SQ(sq_int(id), sq_int(at)), NULL, err);
}

const struct store_cases sq_cases = {
    .open = open_case,
    .get = get,
    .update = update,
    .claim = claim,
    .list = list,
    .count = count,
    .alerted = alerted,
};

const struct store_links sq_links = {.add = link_post, .of_post = of_post, .posts = posts};
