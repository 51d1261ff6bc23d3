/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine whose options are traps: config = DEED, ready = DEED, destroy =
 * DEED; "mute" refuses without a word, "loud" without an end. */
#include <config.h>

#include "testing/bad-deeds.h"
#include "xbp.h"

#define DEED_SIZE 16

struct bad {
    char ready[DEED_SIZE];
    char destroy[DEED_SIZE];
};

static void *
bad_create(void)
{
    return calloc(1, sizeof(struct bad));
}

static void
bad_destroy(void *ctx)
{
    struct bad *bad = ctx;

    do_bad_deed(bad->destroy);
    free(bad);
}

static int
refuse(const char *deed, char *error, size_t error_size)
{
    do_bad_deed(deed);
    if (strcmp(deed, "loud") == 0)
        memset(error, 'x', error_size); /* no NUL */
    return -1;
}

static int
bad_config(void *ctx, const char *key, const char *value, char *error,
           size_t error_size)
{
    struct bad *bad = ctx;

    if (strcmp(key, "ready") == 0)
        strncpy(bad->ready, value, sizeof(bad->ready) - 1);
    else if (strcmp(key, "destroy") == 0)
        strncpy(bad->destroy, value, sizeof(bad->destroy) - 1);
    else
        return refuse(value, error, error_size);
    return 0;
}

static int
bad_config_complete(void *ctx, char *error, size_t error_size)
{
    const struct bad *bad = ctx;

    return bad->ready[0] ? refuse(bad->ready, error, error_size) : 0;
}

static int
bad_plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    (void)ctx;
    (void)snapshot;
    (void)target_kib;
    return 0;
}

static struct xbp_policy bad_policy = {
    .name = "bad-config",
    .create = bad_create,
    .destroy = bad_destroy,
    .config = bad_config,
    .config_complete = bad_config_complete,
    .plan = bad_plan,
};

XBP_REGISTER_POLICY(bad_policy)
