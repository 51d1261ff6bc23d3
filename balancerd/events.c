/* PURE */
/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ring of events: slots in the order of their ids, and queues by whose
 * they are. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"

/* A lane is a queue of events: one per kind for those of the host, and one for
 * all domains whose numbers leave the same remainder.  Numbers are given out
 * one after the other, so that no two of less than 1,000 domains share one. */
#define LANES        1024
#define DOMAIN_LANES (LANES - EVENTS_KINDS)

#define NONE UINT16_MAX

struct slot {
    struct events_entry entry; /* first: see events_next */
    uint16_t older;            /* by id */
    uint16_t newer;
    uint16_t next; /* of the same lane, towards the newest */
};

struct lane {
    uint16_t oldest;
    uint16_t newest;
    uint16_t n;
};

struct events {
    uint64_t last_id;
    size_t n;
    uint16_t oldest;
    uint16_t newest;
    struct lane lanes[LANES];
    struct slot slots[EVENTS_MAX];
};

static const char *const kind_names[EVENTS_KINDS] = {
    [EVENTS_TARGET_CHANGED] = "target-changed",
    [EVENTS_DOMAIN_APPEARED] = "domain-appeared",
    [EVENTS_DOMAIN_GONE] = "domain-gone",
    [EVENTS_STATE_CHANGED] = "state-changed",
    [EVENTS_RANGE_CHANGED] = "range-changed",
    [EVENTS_RANGE_REFUSED] = "range-refused",
    [EVENTS_SETTINGS_CHANGED] = "settings-changed",
    [EVENTS_RESERVATION_ASKED] = "reservation-asked",
    [EVENTS_RESERVATION_GRANTED] = "reservation-granted",
    [EVENTS_RESERVATION_REFUSED] = "reservation-refused",
    [EVENTS_RESERVATION_TRANSFERRED] = "reservation-transferred",
    [EVENTS_RESERVATION_RELEASED] = "reservation-released",
    [EVENTS_RESERVATION_EXPIRED] = "reservation-expired",
    [EVENTS_SQUEEZE_BEGUN] = "squeeze-begun",
    [EVENTS_SQUEEZE_ENDED] = "squeeze-ended",
    [EVENTS_SWAP_ATTACHED] = "swap-attached",
    [EVENTS_SWAP_DETACHED] = "swap-detached",
    [EVENTS_SWAP_FAILED] = "swap-failed",
    [EVENTS_SWAP_REFUSED] = "swap-refused",
    [EVENTS_SWAP_LEG_LOST] = "swap-leg-lost",
    [EVENTS_SWAP_LEG_REPLACED] = "swap-leg-replaced",
    [EVENTS_MIGRATION_ADVISED] = "migration-advised",
    [EVENTS_ENGINE_CHANGED] = "engine-changed",
    [EVENTS_ENGINE_FAILED] = "engine-failed",
    [EVENTS_CONFIG_RELOADED] = "config-reloaded",
    [EVENTS_CONFIG_REFUSED] = "config-refused",
    [EVENTS_HOST_LOST] = "host-lost",
    [EVENTS_HOST_BACK] = "host-back",
    [EVENTS_PEER_UP] = "peer-up",
    [EVENTS_PEER_DOWN] = "peer-down",
    [EVENTS_PEER_CHANGED] = "peer-changed",
    [EVENTS_LENDER_UP] = "lender-up",
    [EVENTS_LENDER_DOWN] = "lender-down",
    [EVENTS_LEASE_CREATED] = "lease-created",
    [EVENTS_LEASE_RESIZED] = "lease-resized",
    [EVENTS_LEASE_RECALLED] = "lease-recalled",
    [EVENTS_LEASE_OVERDUE] = "lease-overdue",
    [EVENTS_LEASE_ENDED] = "lease-ended",
};

struct events *
events_new(void)
{
    struct events *ev = calloc(1, sizeof(*ev));

    if (!ev)
        return NULL;
    ev->oldest = NONE;
    ev->newest = NONE;
    return ev;
}

struct events *
events_free(struct events *ev)
{
    free(ev);
    return NULL;
}

static struct lane *
lane_of(struct events *ev, const struct events_entry *e)
{
    if (e->domid == EVENTS_NO_DOMID)
        return &ev->lanes[e->kind];
    return &ev->lanes[EVENTS_KINDS + e->domid % DOMAIN_LANES];
}

static struct lane *
longest_lane(struct events *ev)
{
    struct lane *longest = &ev->lanes[0];

    for (size_t i = 1; i < LANES; i++) {
        if (ev->lanes[i].n > longest->n)
            longest = &ev->lanes[i];
    }
    return longest;
}

/* Closes the gap that a slot leaves between its neighbours. */
static void
unlink_slot(struct events *ev, const struct slot *s)
{
    if (s->older == NONE)
        ev->oldest = s->newer;
    else
        ev->slots[s->older].newer = s->newer;
    if (s->newer == NONE)
        ev->newest = s->older;
    else
        ev->slots[s->newer].older = s->older;
}

/* Forgets the oldest event of the longest lane; its slot. */
static uint16_t
forget_one(struct events *ev)
{
    struct lane *lane = longest_lane(ev);
    uint16_t i = lane->oldest;

    lane->oldest = ev->slots[i].next;
    lane->n--;
    unlink_slot(ev, &ev->slots[i]);
    return i;
}

static void
append(struct events *ev, struct lane *lane, uint16_t i)
{
    ev->slots[i].older = ev->newest;
    ev->slots[i].newer = NONE;
    ev->slots[i].next = NONE;
    if (ev->newest == NONE)
        ev->oldest = i;
    else
        ev->slots[ev->newest].newer = i;
    ev->newest = i;
    if (lane->n == 0)
        lane->oldest = i;
    else
        ev->slots[lane->newest].next = i;
    lane->newest = i;
    lane->n++;
}

uint64_t
events_add(struct events *ev, const struct events_entry *e)
{
    uint16_t i = ev->n < EVENTS_MAX ? (uint16_t)ev->n++ : forget_one(ev);

    ev->slots[i].entry = *e;
    ev->slots[i].entry.id = ++ev->last_id;
    append(ev, lane_of(ev, e), i);
    return ev->last_id;
}

uint64_t
events_last_id(const struct events *ev)
{
    return ev->last_id;
}

size_t
events_count(const struct events *ev)
{
    return ev->n;
}

/* Most who ask know all but the newest. */
const struct events_entry *
events_after(const struct events *ev, uint64_t id)
{
    const struct events_entry *found = NULL;
    uint16_t i;

    for (i = ev->newest; i != NONE; i = ev->slots[i].older) {
        if (ev->slots[i].entry.id <= id)
            break;
        found = &ev->slots[i].entry;
    }
    return found;
}

const struct events_entry *
events_next(const struct events *ev, const struct events_entry *e)
{
    const struct slot *s = (const struct slot *)e;

    return s->newer == NONE ? NULL : &ev->slots[s->newer].entry;
}

const char *
events_kind_name(enum events_kind kind)
{
    return kind_names[kind];
}

static uint64_t
mask_of(const char *word, size_t length)
{
    for (unsigned i = 0; i < EVENTS_KINDS; i++) {
        if (strlen(kind_names[i]) == length &&
            memcmp(kind_names[i], word, length) == 0)
            return UINT64_C(1) << i;
    }
    return 0;
}

int
events_parse_kinds(const char *text, uint64_t *ret_mask, const char **ret_bad)
{
    uint64_t mask = 0;

    for (;;) {
        size_t length = strcspn(text, ",");
        uint64_t one = mask_of(text, length);

        if (one == 0) {
            *ret_bad = text;
            return -EINVAL;
        }
        mask |= one;
        if (text[length] == '\0')
            break;
        text += length + 1;
    }
    *ret_mask = mask;
    return 0;
}
