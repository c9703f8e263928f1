#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

const char *df_rc_name(enum df_rc rc)
{
    static const char *const names[] = {"ok", "none", "retry", "reject", "fatal"};
    return (unsigned)rc < sizeof names / sizeof *names ? names[rc] : "unknown";
}

/* A fixed buffer may cut a multi-byte character in two: drop the broken tail. */
static void trim_utf8(char *z)
{
    size_t n = strlen(z), back = 0;
    while (back < 4 && back < n && ((unsigned char)z[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == n || n == 0)
        return;
    unsigned char lead = (unsigned char)z[n - 1 - back];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (back < want)
        z[n - 1 - back] = '\0';
}

static void put_text(struct err *e, const char *fmt, va_list ap)
{
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    trim_utf8(e->text);
}

void err_clear(struct err *e)
{
    if (e) {
        e->text[0] = e->file[0] = '\0';
        e->line = e->col = 0;
    }
}

enum df_rc err_set(struct err *e, enum df_rc rc, const char *fmt, ...)
{
    if (e) {
        err_clear(e);
        va_list ap;
        va_start(ap, fmt);
        put_text(e, fmt, ap);
        va_end(ap);
    }
    return rc;
}

enum df_rc err_at(struct err *e, enum df_rc rc, const char *file, int line, int col,
                  const char *fmt, ...)
{
    if (e) {
        err_clear(e);
        snprintf(e->file, sizeof e->file, "%s", file ? file : "");
        e->line = line;
        e->col = col;
        va_list ap;
        va_start(ap, fmt);
        put_text(e, fmt, ap);
        va_end(ap);
    }
    return rc;
}

void err_wrap(struct err *e, const char *fmt, ...)
{
    if (!e)
        return;
    char head[sizeof e->text], old[sizeof e->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(head, sizeof head, fmt, ap);
    va_end(ap);
    memcpy(old, e->text, sizeof old);
    int n = snprintf(e->text, sizeof e->text, "%s: %s", head, old);
    if (n >= (int)sizeof e->text)
        trim_utf8(e->text);
}

const char *err_line(const struct err *e, char *out, unsigned long size)
{
    if (e->file[0] && e->line > 0)
        snprintf(out, size, "%s:%d:%d: %s", e->file, e->line, e->col, e->text);
    else if (e->file[0])
        snprintf(out, size, "%s: %s", e->file, e->text);
    else
        snprintf(out, size, "%s", e->text);
    trim_utf8(out);
    return out;
}

void diags_add(struct diags *d, enum diag_level level, const struct err *e)
{
    if (!d)
        return;
    if (level == DIAG_ERROR)
        d->errors++;
    else
        d->warnings++;
    if (d->count >= DF_MAX_DIAGS)
        return;
    if (!d->items) {
        d->items = calloc(DF_MAX_DIAGS, sizeof *d->items);
        if (!d->items)
            abort();
    }
    d->items[d->count].level = level;
    d->items[d->count].err = *e;
    d->count++;
}

void diags_addf(struct diags *d, enum diag_level level, const char *file, int line, int col,
                const char *fmt, ...)
{
    struct err e;
    err_clear(&e);
    snprintf(e.file, sizeof e.file, "%s", file ? file : "");
    e.line = line;
    e.col = col;
    va_list ap;
    va_start(ap, fmt);
    put_text(&e, fmt, ap);
    va_end(ap);
    diags_add(d, level, &e);
}

void diags_free(struct diags *d)
{
    if (d) {
        free(d->items);
        *d = (struct diags){0};
    }
}
