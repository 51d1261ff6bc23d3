/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Engines that do not even begin; BAD_DEED is what they do, BAD_EARLY when
 * they are loaded, otherwise in create. */
#include <config.h>

#include "testing/bad-deeds.h"
#include "xbp.h"

#ifndef BAD_DEED
# define BAD_DEED "null"
#endif

#ifdef BAD_EARLY
static __attribute__((constructor)) void
bad_constructor(void)
{
    do_bad_deed(BAD_DEED);
}
#else
static void *
bad_create(void)
{
    do_bad_deed(BAD_DEED);
    return NULL;
}
#endif

static int
bad_plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    (void)ctx;
    (void)snapshot;
    (void)target_kib;
    return 0;
}

static struct xbp_policy bad_policy = {
    .name = "bad-create",
#ifndef BAD_EARLY
    .create = bad_create,
#endif
    .plan = bad_plan,
};

XBP_REGISTER_POLICY(bad_policy)
