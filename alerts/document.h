/* document.h: an alert as a small document that every chat can show in its own way: a title, our
 * paragraphs, quotes of strangers, fields, buttons. Sinks walk the parts and write each with their
 * own escaper; they decide nothing about what is said. Lives in the arena it was built in. */
#ifndef DF_ALERTS_DOCUMENT_H
#define DF_ALERTS_DOCUMENT_H

#include "alerts/alerts.h"
#include "alerts/text.h"

enum doc_kind {
    DOC_TITLE,  /* label: our words */
    DOC_PARA,   /* label: our words */
    DOC_QUOTE,  /* text: a stranger's words; label: what it is, may be empty */
    DOC_FIELD,  /* label: name; text: value */
    DOC_BUTTON, /* label: what it does; url: checked */
};

struct doc_part {
    enum doc_kind kind;
    struct str label;
    struct user_text text;
    struct str url;
};

enum { DOC_MAX_PARTS = 16 };

struct doc {
    struct doc_part parts[DOC_MAX_PARTS];
    int count;
};

/* How much of what a destination shows; total is of the whole request body. */
struct sink_limits {
    enum length_unit unit; /* that title, quote and field are counted in */
    size_t title, quote, field;
    size_t total; /* bytes */
};

struct doc doc_build(const struct alert *al, const struct sink_conf *conf,
                     const struct sink_limits *limits, struct arena *a);

#endif
