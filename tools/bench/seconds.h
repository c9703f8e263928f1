/* seconds.h: a clock of the system in seconds: CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID. */
#ifndef DF_BENCH_SECONDS_H
#define DF_BENCH_SECONDS_H

#include <time.h>

static inline double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

#endif
