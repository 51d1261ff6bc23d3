/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Costs of missing memory. */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "sim-device.h"
#include "util/units.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Source: tests/bench/calibration.md: a 7,200 rpm disk seeks for 7.4 ms and
 * turns for 4.2 ms, one request after the other; the recipe that reproduces
 * published swap measurements on disks streams 80 to 100 MB/s. */
#define DISK_LATENCY_US 11600
#define DISK_KIB_PER_S  (85 * KIB_PER_MIB)
#define DISK_QUEUE      1
/* Source: calibration.md: 130 us for a random page of SATA flash; its link
 * carries 550 MB/s and 32 requests (NCQ), and guests share it. */
#define SSD_LATENCY_US 130
#define SSD_KIB_PER_S  (400 * KIB_PER_MIB)
#define SSD_QUEUE      32
/* Source: calibration.md: 0.3 to 0.4 ms a page over TCP on 1 Gbit/s, of which
 * 105 MiB/s are left for pages; a network has no queue to speak of, 32 is what
 * blkfront keeps in flight. */
#define REMOTE_LATENCY_US 350
#define REMOTE_KIB_PER_S  (105 * KIB_PER_MIB)
#define REMOTE_QUEUE      32

static const struct sim_device devices[] = {
    { "disk", DISK_LATENCY_US, DISK_KIB_PER_S, DISK_QUEUE },
    { "ssd", SSD_LATENCY_US, SSD_KIB_PER_S, SSD_QUEUE },
    { "remote", REMOTE_LATENCY_US, REMOTE_KIB_PER_S, REMOTE_QUEUE },
};

const struct sim_device *
sim_device_find(const char *name)
{
    for (size_t i = 0; i < LENGTH(devices); i++)
        if (strcmp(name, devices[i].name) == 0)
            return &devices[i];
    return NULL;
}

int
sim_curve_find(const char *name, enum sim_curve *ret)
{
    static const char *const names[] = { "zipf", "uniform", "loop" };

    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(name, names[i]) == 0) {
            *ret = (enum sim_curve)i;
            return 0;
        }
    return -EINVAL;
}

/* Every 16th of what is resident, in ppm.
 * Source: YCSB's zipfian (0.99, close to 1/rank) over 2^20 pages: with the
 * most wanted part r resident, 1 - (ln(rN) + 0.5772) / (ln N + 0.5772) of the
 * accesses miss. */
static const uint32_t zipf_ppm[] = {
    1000000, 192006, 144004, 115925, 96003, 80550, 67924, 57249, 48001,
    39845,   32548,  25948,  19922,  14379, 9247,  4469,  0,
};
/* Source: calibration.md: read in sequence, all of it misses with 9 % missing
 * (as Mattson's stack distances say of LRU), and nothing is known of less. */
#define LOOP_FACTOR 16
/* Source: calibration.md: then one access in 8 waits, read-ahead of
 * 2^page-cluster pages brings the others; at random it brings nothing. */
#define LOOP_PAGES_PER_WAIT 8
/* Source: calibration.md: "What PSI does not see".  At random, accesses wait
 * most of the time, and PSI shows 0.3 to 8 % of it; in sequence they wait some
 * 60 % of the time, and it shows 11 to 21 %. */
#define RANDOM_SEEN_PPM 50000
#define LOOP_SEEN_PPM   250000

static uint64_t
zipf_miss_ppm(uint64_t resident_ppm)
{
    const uint64_t stride_ppm = SIM_WHOLE_PPM / (LENGTH(zipf_ppm) - 1);
    uint64_t i = resident_ppm / stride_ppm;
    uint64_t fall_ppm;

    if (i + 1 >= LENGTH(zipf_ppm))
        return 0;
    fall_ppm = zipf_ppm[i] - zipf_ppm[i + 1];
    return zipf_ppm[i] -
           mul_div(fall_ppm, resident_ppm - i * stride_ppm, stride_ppm);
}

uint64_t
sim_curve_miss_ppm(enum sim_curve curve, uint64_t resident_kib,
                   uint64_t size_kib)
{
    uint64_t resident_ppm, short_ppm;

    if (resident_kib >= size_kib)
        return 0;
    resident_ppm = mul_div(resident_kib, SIM_WHOLE_PPM, size_kib);
    short_ppm = SIM_WHOLE_PPM - resident_ppm;
    switch (curve) {
    case SIM_CURVE_ZIPF:
        return zipf_miss_ppm(resident_ppm);
    case SIM_CURVE_UNIFORM:
        return short_ppm;
    case SIM_CURVE_LOOP:
        return min_u64(short_ppm * LOOP_FACTOR, SIM_WHOLE_PPM);
    }
    return short_ppm;
}

uint64_t
sim_curve_pages_per_wait(enum sim_curve curve)
{
    return curve == SIM_CURVE_LOOP ? LOOP_PAGES_PER_WAIT : 1;
}

uint64_t
sim_curve_seen_ppm(enum sim_curve curve)
{
    return curve == SIM_CURVE_LOOP ? LOOP_SEEN_PPM : RANDOM_SEEN_PPM;
}
