/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The detector of suffering guests. */
#include <config.h>

#include "thrash.h"

/* Linux starts direct reclaim when about a 1/64 of a small guest is left
 * (min watermark plus watermark_scale_factor); twice that is the alarm. */
#define BEGIN_SHARE 32
#define END_SHARE   16

bool
thrash_judge(bool was_thrashing, uint64_t available_kib, uint64_t actual_kib)
{
    uint64_t share = was_thrashing ? END_SHARE : BEGIN_SHARE;

    if (available_kib == THRASH_UNKNOWN)
        return false;
    return available_kib < actual_kib / share;
}
