/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine with wishes that make no sense: wish = NAME; what it does not know
 * is the bits of a NaN. */
#include <config.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "xbp.h"

/* Of the smallest integers that a double cannot hold. */
#define ABOVE_DOUBLE ((UINT64_C(1) << 53) + 1)

static uint64_t
bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static const struct bad_wish {
    const char *name;
    uint64_t kib;
} wishes[] = {
    { "zero", 0 },
    { "one", 1 },
    { "negative", (uint64_t)-1048576 },
    { "least", (uint64_t)INT64_MIN }, /* what x86 makes of a NaN */
    { "above", ABOVE_DOUBLE },
    { "most", UINT64_MAX },
};

struct bad {
    bool is_first_only;
    uint64_t kib;
};

static void *
bad_create(void)
{
    return calloc(1, sizeof(struct bad));
}

static int
bad_config(void *ctx, const char *key, const char *value, char *error,
           size_t error_size)
{
    struct bad *bad = ctx;

    (void)key;
    (void)error;
    (void)error_size;
    bad->is_first_only = strcmp(value, "first") == 0;
    bad->kib = bits_of(__builtin_nan(""));
    for (size_t i = 0; i < sizeof(wishes) / sizeof(wishes[0]); i++)
        if (strcmp(value, wishes[i].name) == 0)
            bad->kib = wishes[i].kib;
    return 0;
}

/* With "first" the others stay as they came. */
static int
bad_plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    const struct bad *bad = ctx;

    if (bad->is_first_only && snapshot->n_guests > 0) {
        target_kib[0] = snapshot->guests[0]->dynamic_min_kib;
        return 0;
    }
    for (uint64_t i = 0; i < snapshot->n_guests; i++)
        target_kib[i] = bad->kib;
    return 0;
}

static struct xbp_policy bad_policy = {
    .name = "bad-wishes",
    .create = bad_create,
    .destroy = free,
    .config = bad_config,
    .plan = bad_plan,
};

XBP_REGISTER_POLICY(bad_policy)
