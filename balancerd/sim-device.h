/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What memory of a simulated guest costs that is not there: devices that it
 * swaps to and reads its files from, and the curves that say how many accesses
 * miss.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdint.h>

#define SIM_WHOLE_PPM 1000000u

/* How long a task waits for a page, how many KiB per second go both ways
 * together, and for how many tasks it works at a time. */
struct sim_device {
    const char *name;
    uint64_t latency_us;
    uint64_t kib_per_s;
    uint64_t queue;
};

/* "disk", "ssd", "remote"; NULL: there is none of that name. */
const struct sim_device *sim_device_find(const char *name);

enum sim_curve {
    SIM_CURVE_ZIPF,    /* some pages are wanted far more often than others */
    SIM_CURVE_UNIFORM, /* each page as often as any other */
    SIM_CURVE_LOOP,    /* all of it in turn: one page short is all short */
};

/* "zipf", "uniform", "loop"; 0 or -EINVAL. */
int sim_curve_find(const char *name, enum sim_curve *ret);
/* The part of accesses to a set of size_kib that miss when that much of it is
 * resident; an LRU keeps the right part. Never rises with what is resident. */
uint64_t sim_curve_miss_ppm(enum sim_curve curve, uint64_t resident_kib,
                            uint64_t size_kib);
/* How many pages come at a time for a task that waits for one. */
uint64_t sim_curve_pages_per_wait(enum sim_curve curve);
/* The part of such waits that the guest's kernel counts as stall. */
uint64_t sim_curve_seen_ppm(enum sim_curve curve);

#endif
