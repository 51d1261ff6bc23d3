/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of JSON members on the control socket.  Amounts end in _kib, times in
 * _ms; balancerctl shows "memory_target_kib" as xe's "memory-target" in bytes.
 */
#ifndef PROTO_FIELDS_H
#define PROTO_FIELDS_H

#include "proto/fields-daemon.h"
#include "proto/fields-load.h"
#include "proto/fields-plan.h"
#include "proto/fields-swap.h"

/* the host's account */
#define FIELD_HOST         "host"
#define FIELD_TOTAL        "total_kib"
#define FIELD_XEN          "xen_kib"
#define FIELD_DOM0         "dom0_kib"
#define FIELD_DOMAINS_KIB  "domains_kib"
#define FIELD_RESERVED     "reserved_kib"
#define FIELD_FREE         "free_kib"
#define FIELD_SUM          "sum_kib"
#define FIELD_HOST_FREE    "host_free_kib"
#define FIELD_HOST_RESERVE "host_reserve_kib"
#define FIELD_PROMISED     "reservations_kib"
#define FIELD_COMMITTED    "commitments_kib"

/* lists */
#define FIELD_VMS          "vms"
#define FIELD_RESERVATIONS "reservations"
#define FIELD_HOSTS        "hosts"

/* a domain */
#define FIELD_UUID        "uuid"
#define FIELD_NAME        "name_label"
#define FIELD_POWER_STATE "power_state"
#define FIELD_DOMID       "domid"
#define FIELD_IS_CONTROL  "is_control_domain"
#define FIELD_TYPE        "type"
#define FIELD_ACTUAL      "memory_actual_kib"
#define FIELD_TARGET      "memory_target_kib"
#define FIELD_STATIC_MAX  "memory_static_max_kib"
#define FIELD_DYNAMIC_MAX "memory_dynamic_max_kib"
#define FIELD_DYNAMIC_MIN "memory_dynamic_min_kib"
#define FIELD_STATIC_MIN  "memory_static_min_kib"
#define FIELD_MAXMEM      "memory_maxmem_kib"
#define FIELD_STATE       "state"
#define FIELD_REASON      "reason"
#define FIELD_RANGE_ERROR "range_error"

/* what was set for it */
#define FIELD_PIN         "memory_pin_kib"
#define FIELD_SWAP_POLICY "swap_policy"
#define FIELD_SWAP_MAX    "swap_max_size_kib"
/* what it costs beyond that; and the host itself */
#define FIELD_MEMORY_OVERHEAD "memory_overhead_kib"
#define FIELD_NEED            "need_kib"
#define FIELD_PREDICTED       "overhead_predicted_kib"
#define FIELD_LESSON          "overhead_lesson_kib"
#define FIELD_MEASURED        "overhead_measured_kib"

/* this host, as xe has it */
#define FIELD_HOST_TOTAL         "memory_total_kib"
#define FIELD_HOST_MEMORY_FREE   "memory_free_kib"
#define FIELD_HOST_FREE_COMPUTED "memory_free_computed_kib"

/* why a domain's target is what it is */
#define FIELD_HAS_RANGE           "has_range"
#define FIELD_ENGINE              "engine"
#define FIELD_SENTENCE            "sentence"
#define FIELD_SHARE               "share_permyriad"
#define FIELD_LOWER               "lower_kib"
#define FIELD_UPPER               "upper_kib"
#define FIELD_IS_MOVABLE          "is_movable"
#define FIELD_RULE                "rule"
#define FIELD_WISH                "wish_kib"
#define FIELD_WEIGHT              "weight"
#define FIELD_OFFSET              "offset_kib"
#define FIELD_IS_CALIBRATED       "is_calibrated"
#define FIELD_LEARNED_FLOOR       "learned_floor_kib"
#define FIELD_LEARNED_FLOOR_FOR   "learned_floor_for_ms"
#define FIELD_LEARNED_CEILING     "learned_ceiling_kib"
#define FIELD_LEARNED_CEILING_FOR "learned_ceiling_for_ms"
#define FIELD_TARGET_SINCE        "target_since_ms"
#define FIELD_LAST_MOVE           "last_move_ms"

/* a reservation */
#define FIELD_ID             "id"
#define FIELD_OWNER          "owner"
#define FIELD_OWNER_PID      "owner_pid"
#define FIELD_KEY            "key"
#define FIELD_MEMORY         "memory_kib"
#define FIELD_OVERHEAD       "overhead_kib"
#define FIELD_LEFT           "memory_left_kib"
#define FIELD_AGE            "age_ms"
#define FIELD_EXPIRES_IN     "expires_in_ms"
#define FIELD_GIVES_UP_IN    "gives_up_in_ms"
#define FIELD_IS_TRANSFERRED "is_transferred"
#define FIELD_IS_FOR_NEXT    "is_for_next"

/* xl-need's line */
#define FIELD_XL_NAME     "name"
#define FIELD_XL_MEMORY   "memory_kib"
#define FIELD_XL_MAXMEM   "maxmem_kib"
#define FIELD_XL_VCPUS    "vcpus"
#define FIELD_XL_NEED     "need_kib"
#define FIELD_XL_OVERHEAD "overhead_kib"

#endif
