/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain is doing, and what of that was told. */
#ifndef GUEST_STATE_H
#define GUEST_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "range.h"
#include "thrash.h"

enum guest_state {
    GUEST_BOOTING,    /* has shown no balloon driver so far */
    GUEST_READY,      /* on its target */
    GUEST_MOVING,     /* on its way to its target */
    GUEST_SLOW,       /* no progress for slow_after_ms */
    GUEST_STUCK,      /* no progress for stuck_after_ms; retried later */
    GUEST_NO_BALLOON, /* says so, or never moved within the boot grace */
    GUEST_PAUSED,
    GUEST_SHUTDOWN, /* has shut down, is not yet gone */
    GUEST_DYING,    /* its memory is being freed */
};

/* What was last told of a domain (notice.c). */
struct guest_told {
    bool is_known;
    enum guest_state state;
    enum thrash_state thrash;
    bool has_range;
    struct range range;
};

/* A domain that has vanished. */
struct guest_gone {
    uint32_t domid;
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE];
    bool is_told;
};

/* "booting", "ready", ... */
const char *guest_state_name(enum guest_state state);

#endif
