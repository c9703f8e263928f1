/* fold_table.h: the shape of the generated folding table (tools/gen_fold.c writes it to
 * build/gen/fold_table.c; analyzer/fold.c reads it). Constant data, shared by all threads. */
#ifndef DF_ANALYZER_FOLD_TABLE_H
#define DF_ANALYZER_FOLD_TABLE_H

#include <stdint.h>

#define FOLD_PAGE 64u

enum fold_action {
    FOLD_COPY = 0, /* as it is */
    FOLD_PUT1,     /* 1, 2 or 3 other bytes, held in the entry */
    FOLD_PUT2,
    FOLD_PUT3,
    FOLD_DROP,  /* invisible: variation selectors, joiners, soft hyphens */
    FOLD_LONG,  /* other bytes, held in fold_long */
    FOLD_JOIN,  /* may merge with what came before: the careful path decides */
    FOLD_SPACE, /* some kind of blank */
};

enum fold_tag {
    FOLD_PLAIN = 0,   /* says nothing about the language */
    FOLD_HAN,         /* used in all Chinese */
    FOLD_TRADITIONAL, /* Traditional only */
    FOLD_SIMPLIFIED,  /* Simplified only */
    FOLD_YUE,         /* written Cantonese */
    FOLD_KANA,
    FOLD_FOREIGN, /* a letter of another script */
    FOLD_TAGS
};

static inline enum fold_action fold_action(uint32_t entry)
{
    return (enum fold_action)(entry & 7);
}

static inline unsigned fold_tag(uint32_t entry)
{
    return entry >> 3 & 7;
}

extern const uint32_t fold_pages[][FOLD_PAGE];
extern const uint16_t fold_index[];
extern const unsigned char fold_long[];

static inline uint32_t fold_entry(uint32_t cp)
{
    return fold_pages[fold_index[cp / FOLD_PAGE]][cp % FOLD_PAGE];
}

#endif
