/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Remembers shortfalls. */
#include <config.h>

#include <string.h>

#include "overhead-lesson.h"
#include "overhead.h"
#include "util/units.h"

void
overhead_lesson_add(struct overhead_lesson *l, uint64_t predicted_kib,
                    uint64_t measured_kib)
{
    uint64_t short_kib = min_u64(sat_sub(measured_kib, predicted_kib),
                                 overhead_lesson_max_kib(predicted_kib));

    if (l->n == OVERHEAD_LESSON_N) {
        l->n--;
        memmove(&l->short_kib[0], &l->short_kib[1],
                l->n * sizeof(l->short_kib[0]));
    }
    l->short_kib[l->n++] = short_kib;
}

uint64_t
overhead_lesson_kib(const struct overhead_lesson *l)
{
    uint64_t largest_kib = 0;

    for (size_t i = 0; i < l->n; i++)
        largest_kib = max_u64(largest_kib, l->short_kib[i]);
    return largest_kib;
}
