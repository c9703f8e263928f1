#include "casework/watch.h"

#include <math.h>

#include "core/digest.h"
#include "core/limits.h"

/* The same for the same trouble, whoever decides it again from a restored backup. */
static struct str watch_id(enum alert_kind kind, const struct source_row *row, int64_t since,
                           struct str sink, struct arena *a)
{
    struct sha256 h;
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX + 1];
    sha256_begin(&h);
    sha256_field(&h, str_of(alert_kind_name(kind)));
    sha256_field(&h, row->name);
    sha256_field(&h, arena_printf(a, "%lld", (long long)since));
    sha256_field(&h, sink);
    sha256_end(&h, digest);
    digest_hex(digest, DIGEST_BYTES, hex);
    return arena_printf(a, "al_%.24s", hex);
}

static enum df_rc tell(struct casework *cw, enum alert_kind kind, const struct source_row *row,
                       int64_t since, struct arena *a, int *added_out, struct err *err)
{
    struct alert al = {
        .kind = kind,
        .at = clock_now(cw->clock),
        .urgency = URGENCY_P3,
        .category = CATEGORY_OTHER,
        .sentiment = SENTIMENT_NEUTRAL,
        .due = DF_NO_TIME,
        .created = DF_NO_TIME,
        .stars = NAN,
        .channel = row->channel,
        .source = row->name,
        .reason = row->last_error.len
                      ? arena_printf(a, "%.*s: %.*s", STR_FMT(row->name), STR_FMT(row->last_error))
                      : row->name,
    };
    struct buf b = BUF_INIT(DF_MAX_LINE);
    enum df_rc rc = DF_OK;
    for (int i = 0; rc == DF_OK && i < cw->conf->route_count; i++) {
        struct str sink = cw->conf->routes[i].sink;
        al.id = watch_id(kind, row, since, sink, a);
        buf_reset(&b);
        alert_put_json(&b, &al);
        const struct outbox_row out = {
            .dedup = arena_printf(a, "%s/%.*s/%lld/%.*s", alert_kind_name(kind),
                                  STR_FMT(row->name), (long long)since, STR_FMT(sink)),
            .alert_id = al.id,
            .sink = sink,
            .kind = str_of(alert_kind_name(kind)),
            .payload = buf_view(&b),
            .created = al.at,
        };
        rc = cw->store->outbox->add(cw->store, &out, err);
        *added_out += rc == DF_OK;
        if (rc == DF_NONE) /* told before */
            rc = DF_OK;
    }
    buf_free(&b);
    return rc;
}

enum df_rc watch_source(struct casework *cw, struct source_row *row, struct arena *a,
                        int *added_out, struct err *err)
{
    *added_out = 0;
    if (row->fails >= DF_ALERT_FAILS && row->told_at == DF_NO_TIME) {
        row->told_at = clock_now(cw->clock);
        return tell(cw, ALERT_SOURCE_FAILED, row, row->told_at, a, added_out, err);
    }
    if (row->fails == 0 && row->told_at != DF_NO_TIME) {
        int64_t since = row->told_at;
        row->told_at = DF_NO_TIME;
        return tell(cw, ALERT_SOURCE_BACK, row, since, a, added_out, err);
    }
    return DF_OK;
}
