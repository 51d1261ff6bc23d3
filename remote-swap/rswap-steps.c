/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is next, from what there is. */
#include <config.h>

#include "rswap-steps.h"

static const struct {
    const char *name;
    /* Is half of it made whole by doing the rest?  If not it goes first. */
    bool is_resumed;
} steps[RSWAP_STEPS] = {
    [RSWAP_FILE] = { "file", true },    [RSWAP_NBD] = { "nbd", true },
    [RSWAP_STACK] = { "stack", false }, [RSWAP_LABEL] = { "label", true },
    [RSWAP_VBD] = { "vbd", false },     [RSWAP_OFFER] = { "offer", true },
};

static const struct rswap_deed nothing = { RSWAP_STEPS, false };

/* The highest step of which there is anything; -1: there is nothing. */
static int
highest(const struct rswap_there_is *there)
{
    int i = RSWAP_STEPS - 1;

    while (i >= 0 && there->step[i] == RSWAP_ABSENT)
        i--;
    return i;
}

struct rswap_deed
rswap_next_up(const struct rswap_there_is *there)
{
    int top = highest(there);
    int i;

    if (top >= 0 && there->step[top] == RSWAP_HALF)
        return (struct rswap_deed){ (enum rswap_step)top,
                                    !steps[top].is_resumed };
    /* Somebody took the guest's device away. */
    if (top == RSWAP_OFFER && there->step[RSWAP_VBD] != RSWAP_THERE)
        return (struct rswap_deed){ RSWAP_OFFER, true };
    /* What carries the guest's device is as it is; below the stack a leg may
     * be missing that an earlier run has not come to. */
    i = top >= RSWAP_STACK ? top + 1 : 0;
    while (i < RSWAP_STEPS &&
           (!there->is_wanted[i] || there->step[i] == RSWAP_THERE))
        i++;
    return (struct rswap_deed){ (enum rswap_step)i, false };
}

/* A label goes with its device. */
struct rswap_deed
rswap_next_down(const struct rswap_there_is *there)
{
    int top = highest(there);

    if (top == RSWAP_LABEL)
        top = RSWAP_STACK;
    return top < 0 ? nothing
                   : (struct rswap_deed){ (enum rswap_step)top, true };
}

bool
rswap_may_undo(const struct rswap_there_is *at_first)
{
    return at_first->step[RSWAP_VBD] != RSWAP_THERE &&
           at_first->step[RSWAP_OFFER] != RSWAP_THERE;
}

const char *
rswap_step_text(enum rswap_step step)
{
    return steps[step].name;
}
