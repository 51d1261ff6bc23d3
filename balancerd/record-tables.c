/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What decisions depend on, field by field. */
#include <config.h>

#include <stddef.h>
#include <string.h>

#include "record-tables.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD(type, member, name, kind)                           \
 {                                                                \
  name, kind, offsetof(type, member), sizeof(((type *)0)->member) \
 }

_Static_assert(sizeof(enum guest_state) == sizeof(uint32_t),
               "an enum is not of 32 bits");

const struct record_set record_unset = { .weight = WEIGHT_NEUTRAL,
                                         .pin_kib = HOST_UNSET };

struct record_set
record_set_of(const struct guest *g)
{
    struct record_set set = { .weight = g->weight, .pin_kib = g->pin_kib };

    memcpy(set.engine, g->engine, sizeof(set.engine));
    return set;
}

void
record_set_guest(const struct record_set *set, struct guest *g)
{
    g->weight = set->weight;
    g->pin_kib = set->pin_kib;
    memcpy(g->engine, set->engine, sizeof(g->engine));
}

/* How often a tick comes is no matter of decisions. */
static const struct record_field tuning_fields[] = {
    FIELD(struct tuning, host_reserve_kib, "host_reserve_kib", RECORD_U64),
    FIELD(struct tuning, slow_after_ms, "slow_after_ms", RECORD_U64),
    FIELD(struct tuning, stuck_after_ms, "stuck_after_ms", RECORD_U64),
    FIELD(struct tuning, stuck_retry_ms, "stuck_retry_ms", RECORD_U64),
    FIELD(struct tuning, boot_grace_ms, "boot_grace_ms", RECORD_U64),
    FIELD(struct tuning, settle_ms, "settle_ms", RECORD_U64),
    FIELD(struct tuning, rest_ms, "rest_ms", RECORD_U64),
    FIELD(struct tuning, dead_band_kib, "dead_band_kib", RECORD_U64),
    FIELD(struct tuning, regret_ms, "regret_ms", RECORD_U64),
    FIELD(struct tuning, regret_hold_ms, "regret_hold_ms", RECORD_U64),
    FIELD(struct tuning, regret_again_ms, "regret_again_ms", RECORD_U64),
    FIELD(struct tuning, learned_ms, "learned_ms", RECORD_U64),
    FIELD(struct tuning, has_oom_floor, "has_oom_floor", RECORD_BOOL),
    FIELD(struct tuning, manages_dom0, "manages_dom0", RECORD_BOOL),
    FIELD(struct tuning, dom0_floor_kib, "dom0_floor_kib", RECORD_U64),
    FIELD(struct tuning, engine_budget_ms, "engine_budget_ms", RECORD_U64),
    FIELD(struct tuning, dom0_lent_kib, "dom0_lent_kib", RECORD_U64),
    FIELD(struct tuning, lent_give_kib, "lent_give_kib", RECORD_U64),
    FIELD(struct tuning, lent_hope_kib, "lent_hope_kib", RECORD_U64),
};
const struct record_table record_tuning = { tuning_fields,
                                            LENGTH(tuning_fields) };

static const struct record_field memory_fields[] = {
    FIELD(struct host_memory, total_kib, "total_kib", RECORD_U64),
    FIELD(struct host_memory, free_kib, "free_kib", RECORD_U64),
    FIELD(struct host_memory, claimed_kib, "claimed_kib", RECORD_U64),
};
const struct record_table record_memory = { memory_fields,
                                            LENGTH(memory_fields) };

static const struct record_field domain_fields[] = {
    FIELD(struct host_domain, uuid, "uuid", RECORD_TEXT),
    FIELD(struct host_domain, name, "name", RECORD_TEXT),
    FIELD(struct host_domain, type, "type", RECORD_ENUM),
    FIELD(struct host_domain, has_hap, "has_hap", RECORD_BOOL),
    FIELD(struct host_domain, vcpus, "vcpus", RECORD_U32),
    FIELD(struct host_domain, is_paused, "is_paused", RECORD_BOOL),
    FIELD(struct host_domain, is_shutdown, "is_shutdown", RECORD_BOOL),
    FIELD(struct host_domain, is_dying, "is_dying", RECORD_BOOL),
    FIELD(struct host_domain, balloon, "balloon", RECORD_ENUM),
    FIELD(struct host_domain, actual_kib, "actual_kib", RECORD_U64),
    FIELD(struct host_domain, maxmem_kib, "maxmem_kib", RECORD_U64),
    FIELD(struct host_domain, claimed_kib, "claimed_kib", RECORD_U64),
    FIELD(struct host_domain, target_kib, "target_kib", RECORD_U64),
    FIELD(struct host_domain, static_min_kib, "static_min_kib", RECORD_U64),
    FIELD(struct host_domain, dynamic_min_kib, "dynamic_min_kib", RECORD_U64),
    FIELD(struct host_domain, dynamic_max_kib, "dynamic_max_kib", RECORD_U64),
    FIELD(struct host_domain, static_max_kib, "static_max_kib", RECORD_U64),
    FIELD(struct host_domain, videoram_kib, "videoram_kib", RECORD_U64),
    FIELD(struct host_domain, garbled_limits, "garbled_limits", RECORD_U32),
    FIELD(struct host_domain, available_kib, "available_kib", RECORD_U64),
    FIELD(struct host_domain, swap.is_seen, "swap_is_seen", RECORD_BOOL),
    FIELD(struct host_domain, swap.in_kib, "swap_in_kib", RECORD_U64),
    FIELD(struct host_domain, swap.out_kib, "swap_out_kib", RECORD_U64),
    FIELD(struct host_domain, swap.wait_ms, "swap_wait_ms", RECORD_U64),
    FIELD(struct host_domain, swap.at_ms, "swap_at_ms", RECORD_U64),
    FIELD(struct host_domain, sample.sequence, "sample_sequence", RECORD_U64),
    FIELD(struct host_domain, sample.uptime_ms, "sample_uptime_ms", RECORD_U64),
    FIELD(struct host_domain, sample.total_kib, "sample_total_kib", RECORD_U64),
    FIELD(struct host_domain, sample.available_kib, "sample_available_kib",
          RECORD_U64),
    FIELD(struct host_domain, sample.cache_kib, "sample_cache_kib", RECORD_U64),
    FIELD(struct host_domain, sample.anon_kib, "sample_anon_kib", RECORD_U64),
    FIELD(struct host_domain, sample.swap_total_kib, "sample_swap_total_kib",
          RECORD_U64),
    FIELD(struct host_domain, sample.swap_free_kib, "sample_swap_free_kib",
          RECORD_U64),
    FIELD(struct host_domain, sample.swap_in_pages, "sample_swap_in_pages",
          RECORD_U64),
    FIELD(struct host_domain, sample.swap_out_pages, "sample_swap_out_pages",
          RECORD_U64),
    FIELD(struct host_domain, sample.refault_anon_pages,
          "sample_refault_anon_pages", RECORD_U64),
    FIELD(struct host_domain, sample.refault_file_pages,
          "sample_refault_file_pages", RECORD_U64),
    FIELD(struct host_domain, sample.major_faults, "sample_major_faults",
          RECORD_U64),
    FIELD(struct host_domain, sample.scanned_pages, "sample_scanned_pages",
          RECORD_U64),
    FIELD(struct host_domain, sample.stall_some_us, "sample_stall_some_us",
          RECORD_U64),
    FIELD(struct host_domain, sample.stall_full_us, "sample_stall_full_us",
          RECORD_U64),
    FIELD(struct host_domain, inaccuracy_kib, "inaccuracy_kib", RECORD_U64),
};
const struct record_table record_domain = { domain_fields,
                                            LENGTH(domain_fields) };

/* What was set for a domain. */
static const struct record_field settings_fields[] = {
    FIELD(struct record_set, weight, "weight", RECORD_U32),
    FIELD(struct record_set, pin_kib, "pin_kib", RECORD_U64),
    FIELD(struct record_set, engine, "engine", RECORD_TEXT),
};
const struct record_table record_settings = { settings_fields,
                                              LENGTH(settings_fields) };

/* What was learned by watching it; of facts only the last ones. */
static const struct record_field guest_fields[] = {
    FIELD(struct guest, state, "state", RECORD_ENUM),
    FIELD(struct guest, has_balloon, "has_balloon", RECORD_BOOL),
    FIELD(struct guest, is_thrashing, "is_thrashing", RECORD_BOOL),
    FIELD(struct guest, load.last.sequence, "load_last_sequence", RECORD_U64),
    FIELD(struct guest, load.last.uptime_ms, "load_last_uptime_ms", RECORD_U64),
    FIELD(struct guest, load.last.total_kib, "load_last_total_kib", RECORD_U64),
    FIELD(struct guest, load.last.available_kib, "load_last_available_kib",
          RECORD_U64),
    FIELD(struct guest, load.last.cache_kib, "load_last_cache_kib", RECORD_U64),
    FIELD(struct guest, load.last.anon_kib, "load_last_anon_kib", RECORD_U64),
    FIELD(struct guest, load.last.swap_total_kib, "load_last_swap_total_kib",
          RECORD_U64),
    FIELD(struct guest, load.last.swap_free_kib, "load_last_swap_free_kib",
          RECORD_U64),
    FIELD(struct guest, load.last.swap_in_pages, "load_last_swap_in_pages",
          RECORD_U64),
    FIELD(struct guest, load.last.swap_out_pages, "load_last_swap_out_pages",
          RECORD_U64),
    FIELD(struct guest, load.last.refault_anon_pages,
          "load_last_refault_anon_pages", RECORD_U64),
    FIELD(struct guest, load.last.refault_file_pages,
          "load_last_refault_file_pages", RECORD_U64),
    FIELD(struct guest, load.last.major_faults, "load_last_major_faults",
          RECORD_U64),
    FIELD(struct guest, load.last.scanned_pages, "load_last_scanned_pages",
          RECORD_U64),
    FIELD(struct guest, load.last.stall_some_us, "load_last_stall_some_us",
          RECORD_U64),
    FIELD(struct guest, load.last.stall_full_us, "load_last_stall_full_us",
          RECORD_U64),
    FIELD(struct guest, load.taken_ms, "load_taken_ms", RECORD_U64),
    FIELD(struct guest, load.span_ms, "load_span_ms", RECORD_U64),
    FIELD(struct guest, load.swap_in_kib_per_s, "load_swap_in_kib_per_s",
          RECORD_U64),
    FIELD(struct guest, load.swap_out_kib_per_s, "load_swap_out_kib_per_s",
          RECORD_U64),
    FIELD(struct guest, load.refault_anon_kib_per_s,
          "load_refault_anon_kib_per_s", RECORD_U64),
    FIELD(struct guest, load.refault_file_kib_per_s,
          "load_refault_file_kib_per_s", RECORD_U64),
    FIELD(struct guest, load.major_faults_per_s, "load_major_faults_per_s",
          RECORD_U64),
    FIELD(struct guest, load.scanned_kib_per_s, "load_scanned_kib_per_s",
          RECORD_U64),
    FIELD(struct guest, load.stall_some_permyriad, "load_stall_some_permyriad",
          RECORD_U64),
    FIELD(struct guest, load.stall_full_permyriad, "load_stall_full_permyriad",
          RECORD_U64),
    FIELD(struct guest, load.seen.is_seen, "load_seen_is_seen", RECORD_BOOL),
    FIELD(struct guest, load.seen.in_kib, "load_seen_in_kib", RECORD_U64),
    FIELD(struct guest, load.seen.out_kib, "load_seen_out_kib", RECORD_U64),
    FIELD(struct guest, load.seen.wait_ms, "load_seen_wait_ms", RECORD_U64),
    FIELD(struct guest, load.seen.at_ms, "load_seen_at_ms", RECORD_U64),
    FIELD(struct guest, load.seen_ms, "load_seen_ms", RECORD_U64),
    FIELD(struct guest, load.seen_span_ms, "load_seen_span_ms", RECORD_U64),
    FIELD(struct guest, load.seen_in_kib_per_s, "load_seen_in_kib_per_s",
          RECORD_U64),
    FIELD(struct guest, load.seen_out_kib_per_s, "load_seen_out_kib_per_s",
          RECORD_U64),
    FIELD(struct guest, load.seen_wait_permyriad, "load_seen_wait_permyriad",
          RECORD_U64),
    FIELD(struct guest, thrash.state, "thrash_state", RECORD_ENUM),
    FIELD(struct guest, thrash.since_ms, "thrash_since_ms", RECORD_U64),
    FIELD(struct guest, thrash.heard_ms, "thrash_heard_ms", RECORD_U64),
    FIELD(struct guest, thrash.bad_ms, "thrash_bad_ms", RECORD_U64),
    FIELD(struct guest, thrash.dire_ms, "thrash_dire_ms", RECORD_U64),
    FIELD(struct guest, thrash.calm_ms, "thrash_calm_ms", RECORD_U64),
    FIELD(struct guest, regret.shrunk_from_kib, "regret_shrunk_from_kib",
          RECORD_U64),
    FIELD(struct guest, regret.shrunk_since_ms, "regret_shrunk_since_ms",
          RECORD_U64),
    FIELD(struct guest, regret.shrunk_at_ms, "regret_shrunk_at_ms", RECORD_U64),
    FIELD(struct guest, regret.floor_kib, "regret_floor_kib", RECORD_U64),
    FIELD(struct guest, regret.hurt_kib, "regret_hurt_kib", RECORD_U64),
    FIELD(struct guest, regret.until_ms, "regret_until_ms", RECORD_U64),
    FIELD(struct guest, regret.hold_ms, "regret_hold_ms", RECORD_U64),
    FIELD(struct guest, range.static_min_kib, "range_static_min_kib",
          RECORD_U64),
    FIELD(struct guest, range.dynamic_min_kib, "range_dynamic_min_kib",
          RECORD_U64),
    FIELD(struct guest, range.dynamic_max_kib, "range_dynamic_max_kib",
          RECORD_U64),
    FIELD(struct guest, range.static_max_kib, "range_static_max_kib",
          RECORD_U64),
    FIELD(struct guest, has_range, "has_range", RECORD_BOOL),
    FIELD(struct guest, range_error, "range_error", RECORD_TEXT),
    FIELD(struct guest, settings_error, "settings_error", RECORD_TEXT),
    FIELD(struct guest, offset_kib, "offset_kib", RECORD_I64),
    FIELD(struct guest, is_calibrated, "is_calibrated", RECORD_BOOL),
    FIELD(struct guest, unproven_since_ms, "unproven_since_ms", RECORD_U64),
    FIELD(struct guest, watched_target_kib, "watched_target_kib", RECORD_U64),
    FIELD(struct guest, target_since_ms, "target_since_ms", RECORD_U64),
    FIELD(struct guest, pursuit_distance_kib, "pursuit_distance_kib",
          RECORD_U64),
    FIELD(struct guest, pursuit_grows, "pursuit_grows", RECORD_BOOL),
    FIELD(struct guest, progress_distance_kib, "progress_distance_kib",
          RECORD_U64),
    FIELD(struct guest, previous_actual_kib, "previous_actual_kib", RECORD_U64),
    FIELD(struct guest, last_move_ms, "last_move_ms", RECORD_U64),
    FIELD(struct guest, gives_kib_per_s, "gives_kib_per_s", RECORD_U64),
    FIELD(struct guest, last_progress_ms, "last_progress_ms", RECORD_U64),
    FIELD(struct guest, has_settled, "has_settled", RECORD_BOOL),
    FIELD(struct guest, is_stuck, "is_stuck", RECORD_BOOL),
    FIELD(struct guest, stuck_since_ms, "stuck_since_ms", RECORD_U64),
    FIELD(struct guest, wake.target_kib, "wake_target_kib", RECORD_U64),
    FIELD(struct guest, wake.at_ms, "wake_at_ms", RECORD_U64),
    FIELD(struct guest, wake.has_page, "wake_has_page", RECORD_BOOL),
    FIELD(struct guest, learned_floor_kib, "learned_floor_kib", RECORD_U64),
    FIELD(struct guest, learned_floor_until_ms, "learned_floor_until_ms",
          RECORD_U64),
    FIELD(struct guest, learned_ceiling_kib, "learned_ceiling_kib", RECORD_U64),
    FIELD(struct guest, learned_ceiling_until_ms, "learned_ceiling_until_ms",
          RECORD_U64),
    FIELD(struct guest, appeared_ms, "appeared_ms", RECORD_U64),
};
const struct record_table record_guest = { guest_fields, LENGTH(guest_fields) };

/* Who asked, and until when, is no matter of targets. */
static const struct record_field reservation_fields[] = {
    FIELD(struct reservation, state, "state", RECORD_ENUM),
    FIELD(struct reservation, kib, "kib", RECORD_U64),
    FIELD(struct reservation, min_kib, "min_kib", RECORD_U64),
    FIELD(struct reservation, overhead_kib, "overhead_kib", RECORD_U64),
    FIELD(struct reservation, uuid, "uuid", RECORD_TEXT),
    FIELD(struct reservation, domid, "domid", RECORD_U32),
};
const struct record_table record_reservation = { reservation_fields,
                                                 LENGTH(reservation_fields) };
