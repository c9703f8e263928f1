/* fuzz_yaml.c: any bytes as a settings file: a tree or faults, never a crash. */
#include "core/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libfyaml 0.7 loses the 4 KB of a long quoted word it was reading when it meets some faults; such files
 * are read once, by a person who is then told of the fault. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct diags d = {0};
    const struct yaml *y;
    int64_t ms;
    if (yaml_parse(a, str_n((const char *)data, size), "fuzz", &y, &d) == DF_OK) {
        static const char *const known[] = {"name", "every", NULL};
        yaml_check_keys(y, known, &d);
        const struct yaml *every = yaml_get(y, "every");
        if (every)
            yaml_duration(every, &ms, &d);
    }
    diags_free(&d);
    arena_free(&a);
    return 0;
}
