/* verdict.h: what the text of one post alone says, and which words said it. Plain data made by
 * the analyzer, read by casework, replies, alerts and people. The labels are defined in
 * defuse-rules(5); the tables here are the only place their names are written. */
#ifndef DF_MODEL_VERDICT_H
#define DF_MODEL_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/json.h"

/* X(ENUM_SUFFIX, "name") */
#define VERDICT_SENTIMENTS(X) X(NEGATIVE, "negative") X(NEUTRAL, "neutral") X(POSITIVE, "positive")
#define VERDICT_URGENCIES(X) X(P1, "P1") X(P2, "P2") X(P3, "P3") X(P4, "P4")
#define VERDICT_CATEGORIES(X)                                                                  \
    X(QUALITY, "quality") X(DELIVERY, "delivery") X(SERVICE, "service") X(PRICE, "price")      \
    X(BILLING, "billing") X(MISMATCH, "mismatch") X(OUTAGE, "outage") X(SAFETY, "safety")      \
    X(PRIVACY, "privacy") X(POLICY, "policy") X(PRAISE, "praise") X(OTHER, "other")
#define VERDICT_ASKS(X)                                                                        \
    X(REFUND, "refund") X(REPLACEMENT, "replacement") X(REPAIR, "repair")                      \
    X(COMPENSATION, "compensation") X(APOLOGY, "apology") X(EXPLANATION, "explanation")        \
    X(HUMAN, "human") X(PUNISH, "punish") X(NONE, "none")
#define VERDICT_MOTIVES(X)                                                                     \
    X(EXPECTATION, "expectation") X(INFORMATION, "information") X(VENTING, "venting")          \
    X(IGNORED, "ignored") X(COMPENSATION, "compensation") X(CHARACTER, "character")            \
    X(NONE, "none")
#define VERDICT_FEELINGS(X)                                                                    \
    X(ANGRY, "angry") X(DISAPPOINTED, "disappointed") X(IGNORED, "ignored")                    \
    X(CHEATED, "cheated") X(ANXIOUS, "anxious") X(DISGUSTED, "disgusted")                      \
    X(EMBARRASSED, "embarrassed") X(SAD, "sad") X(HOPELESS, "hopeless") X(GRATEFUL, "grateful")

#define VERDICT_ENUM_SENTIMENT(e, n) SENTIMENT_##e,
#define VERDICT_ENUM_URGENCY(e, n) URGENCY_##e,
#define VERDICT_ENUM_CATEGORY(e, n) CATEGORY_##e,
#define VERDICT_ENUM_ASK(e, n) ASK_##e,
#define VERDICT_ENUM_MOTIVE(e, n) MOTIVE_##e,
#define VERDICT_ENUM_FEELING(e, n) FEELING_##e,

enum sentiment { VERDICT_SENTIMENTS(VERDICT_ENUM_SENTIMENT) SENTIMENTS };
enum urgency { VERDICT_URGENCIES(VERDICT_ENUM_URGENCY) URGENCIES }; /* smaller is more urgent */
enum category { VERDICT_CATEGORIES(VERDICT_ENUM_CATEGORY) CATEGORIES };
enum ask { VERDICT_ASKS(VERDICT_ENUM_ASK) ASKS };
enum motive { VERDICT_MOTIVES(VERDICT_ENUM_MOTIVE) MOTIVES };
enum feeling { VERDICT_FEELINGS(VERDICT_ENUM_FEELING) FEELINGS };

const char *sentiment_name(enum sentiment v);
const char *urgency_name(enum urgency v);
const char *category_name(enum category v);
const char *ask_name(enum ask v);
const char *motive_name(enum motive v);
const char *feeling_name(enum feeling v);
/* -1 when the name is none of them. */
int sentiment_of(struct str name);
int urgency_of(struct str name);
int category_of(struct str name);
int ask_of(struct str name);
int motive_of(struct str name);
int feeling_of(struct str name);

enum post_field { FIELD_TEXT, FIELD_TITLE };

/* Code points of the ORIGINAL field, end exclusive. */
struct span {
    enum post_field field;
    uint32_t start, end;
};

struct finding {
    struct str rule;    /* rule id, or "lexicon.en:…" for a learned phrase */
    struct str why;     /* one sentence for people, in English */
    double weight;      /* what it added to the class it argues for, after negation and caps */
    const struct span *spans;
    int span_count;
};

struct silenced {
    struct str rule;    /* what would have spoken */
    struct str by;      /* the rule, negator or exception that silenced it */
    struct str why;
    const struct span *spans;
    int span_count;
};

struct fact {
    struct str kind;    /* order_no, amount, date, elapsed, attempts, product, version, place … */
    struct str value;   /* normalised: "TWD 1200", "PT3W", "2026-11-03" */
    struct str text;    /* as written */
    struct span span;
};

struct verdict {
    struct str id;      /* the post's */
    struct str lang;    /* detected: en, zh-Hans, zh-Hant, yue, other */
    enum sentiment sentiment;
    double score;       /* −1 … 1 */
    enum urgency urgency;
    enum category category;
    enum ask ask;
    enum motive motive;
    uint32_t feelings;  /* bit per enum feeling */
    bool needs_reply;
    const struct fact *facts;
    int fact_count;
    const struct finding *findings; /* by falling absolute weight */
    int finding_count;
    const struct silenced *silenced;
    int silenced_count;
    struct str ruleset; /* digest of the rule set that said it */
};

/* One line without its end. brief leaves out facts, findings and silenced. */
void verdict_put_json(struct buf *b, const struct verdict *v, bool brief);
/* The brief line, the quick way. */
void verdict_put_brief(struct buf *b, const struct verdict *v);
/* Reads what verdict_put_json wrote (stored verdicts). */
DF_CHECKED enum df_rc verdict_from_json(const json_t *obj, struct arena *a, struct verdict *out,
                                        struct err *err);

#endif
