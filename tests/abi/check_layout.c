/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Members may be added at the end of the ABI's structs, and nothing else: each
 * member of the first header is where it was and as large.  It is the compiler
 * that checks.
 */
#include <config.h>

#include <stddef.h>

/* The first header, with other names. */
#define xbp_guest       v1_guest
#define xbp_snapshot    v1_snapshot
#define xbp_policy      v1_policy
#define xbp_policy_init v1_policy_init
#include "v1/xbp.h"
#undef xbp_guest
#undef xbp_snapshot
#undef xbp_policy
#undef xbp_policy_init

enum {
    V1_API_VERSION = XBP_API_VERSION,
    V1_GUEST_THRASHING = XBP_GUEST_THRASHING,
    V1_GUEST_RESERVATION = XBP_GUEST_RESERVATION,
};

#undef XBP_H
#undef XBP_API_VERSION
#undef XBP_EXTERN_C
#undef XBP_GUEST_RESERVATION
#undef XBP_GUEST_THRASHING
#undef XBP_INIT_NAME
#undef XBP_REGISTER_POLICY
#undef XBP_UNKNOWN
#include "xbp.h"

#define SAME(name, member)                                        \
 _Static_assert(offsetof(struct v1_##name, member) ==             \
                        offsetof(struct xbp_##name, member) &&    \
                    sizeof(((struct v1_##name *)0)->member) ==    \
                        sizeof(((struct xbp_##name *)0)->member), \
                #name "." #member " is not what it was")

SAME(guest, _struct_size);
SAME(guest, uuid);
SAME(guest, name);
SAME(guest, domid);
SAME(guest, flags);
SAME(guest, dynamic_min_kib);
SAME(guest, dynamic_max_kib);
SAME(guest, lower_kib);
SAME(guest, upper_kib);
SAME(guest, target_kib);
SAME(guest, actual_kib);
SAME(guest, available_kib);
SAME(guest, weight);

SAME(snapshot, _struct_size);
SAME(snapshot, now_ms);
SAME(snapshot, total_kib);
SAME(snapshot, free_kib);
SAME(snapshot, wanted_free_kib);
SAME(snapshot, budget_kib);
SAME(snapshot, n_guests);
SAME(snapshot, guests);

SAME(policy, _struct_size);
SAME(policy, _api_version);
SAME(policy, name);
SAME(policy, version);
SAME(policy, description);
SAME(policy, create);
SAME(policy, destroy);
SAME(policy, config);
SAME(policy, config_complete);
SAME(policy, plan);
SAME(policy, explain);

_Static_assert((int)V1_API_VERSION == XBP_API_VERSION &&
                   (int)V1_GUEST_THRASHING == XBP_GUEST_THRASHING &&
                   (int)V1_GUEST_RESERVATION == XBP_GUEST_RESERVATION,
               "a constant is not what it was");

int
main(void)
{
    return 0;
}
