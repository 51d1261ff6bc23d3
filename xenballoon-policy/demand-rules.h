/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the demand engine; their origins are in demand-rules.c. */
#ifndef DEMAND_RULES_H
#define DEMAND_RULES_H

#include <stdint.h>

#include "xbp-option.h"

/* Parts are in 1/XBP_OPTION_ONE. */
struct demand_rules {
    struct xbp_options options; /* first: xbp_option_config() */
    uint64_t headroom;          /* part of what a guest uses */
    uint64_t idle_tax;   /* part of what it does not need of its share that
                        * goes to who only says that it needs more */
    uint64_t hold_ms;    /* for how long who began to use its share keeps it */
    uint64_t learned_ms; /* for how long a lesson is believed */
    uint64_t dead_band;  /* part of its target that is worth a change */
};

/* The table of options, for xbp_option_create(). */
extern const struct xbp_option demand_rules_options[];

#endif
