#include "collector/robots.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/limits.h"

#define ROBOTS_MAX DF_KIB(500) /* what RFC 9309 §2.5 asks a reader to take at least */
#define AGENT STR("defuse")

/* --- matching --- */

static bool match(struct str pattern, struct str path)
{
    /* '*' any run, '$' the end; two pointers with one way back, so linear in practice */
    size_t p = 0, s = 0, star = SIZE_MAX, mark = 0;
    bool anchored = pattern.len && pattern.ptr[pattern.len - 1] == '$';
    size_t end = pattern.len - anchored;
    while (s < path.len) {
        if (p < end && pattern.ptr[p] == '*') {
            star = p++;
            mark = s;
        } else if (p < end && pattern.ptr[p] == path.ptr[s]) {
            p++, s++;
        } else if (p == end && !anchored) {
            return true; /* a prefix is enough */
        } else if (star != SIZE_MAX) {
            p = star + 1;
            s = ++mark;
        } else {
            return false;
        }
    }
    while (p < end && pattern.ptr[p] == '*')
        p++;
    return p == end;
}

static bool field(struct str line, const char *name, struct str *value)
{
    ptrdiff_t colon = str_chr(line, ':');
    if (colon < 0 || !str_ieq(str_trim(str_sub(line, 0, (size_t)colon)), str_of(name)))
        return false;
    *value = str_trim(str_sub(line, (size_t)colon + 1, line.len));
    return true;
}

struct decision {
    size_t length; /* of the rule that won so far */
    bool allow, ours;
    int64_t delay;
};

static void weigh(struct decision *d, struct str pattern, bool allow, struct str path)
{
    if (!pattern.len || !match(pattern, path))
        return;
    /* the longest rule wins; of equals the kinder one */
    if (pattern.len > d->length || (pattern.len == d->length && allow)) {
        d->length = pattern.len;
        d->allow = allow;
    }
}

bool robots_allows(struct str text, struct str agent, struct str path, int64_t *delay_ms_out)
{
    struct decision mine = {.allow = true}, all = {.allow = true};
    struct str rest = str_sub(text, 0, ROBOTS_MAX), line, v;
    bool in_mine = false, in_all = false, naming = false;
    if (str_starts(rest, STR("\xEF\xBB\xBF")))
        rest = str_sub(rest, 3, rest.len);
    while (str_split(&rest, '\n', &line)) {
        ptrdiff_t hash = str_chr(line, '#');
        if (hash >= 0)
            line = str_sub(line, 0, (size_t)hash);
        double seconds;
        if (field(line, "user-agent", &v)) {
            if (!naming)
                in_mine = in_all = false;
            naming = true;
            in_all = in_all || str_is(v, "*");
            ptrdiff_t slash = str_chr(v, '/');
            in_mine = in_mine || str_ieq(slash > 0 ? str_sub(v, 0, (size_t)slash) : v, agent);
            mine.ours = mine.ours || in_mine;
            continue;
        }
        bool allow = field(line, "allow", &v);
        if (allow || field(line, "disallow", &v)) {
            naming = false;
            if (in_mine)
                weigh(&mine, v, allow, path);
            if (in_all)
                weigh(&all, v, allow, path);
        } else if (field(line, "crawl-delay", &v) && str_f64(v, &seconds) && seconds > 0 &&
                   seconds < 3600) {
            naming = false;
            if (in_mine)
                mine.delay = (int64_t)(seconds * 1000);
            if (in_all)
                all.delay = (int64_t)(seconds * 1000);
        }
    }
    const struct decision *d = mine.ours ? &mine : &all;
    *delay_ms_out = d->delay;
    return d->allow;
}

/* --- what is known --- */

struct host {
    uint64_t hash; /* of the origin; 0 = a free slot */
    char *origin, *text;
    int64_t until;
    bool fresh; /* learnt here, not yet taken for keeping */
};

struct robots {
    struct host *slots; /* open addressing, power of two, never more than half full */
    size_t room, count;
};

static struct host *slot_of(struct host *slots, size_t room, uint64_t hash)
{
    size_t at = hash & (room - 1);
    while (slots[at].hash && slots[at].hash != hash)
        at = (at + 1) & (room - 1);
    return &slots[at];
}

static uint64_t hash_of(struct str origin)
{
    return hash64(origin) | 1;
}

static struct host *host_of(struct robots *r, struct str origin)
{
    struct host *h = r && r->room ? slot_of(r->slots, r->room, hash_of(origin)) : NULL;
    return h && h->hash ? h : NULL;
}

static void grow(struct robots *r)
{
    size_t room = r->room ? r->room * 2 : 64;
    struct host *bigger = calloc(room, sizeof *bigger);
    if (!bigger)
        abort();
    for (size_t i = 0; i < r->room; i++)
        if (r->slots[i].hash)
            *slot_of(bigger, room, r->slots[i].hash) = r->slots[i];
    free(r->slots);
    r->slots = bigger;
    r->room = room;
}

bool robots_known(struct robots *r, struct str origin, int64_t now)
{
    struct host *h = host_of(r, origin);
    return h && now < h->until;
}

static char *copy(struct str s)
{
    char *z = strndup(s.ptr ? s.ptr : "", s.len);
    if (!z)
        abort();
    return z;
}

static struct host *keep(struct robots **rp, struct str origin, struct str text, int64_t until)
{
    if (!*rp && !(*rp = calloc(1, sizeof **rp)))
        abort();
    struct robots *r = *rp;
    if (r->count * 2 >= r->room)
        grow(r);
    struct host *h = slot_of(r->slots, r->room, hash_of(origin));
    r->count += !h->hash;
    h->hash = hash_of(origin);
    free(h->origin);
    free(h->text);
    h->origin = copy(origin);
    h->text = copy(str_sub(text, 0, ROBOTS_MAX));
    h->until = until;
    return h;
}

void robots_learn(struct robots **rp, struct str origin, int status, struct str text, int64_t now)
{
    bool found = status >= 200 && status < 300;
    keep(rp, origin, found ? text : STR_NONE, now + DF_DAY)->fresh = true;
}

void robots_give(struct robots **rp, struct str origin, struct str text, int64_t until, int64_t now)
{
    if (until > now && until <= now + DF_DAY && !robots_known(*rp, origin, now))
        keep(rp, origin, text, until)->fresh = false;
}

bool robots_take(struct robots *r, size_t *at, struct str *origin, struct str *text, int64_t *until)
{
    for (; r && *at < r->room; ++*at) {
        struct host *h = &r->slots[*at];
        if (!h->hash || !h->fresh)
            continue;
        h->fresh = false;
        *origin = str_of(h->origin);
        *text = str_of(h->text);
        *until = h->until;
        return true;
    }
    return false;
}

bool robots_ask(struct robots *r, struct str origin, struct str path, int64_t *delay_ms_out)
{
    struct host *h = host_of(r, origin);
    *delay_ms_out = 0;
    if (!h)
        return true;
    return robots_allows(str_of(h->text), AGENT, path.len ? path : STR("/"), delay_ms_out);
}

void robots_free(struct robots **r)
{
    for (size_t i = 0; *r && i < (*r)->room; i++) {
        free((*r)->slots[i].origin);
        free((*r)->slots[i].text);
    }
    if (*r)
        free((*r)->slots);
    free(*r);
    *r = NULL;
}
