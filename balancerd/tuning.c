/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Default values of the control loop, each with its origin in tuning.h. */
#include <config.h>

#include "tuning.h"

const struct tuning tuning_default = {
    .host_reserve_kib = 72 * 1024,
    .idle_tick_ms = 10 * 1000,
    .busy_tick_ms = 20,
    .slow_after_ms = 1000,
    .stuck_after_ms = 5 * 1000,
    .stuck_retry_ms = 60 * 1000,
    .boot_grace_ms = 120 * 1000,
    .settle_ms = 500,
    .rest_ms = 1000,
    .dead_band_kib = 1024,
    .regret_ms = 30 * 1000,
    .regret_hold_ms = 120 * 1000,
    .regret_again_ms = 600 * 1000,
    .learned_ms = 600 * 1000,
    .has_oom_floor = true,
    .manages_dom0 = false,
    .dom0_floor_kib = 1024 * 1024,
    .engine_budget_ms = 200,
    .swap_calm_ms = 300 * 1000,
};
