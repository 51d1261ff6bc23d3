/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An engine that plans badly: plan = DEED, from the one after the after-th on,
 * every so many.  Before that it keeps everyone's target. */
#include <config.h>

#include <time.h>

#include "testing/bad-deeds.h"
#include "xbp.h"

#define DEED_SIZE 16
#define NS_PER_MS 1000000l
/* Beyond all that the daemon shares with it. */
#define FAR (UINT64_C(1) << 24)

struct bad {
    char plan[DEED_SIZE];
    char explain[DEED_SIZE];
    uint64_t after;
    uint64_t every;
    long sleep_ms;
    uint64_t plans;
};

static void *
bad_create(void)
{
    struct bad *bad = calloc(1, sizeof(*bad));

    if (bad)
        bad->every = 1;
    return bad;
}

static int
bad_config(void *ctx, const char *key, const char *value, char *error,
           size_t error_size)
{
    struct bad *bad = ctx;

    (void)error;
    (void)error_size;
    if (strcmp(key, "plan") == 0)
        strncpy(bad->plan, value, sizeof(bad->plan) - 1);
    else if (strcmp(key, "explain") == 0)
        strncpy(bad->explain, value, sizeof(bad->explain) - 1);
    else if (strcmp(key, "after") == 0)
        bad->after = strtoull(value, NULL, 10);
    else if (strcmp(key, "every") == 0)
        bad->every = strtoull(value, NULL, 10);
    else
        bad->sleep_ms = strtol(value, NULL, 10);
    return 0;
}

/* A const that is cast away: what it is shown is not its own to change. */
static void
scribble(const struct xbp_snapshot *snapshot)
{
    void *shown = (void *)(uintptr_t)snapshot;

    memset(shown, 0x5a, sizeof(*snapshot));
}

static UNWATCHED void
write_beyond(uint64_t *target_kib)
{
    for (uint64_t i = 0; i < FAR; i++)
        target_kib[i] = 0x5a;
}

static int
plan_badly(const struct bad *bad, const struct xbp_snapshot *snapshot,
           uint64_t *target_kib)
{
    const struct timespec nap = { bad->sleep_ms / 1000,
                                  bad->sleep_ms % 1000 * NS_PER_MS };

    do_bad_deed(bad->plan);
    if (strcmp(bad->plan, "minus") == 0)
        return -1;
    if (strcmp(bad->plan, "seven") == 0)
        return 7;
    if (strcmp(bad->plan, "late") == 0)
        nanosleep(&nap, NULL);
    if (strcmp(bad->plan, "scribble") == 0)
        scribble(snapshot);
    if (strcmp(bad->plan, "close") == 0)
        close_range(STDERR_FILENO + 1, ~0u, 0);
    if (strcmp(bad->plan, "beyond") == 0)
        write_beyond(target_kib);
    return 0;
}

static int
bad_plan(void *ctx, const struct xbp_snapshot *snapshot, uint64_t *target_kib)
{
    struct bad *bad = ctx;

    if (++bad->plans <= bad->after || bad->plans % bad->every != 0)
        return 0;
    return plan_badly(bad, snapshot, target_kib);
}

static void
bad_explain(void *ctx, uint64_t i, char *text, size_t text_size)
{
    const struct bad *bad = ctx;

    (void)i;
    do_bad_deed(bad->explain);
    memset(text, 'x', text_size); /* no NUL */
}

static struct xbp_policy bad_policy = {
    .name = "bad-plan",
    .version = "1\n\033[31m.2",
    .description = "keeps everyone's target, until it does not",
    .create = bad_create,
    .destroy = free,
    .config = bad_config,
    .plan = bad_plan,
    .explain = bad_explain,
};

XBP_REGISTER_POLICY(bad_policy)
