#include "collector/state.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/json.h"
#include "core/limits.h"

/* One table for reading and writing: the names are part of what databases hold. */
static const struct {
    const char *name;
    size_t offset;
    int64_t otherwise;
} numbers[] = {
#define N(name, member, otherwise) {name, offsetof(struct source_state, member), otherwise}
    N("polls", polls, 0),
    N("poll", last_poll, DF_NO_TIME),
    N("good", last_good, DF_NO_TIME),
    N("new", last_new, DF_NO_TIME),
    N("newest", newest, DF_NO_TIME),
    N("next", next, DF_NO_TIME),
    N("backoff", backoff_until, DF_NO_TIME),
    N("hold", hold_until, DF_NO_TIME),
    N("interval", interval_ms, 0),
    N("gap", gap_ms, 0),
    N("lag", lag_ms, 0),
    N("day", day, 0),
    N("used", used, 0),
    N("quota", quota_left, -1),
#undef N
};

static int64_t *number(struct source_state *s, size_t i)
{
    return (int64_t *)(void *)((char *)s + numbers[i].offset);
}

static void clear(struct source_state *s)
{
    *s = (struct source_state){0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *number(s, i) = numbers[i].otherwise;
}

static void read_seen(struct str hex, struct arena *a, struct source_state *out)
{
    size_t n = hex.len / 16;
    out->seen = arena_array(a, n + 1, sizeof *out->seen);
    for (size_t i = 0; i < n && i < DF_MAX_SEEN_IDS; i++) {
        char z[17];
        memcpy(z, hex.ptr + i * 16, 16);
        z[16] = '\0';
        out->seen[out->seen_count++] = strtoull(z, NULL, 16);
    }
}

enum df_rc state_read(struct str text, struct arena *a, struct source_state *out, struct err *err)
{
    json_t *root = NULL;
    clear(out);
    if (!text.len)
        return DF_OK;
    enum df_rc rc = json_parse(text, "state of a source", &root, err);
    if (rc != DF_OK)
        return rc;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *number(out, i) = json_get_int(root, numbers[i].name, numbers[i].otherwise);
    out->samples = (int)json_get_int(root, "samples", 0);
    out->fails = (int)json_get_int(root, "fails", 0);
    out->overflow = json_get_int(root, "overflow", 0) != 0;
    out->error = arena_str(a, json_get_str(root, "error"));
    out->etag = arena_str(a, json_get_str(root, "etag"));
    out->modified = arena_str(a, json_get_str(root, "modified"));
    read_seen(json_get_str(root, "seen"), a, out);
    json_decref(root);
    return DF_OK;
}

static void put_text(struct json_out *w, const char *key, struct str s)
{
    if (s.len)
        json_pair_str(w, key, s);
}

static void put_number(struct json_out *w, const char *key, int64_t v, int64_t otherwise)
{
    if (v != otherwise)
        json_pair_int(w, key, v);
}

struct str state_write(struct arena *a, const struct source_state *s)
{
    struct buf b = BUF_INIT(DF_KIB(64));
    struct json_out w = {.buf = &b};
    struct source_state copy = *s;
    json_open(&w, '{');
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_number(&w, numbers[i].name, *number(&copy, i), numbers[i].otherwise);
    put_number(&w, "samples", s->samples, 0);
    put_number(&w, "fails", s->fails, 0);
    put_number(&w, "overflow", s->overflow, 0);
    put_text(&w, "error", s->error);
    put_text(&w, "etag", s->etag);
    put_text(&w, "modified", s->modified);
    if (s->seen_count) {
        json_key(&w, "seen");
        buf_putc(&b, '"');
        for (size_t i = 0; i < s->seen_count; i++)
            buf_printf(&b, "%016llx", (unsigned long long)s->seen[i]);
        buf_putc(&b, '"');
        w.comma = true;
    }
    json_close(&w, '}');
    struct str out = arena_str(a, buf_view(&b));
    buf_free(&b);
    return out;
}

uint64_t state_key(const struct post *p)
{
    struct sha256 h;
    unsigned char out[DIGEST_BYTES];
    uint64_t key = 0;
    sha256_begin(&h);
    sha256_field(&h, p->id);
    sha256_field(&h, p->digest);
    sha256_end(&h, out);
    for (int i = 0; i < 8; i++)
        key = key << 8 | out[i];
    return key;
}

bool state_knows(const struct source_state *s, uint64_t key)
{
    for (size_t i = 0; i < s->seen_count; i++)
        if (s->seen[i] == key)
            return true;
    return false;
}
