/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those names of JSON members (fields.h) that are about how a domain fares with
 * its memory. */
#ifndef PROTO_FIELDS_LOAD_H
#define PROTO_FIELDS_LOAD_H

/* does it suffer, and for how long not to repeat what hurt */
#define FIELD_THRASH           "memory_state"
#define FIELD_REGRET_FLOOR     "regret_floor_kib"
#define FIELD_REGRET_FLOOR_FOR "regret_floor_for_ms"

/* its guest's own word: a map */
#define FIELD_GUEST_MEMORY    "memory"
#define FIELD_GUEST_FREE      "free_kib"
#define FIELD_GUEST_TOTAL     "total_kib"
#define FIELD_GUEST_SWAP_USED "swap_used_kib"
#define FIELD_GUEST_AGE       "age_ms"
/* and its agent's, when explained */
#define FIELD_AGENT      "agent" /* yes, no or stale */
#define FIELD_SWAP_IN    "swap_in_kib_per_s"
#define FIELD_SWAP_OUT   "swap_out_kib_per_s"
#define FIELD_STALL_SOME "stall_some_permyriad"
#define FIELD_STALL_FULL "stall_full_permyriad"

/* what the host sees of its swap */
#define FIELD_SWAP_SEEN "is_swap_seen"
#define FIELD_SEEN_IN   "seen_swap_in_kib_per_s"
#define FIELD_SEEN_OUT  "seen_swap_out_kib_per_s"
#define FIELD_SEEN_WAIT "seen_swap_wait_permyriad"

#endif
