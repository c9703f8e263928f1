/* say.h: what casework tells people, in their language (i18n/casework.tsv): why a step is refused,
 * and what the machine noted in the ledger. What is stored is the same whatever the language: the
 * ledger's words are read back here. It must not know pages or terminals.
 * Pure; texts live in the arena given. */
#ifndef DF_CASEWORK_SAY_H
#define DF_CASEWORK_SAY_H

#include "casework/states.h"
#include "core/arena.h"
#include "core/msg.h"
#include "model/verdict.h"
#include "storage/store.h"

/* Fills err with the message {0} {1}… and returns rc, so that `return REFUSE(…)` is one act. */
enum df_rc say_refusal(struct err *err, enum df_rc rc, enum ui_lang lang, const char *id,
                       const struct str *args, int count);
#define REFUSE(err, rc, lang, id, ...)                                                         \
    say_refusal(err, rc, lang, id, (const struct str[]){__VA_ARGS__},                          \
                (int)(sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)))

/* A number inside such a message. */
struct say_number {
    char text[24];
};
struct str say_number(struct say_number *n, int64_t value);

/* "claimed", "已認領"; "claim", "認領": in the middle of a sentence. */
struct str say_state(enum ui_lang lang, enum case_state state);
struct str say_act(enum ui_lang lang, enum case_act act);

/* Who reads the ledger. */
struct ledger_reader {
    enum ui_lang lang;
    struct str zone;               /* for moments */
    const struct verdict *verdict; /* newest of the case, for the reasons it was opened; or NULL */
    /* The sentence of a rule in that language, empty when unknown; may be NULL. */
    struct str (*why)(const void *arg, struct str rule, enum ui_lang lang);
    const void *arg;
};

/* The row's reason as the reader wants it: what the machine wrote in their language, a person's own
 * words as they are. What is not understood is shown as it was written. */
struct str say_step(const struct ledger_row *row, const struct ledger_reader *reader,
                    struct arena *a);

#endif
