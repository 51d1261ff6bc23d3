/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sums of what guests suffered. */
#include <config.h>

#include "sim-toll.h"
#include "util/units.h"

#define US_PER_MS 1000u

void
sim_toll_add(struct sim_toll *t, const struct sim_toll *more)
{
    t->work_ms += more->work_ms;
    t->lost_us += more->lost_us;
    t->below_ms += more->below_ms;
    t->swap_in_kib += more->swap_in_kib;
    t->swap_out_kib += more->swap_out_kib;
    t->balloon_kib += more->balloon_kib;
    t->kills += more->kills;
}

void
sim_bill_take(struct sim_bill_sums *s, const struct sim_toll *t)
{
    uint64_t share;

    sim_toll_add(&s->bill.sum, t);
    s->bill.worst_us = max_u64(s->bill.worst_us, t->lost_us);
    if (t->work_ms == 0)
        return;
    share = mul_div(t->lost_us, PERMYRIAD, t->work_ms * US_PER_MS);
    s->n++;
    s->shares += share;
    s->squares += share * share;
}

/* Jain: (sum x)^2 / (n * sum x^2); all alike, or nobody lost anything: 1. */
struct sim_bill
sim_bill_close(const struct sim_bill_sums *s)
{
    struct sim_bill bill = s->bill;

    bill.jain_permyriad =
        s->squares == 0
            ? PERMYRIAD
            : mul_div(s->shares * s->shares, PERMYRIAD, s->n * s->squares);
    return bill;
}
