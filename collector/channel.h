/* channel.h: a channel pack as data: channels/NAME/channel.yaml and the files it names.
 * Knows how to read and check a pack and to tell about it; does not fetch and does not extract.
 * Lifetime: loaded once, immutable, freed as a whole; may be shared between threads. */
#ifndef DF_COLLECTOR_CHANNEL_H
#define DF_COLLECTOR_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/rc.h"
#include "core/str.h"

struct channels;

enum param_type { PARAM_TEXT, PARAM_INTEGER, PARAM_URL, PARAM_CHOICE, PARAM_BOOL, PARAM_LIST };

struct param {
    struct str name, doc, example;
    enum param_type type;
    bool required;
    struct str fallback;       /* default; "" none */
    struct str *choices;
    size_t choice_count;
};

struct param_value {
    struct str name, value;
};

struct pair { /* a name and a template */
    struct str name, value;
    int line;
};

struct request_template {
    struct str method, url, body;
    struct pair *headers, *query, *form;
    size_t header_count, query_count, form_count;
};

enum text_format { TEXT_HTML, TEXT_PLAIN, TEXT_MARKDOWN, TEXT_BBCODE };
enum extract_kind { EXTRACT_JSON, EXTRACT_FEED, EXTRACT_HTML, EXTRACT_XML, EXTRACT_STRUCTURED };
enum reply_unit { REPLY_CHARS, REPLY_GRAPHEMES, REPLY_UTF16, REPLY_BYTES, REPLY_WEIGHTED };

/* One way to read a body of this channel; the first whose `when` fits the body is used. */
struct extract_rule {
    enum extract_kind kind;
    struct str expect;    /* jq: true when the body is what the channel sends; "" = any */
    struct str items;     /* jq: the items of a page; "" = `.` */
    struct str post;      /* jq: one item → raw posts (see defuse-channels(5)) */
    struct str post_file; /* where it stands, for messages */
    int post_line;
    struct str item;      /* html: selector of one item */
    struct pair *fields;  /* html: raw key → selector */
    size_t field_count;
    struct pair *page;    /* html: page key → selector (given to jq as $page) */
    size_t page_count;
    struct str when;      /* html: selector that must match */
};

struct auth {
    struct pair *secrets;  /* template variable → environment variable that holds it */
    size_t secret_count;
    struct str doc;
    bool optional;         /* works without, only slower or with less */
    struct request_template login; /* url "" = none */
    struct str token;      /* jq over the login's answer → $token */
    int64_t lifetime_ms;   /* of a token */
    struct pair *jwt;      /* claims of a signed assertion, template values; {jwt} in login */
    size_t jwt_count;
};

struct channel {
    struct str name, dir;
    struct str *aliases;
    size_t alias_count;
    struct str title[3];       /* en, zh-Hant, zh-Hans */
    struct str about, docs, note;
    struct str status;         /* "public", "key", "export": how it can be reached */
    struct param *params;
    size_t param_count;
    struct request_template request;
    struct str cursor_first, cursor_next; /* paging: first value, jq for the next one */
    bool cursor_link;          /* next page by Link: header */
    int pages, follow_limit;
    struct str follow;         /* jq: URLs of detail pages to read in the same poll */
    struct str error, retry, aggregate; /* jq over the page */
    struct extract_rule *extracts;
    size_t extract_count;
    enum text_format format;
    struct str zone;           /* of zoneless dates: "UTC", "+08:00", an IANA name */
    bool month_first;          /* 03/04/2024 is March 4th */
    double rating_worst, rating_best;
    bool rating_present;
    struct str scope;          /* template put before native ids */
    struct str lang;           /* declared language of all posts, "" unknown */
    int64_t every_ms, pace_ms, budget;
    int window_posts;
    int64_t window_ms;
    bool edits_native;         /* the channel's own date marks an edit */
    bool robots;               /* pages for people: robots.txt applies; APIs: not */
    struct auth auth;
    int reply_limit;           /* 0 = no limit known */
    enum reply_unit reply_unit;
    struct str reply_via;      /* where a person answers: template */
    struct str reply_note;
};

/* dirs: folders of packs of one's own, later ones win over earlier and over the shipped ones;
 * NULL-terminated or NULL. All faults are reported; DF_REJECT when there was an error. */
DF_CHECKED enum df_rc channels_load(const char *const *dirs, struct channels **out, struct diags *);
void channels_free(struct channels **);
size_t channels_count(const struct channels *);
const struct channel *channels_at(const struct channels *, size_t i);
const struct channel *channels_find(const struct channels *, struct str name); /* NULL */
/* Nearest known name for "did you mean", "" when none is near. */
struct str channels_suggest(const struct channels *, struct str name);

#endif
