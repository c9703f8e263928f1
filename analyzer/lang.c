/* lang.c: which language a post is in, from what folding counted and the function words met. */
#include "analyzer/lang.h"

static const char *const names[LANGS] = {"en", "zh-Hans", "zh-Hant", "yue", "other"};

const char *lang_name(enum text_lang lang)
{
    return names[lang];
}

uint32_t lang_bits(struct str name)
{
    if (str_ieq(name, STR("zh")))
        return 1u << LANG_HANS | 1u << LANG_HANT | 1u << LANG_YUE;
    for (int i = 0; i < LANGS; i++)
        if (str_ieq(name, str_of(names[i])))
            return 1u << i;
    return 0;
}

static bool hint_is(struct str hint, const char *prefix)
{
    struct str p = str_of(prefix);
    return hint.len >= p.len && str_ieq(str_sub(hint, 0, p.len), p);
}

static enum text_lang chinese(const struct lang_evidence *e, uint32_t han)
{
    const uint32_t *t = e->fold->tags;
    /* Two Cantonese characters, or one in a short text: 係唔係 … ; names hold one by chance. */
    if (t[FOLD_YUE] >= 2 && t[FOLD_YUE] * 150 >= han)
        return LANG_YUE;
    if (t[FOLD_YUE] && han <= 20)
        return LANG_YUE;
    if (t[FOLD_TRADITIONAL] != t[FOLD_SIMPLIFIED])
        return t[FOLD_TRADITIONAL] > t[FOLD_SIMPLIFIED] ? LANG_HANT : LANG_HANS;
    if (hint_is(e->hint, "yue") || hint_is(e->hint, "zh-yue"))
        return LANG_YUE;
    if (hint_is(e->hint, "zh-hant") || hint_is(e->hint, "zh-tw") || hint_is(e->hint, "zh-hk") ||
        hint_is(e->hint, "zh-mo"))
        return LANG_HANT;
    return LANG_HANS;
}

enum text_lang lang_detect(const struct lang_evidence *e)
{
    const uint32_t *t = e->fold->tags;
    uint32_t han = t[FOLD_HAN] + t[FOLD_TRADITIONAL] + t[FOLD_SIMPLIFIED] + t[FOLD_YUE];
    /* A Chinese character says about as much as half a word. */
    if (t[FOLD_KANA] * 5 > han && t[FOLD_KANA] * 2 > e->words && t[FOLD_KANA] >= 2)
        return LANG_OTHER;
    if (t[FOLD_FOREIGN] > han * 2 && t[FOLD_FOREIGN] > e->words)
        return LANG_OTHER;
    if (han && han >= e->words)
        return chinese(e, han);
    if (e->words) {
        if (e->foreign > e->english && e->foreign * 8 >= e->words)
            return LANG_OTHER;
        return LANG_EN;
    }
    if (hint_is(e->hint, "zh") || hint_is(e->hint, "yue"))
        return chinese(e, han);
    return e->hint.len && !hint_is(e->hint, "en") ? LANG_OTHER : LANG_EN;
}
