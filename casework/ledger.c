#include "casework/ledger.h"

#include "core/digest.h"

_Static_assert((int)LEDGER_HASH == (int)DIGEST_BYTES, "the ledger keeps SHA-256");

enum { PAGE = 1000 };

static void add_int(struct sha256 *h, int64_t v)
{
    unsigned char b[8];
    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)v >> (8 * (7 - i)));
    sha256_add(h, b, sizeof b);
}

static void row_hash(const struct ledger_row *r, const unsigned char before[LEDGER_HASH],
                     unsigned char out[LEDGER_HASH])
{
    struct sha256 h;
    sha256_begin(&h);
    sha256_add(&h, before, LEDGER_HASH);
    add_int(&h, r->seq);
    add_int(&h, r->case_id);
    add_int(&h, r->at);
    sha256_field(&h, r->who);
    sha256_field(&h, r->act);
    sha256_field(&h, r->from);
    sha256_field(&h, r->to);
    sha256_add(&h, r->why_digest, LEDGER_HASH);
    sha256_end(&h, out);
}

enum df_rc ledger_append(struct store *st, struct ledger_row *row, struct err *err)
{
    unsigned char before[LEDGER_HASH] = {0};
    int64_t last = 0;
    enum df_rc rc = st->ledger->last(st, &last, before, err);
    if (rc != DF_OK && rc != DF_NONE)
        return rc;
    row->seq = last + 1;
    digest_sha256(row->why, row->why_digest);
    row_hash(row, before, row->hash);
    return st->ledger->append(st, row, err);
}

static bool fits(const struct ledger_row *r, const struct ledger_check *so_far)
{
    unsigned char want[LEDGER_HASH], why[LEDGER_HASH];
    if (r->seq != so_far->rows + 1)
        return false;
    row_hash(r, so_far->head, want);
    if (memcmp(want, r->hash, LEDGER_HASH) != 0)
        return false;
    digest_sha256(r->why, why);
    return r->why.len == 0 || memcmp(why, r->why_digest, LEDGER_HASH) == 0; /* empty: erased */
}

enum df_rc ledger_verify(struct store *st, struct ledger_check *out, struct err *err)
{
    struct arena *a = arena_new();
    enum df_rc rc = DF_OK;
    *out = (struct ledger_check){0};
    for (int count = PAGE; rc == DF_OK && count == PAGE;) {
        struct ledger_row *rows;
        arena_reset(a);
        rc = st->ledger->list(st, 0, out->rows, PAGE, a, &rows, &count, err);
        for (int i = 0; rc == DF_OK && i < count; i++) {
            if (!fits(&rows[i], out)) {
                out->broken_at = rows[i].seq;
                rc = err_set(err, DF_REJECT, "the ledger was tampered with: row %lld does not "
                                             "follow from row %lld",
                             (long long)rows[i].seq, (long long)out->rows);
                break;
            }
            out->rows++;
            memcpy(out->head, rows[i].hash, LEDGER_HASH);
        }
    }
    arena_free(&a);
    return rc;
}
