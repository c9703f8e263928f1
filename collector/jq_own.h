/* jq_own.h: the part of jq that packs mostly use, without libjq: a program is read in microseconds
 * instead of 50 ms, is never changed after that and so is shared by threads, and works on values that
 * point into the body. What it does not know it says so (at reading or while running: JQ_ODD) and
 * libjq does that program or that body instead; where it answers, it answers what libjq 1.6 would.
 * Not here: dates, formats, sorting of objects, reduce, foreach, label, import. */
#ifndef DF_COLLECTOR_JQ_OWN_H
#define DF_COLLECTOR_JQ_OWN_H

#include "collector/jval.h"

enum jq_op {
    JQ_IDENTITY, JQ_RECURSE, JQ_CONST, JQ_FIELD, JQ_INDEX, JQ_SLICE, JQ_EACH, JQ_COLLECT, JQ_OBJECT,
    JQ_NEGATE, JQ_PIPE, JQ_COMMA, JQ_ARITH, JQ_COMPARE, JQ_AND, JQ_OR, JQ_ALT, JQ_IF, JQ_TRY, JQ_AS,
    JQ_VAR, JQ_DEF, JQ_CALL, JQ_PARAM, JQ_BUILTIN, JQ_REGEX, JQ_SET, JQ_UNKNOWN
};

enum { JQ_MAX_ARGS = 4, JQ_MAX_KEYS = 64 };
enum jq_compare { JQ_EQ, JQ_NE, JQ_LT, JQ_LE, JQ_GT, JQ_GE };

struct jq_node {
    enum jq_op op;
    bool optional;              /* ".a?": no fault, no value */
    char sign;                  /* of JQ_ARITH; '|' of "|="; first letter of JQ_REGEX */
    enum jq_compare compare;
    int id;                     /* of the variable or parameter bound or meant; of the builtin */
    struct jval value;          /* JQ_CONST; the name of JQ_FIELD */
    struct jq_node *a, *b, *c;
    struct jq_node **list;      /* arguments; keys and values by turns */
    size_t count, cap;
    struct jq_def *def;
    struct jq_regex *regex;
};

struct jq_def {
    struct str name;
    size_t arity;
    struct {
        struct str name;
        int id, value_id; /* value_id: "$name" is bound too; 0 = it is not */
    } params[JQ_MAX_ARGS];
    struct jq_node *body;
    bool reached; /* by jq_known() */
};

/* --- reading (jq_own_parse.c) --- */

struct jq_scope; /* names that can be used */

struct jq_reader {
    struct arena *arena;
    const char *p, *end;
    struct jq_scope *scope;
    struct jq_regex *regexes; /* all that were compiled: jq_regex_free() */
    int last_id, depth;
    bool fault; /* not understood */
};

/* Definitions of a library: they stay in scope. */
void jq_read_defs(struct jq_reader *, struct str text);
/* A variable that the caller will bind; its id. */
int jq_read_var(struct jq_reader *, const char *name);
/* NULL when it is not understood. */
struct jq_node *jq_read(struct jq_reader *, struct str text);
/* Nothing in it, and in what it calls, is unknown. */
bool jq_known(const struct jq_node *);

/* --- running (jq_own_run.c) --- */

enum jq_rc { JQ_DONE, JQ_HALT, JQ_FAIL, JQ_ODD };

struct jq_frame { /* what a name means, innermost first */
    const struct jq_frame *up;
    int id;
    struct jval value;             /* of a variable */
    const struct jq_node *body;    /* of a parameter: to be run in its caller's frame */
    const struct jq_frame *env;
};

struct jq_run {
    struct arena *arena;
    const void *halter; /* who asked for JQ_HALT */
    int depth;
    long steps;         /* left before it is JQ_ODD; 0 = no end: packs' programs are trusted */
};

/* Where the values of an expression go, one by one. Anything but JQ_DONE ends the expression. */
struct jq_sink {
    enum jq_rc (*put)(struct jq_sink *, struct jval);
};

enum jq_rc jq_eval(struct jq_run *, const struct jq_node *, const struct jq_frame *, struct jval in,
                   struct jq_sink *);
/* The first value; *found says whether there was one. */
enum jq_rc jq_first(struct jq_run *, const struct jq_node *, const struct jq_frame *, struct jval in,
                    struct jval *out, bool *found);

/* --- builtins (jq_own_call.c) --- */

int jq_builtin(struct str name, size_t arity); /* -1 unknown */
enum jq_rc jq_call(struct jq_run *, const struct jq_node *, const struct jq_frame *, struct jval in,
                   struct jq_sink *);
/* --- regular expressions (jq_regex.c) --- */

void jq_regex_start(void); /* before anyone uses the library */
struct jq_regex *jq_regex_new(struct arena *, struct str pattern, struct jq_regex **all); /* NULL: none */
void jq_regex_free(struct jq_regex *all);
enum jq_rc jq_regex_run(struct jq_run *, const struct jq_node *, struct jval in, struct jq_sink *);

/* --- values (jq_own_call.c) --- */

enum jq_rc jq_arith(struct jq_run *, char sign, struct jval a, struct jval b, struct jval *out);
enum jq_rc jq_index(struct jval in, struct jval key, struct jval *out);
enum jq_rc jq_slice(struct jq_run *, struct jval in, struct jval from, struct jval to, struct jval *out);
enum jq_rc jq_string(struct jq_run *, struct jval in, struct jval *out); /* tostring */

#endif
