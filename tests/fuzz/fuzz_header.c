/* fuzz_header.c: any bytes as the headers that steer a poll: spans stay in bounds, an address found
 * is a part of the value. */
#include <stdlib.h>

#include "core/clock.h"
#include "net/transport_curl_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str value = str_n((const char *)data, size);
    int64_t span = header_span(value, INT64_C(1772445600000));
    if (span < -1 || span > 365 * DF_DAY)
        abort();
    struct str next = header_next(value);
    if (next.len && (next.ptr < value.ptr || next.ptr + next.len > value.ptr + value.len))
        abort();
    return 0;
}
