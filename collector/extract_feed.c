/* extract_feed.c: RSS and Atom of every age, as found. One pass over the tags; what an element
 * means is in the table `elements`, by vocabulary and local name. A field is kept as a slice of
 * the source and read when its item ends. */
#include "collector/extract.h"

#include "collector/markup.h"
#include "collector/xmlscan.h"
#include "core/limits.h"
#include "net/url.h"

enum vocab { CORE, ATOM, DC, CONTENT, MEDIA, ITUNES, THREAD, SLASH, XHTML, OTHER };

/* By the distinctive part of the namespace: versions and slips differ in the rest. */
static const struct {
    const char *part;
    enum vocab vocab;
} namespaces[] = {
    {"w3.org/2005/Atom", ATOM}, {"purl.org/atom", ATOM}, {"purl.org/dc/", DC},
    {"purl.org/rss/1.0/modules/content", CONTENT}, {"purl.org/rss/1.0/modules/slash", SLASH},
    {"purl.org/rss/1.0/modules/", OTHER}, {"purl.org/rss/", CORE}, {"netscape.com/rdf", CORE},
    {"netscape.com/publish", CORE}, {"userland.com/rss", CORE}, {"blogs.law.harvard.edu/tech/rss", CORE},
    {"w3.org/1999/02/22-rdf", CORE}, {"search.yahoo.com/mrss", MEDIA}, {"itunes.com/", ITUNES},
    {"purl.org/syndication/thread", THREAD}, {"w3.org/1999/xhtml", XHTML},
};

/* What a prefix means when nobody declared it. */
static const struct {
    const char *prefix;
    enum vocab vocab;
} customary[] = {
    {"", CORE}, {"atom", ATOM}, {"a", ATOM}, {"rdf", CORE}, {"rss", CORE}, {"dc", DC},
    {"dcterms", DC}, {"content", CONTENT}, {"media", MEDIA}, {"itunes", ITUNES},
    {"thr", THREAD}, {"slash", SLASH}, {"xhtml", XHTML},
};

enum slot { ID, LINK, TITLE, TEXT, SUMMARY, AUTHOR, AUTHOR_URI, CREATED, UPDATED, COUNT, LANG, SLOTS };
enum role { FIELD, PERSON, GROUP, REPLY, AVOID };

static const struct element {
    enum vocab vocab;
    const char *name;
    enum role role;
    enum slot slot;
    int rank; /* the lowest rank given wins */
} elements[] = {
    {CORE, "title", FIELD, TITLE, 0}, {CORE, "link", FIELD, LINK, 0},
    {CORE, "guid", FIELD, ID, 0}, {CORE, "id", FIELD, ID, 0},
    {CORE, "description", FIELD, SUMMARY, 0}, {CORE, "summary", FIELD, SUMMARY, 0},
    {CORE, "content", FIELD, TEXT, 0}, {CORE, "fulltext", FIELD, TEXT, 3},
    {CORE, "pubDate", FIELD, CREATED, 0}, {CORE, "pubdate", FIELD, CREATED, 0},
    {CORE, "published", FIELD, CREATED, 0}, {CORE, "issued", FIELD, CREATED, 1},
    {CORE, "created", FIELD, CREATED, 2}, {CORE, "date", FIELD, CREATED, 3},
    {CORE, "updated", FIELD, UPDATED, 0}, {CORE, "modified", FIELD, UPDATED, 1},
    {CORE, "author", PERSON, AUTHOR, 0}, {CORE, "managingEditor", FIELD, AUTHOR, 4},
    {CORE, "contributor", AVOID, 0, 0}, {CORE, "source", AVOID, 0, 0},
    {CORE, "image", AVOID, 0, 0}, {CORE, "textinput", AVOID, 0, 0},
    {CORE, "textInput", AVOID, 0, 0}, {CORE, "language", FIELD, LANG, 0},
    {CONTENT, "encoded", FIELD, TEXT, 0}, {XHTML, "body", FIELD, TEXT, 1},
    {XHTML, "div", FIELD, TEXT, 2}, {DC, "creator", FIELD, AUTHOR, 1},
    {DC, "date", FIELD, CREATED, 1}, {DC, "issued", FIELD, CREATED, 2},
    {DC, "created", FIELD, CREATED, 2}, {DC, "modified", FIELD, UPDATED, 2},
    {DC, "title", FIELD, TITLE, 1}, {DC, "description", FIELD, SUMMARY, 1},
    {DC, "identifier", FIELD, ID, 2}, {DC, "language", FIELD, LANG, 1},
    {MEDIA, "group", GROUP, 0, 0}, {MEDIA, "title", FIELD, TITLE, 2},
    {MEDIA, "description", FIELD, SUMMARY, 3}, {MEDIA, "content", GROUP, 0, 0},
    {ITUNES, "author", FIELD, AUTHOR, 3}, {ITUNES, "summary", FIELD, SUMMARY, 2},
    {ITUNES, "title", FIELD, TITLE, 3}, {ITUNES, "image", AVOID, 0, 0},
    {ITUNES, "owner", AVOID, 0, 0}, {SLASH, "comments", FIELD, COUNT, 0},
    {THREAD, "total", FIELD, COUNT, 1}, {THREAD, "in-reply-to", REPLY, 0, 0},
};

struct value {
    struct str raw, type, base;
    bool given, markup;
    int rank;
};

struct entry {
    struct value slots[SLOTS];
    struct str base, lang, about, link_rel, parent;
    bool guid_is_link;
};

#define MAX_PREFIXES 64

struct feed {
    const struct extract_body *body;
    struct arena *arena;
    struct raw_page *page;
    struct {
        struct str prefix;
        enum vocab vocab;
        int depth;
    } prefixes[MAX_PREFIXES];
    int prefix_count, depth;
    bool root, in_entry, in_person;
    struct entry head, entry;
    /* the open field */
    const struct element *open;
    struct str open_name;
    const char *open_from;
    struct value open_value;
    int nested;
    struct str avoid; /* inside an element that has a title and a link of its own */
    int avoid_nested;
    struct str first; /* name of the first element, for the message */
};

static enum vocab vocab_of(struct feed *f, struct str name)
{
    struct str prefix = xml_prefix(name);
    for (int i = f->prefix_count; i-- > 0;)
        if (str_eq(f->prefixes[i].prefix, prefix))
            return f->prefixes[i].vocab;
    for (size_t i = 0; i < sizeof customary / sizeof *customary; i++)
        if (str_ieq(prefix, str_of(customary[i].prefix)))
            return customary[i].vocab;
    return OTHER;
}

static void declare(struct feed *f, struct str prefix, struct str uri)
{
    enum vocab v = prefix.len ? OTHER : CORE; /* an unknown default is someone's own RSS */
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
        if (str_find(uri, str_of(namespaces[i].part)) >= 0) {
            v = namespaces[i].vocab;
            break;
        }
    if (f->prefix_count < MAX_PREFIXES) {
        f->prefixes[f->prefix_count].prefix = prefix;
        f->prefixes[f->prefix_count].depth = f->depth;
        f->prefixes[f->prefix_count++].vocab = v;
    }
}

static void read_declarations(struct feed *f, struct str attrs)
{
    struct str name, value;
    if (str_find(attrs, STR("xmlns")) < 0)
        return;
    while (xml_attr(&attrs, &name, &value)) {
        if (str_is(name, "xmlns"))
            declare(f, STR_NONE, value);
        else if (str_starts(name, STR("xmlns:")))
            declare(f, str_sub(name, 6, name.len), value);
    }
}

static const struct element *element_of(struct feed *f, struct str name)
{
    enum vocab v = vocab_of(f, name);
    struct str local = xml_local(name);
    if (v == ATOM)
        v = CORE;
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (elements[i].vocab == v && str_is(local, elements[i].name))
            return &elements[i];
    return NULL;
}

/* --- reading a field --- */

/* Characters of a field without element children: entities undone once, CDATA as it is. */
static struct str field_text(struct arena *a, struct str raw)
{
    struct xml_tag t;
    raw = str_trim(raw);
    if (!raw.len || (!memchr(raw.ptr, '<', raw.len) && !memchr(raw.ptr, '&', raw.len)))
        return raw;
    struct xml_scan s = xml_scan_of(raw);
    if (raw.ptr[0] == '<' && xml_next(&s, &t) && t.kind == XML_CDATA && s.p == str_end(raw))
        return str_trim(t.text); /* one section and nothing else: no copy */
    s = xml_scan_of(raw);
    struct buf b = BUF_INIT(raw.len * 4 + 16);
    bool cdata = false;
    while (xml_next(&s, &t)) {
        /* white space round a CDATA section is layout */
        if (t.kind == XML_TEXT && (!cdata || str_trim(t.text).len))
            entities_put(&b, t.text);
        else if (t.kind == XML_CDATA)
            buf_str(&b, t.text), cdata = true;
        else
            buf_str(&b, t.source);
    }
    struct str out = arena_str(a, str_trim(buf_view(&b)));
    buf_free(&b);
    return out;
}

static struct str plain(struct feed *f, const struct value *v)
{
    return v->given ? line_clean(f->arena, field_text(f->arena, v->raw)) : STR_NONE;
}

static bool looks_like_html(struct str s)
{
    return str_find(s, STR("</")) >= 0 || str_find(s, STR("/>")) >= 0 ||
           str_find(s, STR("<br")) >= 0 || str_find(s, STR("<p>")) >= 0;
}

/* Atom says what its text is; RSS means HTML and mostly does not say so. */
static struct str rich(struct feed *f, const struct value *v, enum text_format *format, bool title)
{
    if (!v->given)
        return STR_NONE;
    if (v->markup) {
        *format = TEXT_HTML;
        return v->raw;
    }
    struct str s = field_text(f->arena, v->raw);
    bool html = str_find(v->type, STR("html")) >= 0;
    bool text = str_is(v->type, "text") || str_is(v->type, "text/plain");
    if (html || (!text && !title) || looks_like_html(s)) {
        *format = TEXT_HTML;
    } else {
        *format = TEXT_PLAIN;
        if (title && !text) /* &#8217; escaped twice, as every second blog does */
            s = entities_decode(f->arena, s);
    }
    return s;
}

/* --- items --- */

static struct str base_of(struct feed *f, struct str base)
{
    struct str feed = f->head.base.len ? url_resolve(f->arena, f->body->url, f->head.base)
                                       : f->body->url;
    if (feed.len == 0)
        feed = plain(f, &f->head.slots[LINK]);
    return base.len ? url_resolve(f->arena, feed, base) : feed;
}

/* "mail@host (Name)" and "Name <mail@host>" → Name; addresses are not kept. */
static struct str author_name(struct str s)
{
    ptrdiff_t open = str_chr(s, '('), at = str_chr(s, '@');
    if (at < 0)
        return s;
    if (open > at) {
        struct str name = str_sub(s, (size_t)open + 1, s.len);
        ptrdiff_t close = str_chr(name, ')');
        return str_trim(close < 0 ? name : str_sub(name, 0, (size_t)close));
    }
    ptrdiff_t lt = str_chr(s, '<');
    if (lt > 0 && lt < at)
        return str_trim(str_sub(s, 0, (size_t)lt));
    return at == 0 || str_chr(s, ' ') >= 0 ? s : str_sub(s, 0, (size_t)at);
}

static int64_t count_of(struct str s)
{
    long long n;
    return str_i64(str_trim(s), &n) && n >= 0 ? n : RAW_NO_COUNT;
}

static void finish_entry(struct feed *f)
{
    struct entry *e = &f->entry;
    struct value *v = e->slots;
    f->in_entry = false;
    struct raw_post p = {0};
    p.base = base_of(f, e->base);
    p.id = plain(f, &v[ID]);
    p.url = plain(f, &v[LINK]);
    if (!p.url.len && e->guid_is_link && str_find(p.id, STR("://")) > 0)
        p.url = p.id;
    if (p.url.len)
        p.url = url_resolve(f->arena, p.base, p.url);
    if (!p.id.len)
        p.id = e->about.len ? e->about : p.url;
    p.title = rich(f, &v[TITLE], &p.title_format, true);
    struct value *text = &v[TEXT];
    if (!text->given || str_trim(text->raw).len == 0)
        text = &v[SUMMARY];
    p.text = rich(f, text, &p.format, false);
    p.format_given = true;
    if (text->base.len)
        p.base = url_resolve(f->arena, p.base, text->base);
    if (!p.id.len && !p.title.len && !p.text.len) {
        raw_bad(f->arena, f->page, "an item without title, text, link and id");
        return;
    }
    p.author_name = author_name(plain(f, v[AUTHOR].given ? &v[AUTHOR] : &f->head.slots[AUTHOR]));
    p.author_id = plain(f, &v[AUTHOR_URI]);
    p.created = plain(f, &v[CREATED]);
    p.edited = plain(f, &v[UPDATED]);
    p.parent = e->parent;
    p.lang = e->lang.len ? e->lang : plain(f, &v[LANG]);
    struct raw_post *out = raw_push(f->arena, f->page);
    p.best = out->best, p.worst = out->worst;
    p.followers = p.likes = p.shares = RAW_NO_COUNT;
    p.replies = count_of(plain(f, &v[COUNT]));
    if (!p.created.len) { /* Atom may give only `updated` */
        p.created = p.edited;
        p.edited = STR_NONE;
    }
    *out = p;
}

static void start_entry(struct feed *f, struct str attrs)
{
    if (f->in_entry)
        finish_entry(f);
    f->entry = (struct entry){.base = entities_decode(f->arena, xml_get(attrs, "xml:base")),
                              .lang = xml_get(attrs, "xml:lang"),
                              .about = entities_decode(f->arena, xml_get(attrs, "rdf:about")),
                              .guid_is_link = true};
    f->in_entry = true;
    f->in_person = false;
}

static bool says_nothing(struct str raw)
{
    raw = str_trim(raw);
    return !raw.len || str_is(raw, "<![CDATA[]]>");
}

/* What is empty makes no claim: <author/> must not hide <dc:creator>. */
static void keep(struct feed *f, const struct element *el, struct value v)
{
    struct value *slot = &(f->in_entry ? &f->entry : &f->head)->slots[el->slot];
    v.rank = el->rank;
    v.given = true;
    if (slot->given &&
        (says_nothing(v.raw) || (slot->rank <= v.rank && !says_nothing(slot->raw))))
        return;
    *slot = v;
}

/* <link href rel type/>: the page of the post; "next" of the feed is paging. */
static bool take_link(struct feed *f, struct str attrs)
{
    struct str href = xml_get(attrs, "href"), rel = xml_get(attrs, "rel");
    if (!href.len)
        return false;
    if (!f->in_entry && str_is(rel, "next"))
        f->page->next = url_resolve(f->arena, base_of(f, STR_NONE),
                                    entities_decode(f->arena, href));
    if (rel.len && !str_is(rel, "alternate"))
        return true;
    struct str type = xml_get(attrs, "type");
    bool html = !type.len || str_find(type, STR("html")) >= 0;
    static const struct element page = {CORE, "link", FIELD, LINK, 0};
    static const struct element other = {CORE, "link", FIELD, LINK, 1};
    keep(f, html ? &page : &other, (struct value){.raw = href});
    return true;
}

static void open_field(struct feed *f, const struct element *el, const struct xml_tag *t)
{
    f->open = el;
    f->open_name = t->name;
    f->open_from = t->source.ptr + t->source.len;
    f->nested = 0;
    struct str type = xml_get(t->attrs, "type"), mode = xml_get(t->attrs, "mode");
    if (!type.len && str_is(mode, "escaped"))
        type = STR("html");
    else if (!type.len && (el->vocab == MEDIA ||
                           (el->vocab == CORE && vocab_of(f, t->name) == ATOM)))
        type = STR("text");
    f->open_value = (struct value){
        .type = type, .base = entities_decode(f->arena, xml_get(t->attrs, "xml:base"))};
    if (el->slot == ID && str_is(xml_get(t->attrs, "isPermaLink"), "false"))
        f->entry.guid_is_link = false;
}

static void close_field(struct feed *f, const char *to)
{
    f->open_value.raw = str_n(f->open_from, (size_t)(to - f->open_from));
    keep(f, f->open, f->open_value);
    f->open = NULL;
}

static bool is_entry(struct feed *f, struct str name)
{
    struct str local = xml_local(name);
    enum vocab v = vocab_of(f, name);
    return (v == CORE || v == ATOM) && (str_is(local, "item") || str_is(local, "entry"));
}

static void on_open(struct feed *f, const struct xml_tag *t)
{
    struct str local = xml_local(t->name);
    if (!f->first.len)
        f->first = t->name;
    if (str_is(local, "rss") || str_is(local, "feed") || str_ieq(local, STR("RDF")) ||
        str_is(local, "channel")) {
        f->root = true;
        struct str base = xml_get(t->attrs, "xml:base"), lang = xml_get(t->attrs, "xml:lang");
        if (base.len)
            f->head.base = entities_decode(f->arena, base);
        if (lang.len)
            f->head.lang = lang;
        return;
    }
    if (is_entry(f, t->name)) {
        start_entry(f, t->attrs);
        if (t->kind == XML_EMPTY)
            finish_entry(f);
        return;
    }
    if (f->root && !f->in_entry && str_is(local, "deleted-entry")) { /* RFC 6721 */
        struct raw_post *p = raw_push(f->arena, f->page);
        p->id = entities_decode(f->arena, xml_get(t->attrs, "ref"));
        p->deleted = true;
        return;
    }
    if (!f->root && !f->in_entry)
        return; /* <html><body><feed>… */
    const struct element *el = element_of(f, t->name);
    if (f->in_person) { /* <author><name>… */
        static const struct element name = {CORE, "name", FIELD, AUTHOR, 0};
        static const struct element uri = {CORE, "uri", FIELD, AUTHOR_URI, 0};
        el = str_is(local, "name") ? &name : str_is(local, "uri") || str_is(local, "url") ? &uri : NULL;
    }
    if (!el)
        return;
    if (el->role == REPLY) {
        f->entry.parent = entities_decode(f->arena, xml_get(t->attrs, "ref"));
    } else if (el->slot == LINK && el->role == FIELD && take_link(f, t->attrs)) {
        return;
    } else if (t->kind == XML_OPEN && el->role == AVOID) {
        f->avoid = t->name;
        f->avoid_nested = 0;
    } else if (t->kind == XML_OPEN && el->role == PERSON) {
        /* RSS writes a name here, Atom elements: look at what follows */
        struct xml_scan ahead = {t->source.ptr + t->source.len,
                                 f->body->text.ptr + f->body->text.len};
        struct xml_tag next;
        bool elements_follow = xml_next(&ahead, &next) &&
                               (next.kind != XML_TEXT || !str_trim(next.text).len) &&
                               (next.kind == XML_OPEN || (xml_next(&ahead, &next) && next.kind == XML_OPEN));
        if (elements_follow && next.kind == XML_OPEN)
            f->in_person = true;
        else
            open_field(f, el, t);
    } else if (t->kind == XML_OPEN && el->role == FIELD) {
        open_field(f, el, t);
    }
}

static void on_close(struct feed *f, const struct xml_tag *t)
{
    if (f->in_entry && is_entry(f, t->name))
        finish_entry(f);
    else if (f->in_person && str_is(xml_local(t->name), "author"))
        f->in_person = false;
}

/* Inside an open field only its own end, and the end of the whole item, mean anything. */
static void inside_field(struct feed *f, const struct xml_tag *t)
{
    bool same = str_eq(t->name, f->open_name);
    if (t->kind == XML_CLOSE && same && f->nested-- == 0) {
        close_field(f, t->source.ptr);
    } else if (t->kind == XML_CLOSE && f->in_entry && !same && is_entry(f, t->name)) {
        close_field(f, t->source.ptr); /* the field was never closed */
        on_close(f, t);
    } else {
        f->nested += t->kind == XML_OPEN && same;
        f->open_value.markup = true;
    }
}

static void inside_avoided(struct feed *f, const struct xml_tag *t)
{
    if (!str_eq(t->name, f->avoid))
        return;
    if (t->kind == XML_OPEN)
        f->avoid_nested++;
    else if (t->kind == XML_CLOSE && f->avoid_nested-- == 0)
        f->avoid = STR_NONE;
}

/* A page often names its feed: <link rel="alternate" type="application/rss+xml" href="…"> */
static struct str feed_of_page(const struct extract_body *body, struct arena *a)
{
    struct xml_scan s = xml_scan_of(str_sub(body->text, 0, DF_KIB(256)));
    struct xml_tag t;
    while (xml_next(&s, &t)) {
        if ((t.kind != XML_OPEN && t.kind != XML_EMPTY) || !str_ieq(t.name, STR("link")))
            continue;
        struct str type = xml_get(t.attrs, "type");
        if (str_find(type, STR("rss+xml")) >= 0 || str_find(type, STR("atom+xml")) >= 0)
            return url_resolve(a, body->url, entities_decode(a, xml_get(t.attrs, "href")));
    }
    return STR_NONE;
}

static bool is_doctype_html(struct str text)
{
    text = str_trim(text);
    return str_ieq(str_sub(text, 0, 14), STR("<!doctype html"));
}

static enum df_rc not_a_feed(const struct feed *f, struct err *err)
{
    if (str_trim(f->body->text).len == 0)
        return err_set(err, DF_REJECT, "the answer is empty");
    if (str_ieq(f->first, STR("html")) || str_find(f->body->text, STR("<html")) >= 0 ||
        is_doctype_html(f->body->text)) {
        struct str found = feed_of_page(f->body, f->arena);
        if (found.len)
            return err_set(err, DF_REJECT, "this is a web page, not a feed; it names this feed: %.*s",
                           STR_FMT(found));
        return err_set(err, DF_REJECT, "this is a web page, not a feed");
    }
    if (!f->first.len)
        return err_set(err, DF_REJECT, "this is neither XML nor JSON, so not a feed");
    return err_set(err, DF_REJECT, "the first element is <%.*s>, which is no kind of feed",
                   STR_FMT(str_sub(f->first, 0, 60)));
}

/* Does the text end with the end of a feed? */
static bool ends_as_a_feed(struct str text)
{
    struct xml_scan s = xml_scan_of(str_sub(text, text.len > 512 ? text.len - 512 : 0, 512));
    struct xml_tag t;
    bool end = false;
    while (xml_next(&s, &t)) {
        struct str local = xml_local(t.name);
        end = end || (t.kind == XML_CLOSE && (str_is(local, "rss") || str_is(local, "feed") ||
                                              str_is(local, "channel") || str_ieq(local, STR("RDF"))));
    }
    return end;
}

/* What is left open at the end of the text: badly written, or cut off on its way here? An item that
 * was cut is not kept as if it were whole; the next answer brings it. */
static void finish_feed(struct feed *f, const char *end)
{
    f->page->cut = !ends_as_a_feed(f->body->text);
    if (f->page->cut && f->in_entry) {
        raw_bad(f->arena, f->page, "the answer ends in the middle of an item");
        f->in_entry = false;
    }
    if (f->open)
        close_field(f, end);
    if (f->in_entry)
        finish_entry(f);
}

enum df_rc extract_feed(const struct extract_body *body, struct arena *a, struct raw_page *page,
                        struct err *err)
{
    struct feed *f = ARENA_NEW(a, struct feed);
    struct xml_scan s = xml_scan_of(body->text);
    struct xml_tag t;
    f->body = body;
    f->arena = a;
    f->page = page;
    while (xml_next(&s, &t)) {
        if (t.kind == XML_TEXT || t.kind == XML_CDATA)
            continue;
        f->depth += t.kind != XML_CLOSE;
        if (f->avoid.len) {
            inside_avoided(f, &t);
        } else if (f->open) {
            inside_field(f, &t);
        } else {
            if (t.kind != XML_CLOSE) {
                read_declarations(f, t.attrs);
                on_open(f, &t);
            } else {
                on_close(f, &t);
            }
        }
        if (t.kind != XML_OPEN) { /* declarations end with their element */
            while (f->prefix_count && f->prefixes[f->prefix_count - 1].depth >= f->depth &&
                   f->prefixes[f->prefix_count - 1].depth > 1)
                f->prefix_count--;
            f->depth -= f->depth > 0;
        }
    }
    finish_feed(f, s.end);
    page->lang = f->head.lang.len ? f->head.lang : plain(f, &f->head.slots[LANG]);
    if (!f->root && page->count == 0)
        return not_a_feed(f, err);
    return DF_OK;
}
