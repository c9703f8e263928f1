/* fuzz_robots.c: any bytes as robots.txt; the first line is the path asked for. A file that names
 * no rule allows all, /robots.txt itself cannot make us hang, and the wait it asks for is sane. */
#include <stdlib.h>

#include "collector/robots.h"
#include "core/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_n((const char *)data, size), path = STR_NONE;
    int64_t delay = -1;
    str_split(&text, '\n', &path);
    bool allowed = robots_allows(text, STR("defuse"), path, &delay);
    if (delay < 0 || delay > DF_HOUR)
        abort();
    if (!allowed && str_chr(text, ':') < 0)
        abort();
    return 0;
}
