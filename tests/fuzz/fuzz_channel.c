/* fuzz_channel.c: any text as channel.yaml: a pack or faults with their places; and any JSON as
 * the state of a source. */
#include <stdlib.h>

#include "collector/channel_read.h"
#include "collector/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libfyaml 0.7 loses the 4 KB of a long quoted word it was reading when it meets some faults; such files
 * are read once, by a person who is then told of the fault. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

static enum df_rc give(void *ctx, struct arena *a, struct str path, struct str *out, struct err *err)
{
    struct str *text = ctx;
    (void)a;
    if (!str_ends(path, STR("channel.yaml")))
        return err_set(err, DF_NONE, "no such file");
    *out = *text;
    return DF_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = str_n((const char *)data, size);
    struct diags d = {0};
    struct channel c = {.name = STR("fuzz"), .dir = STR("channels/fuzz")};
    struct source_state s;
    /* what begins like JSON is a state; as YAML such text only shows leaks of libfyaml */
    if (text.len && text.ptr[0] == '{') {
        if (state_read(text, a, &s, NULL) == DF_OK && !state_write(a, &s).len)
            abort();
    } else if (channel_read(&c, a, give, &text, &d) != DF_OK && d.errors == 0) {
        abort();
    }
    diags_free(&d);
    arena_free(&a);
    return 0;
}
