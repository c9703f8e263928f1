/* err.h: what went wrong, in one sentence, with the place in the INPUT (not in our source).
 * The caller owns it (usually on the stack); the function that detects the fault fills it once
 * and callers prepend context with err_wrap. All functions accept a NULL err. */
#ifndef DF_CORE_ERR_H
#define DF_CORE_ERR_H

#include "core/rc.h"

struct err {
    char text[512]; /* a sentence without a final stop, UTF-8, never cut inside a character */
    char file[256]; /* input file, "" when none */
    int line, col;  /* 1-based; 0 when unknown */
};

/* Return rc, so that `return err_set(e, DF_REJECT, "…", …);` reads as one act. */
enum df_rc err_set(struct err *e, enum df_rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum df_rc err_at(struct err *e, enum df_rc rc, const char *file, int line, int col,
                  const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* "context: text"; keeps place. */
void err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void err_clear(struct err *e);
/* "file:line:col: text" into out, NUL-terminated; returns out. */
const char *err_line(const struct err *e, char *out, unsigned long size);

/* diags: all faults of one load (configuration, packs, rules), each with its place, so that
 * people mend them in one go. Past DF_MAX_DIAGS faults are only counted. Owns its memory. */
enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diags {
    struct diag {
        enum diag_level level;
        struct err err;
    } *items;
    int count;    /* kept in items */
    int errors;   /* all errors met, kept or not */
    int warnings; /* all warnings met */
};

void diags_add(struct diags *d, enum diag_level level, const struct err *e);
void diags_addf(struct diags *d, enum diag_level level, const char *file, int line, int col,
                const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void diags_free(struct diags *d);

#endif
