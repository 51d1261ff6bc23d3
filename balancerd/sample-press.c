/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Samples that cannot wait. */
#include <config.h>

#include "sample-press.h"
#include "util/units.h"

/* Since the last sample, which is a second old if a guest is in need: 128 KiB
 * swapped in may be thrashing, 2 % of the time is worth a look. */
#define PRESSING_PAGES (128 / PAGE_KIB)
#define PRESSING_US    20000
/* Below this share of its memory a guest is about to run out. */
#define PRESSING_SHARE 16

static bool
went(uint64_t before, uint64_t now, uint64_t least)
{
    return before != SAMPLE_UNKNOWN && now != SAMPLE_UNKNOWN &&
           sat_sub(now, before) >= least;
}

bool
sample_presses(const struct sample *before, const struct sample *now)
{
    if (before->sequence == 0)
        return false;
    return went(before->swap_in_pages, now->swap_in_pages, PRESSING_PAGES) ||
           went(before->stall_full_us, now->stall_full_us, PRESSING_US) ||
           (now->available_kib < before->available_kib &&
            now->available_kib < now->total_kib / PRESSING_SHARE);
}
