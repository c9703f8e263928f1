/* markup.h: text with marks → text for people and for the analyzer. HTML keeps its paragraphs,
 * list items, quotes and links; BBCode and Markdown lose their marks and keep their words;
 * entities are undone exactly once; what could fool a reader (bidi overrides, invisible and
 * control characters) is taken out. Works on fragments and on soup; never fails.
 * Lifetime: results in the arena, or the input itself when nothing had to change. */
#ifndef DF_COLLECTOR_MARKUP_H
#define DF_COLLECTOR_MARKUP_H

#include "collector/channel.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"

/* &amp; &#8217; &nbsp; → characters; unknown names stay as they are. */
void entities_put(struct buf *b, struct str s);
struct str entities_decode(struct arena *a, struct str s);
/* Code point of a named entity, 0 when unknown. (html_entity.c) */
unsigned entity_lookup(struct str name);

/* `base`: relative links start here, "" = leave them out. */
void html_text_put(struct buf *b, struct arena *a, struct str html, struct str base);
struct str html_text(struct arena *a, struct str html, struct str base);
void bbcode_text_put(struct buf *b, struct str s);
void markdown_text_put(struct buf *b, struct str s);

/* Harmless and tidy: line ends, spaces at line ends, runs of empty lines. */
struct str text_clean(struct arena *a, struct str s);
/* The same on one line, for titles and names. */
struct str line_clean(struct arena *a, struct str s);

/* Any format to clean text. */
struct str markup_text(struct arena *a, struct str s, enum text_format format, struct str base);

#endif
