/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and judgements that follow from what is known of a domain. */
#ifndef GUEST_LIMITS_H
#define GUEST_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

struct guest;
struct tuning;

/* Memory held, in the measure of a balloon target. */
uint64_t guest_actual_kib(const struct guest *g);
/* Memory that a target would have the domain hold. */
uint64_t guest_held_at_kib(const struct guest *g, uint64_t target_kib);
/* What it holds beyond its target may be its offset up to this much. */
uint64_t guest_offset_limit_kib(const struct guest *g);
/* Memory that Xen may have to find for this domain without anyone asking
 * again: what it holds, was told to take, or claims. */
uint64_t guest_committed_kib(const struct guest *g);

/* May a plan change this domain's target now (G5, G6, G10)? */
bool guest_is_movable(const struct guest *g, const struct tuning *tuning);
/* Lowest and highest target that a plan may give it now (G1, G8). */
uint64_t guest_lower_kib(const struct guest *g, const struct tuning *tuning);
uint64_t guest_upper_kib(const struct guest *g);
/* Below this a Linux guest of that size kills its own processes. */
uint64_t guest_oom_floor_kib(uint64_t static_max_kib);

/* What it could be asked for now; and with patience: a slow domain may yet
 * follow, a dying one leaves all it has. */
uint64_t guest_give_kib(const struct guest *g, const struct tuning *tuning);
uint64_t guest_hope_kib(const struct guest *g, const struct tuning *tuning);

/* Is the domain's memory on the move, or has to be looked at again soon? */
bool guest_is_busy(const struct guest *g);

#endif
