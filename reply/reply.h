/* reply.h: a suggested public reply, put together from pieces that people wrote (rules/replies/).
 *
 * What it must never do: state a fact the post or the configuration does not give, promise what
 * playbook.yaml does not allow, repeat personal data, cut a text to fit. The same post and context
 * always give the same text; different posts on one page get different ones.
 *
 *   reply_load(NULL, &pack, &diags);
 *   reply_compose(pack, &post, &verdict, &ctx, arena, &draft, &err);
 *
 * It must not know of the database, cases or the network. A loaded pack is immutable and may be
 * shared between threads; drafts live in the caller's arena. */
#ifndef DF_REPLY_REPLY_H
#define DF_REPLY_REPLY_H

#include "model/post.h"
#include "model/verdict.h"
#include "reply/lint.h"
#include "reply/playbook.h"

enum reply_lang { REPLY_EN, REPLY_ZH_HANT, REPLY_ZH_HANS, REPLY_YUE, REPLY_LANGS };
const char *reply_lang_tag(enum reply_lang lang); /* "en", "zh-Hant", "zh-Hans", "yue" */
int reply_lang_of(struct str tag);                /* -1: none of them */

struct reply_pack;

/* What the case and the configuration know; everything may be left zeroed. */
struct reply_ctx {
    struct str brand[REPLY_LANGS];   /* the name as written in that language; "" = brand[REPLY_EN] */
    struct str contact[REPLY_LANGS]; /* the private channel in words: "a direct message" */
    struct str owner;                /* the person who takes a P1 on, by the name shown in public */
    struct str signer;               /* ends the reply: "— Mei" */
    struct str lang;                 /* answer in this language; "" = the post's */
    unsigned languages;              /* bit per reply_lang the team can answer in; 0 = all */
    struct str reg;                  /* "formal", "casual"; "" = the playbook's for the channel */
    const struct str *situations;    /* storm, suspected-false, repeat, progress, done … */
    int situation_count;
    const struct str *recent;        /* replies already on the same page: not said again */
    int recent_count;
    size_t limit;                    /* of the channel; 0 = none */
    enum length_unit unit;
    int64_t now;                     /* for the linter; 0 = unknown */
    int offset_minutes;
};

struct draft {
    bool silent;                /* no reply on purpose; `why` says it */
    bool optional;              /* a reply is kind, not needed */
    struct str why[UI_LANGS];   /* when silent */
    struct str text;
    enum reply_lang lang;
    struct str plan;            /* id of the plan taken */
    const struct str *pieces;   /* ids of the pieces used, in order */
    int piece_count;
    enum approval approval;     /* who must agree before it is sent */
    size_t length;              /* in ctx.unit */
    struct lint_report lint;    /* the linter's word on it */
};

/* dirs: folders with replies/, lint/ and playbook.yaml of one's own, later ones win; NULL = only
 * the shipped ones. Every fault at once: unknown variable, missing language, a step without pieces. */
DF_CHECKED enum df_rc reply_load(const char *const *dirs, struct reply_pack **out, struct diags *d);
void reply_free(struct reply_pack **p);
const struct lint_set *reply_lint_set(const struct reply_pack *p);
const struct playbook *reply_playbook(const struct reply_pack *p);

/* DF_NONE: nothing fits in the channel's limit or no plan covers it (err says which); the draft is
 * then empty and a person writes. DF_OK with draft.silent when silence is the right answer. */
DF_CHECKED enum df_rc reply_compose(const struct reply_pack *p, const struct post *post,
                                    const struct verdict *v, const struct reply_ctx *ctx,
                                    struct arena *a, struct draft *out, struct err *err);

/* The name among the brand's names that fits a language's script; names[0] when none does. */
struct str reply_brand_name(const struct str *names, int count, enum reply_lang lang);

#endif
