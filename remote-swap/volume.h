/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The life of a volume as the borrowing daemon leads it: what it waits for, and
 * what is to be done when something happens.  One deed at a time; a new one
 * takes the place of the one under way, which may be ended at any instant.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rswap-leg.h"
#include "util/parse.h"

#define VOLUME_LEG_SIZE   (RSWAP_LEG_NAME_SIZE + RSWAP_EXPORT_SIZE)
#define VOLUME_WORD_SIZE  32
#define VOLUME_ERROR_SIZE 512

enum volume_state {
    VOLUME_FOUND,  /* of a daemon before this one: is it still there? */
    VOLUME_ASKING, /* lenders for memory */
    VOLUME_ATTACHING,
    VOLUME_ATTACHED,
    VOLUME_SHEDDING, /* a leg whose lender wants its memory back */
    VOLUME_SEEKING,  /* a lender in place of one that is lost */
    VOLUME_REPLACING,
    VOLUME_DEGRADED,    /* a leg is lost and could not be replaced yet */
    VOLUME_WITHDRAWING, /* the guest is to give it up */
    VOLUME_DETACHING,
    VOLUME_RETURNING, /* what lenders lent */
    VOLUME_ENDED,     /* nothing of it is left */
};
#define VOLUME_STATES (VOLUME_ENDED + 1)

enum volume_deed {
    VOLUME_DO_NOTHING,
    VOLUME_DO_LOOK,
    VOLUME_DO_ASK, /* a lender, for each leg that has none */
    VOLUME_DO_ATTACH,
    VOLUME_DO_SHED,
    VOLUME_DO_REPLACE,
    VOLUME_DO_WITHDRAW,
    VOLUME_DO_DETACH,
    VOLUME_DO_RETURN,
};

enum volume_event {
    VOLUME_DONE, /* the deed; after a look: all is well */
    VOLUME_FAILED,
    VOLUME_REFUSED, /* by the guest, which keeps it */
    VOLUME_MISSING, /* the guest has no such device */
    VOLUME_LEG_LOST,
    VOLUME_RECALLED, /* a lender wants its memory back */
    VOLUME_TIME,     /* the state has lasted for volume_patience_ms */
    VOLUME_UNWANTED,
    VOLUME_FORCED, /* unwanted, whatever becomes of the guest */
    VOLUME_GUEST_GONE,
};
#define VOLUME_EVENTS (VOLUME_GUEST_GONE + 1)

struct volume_step {
    enum volume_state next;
    enum volume_deed deed;
};

struct volume_step
volume_step(enum volume_state state, enum volume_event event);
/* How long a state lasts in which nothing is done; UINT64_MAX: for ever. */
uint64_t volume_patience_ms(enum volume_state state);
/* "attaching", ... */
const char *volume_state_name(enum volume_state state);
/* rswap-attach's word for it; NULL: it is not its business. */
const char *volume_deed_command(enum volume_deed deed);
/* After that long a deed is ended. */
uint64_t volume_deed_limit_ms(enum volume_deed deed);
/* A failure of it by its code (rswap-attach(8)); what that is to the volume. */
enum volume_event volume_failure_event(const char *code);

#endif
