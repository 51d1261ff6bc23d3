/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long things took: counts by bounds, and their sum. */
#ifndef UTIL_HISTOGRAM_H
#define UTIL_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BOUNDS 12

/* Zero-initialised but for its bounds, which rise. */
struct histogram {
    const uint64_t *bounds_us; /* HISTOGRAM_BOUNDS of them */
    /* What is not above a bound, nor in an earlier one; the last one has what
     * is above all. */
    uint64_t counts[HISTOGRAM_BOUNDS + 1];
    uint64_t sum_us;
};

/* 100 us to 1 s: of work that others wait for. */
extern const uint64_t histogram_short_us[HISTOGRAM_BOUNDS];
/* 10 ms to 5 min: of memory on the move. */
extern const uint64_t histogram_long_us[HISTOGRAM_BOUNDS];

void histogram_add(struct histogram *h, uint64_t time_us);
/* How many were added. */
uint64_t histogram_count(const struct histogram *h);

#endif
