/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What simulated guests had to suffer: the measures of a policy engine. */
#ifndef SIM_TOLL_H
#define SIM_TOLL_H

#include <stddef.h>
#include <stdint.h>

/* Of one guest, over all its lives. */
struct sim_toll {
    uint64_t work_ms;  /* it had something to do */
    uint64_t lost_us;  /* of that time, for want of memory */
    uint64_t below_ms; /* it held less than its working set */
    uint64_t swap_in_kib;
    uint64_t swap_out_kib;
    uint64_t balloon_kib; /* moved, both ways */
    uint64_t kills;       /* programs killed, out of memory */
};

/* Of all guests together. */
struct sim_bill {
    struct sim_toll sum;
    uint64_t worst_us;       /* lost by the one that lost most */
    uint64_t jain_permyriad; /* fairness of what was lost of the time */
};

void sim_toll_add(struct sim_toll *t, const struct sim_toll *more);

/* Zeroed at first; one call for each guest, then sim_bill_close(). */
struct sim_bill_sums {
    struct sim_bill bill;
    uint64_t n; /* guests that had work */
    uint64_t shares;
    uint64_t squares;
};

void sim_bill_take(struct sim_bill_sums *s, const struct sim_toll *t);
struct sim_bill sim_bill_close(const struct sim_bill_sums *s);

#endif
