/* jq_lib.h: libjq: everything jq can do, at 50 ms to compile a program. One state a program; one
 * thread at a time. (jq_lib.c is the only file that includes it.) */
#ifndef DF_COLLECTOR_JQ_LIB_H
#define DF_COLLECTOR_JQ_LIB_H

#include "collector/jval.h"

struct jq_lib;

struct jq_lib *jq_lib_new(void); /* NULL: it could not start */
void jq_lib_free(struct jq_lib **);
/* False: not jq; jq_lib_message() tells. A program that compiled replaces the one before. */
bool jq_lib_compile(struct jq_lib *, const char *program);
/* The first value; false when there is none, with the reason as message. */
bool jq_lib_run(struct jq_lib *, struct arena *, struct jval in, struct jval *out);
char *jq_lib_message(struct jq_lib *); /* may be changed */
struct str jq_lib_dump(struct arena *, struct jval); /* as jq writes it, numbers too */

#endif
