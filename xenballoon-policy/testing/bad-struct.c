/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines that are not what the ABI says; built once per BAD_ name. */
#include <config.h>

#include "xbp.h"

#ifndef BAD_IDLE
static int
bad_plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    (void)ctx;
    (void)snapshot;
    (void)target_kib;
    return 0;
}
#endif

static struct xbp_policy bad_policy = {
#ifdef BAD_NAME
    .name = "Bad\n\033[31mName",
#elif !defined(BAD_NAMELESS)
    .name = "bad-struct",
#endif
#ifndef BAD_IDLE
    .plan = bad_plan,
#endif
};

const struct xbp_policy *xbp_policy_init(void);

__attribute__((visibility("default"))) const struct xbp_policy *
xbp_policy_init(void)
{
    bad_policy._struct_size = sizeof(bad_policy);
    bad_policy._api_version = XBP_API_VERSION;
#if defined(BAD_SMALL)
    bad_policy._struct_size = offsetof(struct xbp_policy, plan);
#elif defined(BAD_HUGE)
    bad_policy._struct_size = UINT64_MAX;
#elif defined(BAD_VERSION)
    bad_policy._api_version = -1;
#endif
#ifdef BAD_NOTHING
    return NULL;
#else
    return &bad_policy;
#endif
}
