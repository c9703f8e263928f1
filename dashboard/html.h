/* html.h: the only way bytes reach a page. Values are escaped for the place they stand in:
 *   html_text      between tags          html_attr      inside a quoted attribute
 *   html_plain     inside <title>, <textarea>, <option>
 *   html_url       a whole URL           html_url_part  a piece of one, after a fixed beginning
 * Templates (dashboard/templates, compiled by tools/template.c) choose the writer from the HTML;
 * html_lit is theirs alone, and `make lint` refuses it anywhere else.
 *
 * Text that came from outside the house is a `struct outside`: a type of its own, so that hidden
 * and direction-changing characters are shown as boxes wherever it is written as text.
 * Must not know: pages, requests, storage. Lifetime: one response. Owner: the caller (html_free). */
#ifndef DF_DASHBOARD_HTML_H
#define DF_DASHBOARD_HTML_H

#include <stdint.h>

#include "core/buf.h"
#include "core/msg.h"

struct html {
    struct buf out;
    enum ui_lang lang; /* the reader's */
};

struct outside {
    struct str text;
};

void html_init(struct html *h, enum ui_lang lang);
void html_free(struct html *h);

/* Fixed text of a template; len is its length without the final NUL. */
void html_lit(struct html *h, const char *text, size_t len);

void html_text_str(struct html *h, struct str s);
void html_text_outside(struct html *h, struct outside s);
void html_text_z(struct html *h, const char *s);
void html_text_int(struct html *h, int64_t n);
void html_attr_str(struct html *h, struct str s);
void html_attr_outside(struct html *h, struct outside s);
void html_attr_z(struct html *h, const char *s);
void html_url_str(struct html *h, struct str s);
void html_url_outside(struct html *h, struct outside s);
void html_url_part_str(struct html *h, struct str s);
void html_url_part_z(struct html *h, const char *s);

#define html_text(h, x)                                                                       \
    _Generic((x), struct str: html_text_str, struct outside: html_text_outside,               \
             const char *: html_text_z, char *: html_text_z, default: html_text_int)(h, x)
/* Inside an element whose content is text only, boxes cannot be drawn: U+FFFD stands in. */
#define html_plain(h, x)                                                                      \
    _Generic((x), struct str: html_text_str, struct outside: html_attr_outside,               \
             const char *: html_text_z, char *: html_text_z, default: html_text_int)(h, x)
#define html_attr(h, x)                                                                       \
    _Generic((x), struct str: html_attr_str, struct outside: html_attr_outside,               \
             const char *: html_attr_z, char *: html_attr_z, default: html_text_int)(h, x)
/* Only http, https and paths of this server; anything else becomes "#". */
#define html_url(h, x)                                                                        \
    _Generic((x), struct str: html_url_str, struct outside: html_url_outside)(h, x)
#define html_url_part(h, x)                                                                   \
    _Generic((x), struct str: html_url_part_str, const char *: html_url_part_z,               \
             char *: html_url_part_z, default: html_text_int)(h, x)

/* A message of i18n/messages.tsv in the reader's language. */
const char *html_msg(const struct html *h, const char *id);

/* Could this character deceive or vanish? Boxes are drawn for these. */
bool html_hides(uint32_t cp);

#endif
