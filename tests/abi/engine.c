/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An engine as it was built against the ABI of 0.1 (v1/xbp.h, which is never
 * changed), and what may be wrong with one: built once per ENGINE_ name.
 * It wishes every guest its dynamic-min, or with ENGINE_OPTIONS what it is
 * told.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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

#ifdef ENGINE_OPTIONS
enum wish {
    WISH_MIN,
    WISH_MAX,
    WISH_NONE,
};

static void *
create(void)
{
    return calloc(1, sizeof(enum wish));
}

static int
config(void *ctx, const char *key, const char *value, char *error,
       size_t error_size)
{
    static const char *const names[] = { "min", "max", "none" };

    for (size_t i = 0; i < 3 && strcmp(key, "wish") == 0; i++) {
        if (strcmp(value, names[i]) != 0)
            continue;
        *(enum wish *)ctx = (enum wish)i;
        return 0;
    }
    snprintf(error, error_size, "there is only wish = min, max or none");
    return -1;
}

static int
plan_as_told(void *ctx, const struct xbp_snapshot *snapshot,
             uint64_t *target_kib)
{
    const enum wish *wish = ctx;

    if (*wish == WISH_NONE)
        return -1;
    if (*wish == WISH_MIN)
        return plan(ctx, snapshot, target_kib);
    for (uint64_t i = 0; i < snapshot->n_guests; i++)
        target_kib[i] = snapshot->guests[i]->dynamic_max_kib;
    return 0;
}
#endif

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
#elif defined(ENGINE_OPTIONS)
    engine.known.create = create;
    engine.known.destroy = free;
    engine.known.config = config;
    engine.known.plan = plan_as_told;
#endif
    return &engine.known;
}
