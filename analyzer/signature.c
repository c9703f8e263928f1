/* signature.c: near-duplicates. Charikar's simhash over pairs of neighbouring words or characters:
 * copies with a word changed differ in a few bits only. */
#include "analyzer/scan.h"

enum { LEAST_UNITS = 12 };

static bool counts(const struct unit *u)
{
    return u->kind == UNIT_WORD || u->kind == UNIT_CHAR || u->kind == UNIT_NUMBER;
}

uint64_t scan_signature(const struct scanner *s)
{
    int32_t votes[64] = {0};
    const struct unit *before = NULL;
    uint32_t pairs = 0;
    for (size_t i = 0; i < s->unit_count; i++) {
        if (!counts(&s->units[i]))
            continue;
        if (before) {
            uint64_t h = node_step(before->hash, s->units[i].hash);
            for (int b = 0; b < 64; b++)
                votes[b] += h >> b & 1 ? 1 : -1;
            pairs++;
        }
        before = &s->units[i];
    }
    if (pairs + 1 < LEAST_UNITS)
        return 0;
    uint64_t sig = 0;
    for (int b = 0; b < 64; b++)
        sig |= (uint64_t)(votes[b] > 0) << b;
    return sig ? sig : 1;
}
