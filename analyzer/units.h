/* units.h: folded text cut into what phrases are made of. A unit is a word of letters and inner
 * apostrophes; a number (letters and digits part: "24hours" is "24 hours"); one Chinese, Japanese
 * or Korean character; one sign or emoji; a whole URL; a whole @handle; or a line break. Spaces
 * separate and are not units, so
 * "app 打不开" and "app打不开" are the same phrase.
 *
 * Phrases of rules and lexicons, training text and posts are all cut by this one function, so what
 * is learned is what is matched. Pure and thread-safe; it knows nothing of meaning. */
#ifndef DF_ANALYZER_UNITS_H
#define DF_ANALYZER_UNITS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"

enum unit_kind {
    UNIT_WORD,
    UNIT_CHAR,   /* Han, kana, Hangul */
    UNIT_NUMBER, /* digits with inner . and , */
    UNIT_SIGN,   /* one ASCII or other punctuation mark or symbol */
    UNIT_EMOJI,
    UNIT_URL,
    UNIT_HANDLE,
    UNIT_BREAK, /* line break */
};

enum { UNIT_LONG = 2 }; /* flag: a letter three times or more in a row, hashed as twice */

struct unit {
    uint64_t hash;
    uint32_t start; /* byte offset in the folded text */
    uint16_t len;   /* bytes; of longer URLs and handles the rest is the next unit */
    uint8_t kind;
    uint8_t flags;
};

/* Neither a plain word nor a character: one test for what the tightest loop has to look at. */
static inline bool unit_is_odd(const struct unit *u)
{
    return (u->kind | u->flags) > UNIT_CHAR;
}

#define UNIT_MAX_BYTES 255 /* of one word; the rest of a longer run is the next word */
#define UNITS_PAD 64       /* readable bytes wanted behind the text; their value is ignored */

/* Cuts text[0..len) into out, which must hold `max` units; returns how many there are (the rest
 * of the text is left out when max is reached). len units always suffice. */
size_t units_cut(const char *text, size_t len, struct unit *out, size_t max);

uint64_t unit_hash(const char *p, size_t len); /* of one word, number, character or sign */
/* The word with every run of three or more equal letters cut to `keep` (1 or 2); out holds len
 * bytes. Returns the new length. */
size_t unit_squeeze(const char *p, size_t len, int keep, char *out);
/* Hash of the word with long runs cut to one letter: "sooo" as "so". */
uint64_t unit_hash_short(const char *p, size_t len);

#define UNIT_HASH_URL 0x5d1c0a7be4f3a91bull    /* all URLs are one unit, all handles another: */
#define UNIT_HASH_HANDLE 0x27b1e9d44c0f6d35ull /* names are never matched or learned */

#endif
