/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a domain costs the host beyond its own memory: page tables, processors,
 * grant tables.  Two models, xapi's and libxl's, and what was learned.
 */
#ifndef OVERHEAD_H
#define OVERHEAD_H

#include <stdbool.h>
#include <stdint.h>

#define OVERHEAD_MULTIPLIER_ONE 1000u /* in permille */

enum overhead_kind {
    OVERHEAD_PV,
    OVERHEAD_PVH,
    OVERHEAD_HVM,
    OVERHEAD_PV_IN_PVH, /* a PV guest with a shim of Xen around it */
};

struct overhead_config {
    enum overhead_kind kind;
    bool has_hap;
    uint32_t vcpus;               /* those that it can have */
    uint32_t multiplier_permille; /* of the memory for its page tables */
    uint64_t static_max_kib;
    uint64_t paging_kib; /* memory for its page tables if known; or 0 */
    uint64_t videoram_kib;
    uint64_t stubdom_kib; /* of its stub domain, 0 without one */
    /* How far predictions for its kind have fallen short so far. */
    uint64_t lesson_kib;
};

/* xapi's memory for a domain's page tables. */
uint64_t overhead_paging_kib(const struct overhead_config *c);
uint64_t overhead_xapi_kib(const struct overhead_config *c);
/* All that libxl wants to be free for a domain that starts with so much. */
uint64_t
overhead_libxl_need_kib(const struct overhead_config *c, uint64_t target_kib);
/* The larger of the two models' overheads. */
uint64_t
overhead_predicted_kib(const struct overhead_config *c, uint64_t target_kib);
/* What a shortfall may count for at most where so much was predicted. */
uint64_t overhead_lesson_max_kib(uint64_t predicted_kib);
/* The prediction and the lesson. */
uint64_t overhead_kib(const struct overhead_config *c, uint64_t target_kib);
/* The largest static-max, in whole MiB, with which the domain, all of it in
 * use, fits into total_kib.  c's own does not matter. */
uint64_t
overhead_largest_kib(const struct overhead_config *c, uint64_t total_kib);

#endif
