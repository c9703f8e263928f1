/* term.h: what a terminal needs: is it one, how wide, colours, and the width of text in cells
 * (a Chinese character takes two). The only user of utf8proc outside the analyzer. */
#ifndef DF_CORE_TERM_H
#define DF_CORE_TERM_H

#include <stdbool.h>
#include <stdio.h>

#include "core/buf.h"
#include "core/str.h"

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_YELLOW, TERM_GREEN, TERM_CYAN,
                  TERM_REVERSE };

struct term {
    bool tty;    /* a person looks at it */
    bool colour; /* tty, and NO_COLOR unset, and TERM not dumb */
    int width;   /* columns; COLUMNS or the terminal's; 80 when unknown */
};

struct term term_of(FILE *f);
/* Wraps s in the style when colours are on. Control characters in s are made visible. */
void term_put(struct buf *b, const struct term *t, enum term_style style, struct str s);
/* Escape sequences that begin and end a style; empty strings without colour. */
const char *term_on(const struct term *t, enum term_style style);
const char *term_off(const struct term *t);

size_t term_width(struct str s);                /* cells */
/* s cut to at most `cells`, with "…" when something was cut, padded with spaces if pad. Line
 * breaks become spaces; control and bidi characters become U+FFFD. */
void term_fit(struct buf *b, struct str s, size_t cells, bool pad);
/* s wrapped at word borders (CJK: anywhere but before closing marks) with an indent. */
void term_wrap(struct buf *b, struct str s, size_t cells, const char *indent);

#endif
