/* vars.h: the variables of reply pieces: {within}, {topic}, {contact} … Private to reply/. What the
 * post itself says is given back only if it is short, harmless and in the language of the reply. */
#ifndef DF_REPLY_VARS_H
#define DF_REPLY_VARS_H

#include "reply/pack.h"

/* Values by enum reply_var; "" = not known. Texts live in the arena or the pack. */
void vars_make(const struct reply_pack *pack, const struct reply_ctx *ctx, const struct verdict *v,
               enum reply_lang lang, struct arena *a, struct str out[REPLY_VARS]);
/* The sentence with its variables, a blank between Chinese and Latin; casual: 你 instead of 您. */
struct str vars_fill(struct arena *a, struct str text, const struct str vars[REPLY_VARS],
                     bool casual);

#endif
