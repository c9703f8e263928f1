/* names.c: which of a brand's names fits a language: 壺雀 in Traditional, 壶雀 in Simplified. */
#include "analyzer/fold_table.h"
#include "core/utf8.h"
#include "reply/reply.h"

static int name_fit(struct str name, enum reply_lang lang)
{
    int han = 0, hant = 0, hans = 0;
    for (size_t i = 0, step; i < name.len; i += step) {
        enum fold_tag t = (enum fold_tag)fold_tag(
            fold_entry(utf8_get(name.ptr + i, name.len - i, &step)));
        han += t == FOLD_HAN || t == FOLD_TRADITIONAL || t == FOLD_SIMPLIFIED || t == FOLD_YUE;
        hant += t == FOLD_TRADITIONAL;
        hans += t == FOLD_SIMPLIFIED;
    }
    if (lang == REPLY_EN)
        return han == 0;
    if (han == 0)
        return 0;
    int wrong = lang == REPLY_ZH_HANS ? hant : hans, right = lang == REPLY_ZH_HANS ? hans : hant;
    return wrong ? 1 : right ? 3 : 2;
}

struct str reply_brand_name(const struct str *names, int count, enum reply_lang lang)
{
    int best = -1, fit = 0;
    for (int i = 0; i < count; i++)
        if (name_fit(names[i], lang) > fit) {
            best = i;
            fit = name_fit(names[i], lang);
        }
    return best >= 0 ? names[best] : count ? names[0] : STR_NONE;
}
