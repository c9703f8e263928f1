/* msg.h: every sentence a person reads, in English, Traditional and Simplified Chinese, from
 * the tables i18n/NAME.tsv (columns: id, en, zh-Hant, zh-Hans), embedded at build time. A room
 * with many sentences keeps a table of its own. */
#ifndef DF_CORE_MSG_H
#define DF_CORE_MSG_H

#include "core/str.h"

enum ui_lang { UI_EN, UI_ZH_HANT, UI_ZH_HANS, UI_LANGS };

/* The text for an id; the id itself when the table lacks it (a test forbids that). C string,
 * lives as long as the program. Placeholders are {0} {1}…, filled by msg_put. */
const char *msg(enum ui_lang lang, const char *id);

struct buf;
/* Writes the text with {n} replaced by args[n]. Plain text: escape the result for its target. */
void msg_put(struct buf *b, enum ui_lang lang, const char *id, const struct str *args, int count);

/* "zh_TW.UTF-8", "zh-Hant", "zh-HK", "zh" … to one of ours; anything else is English. */
enum ui_lang ui_lang_of(struct str locale);
enum ui_lang ui_lang_env(void);             /* LC_ALL, LC_MESSAGES, LANG */
const char *ui_lang_tag(enum ui_lang lang); /* "en", "zh-Hant", "zh-Hans" */

#endif
