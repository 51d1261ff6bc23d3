/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of states and events. */
#include <config.h>

#include <string.h>

#include "util/units.h"
#include "volume.h"

/* How often an attached volume is looked at: the list of volumes is as old. */
#define LOOK_MS (10 * MS_PER_S)
/* A lender that was restarted is soon back; a connection costs little. */
#define RETRY_MS (5 * MS_PER_S)

/* rswap-attach's own limits are 20 s for each program, 40 s for libxl and 30 s
 * for the guest; beyond these something hangs that it does not know of. */
#define LOOK_LIMIT_MS     (20 * MS_PER_S)
#define ATTACH_LIMIT_MS   (120 * MS_PER_S)
#define WITHDRAW_LIMIT_MS (60 * MS_PER_S)

/* clang-format off */
#define STAYS(state)   { VOLUME_##state, VOLUME_DO_NOTHING }
#define GOES(state, deed) { VOLUME_##state, VOLUME_DO_##deed }

static const struct volume_step steps[VOLUME_STATES][VOLUME_EVENTS] = {
    [VOLUME_FOUND] = {
        [VOLUME_DONE] = STAYS(ATTACHED),
        [VOLUME_FAILED] = STAYS(FOUND),
        [VOLUME_REFUSED] = STAYS(FOUND),
        [VOLUME_MISSING] = GOES(ASKING, ASK),
        [VOLUME_LEG_LOST] = GOES(SEEKING, ASK),
        [VOLUME_RECALLED] = STAYS(FOUND),
        [VOLUME_TIME] = GOES(FOUND, LOOK),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_ASKING] = {
        [VOLUME_DONE] = GOES(ATTACHING, ATTACH),
        [VOLUME_FAILED] = GOES(RETURNING, RETURN),
        [VOLUME_REFUSED] = GOES(RETURNING, RETURN),
        [VOLUME_MISSING] = GOES(RETURNING, RETURN),
        [VOLUME_LEG_LOST] = GOES(ASKING, ASK),
        [VOLUME_RECALLED] = GOES(RETURNING, RETURN),
        [VOLUME_TIME] = GOES(ASKING, ASK),
        [VOLUME_UNWANTED] = GOES(DETACHING, DETACH),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_ATTACHING] = {
        [VOLUME_DONE] = STAYS(ATTACHED),
        [VOLUME_FAILED] = GOES(DETACHING, DETACH),
        [VOLUME_REFUSED] = GOES(DETACHING, DETACH),
        [VOLUME_MISSING] = GOES(DETACHING, DETACH),
        [VOLUME_LEG_LOST] = GOES(SEEKING, ASK),
        [VOLUME_RECALLED] = GOES(ATTACHING, ATTACH),
        [VOLUME_TIME] = GOES(ATTACHING, ATTACH),
        /* It may have the device already. */
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_ATTACHED] = {
        [VOLUME_DONE] = STAYS(ATTACHED),
        [VOLUME_FAILED] = STAYS(ATTACHED),
        [VOLUME_REFUSED] = STAYS(ATTACHED),
        [VOLUME_MISSING] = GOES(DETACHING, DETACH),
        [VOLUME_LEG_LOST] = GOES(SEEKING, ASK),
        [VOLUME_RECALLED] = GOES(SHEDDING, SHED),
        [VOLUME_TIME] = GOES(ATTACHED, LOOK),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_SHEDDING] = {
        [VOLUME_DONE] = GOES(SEEKING, ASK),
        /* Nobody else has all pages: the guest has to take them. */
        [VOLUME_FAILED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_REFUSED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_MISSING] = GOES(ATTACHED, LOOK),
        [VOLUME_LEG_LOST] = GOES(SEEKING, ASK),
        [VOLUME_RECALLED] = GOES(SHEDDING, SHED),
        [VOLUME_TIME] = GOES(SHEDDING, SHED),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_SEEKING] = {
        [VOLUME_DONE] = GOES(REPLACING, REPLACE),
        [VOLUME_FAILED] = STAYS(DEGRADED),
        [VOLUME_REFUSED] = STAYS(DEGRADED),
        [VOLUME_MISSING] = STAYS(DEGRADED),
        [VOLUME_LEG_LOST] = STAYS(DEGRADED),
        [VOLUME_RECALLED] = GOES(SEEKING, ASK),
        [VOLUME_TIME] = GOES(SEEKING, ASK),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_REPLACING] = {
        [VOLUME_DONE] = GOES(ATTACHED, LOOK),
        [VOLUME_FAILED] = STAYS(DEGRADED),
        [VOLUME_REFUSED] = STAYS(DEGRADED),
        /* No mirror any more, or was one there by hand? */
        [VOLUME_MISSING] = GOES(ATTACHED, LOOK),
        [VOLUME_LEG_LOST] = STAYS(DEGRADED),
        [VOLUME_RECALLED] = GOES(REPLACING, REPLACE),
        [VOLUME_TIME] = GOES(REPLACING, REPLACE),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_DEGRADED] = {
        [VOLUME_DONE] = STAYS(ATTACHED),
        [VOLUME_FAILED] = STAYS(DEGRADED),
        [VOLUME_REFUSED] = STAYS(DEGRADED),
        [VOLUME_MISSING] = GOES(DETACHING, DETACH),
        [VOLUME_LEG_LOST] = STAYS(DEGRADED),
        [VOLUME_RECALLED] = GOES(SHEDDING, SHED),
        [VOLUME_TIME] = GOES(SEEKING, ASK),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_WITHDRAWING] = {
        [VOLUME_DONE] = GOES(DETACHING, DETACH),
        [VOLUME_FAILED] = GOES(ATTACHED, LOOK),
        [VOLUME_REFUSED] = GOES(ATTACHED, LOOK),
        [VOLUME_MISSING] = GOES(DETACHING, DETACH),
        [VOLUME_LEG_LOST] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_RECALLED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_TIME] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_UNWANTED] = GOES(WITHDRAWING, WITHDRAW),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_DETACHING] = {
        [VOLUME_DONE] = GOES(RETURNING, RETURN),
        [VOLUME_FAILED] = STAYS(DETACHING),
        /* Its administrator has taken it up by hand. */
        [VOLUME_REFUSED] = GOES(ATTACHED, LOOK),
        [VOLUME_MISSING] = GOES(RETURNING, RETURN),
        [VOLUME_LEG_LOST] = GOES(DETACHING, DETACH),
        [VOLUME_RECALLED] = GOES(DETACHING, DETACH),
        [VOLUME_TIME] = GOES(DETACHING, DETACH),
        [VOLUME_UNWANTED] = GOES(DETACHING, DETACH),
        [VOLUME_FORCED] = GOES(DETACHING, DETACH),
        [VOLUME_GUEST_GONE] = GOES(DETACHING, DETACH),
    },
    [VOLUME_RETURNING] = {
        [VOLUME_DONE] = STAYS(ENDED),
        [VOLUME_FAILED] = STAYS(RETURNING),
        [VOLUME_REFUSED] = STAYS(RETURNING),
        [VOLUME_MISSING] = STAYS(ENDED),
        [VOLUME_LEG_LOST] = GOES(RETURNING, RETURN),
        [VOLUME_RECALLED] = GOES(RETURNING, RETURN),
        [VOLUME_TIME] = GOES(RETURNING, RETURN),
        [VOLUME_UNWANTED] = GOES(RETURNING, RETURN),
        [VOLUME_FORCED] = GOES(RETURNING, RETURN),
        [VOLUME_GUEST_GONE] = GOES(RETURNING, RETURN),
    },
    [VOLUME_ENDED] = {
        [VOLUME_DONE] = STAYS(ENDED),
        [VOLUME_FAILED] = STAYS(ENDED),
        [VOLUME_REFUSED] = STAYS(ENDED),
        [VOLUME_MISSING] = STAYS(ENDED),
        [VOLUME_LEG_LOST] = STAYS(ENDED),
        [VOLUME_RECALLED] = STAYS(ENDED),
        [VOLUME_TIME] = STAYS(ENDED),
        [VOLUME_UNWANTED] = STAYS(ENDED),
        [VOLUME_FORCED] = STAYS(ENDED),
        [VOLUME_GUEST_GONE] = STAYS(ENDED),
    },
};
/* clang-format on */

struct volume_step
volume_step(enum volume_state state, enum volume_event event)
{
    return steps[state][event];
}

uint64_t
volume_patience_ms(enum volume_state state)
{
    switch (state) {
    case VOLUME_ATTACHED:
        return LOOK_MS;
    case VOLUME_FOUND:
    case VOLUME_ASKING:
    case VOLUME_ATTACHING:
    case VOLUME_SHEDDING:
    case VOLUME_SEEKING:
    case VOLUME_REPLACING:
    case VOLUME_DEGRADED:
    case VOLUME_WITHDRAWING:
    case VOLUME_DETACHING:
    case VOLUME_RETURNING:
        return RETRY_MS;
    case VOLUME_ENDED:
        break;
    }
    return UINT64_MAX;
}

const char *
volume_state_name(enum volume_state state)
{
    static const char *const names[VOLUME_STATES] = {
        [VOLUME_FOUND] = "found",
        [VOLUME_ASKING] = "asking",
        [VOLUME_ATTACHING] = "attaching",
        [VOLUME_ATTACHED] = "attached",
        [VOLUME_SHEDDING] = "shedding",
        [VOLUME_SEEKING] = "seeking",
        [VOLUME_REPLACING] = "replacing",
        [VOLUME_DEGRADED] = "degraded",
        [VOLUME_WITHDRAWING] = "withdrawing",
        [VOLUME_DETACHING] = "detaching",
        [VOLUME_RETURNING] = "returning",
        [VOLUME_ENDED] = "ended",
    };

    return names[state];
}

const char *
volume_deed_command(enum volume_deed deed)
{
    switch (deed) {
    case VOLUME_DO_NOTHING:
    case VOLUME_DO_ASK:
    case VOLUME_DO_RETURN:
        break;
    case VOLUME_DO_LOOK:
        return "status";
    case VOLUME_DO_ATTACH:
        return "attach";
    case VOLUME_DO_SHED:
        return "remove-leg";
    case VOLUME_DO_REPLACE:
        return "add-leg";
    case VOLUME_DO_WITHDRAW:
        return "withdraw";
    case VOLUME_DO_DETACH:
        return "detach";
    }
    return NULL;
}

uint64_t
volume_deed_limit_ms(enum volume_deed deed)
{
    switch (deed) {
    case VOLUME_DO_NOTHING:
    case VOLUME_DO_ASK: /* lenders have limits of their own */
    case VOLUME_DO_RETURN:
        break;
    case VOLUME_DO_LOOK:
        return LOOK_LIMIT_MS;
    case VOLUME_DO_SHED:
    case VOLUME_DO_ATTACH:
    case VOLUME_DO_REPLACE:
    case VOLUME_DO_DETACH:
        return ATTACH_LIMIT_MS;
    case VOLUME_DO_WITHDRAW:
        return WITHDRAW_LIMIT_MS;
    }
    return UINT64_MAX;
}

enum volume_event
volume_failure_event(const char *code)
{
    if (strcmp(code, "guest-refuses") == 0 || strcmp(code, "no-answer") == 0 ||
        strcmp(code, "in-use") == 0)
        return VOLUME_REFUSED;
    if (strcmp(code, "not-attached") == 0)
        return VOLUME_MISSING;
    return VOLUME_FAILED;
}
