/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a guest needs of the host's memory, as far as it can be known: what it
 * uses and some headroom, what it lacks when it pays for the lack, and no more
 * than its share as long as it does not.
 */
#ifndef DEMAND_NEED_H
#define DEMAND_NEED_H

#include <stdbool.h>
#include <stdint.h>

#include "demand-rules.h"
#include "xbp.h"

/* Why a guest needs what it does; in the order of their rank. */
enum demand_cause {
    DEMAND_UNKNOWN, /* it says nothing: its share */
    DEMAND_IDLE,    /* it can do with less than its share */
    DEMAND_USE,     /* it uses its share */
    DEMAND_FLOOR,   /* it lacked memory when it had less */
    DEMAND_BOOT,    /* it is new */
    DEMAND_WAKE,    /* it lacked memory, or was about to, a while ago */
    DEMAND_CLAIM,   /* it says it uses more than its share */
    DEMAND_LACK,    /* it pays for what it lacks */
    DEMAND_BARRED,  /* more than its share did not help it */
    DEMAND_ABSURD,  /* what it says cannot be */
};

/* What is remembered of a guest; zero at first. */
struct demand_memory {
    uint64_t seen_ms;   /* 0: never */
    uint64_t taken_ms;  /* when its last sample came */
    uint64_t looked_ms; /* when there was something to look at */
    uint64_t base_kib;  /* what it could not do without then */
    uint64_t extra_kib; /* held beyond what its kernel manages */
    uint64_t ramp_kib_per_s;
    uint64_t absurd_samples; /* the last ones in a row */
    uint64_t returned_kib;   /* brought in since it pays, or has more memory */
    uint64_t guess_kib;      /* of one of whom only its swapping is known */
    uint64_t told_kib, available_kib; /* by one who has no agent */
    uint64_t active_ms;      /* when it last grew, or brought memory in */
    uint64_t right_until_ms; /* has all of its share until then */
    uint64_t press_kib;      /* asked of it last beyond what it does not use */
    uint64_t pressed_ms;     /* when that was */
    uint64_t wall_permyriad; /* of its time, as it grew; by its last sample */
    uint64_t cost_permyriad; /* now, if it is proven */
    uint64_t paid_permyriad; /* that of the instant before */
    uint64_t lacks_ms;       /* since when it pays; 0: it does not */
    uint64_t peak_kib, peak_ms;   /* the most that it used lately, and when */
    uint64_t began_kib, began_ms; /* of its last move; 0: is over */
    uint64_t speed_kib_per_s;     /* of its balloon; 0: not known */
    uint64_t paid_ms;             /* when it last paid for a lack; 0: never */
    uint64_t claim_kib;           /* what would be enough then; 0: nothing */
    uint64_t step_kib;
    uint64_t cache_claim_kib, cache_step_kib; /* of one that ... */
    uint64_t missed_ms;                       /* ... reads files again */
    uint64_t cache_trial_ms, cache_trial_kib, cache_trial_cost;
    uint64_t cache_barred_until_ms;
    uint64_t cache_floor_kib, cache_step_down_kib;
    uint64_t floor_kib; /* had less, and lacked; until ... */
    uint64_t floor_until_ms;
    uint64_t target_kib; /* of the last plan */
    uint64_t changed_ms; /* when that became another */
    bool has_risen;      /* then it was made larger, ... */
    bool was_wished;     /* ... and that was no one else's idea */
    uint64_t wish_kib;   /* the last */
    uint64_t shrunk_from_kib, shrunk_ms;
    /* Does more than its share help it? */
    uint64_t trial_ms; /* since when; what it had and paid then */
    uint64_t trial_kib, trial_cost, trial_base_kib, trial_lack_kib;
    uint64_t barred_until_ms;
    uint64_t barred_for_ms; /* the last time */
};

/* One look at a guest. */
struct demand_look {
    const struct demand_rules *rules;
    const struct xbp_guest *guest;
    uint64_t now_ms;
    uint64_t share_kib;            /* what proportional would give it */
    uint64_t idle_kib;             /* what all others do not use of theirs */
    bool is_new;                   /* started a moment ago */
    uint64_t worst_cost_permyriad; /* of the others, last time */
    uint64_t cost_permyriad;       /* its own; demand_need() fills it in */
};

/* What comes of it: amounts in the measure of a target, in its bounds. */
struct demand_need {
    enum demand_cause cause;
    uint64_t base_kib;       /* what it could not do without; XBP_UNKNOWN */
    uint64_t share_kib;      /* what proportional would give it */
    uint64_t firm_kib;       /* of that, what it keeps from who lacks it */
    uint64_t tight_kib;      /* what it uses, soon will, or lacks */
    uint64_t touched_kib;    /* and its cache, up to its share */
    uint64_t peak_kib;       /* the most it used of its share lately */
    uint64_t want_kib;       /* tight, and some headroom */
    uint64_t spare_kib;      /* or more, if others do not need it */
    uint64_t right_kib;      /* its share, if it has reason to take it; or 0 */
    uint64_t most_kib;       /* no more for convenience */
    uint64_t kept_kib;       /* keeps this when others just say they need it */
    bool is_proven;          /* it pays for a lack */
    bool is_lasting;         /* has for a while */
    uint64_t soon_kib;       /* what it could fill soon of that */
    bool is_much;            /* it lacks more than others can do without */
    bool is_barred;          /* more than its share is of no use to it */
    uint64_t cost_permyriad; /* of its time, for want of memory */
};

void demand_need(const struct demand_look *look, struct demand_memory *m,
                 struct demand_need *ret);

#endif
