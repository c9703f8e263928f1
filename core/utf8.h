/* utf8.h: the smallest UTF-8 there is: decode, encode, validate, repair, count. No tables;
 * folding is the analyzer's, display width is core/term.h's. */
#ifndef DF_CORE_UTF8_H
#define DF_CORE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"

/* Bytes of the valid sequence at p (1-4), or 0: overlong, surrogate, > U+10FFFF, cut off. */
size_t utf8_valid_len(const char *p, size_t n);
/* Decodes one; an invalid byte gives U+FFFD and length 1. n must be > 0. */
uint32_t utf8_get(const char *p, size_t n, size_t *len_out);
size_t utf8_put(char out[4], uint32_t cp); /* bytes written; invalid becomes U+FFFD */
bool utf8_valid(struct str s);
/* Code points; each invalid byte counts as one. */
size_t utf8_count(struct str s);
/* Byte offset of the n-th code point, s.len when there are fewer. */
size_t utf8_offset(struct str s, size_t n);
/* The same text when valid, else a copy in the arena with U+FFFD for each bad byte; NUL bytes
 * become U+FFFD too, since no text a person wrote holds one. */
struct str utf8_repair(struct arena *a, struct str s);

#endif
