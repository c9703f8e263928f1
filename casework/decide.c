#include "casework/decide.h"

#include "casework/ledger.h"
#include "casework/say.h"
#include "core/digest.h"
#include "core/limits.h"

enum df_rc decide_note(struct casework *cw, const struct case_row *c, enum case_act act,
                       const char *from, struct str who, struct str why, struct err *err)
{
    struct ledger_row row = {
        .case_id = c->id,
        .at = clock_now(cw->clock),
        .who = who,
        .act = str_of(case_act_name(act)),
        .from = str_of(from),
        .to = str_of(case_state_name(c->state)),
        .why = why,
    };
    return ledger_append(cw->store, &row, err);
}

enum df_rc decide_lost(int64_t case_id, enum ui_lang lang, struct err *err)
{
    struct say_number id;
    return REFUSE(err, DF_RETRY, lang, "refused.changed", say_number(&id, case_id));
}

/* A sentence written by a person for a rule says more than a learned phrase. */
static bool is_learned(const struct finding *f)
{
    return str_starts(f->rule, STR("lexicon.")) || str_chr(f->rule, ':') >= 0;
}

static int strongest(const struct verdict *v, struct str *out, int max)
{
    int n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < v->finding_count && n < max; i++)
            if (is_learned(&v->findings[i]) == (pass == 1) && v->findings[i].why.len &&
                !(pass == 1 && n > 0))
                out[n++] = v->findings[i].why;
    return n;
}

struct str decide_reason(const struct verdict *v, struct arena *a)
{
    struct str why[2];
    int n = strongest(v, why, 2);
    if (n == 0)
        return arena_printf(a, "%s, %s", sentiment_name(v->sentiment), category_name(v->category));
    return n == 1 ? arena_str(a, why[0])
                  : arena_printf(a, "%.*s; %.*s", STR_FMT(why[0]), STR_FMT(why[1]));
}

/* The beginning that fits, not cut inside a character. */
static struct str beginning(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    while (max > 0 && ((unsigned char)s.ptr[max] & 0xC0) == 0x80)
        max--;
    return str_sub(s, 0, max);
}

static void alert_fill(struct alert *al, const struct case_row *c, const struct post_row *post,
                       const struct verdict *v)
{
    const struct post *p = &post->post;
    al->case_id = c->id;
    al->urgency = c->urgency;
    al->category = c->category;
    al->sentiment = c->sentiment;
    al->due = c->due;
    al->seen_late = c->seen_late;
    al->lang = c->lang;
    al->reason = c->reason;
    al->channel = p->channel;
    al->source = p->source;
    al->url = p->url;
    al->author = p->author_name;
    al->title = p->title;
    al->text = beginning(p->text, DF_MAX_ALERT_TEXT);
    al->stars = p->stars;
    al->created = p->created;
    al->why_count = strongest(v, al->why, ALERT_MAX_WHY);
}

/* The id is a digest of what the alert is about, so that even a restored backup which decides
 * again decides the same id, and the receiver can drop the second one. */
static struct str alert_id(const struct alert *al, const struct post_row *post, struct str sink,
                           struct arena *a)
{
    struct sha256 h;
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX + 1];
    struct str version = arena_printf(a, "%d", post->version);
    sha256_begin(&h);
    sha256_field(&h, str_of(alert_kind_name(al->kind)));
    sha256_field(&h, post->post.channel);
    sha256_field(&h, post->post.id);
    sha256_field(&h, version);
    sha256_field(&h, sink);
    sha256_end(&h, digest);
    digest_hex(digest, DIGEST_BYTES, hex);
    return arena_printf(a, "al_%.24s", hex);
}

enum df_rc decide_alert(struct casework *cw, const struct case_row *c, enum alert_kind kind,
                        const struct post_row *post, const struct verdict *v, struct str reply,
                        struct arena *a, int *added_out, struct err *err)
{
    struct alert al = {.kind = kind, .at = clock_now(cw->clock), .reply = reply};
    struct buf b = BUF_INIT(DF_MAX_LINE);
    enum df_rc rc = DF_OK;
    alert_fill(&al, c, post, v);
    for (int i = 0; rc == DF_OK && i < cw->conf->route_count; i++) {
        const struct alert_route *route = &cw->conf->routes[i];
        if (c->urgency > route->least)
            continue;
        al.id = alert_id(&al, post, route->sink, a);
        buf_reset(&b);
        alert_put_json(&b, &al);
        if (b.full) {
            rc = err_set(err, DF_REJECT, "an alert of more than %zu bytes", b.max);
            break;
        }
        const struct outbox_row row = {
            .case_id = c->id,
            .dedup = arena_printf(a, "%s/%lld/%lld.%d/%.*s", alert_kind_name(kind),
                                  (long long)c->id, (long long)post->id, post->version,
                                  STR_FMT(route->sink)),
            .alert_id = al.id,
            .sink = route->sink,
            .kind = str_of(alert_kind_name(kind)),
            .payload = buf_view(&b),
            .created = al.at,
        };
        rc = cw->store->outbox->add(cw->store, &row, err);
        *added_out += rc == DF_OK;
        if (rc == DF_NONE) /* decided before */
            rc = DF_OK;
    }
    buf_free(&b);
    return rc;
}
