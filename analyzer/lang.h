/* lang.h: the languages a text is told apart into. Chinese is one family for lexicons. */
#ifndef DF_ANALYZER_LANG_H
#define DF_ANALYZER_LANG_H

#include <stdint.h>

#include "analyzer/fold.h"

enum text_lang { LANG_EN, LANG_HANS, LANG_HANT, LANG_YUE, LANG_OTHER, LANGS };
enum lang_family { FAMILY_BOTH, FAMILY_EN, FAMILY_ZH, FAMILIES };

const char *lang_name(enum text_lang lang); /* "zh-Hant" */
/* A bit per text_lang for "en", "zh" (all Chinese), "zh-Hans" …; 0 when unknown. */
uint32_t lang_bits(struct str name);

struct lang_evidence {
    const struct fold_stats *fold;
    uint32_t words;   /* of Latin and other letters */
    uint32_t english; /* function words seen */
    uint32_t foreign; /* function words of other languages in Latin letters */
    struct str hint;  /* the post's own `lang`; only breaks ties */
};

enum text_lang lang_detect(const struct lang_evidence *e);

static inline enum lang_family lang_family(enum text_lang lang)
{
    return lang == LANG_EN ? FAMILY_EN : lang == LANG_OTHER ? FAMILY_BOTH : FAMILY_ZH;
}

#endif
