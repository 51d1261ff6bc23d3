/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts. */
#include <config.h>

#include <stddef.h>

#include "util/histogram.h"
#include "util/units.h"

#define MS 1000u
#define S  1000000u

const uint64_t histogram_short_us[HISTOGRAM_BOUNDS] = {
    100,     250,     500,     1 * MS,   2500,     5 * MS,
    10 * MS, 25 * MS, 50 * MS, 100 * MS, 250 * MS, 1 * S,
};

const uint64_t histogram_long_us[HISTOGRAM_BOUNDS] = {
    10 * MS,   50 * MS, 100 * MS, 250 * MS, 500 * MS, 1 * S,
    2500 * MS, 5 * S,   10 * S,   30 * S,   60 * S,   300 * S,
};

void
histogram_add(struct histogram *h, uint64_t time_us)
{
    size_t i = 0;

    while (i < HISTOGRAM_BOUNDS && time_us > h->bounds_us[i])
        i++;
    h->counts[i]++;
    h->sum_us = sat_add(h->sum_us, time_us);
}

uint64_t
histogram_count(const struct histogram *h)
{
    uint64_t n = 0;

    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        n += h->counts[i];
    return n;
}
