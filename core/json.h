/* json.h: JSON values. The only file that includes jansson; others include this one and use
 * json_t through the helpers here or jansson's own accessors. Limits: DF_MAX_LINE,
 * DF_MAX_JSON_DEPTH. References: json_parse gives a new one, freed by json_decref. */
#ifndef DF_CORE_JSON_H
#define DF_CORE_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "core/err.h"
#include "core/str.h"

/* One whole JSON value. Places in the error are line and column in the text; `name` is the
 * file or record it came from. Duplicate keys are refused, NUL inside strings is allowed. */
DF_CHECKED enum df_rc json_parse(struct str text, const char *name, json_t **out, struct err *err);

struct str json_get_str(const json_t *obj, const char *key); /* STR_NONE when absent or no string */
int64_t json_get_int(const json_t *obj, const char *key, int64_t otherwise);
double json_get_num(const json_t *obj, const char *key, double otherwise);
struct str json_as_str(const json_t *v);

/* --- writing: objects are written straight into a buf, in the order given ---
 *   struct json_out w = {.buf = &b};
 *   json_open(&w, '{'); json_key(&w, "id"); json_put_str(&w, id); json_close(&w, '}');
 * The writer keeps the commas; the caller keeps the nesting right. */
struct buf;
struct json_out {
    struct buf *buf;
    bool comma; /* the next value or key needs one before it */
};

void json_open(struct json_out *w, char bracket);
void json_close(struct json_out *w, char bracket);
void json_key(struct json_out *w, const char *key);
void json_put_str(struct json_out *w, struct str s);
void json_put_int(struct json_out *w, int64_t v);
void json_put_num(struct json_out *w, double v); /* shortest up to 4 decimals; NaN becomes null */
void json_put_bool(struct json_out *w, bool v);
void json_put_null(struct json_out *w);
void json_put_time(struct json_out *w, int64_t ms); /* RFC 3339, null for DF_NO_TIME */
void json_put_raw(struct json_out *w, struct str json); /* already JSON */
/* A key with its value, the commonest pair of calls. */
void json_pair_str(struct json_out *w, const char *key, struct str s);
void json_pair_int(struct json_out *w, const char *key, int64_t v);
void json_pair_num(struct json_out *w, const char *key, double v);
void json_pair_bool(struct json_out *w, const char *key, bool v);
void json_pair_time(struct json_out *w, const char *key, int64_t ms);
void json_pair_raw(struct json_out *w, const char *key, struct str json);

#endif
