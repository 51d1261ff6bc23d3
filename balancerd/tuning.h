/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The constants of the control loop; conf.c may change what says so. */
#ifndef TUNING_H
#define TUNING_H

#include <stdbool.h>
#include <stdint.h>

struct tuning {
    /* Free memory that stays free (G2). 64 MiB is where Xen begins to raise
     * VIRQ_ENOMEM, 8 MiB is squeezed's slack above it. conf: host-reserve */
    uint64_t host_reserve_kib;
    /* Longest sleep between two ticks. conf: balance-interval */
    uint64_t idle_tick_ms;
    /* Between two looks while memory is on the move: one hypercall, 45 us. */
    uint64_t busy_tick_ms;
    /* Off target without progress: others are asked to stand in ... */
    uint64_t slow_after_ms;
    /* ... and then the domain is stuck (5 s: squeezed's number). */
    uint64_t stuck_after_ms;
    /* A stuck domain is tried again after this long. */
    uint64_t stuck_retry_ms;
    /* A domain that never showed a balloon driver counts as without one. */
    uint64_t boot_grace_ms;
    /* A domain whose memory did not move for this long is settled. */
    uint64_t settle_ms;
    /* Convenience moves of one domain come no closer than this (G9). */
    uint64_t rest_ms;
    /* Convenience moves smaller than this are not made (G9). */
    uint64_t dead_band_kib;
    /* Shrinking that is followed by thrashing within this time is undone. */
    uint64_t regret_ms;
    /* Then it is not asked again for this long, and for twice as long each time
     * that it hurts again this soon after, which is also the longest. */
    uint64_t regret_hold_ms;
    uint64_t regret_again_ms;
    /* What a domain has proven unable to give, or to take, is believed this
     * long (G8). */
    uint64_t learned_ms;
    /* Held back for the guest-OOM floor (G8). conf: oom-floor */
    bool has_oom_floor;
    /* conf: manage-domain-zero, domain-zero-dynamic-min (G10) */
    bool manages_dom0;
    uint64_t dom0_floor_kib;
    /* A plugin has this long for a plan: a thousand times what it takes for a
     * thousand guests, and for who waits for memory no more than a moment.
     * conf: engine-budget */
    uint64_t engine_budget_ms;
    /* A domain that was calm for so long is over it, and its remote swap goes:
     * load that comes back sooner would find the way up again, which costs
     * seconds.  conf: calm */
    uint64_t swap_calm_ms;
    /* What borrowers would give back if it were wanted, now and with patience:
     * lender-recall.c counts it. */
    uint64_t lent_give_kib;
    uint64_t lent_hope_kib;
    uint64_t dom0_lent_kib; /* what it holds for other hosts, above that */
};

extern const struct tuning tuning_default;

#endif
