/* fuzz_url.c: a base (first line) and a reference: what is resolved can be split again or was no
 * URL, resolving it once more changes nothing, and what is shown to people holds no credentials. */
#include <stdint.h>
#include <stdlib.h>

#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str ref = str_n((const char *)data, size), base = STR_NONE;
    struct url b, u, shown;
    str_split(&ref, '\n', &base);
    struct str whole = url_resolve(a, base, ref);
    if (url_split(base, &b) && str_ieq(b.scheme, STR("https")) && url_split(whole, &u)) {
        if (!str_eq(url_resolve(a, base, whole), whole))
            abort();
        struct str safe = url_public(a, whole);
        if (url_split(safe, &shown) && (str_chr(shown.host, '@') >= 0 || str_chr(shown.query, '=') >= 0))
            abort();
    }
    url_origin(a, whole);
    url_same_origin(base, whole);
    arena_free(&a);
    return 0;
}
