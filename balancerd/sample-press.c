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
/* Below this share of its memory a guest is about to run out; and so it is if
 * what it has left would not last ten times as long as since the last sample,
 * which is the longest that the daemon sleeps. */
#define PRESSING_SHARE 16
#define PRESSING_TIMES 10

static bool
went(uint64_t before, uint64_t now, uint64_t least)
{
    return before != SAMPLE_UNKNOWN && now != SAMPLE_UNKNOWN &&
           sat_sub(now, before) >= least;
}

static bool
is_running_out(const struct sample *before, const struct sample *now)
{
    uint64_t left_kib = now->available_kib;

    if (left_kib >= before->available_kib)
        return false;
    return left_kib < now->total_kib / PRESSING_SHARE ||
           left_kib / PRESSING_TIMES < before->available_kib - left_kib;
}

bool
sample_presses(const struct sample *before, const struct sample *now)
{
    if (before->sequence == 0)
        return false;
    return went(before->swap_in_pages, now->swap_in_pages, PRESSING_PAGES) ||
           went(before->stall_full_us, now->stall_full_us, PRESSING_US) ||
           is_running_out(before, now);
}
