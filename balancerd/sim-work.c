/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Phases of work. */
#include <config.h>

#include "sim-work.h"
#include "util/units.h"

/* The first phase after position_ms, or w->n. */
static size_t
next_phase(const struct sim_work *w, uint64_t position_ms)
{
    size_t i = 0;

    while (i < w->n && w->phases[i].at_ms <= position_ms)
        i++;
    return i;
}

/* Where in its round it is. */
static uint64_t
position_of(const struct sim_work *w, uint64_t age_ms)
{
    return w->repeat_ms > 0 ? age_ms % w->repeat_ms : age_ms;
}

void
sim_work_demand(const struct sim_work *w, uint64_t age_ms,
                struct sim_demand *ret)
{
    uint64_t position_ms = position_of(w, age_ms);
    size_t i = next_phase(w, position_ms);

    if (i > 0) {
        *ret = w->phases[i - 1].demand;
        return;
    }
    /* The last one goes on until the first one begins again. */
    *ret = w->phases[w->repeat_ms > 0 && age_ms >= w->repeat_ms ? w->n - 1 : 0]
               .demand;
    if (w->repeat_ms > 0 && age_ms >= w->repeat_ms)
        return;
    ret->anon_kib = 0;
    ret->hot_kib = 0;
    ret->file_kib = 0;
    ret->scan_kib_per_s = 0;
}

uint64_t
sim_work_next_ms(const struct sim_work *w, uint64_t age_ms)
{
    uint64_t position_ms = position_of(w, age_ms);
    size_t i = next_phase(w, position_ms);

    if (i < w->n && (w->repeat_ms == 0 || w->phases[i].at_ms < w->repeat_ms))
        return age_ms + (w->phases[i].at_ms - position_ms);
    return w->repeat_ms > 0 ? age_ms + (w->repeat_ms - position_ms)
                            : UINT64_MAX;
}
