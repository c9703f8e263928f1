/* yaml.h: YAML with the place of every value, for configuration, rules and packs. The only file
 * that knows libfyaml. A document is read whole into an immutable tree in the caller's arena;
 * nodes live as long as the arena. Aliases are resolved, merge keys (<<) are not. */
#ifndef DF_CORE_YAML_H
#define DF_CORE_YAML_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_SEQ, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    const char *file;  /* as given to yaml_parse */
    int line, col;     /* 1-based place of the value */
    struct str key;    /* when this is a value of a map: its key … */
    int key_line, key_col;
    bool quoted;       /* a scalar in quotes is a string even when it looks like a number */
    struct str text;   /* YAML_SCALAR */
    struct yaml **items; /* YAML_SEQ: elements; YAML_MAP: values in the order written */
    int count;
};

/* Faults go to diags (file:line:col); DF_REJECT when there was one. An empty document is
 * YAML_NULL. A key twice in one map is a fault. Limits: DF_MAX_CONFIG, DF_MAX_YAML_DEPTH. */
DF_CHECKED enum df_rc yaml_parse(struct arena *a, struct str text, const char *file,
                                 const struct yaml **out, struct diags *diags);

const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL when absent */

/* Typed readers: a fault of type or range is added to diags and false returned. */
bool yaml_str(const struct yaml *y, struct str *out, struct diags *d);
bool yaml_bool(const struct yaml *y, bool *out, struct diags *d);
bool yaml_int(const struct yaml *y, int64_t min, int64_t max, int64_t *out, struct diags *d);
bool yaml_num(const struct yaml *y, double min, double max, double *out, struct diags *d);
/* "90", "90s", "15m", "2h", "3d" (a bare number is seconds) to milliseconds. */
bool yaml_duration(const struct yaml *y, int64_t *ms_out, struct diags *d);

void yaml_fault(const struct yaml *y, struct diags *d, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Every key of the map must be one of the NULL-ended list; each other is a fault with the
 * nearest known key as a suggestion. */
void yaml_check_keys(const struct yaml *map, const char *const *known, struct diags *d);
/* The nearest of a NULL-ended list within reach of a typing slip, or NULL. */
const char *nearest_word(struct str word, const char *const *known);

#endif
