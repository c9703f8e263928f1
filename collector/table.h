/* table.h: CSV, TSV and JSON Lines that people export → raw posts by a map of columns. Knows the
 * usual names of columns in English and Chinese; nothing of channels. Spreadsheets are read as
 * the CSV they save, in whatever encoding that is.
 * Lifetime: everything in the arena or in the text. */
#ifndef DF_COLLECTOR_TABLE_H
#define DF_COLLECTOR_TABLE_H

#include "collector/raw.h"
#include "core/err.h"

/* Fields of a post that a column can be. */
enum table_field { TABLE_ID, TABLE_URL, TABLE_AUTHOR_ID, TABLE_AUTHOR, TABLE_TITLE, TABLE_TEXT,
                   TABLE_LANG, TABLE_RATING, TABLE_CREATED, TABLE_EDITED, TABLE_PARENT,
                   TABLE_LIKES, TABLE_SHARES, TABLE_REPLIES, TABLE_FIELDS };
extern const char *const table_field_names[]; /* NULL-ended */

struct table_map {
    struct str column[TABLE_FIELDS]; /* name or 1-based number; "" = by the usual names */
};

/* Where a post keeps a field: a text, or else a count. */
struct table_place {
    struct str *text;
    int64_t *count;
};
struct table_place table_place(struct raw_post *, enum table_field);

/* "text=Review body": DF_REJECT names the unknown field with a suggestion. */
DF_CHECKED enum df_rc table_map_add(struct table_map *, struct str assignment, struct err *);

/* A table in UTF-8; the delimiter is found by looking. Rows with a wrong number of cells are
 * faults in diags (file:line) and left out; DF_REJECT: no header, or no column for the text. */
DF_CHECKED enum df_rc table_read(struct str text, const char *file, const struct table_map *,
                                 struct arena *, struct raw_page *, struct diags *, struct err *);

#endif
