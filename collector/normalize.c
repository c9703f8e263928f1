#include "collector/normalize.h"

#include <math.h>

#include "collector/dates.h"
#include "collector/markup.h"
#include "collector/rating.h"
#include "core/digest.h"
#include "core/limits.h"
#include "core/utf8.h"
#include "net/url.h"

/* --- ids --- */

static struct str short_hash(struct arena *a, const struct str *parts, size_t n, size_t digits)
{
    struct sha256 h;
    unsigned char out[DIGEST_BYTES];
    char hex[DIGEST_HEX + 1];
    sha256_begin(&h);
    for (size_t i = 0; i < n; i++)
        sha256_field(&h, parts[i]);
    sha256_end(&h, out);
    digest_hex(out, sizeof out, hex);
    return arena_str(a, str_n(hex, digits));
}

#define HASHED "h-" /* begins an id that was made here */

static bool is_hashed(struct str id)
{
    return id.len >= 34 && str_starts(str_sub(id, id.len - 34, 34), STR(HASHED));
}

/* URLs, tags and URNs are unique in the world; everything else only within its scope. */
static bool is_global(struct str id)
{
    return str_find(id, STR("://")) > 0 || str_starts(id, STR("tag:")) ||
           str_starts(id, STR("urn:"));
}

static struct str below(struct arena *a, struct str scope, struct str id)
{
    char *p = arena_text(a, scope.len + 1 + id.len);
    memcpy(p, scope.ptr, scope.len);
    p[scope.len] = '/';
    memcpy(p + scope.len + 1, id.ptr, id.len);
    return str_n(p, scope.len + 1 + id.len);
}

static struct str scoped(struct arena *a, const struct normalize_context *c, struct str extra,
                         struct str id)
{
    if (!id.len)
        return id;
    if (is_global(id))
        return id.len <= DF_MAX_POST_ID ? id : short_hash(a, &id, 1, 40);
    struct str s = id;
    if (extra.len)
        s = below(a, extra, s);
    if (c->scope.len)
        s = below(a, c->scope, s);
    return s.len <= DF_MAX_POST_ID ? s : short_hash(a, &s, 1, 40);
}

/* --- fields --- */

static struct str web_address(struct arena *a, struct str base, struct str url)
{
    struct url u;
    url = line_clean(a, url);
    if (!url.len)
        return url;
    if (str_starts(url, STR("//")) && !base.len)
        url = arena_printf(a, "https:%.*s", STR_FMT(url));
    url = url_resolve(a, base, url);
    bool web = url_split(url, &u) &&
               (str_ieq(u.scheme, STR("http")) || str_ieq(u.scheme, STR("https")));
    return web ? url : STR_NONE; /* javascript:, data:, a bare path */
}

/* "zh_CN" → "zh-CN"; whatever is no language tag is dropped. */
static struct str language(struct arena *a, struct str s)
{
    char out[36];
    s = str_trim(s);
    if (s.len < 2 || s.len >= sizeof out)
        return STR_NONE;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] == '_' ? '-' : s.ptr[i];
        bool alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alpha && (i < 2 || !(c == '-' || (c >= '0' && c <= '9'))))
            return STR_NONE;
        out[i] = c;
    }
    return arena_str(a, str_n(out, s.len));
}

static struct str display_name(struct arena *a, struct str s)
{
    s = line_clean(a, entities_decode(a, s));
    if (s.len <= DF_MAX_NAME)
        return s;
    size_t cut = DF_MAX_NAME;
    while (cut && ((unsigned char)s.ptr[cut] & 0xC0) == 0x80)
        cut--;
    return str_sub(s, 0, cut);
}

static int64_t count_or_unknown(int64_t v)
{
    return v >= 0 ? v : POST_NO_COUNT;
}

static void read_dates(const struct normalize_context *c, const struct raw_post *r, struct post *p)
{
    struct date_hint hint = {
        .zone = c->zone, .month_first = c->channel->month_first, .now = c->now};
    p->created = date_read(r->created, &hint).ms;
    p->edited = date_read(r->edited, &hint).ms;
    if (p->edited != DF_NO_TIME && p->created != DF_NO_TIME && p->edited <= p->created)
        p->edited = DF_NO_TIME; /* "updated" that only repeats the date of writing */
    if (!c->channel->edits_native)
        p->edited = DF_NO_TIME; /* it moves for other reasons there; the digest tells edits */
}

static void read_rating(struct arena *a, const struct channel *c, const struct raw_post *r,
                        struct post *p)
{
    struct rating_scale pack = {NAN, NAN};
    if (c->rating_present)
        pack = (struct rating_scale){c->rating_worst, c->rating_best};
    p->rating = line_clean(a, r->rating);
    if (p->rating.len > 64)
        p->rating = STR_NONE;
    p->stars = p->rating.len
                   ? rating_read(p->rating, (struct rating_scale){r->worst, r->best}, pack)
                   : NAN;
}

struct str normalize_id(const struct normalize_context *c, const struct raw_post *r, struct arena *a)
{
    return scoped(a, c, line_clean(a, r->scope), line_clean(a, r->id));
}

enum df_rc normalize_post(const struct normalize_context *c, const struct raw_post *r,
                          struct arena *a, struct post *out, struct err *err)
{
    struct post p = POST_INIT;
    struct str base = r->base.len ? r->base : c->url;
    p.channel = c->channel->name;
    p.source = c->source;
    p.title = line_clean(a, r->title_format == TEXT_HTML ? html_text(a, r->title, base) : r->title);
    p.text = markup_text(a, r->text, r->format_given ? r->format : c->channel->format, base);
    p.url = web_address(a, base, r->url);
    p.id = normalize_id(c, r, a);
    if (!p.title.len && !p.text.len && !p.id.len && !p.url.len && !r->hash.len && !r->rating.len)
        return err_set(err, DF_REJECT, "neither text nor title nor id");
    if (p.text.len > DF_MAX_POST_TEXT)
        return err_set(err, DF_REJECT, "the text is larger than %zu bytes", DF_MAX_POST_TEXT);
    if (p.title.len > DF_MAX_POST_TITLE)
        return err_set(err, DF_REJECT, "the title is larger than %zu bytes", DF_MAX_POST_TITLE);
    p.author_id = line_clean(a, r->author_id);
    p.author_name = display_name(a, r->author_name);
    p.followers = count_or_unknown(r->followers);
    p.lang = language(a, r->lang.len ? r->lang : c->lang);
    p.parent = scoped(a, c, STR_NONE, line_clean(a, r->parent));
    p.likes = count_or_unknown(r->likes);
    p.shares = count_or_unknown(r->shares);
    p.replies = count_or_unknown(r->replies);
    read_dates(c, r, &p);
    read_rating(a, c->channel, r, &p);
    if (!p.id.len) { /* nothing native: what stays the same when the text is edited comes first */
        bool anchored = p.url.len || (p.author_name.len && r->created.len);
        struct str parts[] = {p.url, p.author_id, p.author_name, r->created, p.title,
                              anchored ? STR_NONE : p.text};
        struct str h = r->hash.len ? short_hash(a, &r->hash, 1, 32) : short_hash(a, parts, 6, 32);
        p.id = scoped(a, c, line_clean(a, r->scope), arena_printf(a, HASHED "%.*s", STR_FMT(h)));
    }
    p.digest = post_digest(a, &p);
    *out = p;
    return DF_OK;
}

/* --- one page, ids in order --- */

struct seen {
    size_t *slots; /* index + 1 into posts; 0 = free */
    size_t mask;
};

static size_t *slot_of(struct seen *s, const struct post *posts, struct str id)
{
    size_t at = hash64(id) & s->mask;
    while (s->slots[at] && !str_eq(posts[s->slots[at] - 1].id, id))
        at = (at + 1) & s->mask;
    return &s->slots[at];
}

/* Where an id says little, the text counts too: ids made here (two people called Anonymous may
 * write on one day) and short notes without a title. */
static bool text_counts(const struct post *p)
{
    return is_hashed(p->id) || !p->title.len;
}

/* The same, or one of them less exact: nothing given, no place on the page. */
static bool urls_agree(struct str x, struct str y)
{
    ptrdiff_t hx = str_chr(x, '#'), hy = str_chr(y, '#');
    if (!x.len || !y.len || str_eq(x, y))
        return true;
    return (hx < 0) != (hy < 0) && str_eq(hx < 0 ? x : str_sub(x, 0, (size_t)hx),
                                          hy < 0 ? y : str_sub(y, 0, (size_t)hy));
}

#define TEASER 24 /* bytes; shorter beginnings say nothing */

/* "Heats evenly, but the ha…" begins the other. */
static bool begins(struct str teaser, struct str whole)
{
    if (str_ends(teaser, STR("…")))
        teaser = str_sub(teaser, 0, teaser.len - strlen("…"));
    else if (str_ends(teaser, STR("...")))
        teaser = str_sub(teaser, 0, teaser.len - 3);
    return teaser.len >= TEASER && str_starts(whole, str_trim(teaser));
}

/* A page may tell of one review twice, to machines and to people: the same person, day and words,
 * one of them perhaps cut short. */
static bool told_twice(const struct post *x, const struct post *y)
{
    return is_hashed(x->id) && x->author_name.len && x->text.len && y->text.len &&
           urls_agree(x->url, y->url) &&
           (!x->title.len || !y->title.len || str_eq(x->title, y->title)) &&
           (str_eq(x->text, y->text) || begins(x->text, y->text) || begins(y->text, x->text));
}

static bool same_matter(const struct post *x, const struct post *y)
{
    return (str_eq(x->url, y->url) && str_eq(x->title, y->title) &&
            (!text_counts(x) || str_eq(x->text, y->text))) || told_twice(x, y);
}

/* Of two tellings the fuller text and what only the other has. */
static void merge(struct arena *a, struct post *into, const struct post *from)
{
    if (!is_hashed(into->id))
        return;
    if (from->text.len > into->text.len)
        into->text = from->text;
    if (!into->title.len)
        into->title = from->title;
    if (isnan(into->stars)) {
        into->stars = from->stars;
        into->rating = from->rating;
    }
    into->digest = post_digest(a, into);
}

static struct str own_id(struct arena *a, const struct post *p)
{
    struct str parts[] = {p->url, p->title, text_counts(p) ? p->text : STR_NONE};
    return arena_printf(a, "%.*s~%.*s", STR_FMT(p->id), STR_FMT(short_hash(a, parts, 3, 8)));
}

size_t normalize_ids(struct arena *a, struct post *posts, size_t count, bool split)
{
    size_t room = 16, kept = 0;
    while (room < count * 2)
        room *= 2;
    struct seen s = {arena_array(a, room, sizeof(size_t)), room - 1};
    bool *shared = arena_array(a, count + 1, sizeof *shared);
    for (size_t i = 0; i < count; i++) {
        size_t *slot = slot_of(&s, posts, posts[i].id);
        if (!*slot) {
            posts[kept++] = posts[i];
            *slot = kept;
        } else if (same_matter(&posts[*slot - 1], &posts[i])) {
            merge(a, &posts[*slot - 1], &posts[i]);
        } else if (split || is_hashed(posts[i].id)) {
            shared[*slot - 1] = true; /* every holder of the id gets its own, whatever the order */
            posts[kept] = posts[i];
            shared[kept++] = true;
        }
    }
    for (size_t i = 0; i < kept; i++)
        if (shared[i])
            posts[i].id = own_id(a, &posts[i]);
    return kept;
}
