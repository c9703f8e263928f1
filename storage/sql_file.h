/* sql_file.h: SQL kept in files, read as named statements. All SQL of a driver lives in
 * storage/sql/<driver>/, so that it can be read, reviewed and tried in a shell:
 *
 *     -- fragment: NAME                 text up to the next header, used as {NAME}
 *     -- name: NAME(first, second)      one statement; its parameters :first, :second are bound
 *                                       in the order of this header
 *
 * Fragments must come before their use, in the same or an earlier file. Other comment lines are
 * kept in the statement. Knows no database. Everything lives in the set's arena. */
#ifndef DF_STORAGE_SQL_FILE_H
#define DF_STORAGE_SQL_FILE_H

#include "core/arena.h"
#include "core/err.h"

enum { SQL_MAX_PARAMS = 24 };

struct sql_text {
    struct str name, sql; /* sql is NUL-terminated */
    const char *params[SQL_MAX_PARAMS]; /* with their colon, as drivers look them up */
    int param_count;
    bool fragment;
};

struct sql_set {
    struct arena *arena;
    struct sql_text *items;
    size_t count, cap;
};

/* Adds all statements of one file; a fault is reported with its line. */
DF_CHECKED enum df_rc sql_file_read(struct sql_set *set, struct str text, const char *file,
                                    struct err *err);
const struct sql_text *sql_find(const struct sql_set *set, struct str name); /* or NULL */

#endif
