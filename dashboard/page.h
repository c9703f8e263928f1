/* page.h: what every page and every step is given, and the few things they share.
 * Lifetime: one request. Only files of this room include it. */
#ifndef DF_DASHBOARD_PAGE_H
#define DF_DASHBOARD_PAGE_H

#include "casework/casework.h"
#include "dashboard/asset.h"
#include "dashboard/guard.h"
#include "dashboard/site.h"
#include "dashboard/views.h"
#include "dashboard/words.h"

struct page {
    const struct site_config *site;
    const struct assets *assets;
    const struct guard *guard;
    struct store *store;
    struct request *q;
    struct response *r;
    struct arena *arena;
    struct html *html;        /* of the response */
    struct words words;
    int64_t now;
    struct str actor;         /* who acts */
    struct str browser;
    struct view_frame frame;
};

/* A route's function. DF_NONE: there is no such thing (404). DF_RETRY: try again (503). */
typedef enum df_rc page_fn(struct page *p, int64_t id, struct err *err);

page_fn page_queue, page_case, page_sources, page_health, page_live;
page_fn act_prefs, act_claim, act_reply, act_lint, act_snooze, act_note, act_close, act_reopen, act_step;

/* Error page; saved: what was typed, shown so that it is not lost. */
void page_problem(struct page *p, int status, const char *msg_id, struct str saved);

/* --- shared by pages --- */
/* page_row.c: a case as a line of a list; reads its post. */
DF_CHECKED enum df_rc page_row(struct page *p, const struct case_row *c, struct view_row *out,
                               struct err *err);
/* The first words of a text on one line, cut between characters with "…". */
struct str page_first_line(struct arena *a, struct str text, size_t characters);
/* "en", "zh-Hant" …; "" when the language is not known, which is what HTML wants. */
const char *page_lang(struct str tag);
/* case_choices.c: an act that is one button, without words or text. */
bool page_is_plain_step(int act);
/* page_sources.c: a number that changes with every step of any case. */
DF_CHECKED enum df_rc page_mark(struct page *p, int64_t *out, struct err *err);
/* page_case.c: the case again, with the reply as it was just typed and a sentence on top. */
struct case_retry {
    struct str text;       /* of the reply; STR_NONE: the stored one */
    struct str flash;
    bool blocked;          /* the linter blocks: ask for a reason to go on */
};
DF_CHECKED enum df_rc page_case_again(struct page *p, int64_t id, const struct case_retry *retry,
                                      struct err *err);
/* desk.c: the linter's word on a reply to this case, as a view. */
DF_CHECKED enum df_rc desk_lint(struct page *p, const struct case_view *c, struct str text,
                                struct view_lint *out, struct err *err);
/* A reply the composer would write now; DF_NONE with *note_out saying why there is none. */
DF_CHECKED enum df_rc desk_suggest(struct page *p, const struct case_view *c, struct str *text_out,
                                   struct str *note_out, struct err *err);
/* page_sources.c: one line on all of them. */
DF_CHECKED enum df_rc page_source_health(struct page *p, struct str *line_out, bool *bad_out,
                                         struct err *err);

#endif
