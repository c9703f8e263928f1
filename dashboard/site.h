/* site.h: the dashboard as a function from request to response: routes, guards, error pages.
 * Knows no sockets (dashboard/web.h has them) and no SQL (it goes through the store it is given).
 * Everything handed over in site_config must outlive the site. One thread. */
#ifndef DF_DASHBOARD_SITE_H
#define DF_DASHBOARD_SITE_H

#include "core/clock.h"
#include "dashboard/request.h"
#include "reply/reply.h"

struct casework;
struct site;

/* How replies are suggested and checked; pack NULL: they are neither. */
struct site_reply {
    const struct reply_pack *pack;
    /* Brand, contact, languages, and the limit of that channel. NULL: nothing is known. */
    struct reply_ctx (*ctx)(const void *arg, struct str channel);
    const void *arg;
};

/* What a rule says in the reader's language; STR_NONE: nothing of its own. NULL: English only. */
struct site_rules {
    struct str (*why)(const void *arg, struct str rule, enum ui_lang lang);
    const void *arg;
};

struct site_config {
    struct casework *cases;   /* with its store and clock */
    struct str zone;          /* times are shown in it */
    struct str actor;         /* steps are signed with it until a browser gives its own name */
    const struct str *hosts;  /* names a proxy calls it by, as in the Host header */
    size_t host_count;
    struct site_reply reply;
    struct site_rules rules;
};

DF_CHECKED enum df_rc site_open(const struct site_config *c, struct site **out, struct err *err);
void site_close(struct site **s);
/* It is reached at this address now; a loopback address also as "localhost". */
void site_listens(struct site *s, struct str host, int port);

/* Fills *r, whatever the request is. */
void site_answer(struct site *s, struct request *q, struct response *r);
/* An error page; msg_id names its text. For requests that cannot even be read. */
void site_refuse(struct site *s, struct request *q, struct response *r, int status,
                 const char *msg_id);

#endif
