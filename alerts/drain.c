/* drain.c: takes due rows out of the outbox and carries them to their sinks, one request in
 * flight per sink and all sinks at once, so that a slow or dead one holds up nobody else. */
#include "alerts/render.h"
#include "core/limits.h"
#include "storage/lock.h"

enum {
    BATCH = 20,            /* rows leased at a time, at most */
    PATIENCE = 3,          /* answers of "not now" in a row before the sink is left alone */
    LEASE_MS = 5 * 60000,  /* longer than a whole batch may take */
    REQUEST_MS = 15000,    /* one attempt */
    MAX_PAUSE_MS = 900000, /* a destination may ask for this much quiet at once */
    CLOSED_PAUSE_MS = 600000, /* a wrong address may be mended soon */
    SETTINGS_PAUSE_MS = 30000,
};
#define GIVE_UP_AFTER (3 * DF_DAY)

/* One sink's way through its batch. */
struct lane {
    struct alerts *al;
    const struct sink_conf *conf;
    struct drain_report *report;
    struct arena *arena;  /* of the batch */
    struct outbox_row *rows;
    int count, at;
    int batch;    /* next lease: one row until the sink has shown that it is well */
    int failures; /* in a row */
    bool in_flight, answered, done, bad_row;
    enum df_rc rc; /* of the exchange */
    struct net_response response;
    struct err err;
};

static int64_t backoff(const struct outbox_row *row)
{
    static const int seconds[] = {5, 30, 120, 600, 1800, 3600, 7200, 14400};
    enum { STEPS = sizeof seconds / sizeof *seconds };
    int step = row->attempt < 1 ? 0 : row->attempt > STEPS ? STEPS - 1 : row->attempt - 1;
    int64_t pause = seconds[step] * DF_SECOND;
    /* Spread by a fifth, the same for the same alert, so that a crowd does not come back at once. */
    return pause + pause / 5 * (int64_t)(hash64(row->alert_id) % 1000) / 1000;
}

static int pace_left(struct lane *l, int64_t now, enum df_rc *rc, struct err *err)
{
    int pace = l->conf->per_minute ? l->conf->per_minute : l->conf->ops->per_minute;
    int64_t spent = 0;
    if (pace == 0)
        return l->batch;
    *rc = l->al->store->outbox->spent(l->al->store, l->conf->name, now - DF_MINUTE, &spent, err);
    return spent >= pace ? 0 : pace - spent < l->batch ? (int)(pace - spent) : l->batch;
}

static enum df_rc lease(struct lane *l, struct str holder, struct err *err)
{
    struct store *st = l->al->store;
    int64_t now = clock_now(l->al->clock);
    enum df_rc rc = DF_OK;
    int room = pace_left(l, now, &rc, err);
    l->at = l->count = 0;
    arena_reset(l->arena);
    if (rc == DF_OK && room > 0)
        rc = store_begin(st, err);
    if (rc == DF_OK && room > 0)
        rc = store_finish(st, st->outbox->lease(st, l->conf->name, holder, now, now + LEASE_MS,
                                                room, l->arena, &l->rows, &l->count, err), err);
    l->done = l->count == 0;
    return rc;
}

static void set_answer(void *ctx, enum df_rc rc, const struct net_response *resp,
                       const struct err *err)
{
    struct lane *l = ctx;
    l->in_flight = false;
    l->answered = true;
    l->rc = rc;
    l->response = resp ? *resp : (struct net_response){0};
    l->err = err ? *err : (struct err){0};
}

/* Begins the attempt for the row at hand. */
static void begin_attempt(struct lane *l)
{
    struct net_request req;
    struct alert alert;
    struct err err = {0};
    enum df_rc rc = alert_from_json(l->rows[l->at].payload, l->arena, &alert, &err);
    l->bad_row = rc != DF_OK;
    if (rc == DF_OK)
        rc = alert_render(l->al, l->conf, &alert, l->arena, &req, &err);
    l->bad_row |= rc == DF_NONE;
    if (rc == DF_OK && l->conf->ops->deliver) {
        rc = l->conf->ops->deliver(l->al->out, &req, &err);
        set_answer(l, rc, &(struct net_response){.status = rc == DF_OK ? 200 : 0}, &err);
        return;
    }
    req.timeout_ms = REQUEST_MS;
    l->in_flight = true;
    if (rc == DF_OK)
        rc = transport_start(l->al->transport, &req, l->arena, set_answer, l, &err);
    if (rc != DF_OK) /* never started: nobody will call back */
        set_answer(l, rc, NULL, &err);
}

static enum sink_verdict verdict_of(const struct lane *l)
{
    if (l->bad_row)
        return SINK_REFUSED;
    if (l->rc == DF_OK)
        return l->conf->ops->deliver ? SINK_OK : l->conf->ops->judge(&l->response);
    /* Bad settings, a bad address, a bad certificate: nothing will get through as it is. */
    return l->rc == DF_RETRY ? SINK_LATER : SINK_CLOSED;
}

/* The beginning of an answer on one line: some servers send whole pages. */
static struct str one_line(struct str text, struct arena *a)
{
    struct buf b = BUF_INIT(text.len + 1);
    bool gap = false;
    text = length_cut(text, LENGTH_BYTES, 300);
    for (size_t i = 0; i < text.len; i++) {
        bool blank = (unsigned char)text.ptr[i] <= ' ';
        if (blank && !gap && b.len)
            buf_putc(&b, ' ');
        if (!blank)
            buf_putc(&b, text.ptr[i]);
        gap = blank;
    }
    struct str s = arena_str(a, str_trim(buf_view(&b)));
    buf_free(&b);
    return s;
}

static void describe(struct lane *l, struct outbox_row *row, enum sink_verdict v)
{
    struct str text = l->rc == DF_OK ? l->response.body : str_of(l->err.text);
    row->last_code = l->response.status;
    row->last_text = alert_redact(l->conf, one_line(text, l->arena), l->arena);
    if (v == SINK_OK)
        return;
    if (l->response.status)
        err_set(&l->report->problem, DF_RETRY, "%.*s: answered %d: %.*s", STR_FMT(l->conf->name),
                l->response.status, STR_FMT(row->last_text));
    else
        err_set(&l->report->problem, DF_RETRY, "%.*s: %.*s", STR_FMT(l->conf->name),
                STR_FMT(row->last_text));
}

/* Until when this row waits. */
static int64_t pause_of(const struct lane *l, const struct outbox_row *row, enum sink_verdict v)
{
    int64_t asked = l->rc == DF_OK ? l->response.retry_after_ms : -1;
    if (v == SINK_OK || v == SINK_REFUSED)
        return 0;
    if (v == SINK_CLOSED)
        return l->rc == DF_OK ? CLOSED_PAUSE_MS : SETTINGS_PAUSE_MS;
    if (asked > 0)
        return asked < MAX_PAUSE_MS ? asked : MAX_PAUSE_MS;
    return v == SINK_SLOWER ? DF_MINUTE : backoff(row);
}

/* Whether the rows behind it must wait too. One answer of 500 may be about one alert only; it
 * must not hold up the others. */
static bool stops_all(const struct lane *l, enum sink_verdict v)
{
    if (v == SINK_LATER && l->rc == DF_OK)
        return l->failures >= PATIENCE || l->response.retry_after_ms > 0;
    return v != SINK_OK && v != SINK_REFUSED;
}

static enum df_rc keep(struct lane *l, struct outbox_row *row, enum sink_verdict v, int64_t now,
                       struct str holder, int64_t pause, struct err *err)
{
    struct store *st = l->al->store;
    row->next_at = now + pause;
    row->state = v == SINK_OK                          ? OUTBOX_SENT
                 : v == SINK_REFUSED                   ? OUTBOX_DEAD
                 : now - row->created > GIVE_UP_AFTER  ? OUTBOX_DEAD
                                                       : OUTBOX_WAITING;
    row->sent_at = v == SINK_OK ? now : DF_NO_TIME;
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    rc = st->outbox->settle(st, row, holder, err);
    if (rc == DF_NONE) /* our lease ran out and another drain has it now: it will settle it */
        rc = DF_OK;
    if (rc == DF_OK && v == SINK_OK && row->case_id)
        rc = st->cases->alerted(st, row->case_id, now, err);
    return store_finish(st, rc, err);
}

/* Gives back what is left of the batch and leaves the sink alone for a while. */
static enum df_rc stop_lane(struct lane *l, struct str holder, int64_t now, int64_t pause,
                            struct err *err)
{
    struct store *st = l->al->store;
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    for (; rc == DF_OK && l->at < l->count; l->at++) {
        struct outbox_row *row = &l->rows[l->at];
        row->next_at = now + pause;
        row->sent_at = DF_NO_TIME;
        rc = st->outbox->settle(st, row, holder, err);
        if (rc == DF_NONE)
            rc = DF_OK;
    }
    if (rc == DF_OK)
        rc = st->outbox->hold(st, l->conf->name, now + pause, now, err);
    l->done = true;
    return store_finish(st, rc, err);
}

static enum df_rc finish_attempt(struct lane *l, struct str holder, struct err *err)
{
    struct outbox_row *row = &l->rows[l->at++];
    enum sink_verdict v = verdict_of(l);
    int64_t now = clock_now(l->al->clock), pause = pause_of(l, row, v);
    l->answered = false;
    l->failures = v == SINK_LATER ? l->failures + 1 : 0;
    l->batch = v == SINK_OK ? BATCH : l->batch;
    describe(l, row, v);
    enum df_rc rc = keep(l, row, v, now, holder, pause, err);
    l->report->sent += v == SINK_OK;
    l->report->dead += row->state == OUTBOX_DEAD;
    l->report->retried += row->state == OUTBOX_WAITING;
    if (rc == DF_OK && stops_all(l, v))
        rc = stop_lane(l, holder, now, pause, err);
    return rc;
}

static enum df_rc advance(struct lane *l, struct str holder, struct err *err)
{
    enum df_rc rc = DF_OK;
    while (rc == DF_OK && !l->done && !l->in_flight) {
        if (l->answered)
            rc = finish_attempt(l, holder, err);
        else if (l->at < l->count)
            begin_attempt(l);
        else
            rc = lease(l, holder, err);
    }
    return rc;
}

/* Leases of senders that died are void at once, not only when their time is over. */
static enum df_rc release_dead(struct alerts *al, struct str self, struct arena *a,
                               struct err *err)
{
    struct store *st = al->store;
    struct str *holders = NULL;
    int count = 0;
    enum df_rc rc = store_begin(st, err);
    if (rc != DF_OK)
        return rc;
    rc = st->outbox->holders(st, a, &holders, &count, err);
    for (int i = 0; rc == DF_OK && i < count; i++)
        if (!str_eq(holders[i], self) && !lock_alive(holders[i]))
            rc = st->outbox->release(st, holders[i], err);
    return store_finish(st, rc, err);
}

enum df_rc alerts_drain(struct alerts *al, struct arena *a, struct drain_report **out,
                        struct err *err)
{
    struct str self = lock_self(a);
    struct lane *lanes = arena_array(a, (size_t)al->sink_count + 1, sizeof *lanes);
    struct drain_report *reports = arena_array(a, (size_t)al->sink_count + 1, sizeof *reports);
    enum df_rc rc = release_dead(al, self, a, err);
    for (int i = 0; i < al->sink_count; i++) {
        reports[i].sink = al->sinks[i].name;
        lanes[i] = (struct lane){.al = al, .conf = &al->sinks[i], .report = &reports[i],
                                 .arena = arena_new(), .batch = 1};
    }
    *out = reports;
    for (bool busy = true; rc == DF_OK && busy;) {
        int running = 0;
        busy = false;
        for (int i = 0; rc == DF_OK && i < al->sink_count; i++) {
            rc = advance(&lanes[i], self, err);
            busy |= lanes[i].in_flight;
        }
        if (rc == DF_OK && busy)
            rc = transport_pump(al->transport, 1000, &running, err);
    }
    for (int i = 0; i < al->sink_count; i++) {
        /* After a fault of the store some may still be under way; each ends by its time limit. */
        for (int running = 1; lanes[i].in_flight && running;)
            if (transport_pump(al->transport, 1000, &running, NULL) != DF_OK)
                break;
        arena_free(&lanes[i].arena);
    }
    return rc;
}
