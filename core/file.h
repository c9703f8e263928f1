/* file.h: whole files in and out. Errors name the path and what the system said. */
#ifndef DF_CORE_FILE_H
#define DF_CORE_FILE_H

#include <stdio.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

/* The whole file into the arena; larger than max is DF_REJECT, absent is DF_NONE. */
DF_CHECKED enum df_rc file_read(struct arena *a, const char *path, size_t max, struct str *out,
                                struct err *err);
/* All of a stream (stdin) into the buffer, up to the buffer's maximum (DF_REJECT past it). */
DF_CHECKED enum df_rc file_read_stream(FILE *f, const char *name, struct buf *out, struct err *err);
/* Writes beside the target, syncs and renames: readers see the old or the new, never half. */
DF_CHECKED enum df_rc file_write_atomic(const char *path, struct str data, unsigned mode,
                                        struct err *err);
/* Names in a directory ending in suffix ("" = all), sorted bytewise, without "." entries.
 * Absent directory: DF_NONE. */
DF_CHECKED enum df_rc file_list(struct arena *a, const char *dir, const char *suffix,
                                struct str **names_out, size_t *count_out, struct err *err);

/* One line at a time with a limit; the line lives until the next call. */
struct line_reader {
    FILE *f;
    const char *name;
    char *ptr; /* own memory; line_reader_free */
    size_t cap;
    long long number; /* of the line last returned, from 1 */
};

/* DF_OK with the line (without its end), DF_NONE at the end, DF_REJECT for a line over
 * DF_MAX_LINE (it is skipped whole: reading may go on), DF_FATAL when reading fails. */
DF_CHECKED enum df_rc line_read(struct line_reader *r, struct str *line_out, struct err *err);
void line_reader_free(struct line_reader *r);

#endif
