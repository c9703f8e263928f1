/* fuzz_jq.c: any text as a program of our own jq, on any JSON: the first line is the value, the rest
 * the program. It ends, and every value it gives is one. */
#include <stdlib.h>

#include "collector/jq_own.h"
#include "core/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST 20000 /* values: "..,.." multiplies */

struct looker {
    struct jq_sink sink;
    struct jq_run *run;
    size_t count;
};

static enum jq_rc look(struct jq_sink *s, struct jval v)
{
    struct looker *l = (struct looker *)s;
    if (v.kind > J_OBJECT || (v.kind == J_STRING && v.count && !v.text) ||
        (v.kind == J_ARRAY && v.count && !v.items))
        abort();
    l->run->halter = l;
    return ++l->count < MOST ? JQ_DONE : JQ_HALT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str program = utf8_repair(a, str_n((const char *)data, size)), line = STR_NONE;
    struct jq_reader r = {.arena = a};
    struct jval in = JVAL(J_NULL);
    str_split(&program, '\n', &line);
    if (jval_parse(a, line, &in) != DF_OK)
        in = jval_str(line);
    struct jq_node *n = jq_read(&r, program);
    if (n && jq_known(n)) {
        struct jq_run run = {.arena = a, .steps = 200000};
        struct looker l = {{look}, &run, 0};
        (void)jq_eval(&run, n, NULL, in, &l.sink);
    }
    jq_regex_free(r.regexes);
    arena_free(&a);
    return 0;
}
