/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An engine as it was built against the ABI of 0.1 (v1/xbp.h, which is never
 * changed), and what may be wrong with one: built once per ENGINE_ name.
 * It wishes every guest its dynamic-min.
 */
#include <stddef.h>
#include <string.h>

#include "v1/xbp.h"

static int
plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    (void)ctx;
    for (uint64_t i = 0; i < snapshot->n_guests; i++)
        target_kib[i] = snapshot->guests[i]->dynamic_min_kib;
    return 0;
}

/* As a later header would have it: members that this daemon does not know. */
static struct {
    struct xbp_policy known;
    void (*later)(void);
} engine = {
    .known = {
        .name = "old",
        .plan = plan,
    },
};

const struct xbp_policy *xbp_policy_init(void);

__attribute__((visibility("default"))) const struct xbp_policy *
xbp_policy_init(void)
{
    engine.known._struct_size = sizeof(engine.known);
    engine.known._api_version = XBP_API_VERSION;
#if defined(ENGINE_LONGER)
    engine.known._struct_size = sizeof(engine);
#elif defined(ENGINE_SHORTER)
    /* As an earlier header would have it: nothing after plan.  What lies
     * there must not be read. */
    engine.known._struct_size = offsetof(struct xbp_policy, explain);
    memset(&engine.known.explain, 0x5a, sizeof(engine.known.explain));
#elif defined(ENGINE_FUTURE)
    engine.known._api_version = XBP_API_VERSION + 1;
#elif defined(ENGINE_IDLE)
    engine.known.plan = NULL;
#endif
    return &engine.known;
}
