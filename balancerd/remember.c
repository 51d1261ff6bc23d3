/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes samples for the history. */
#include <config.h>

#include "history.h"
#include "remember.h"
#include "tick.h"
#include "util/clock.h"
#include "util/units.h"

/* A domain without a target is to hold what it holds. */
static uint64_t
targets_kib(const struct guest_table *guests)
{
    uint64_t sum_kib = 0;

    for (size_t i = 0; i < guests->n; i++) {
        const struct host_domain *d = &guests->guests[i].facts;

        if (d->domid != 0)
            sum_kib =
                sat_add(sum_kib, d->target_kib == HOST_UNSET ? d->actual_kib
                                                             : d->target_kib);
    }
    return sum_kib;
}

void
remember_sample(struct balancer *b)
{
    const struct account *a = &b->snapshot.account;
    uint64_t now_ms = b->snapshot.xbp.now_ms;

    /* A squeeze may well be over in less than the time between samples. */
    b->has_squeezed |= b->snapshot.is_squeezing;
    if (!history_is_due(b->history, now_ms))
        return;
    history_add(b->history, &(struct history_sample){
                                .time_ms = now_ms,
                                .wall_ms = clock_wall_ms(),
                                .total_kib = a->total_kib,
                                .free_kib = a->free_kib,
                                .reserved_kib = a->reserved_kib,
                                .dom0_kib = a->dom0_kib,
                                .domains_kib = a->domains_kib,
                                .targets_kib = targets_kib(&b->guests),
                                .n_domains = (uint32_t)b->guests.n,
                                .is_squeezing = b->has_squeezed,
                            });
    for (size_t i = 0; i < b->guests.n; i++)
        history_put(b->history, &b->guests.guests[i].facts);
    b->has_squeezed = false;
}
