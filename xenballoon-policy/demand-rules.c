/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Defaults and bounds of the demand engine's options. */
#include <config.h>

#include <stddef.h>

#include "demand-rules.h"

const struct xbp_option demand_rules_options[] = {
    /* Hyper-V's memory buffer is 20 %. */
    { "headroom", XBP_OPTION_NUMBER, offsetof(struct demand_rules, headroom),
      "1%", "400%", "20%" },
    /* ESX's idle memory tax is 75 %. */
    { "idle-tax", XBP_OPTION_NUMBER, offsetof(struct demand_rules, idle_tax),
      "0%", "100%", "75%" },
    /* Six windows of 5 s without: over, as the detector of thrashing has it. */
    { "hold-time", XBP_OPTION_TIME, offsetof(struct demand_rules, hold_ms),
      "1s", "1h", "30s" },
    /* As the daemon believes what a stuck domain has shown. */
    { "lesson-time", XBP_OPTION_TIME, offsetof(struct demand_rules, learned_ms),
      "0s", "1d", "10m" },
    /* An agent thinks the 64th part worth telling. */
    { "dead-band", XBP_OPTION_NUMBER, offsetof(struct demand_rules, dead_band),
      "0%", "50%", "1.5%" },
    { .key = NULL },
};
