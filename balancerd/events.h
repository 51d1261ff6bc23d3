/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What has happened, for those who ask later: a ring of bounded size.  Who has
 * the most events in it pays for the next one, so that a domain that flaps
 * pushes out its own and nobody else's.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host.h"
#include "reserve.h"

#define EVENTS_MAX           4096
#define EVENTS_SENTENCE_SIZE 256 /* longer ones are cut */
#define EVENTS_NO_DOMID      UINT32_MAX

/* Their names (events_kind_name) are what clients rely on. */
enum events_kind {
    EVENTS_TARGET_CHANGED,
    EVENTS_DOMAIN_APPEARED,
    EVENTS_DOMAIN_GONE,
    EVENTS_STATE_CHANGED,
    EVENTS_RANGE_CHANGED,
    EVENTS_RANGE_REFUSED,
    EVENTS_SETTINGS_CHANGED,
    EVENTS_RESERVATION_ASKED,
    EVENTS_RESERVATION_GRANTED,
    EVENTS_RESERVATION_REFUSED,
    EVENTS_RESERVATION_TRANSFERRED,
    EVENTS_RESERVATION_RELEASED,
    EVENTS_RESERVATION_EXPIRED,
    EVENTS_SQUEEZE_BEGUN,
    EVENTS_SQUEEZE_ENDED,
    EVENTS_SWAP_ATTACHED,
    EVENTS_SWAP_DETACHED,
    EVENTS_SWAP_FAILED,
    EVENTS_SWAP_REFUSED,
    EVENTS_SWAP_LEG_LOST,
    EVENTS_SWAP_LEG_REPLACED,
    EVENTS_MIGRATION_ADVISED,
    EVENTS_ENGINE_CHANGED,
    EVENTS_ENGINE_FAILED,
    EVENTS_CONFIG_RELOADED,
    EVENTS_CONFIG_REFUSED,
    EVENTS_HOST_LOST,
    EVENTS_HOST_BACK,
    EVENTS_PEER_UP,
    EVENTS_PEER_DOWN,
    EVENTS_PEER_CHANGED,
    EVENTS_LENDER_UP,
    EVENTS_LENDER_DOWN,
    EVENTS_LEASE_CREATED,
    EVENTS_LEASE_RESIZED,
    EVENTS_LEASE_RECALLED,
    EVENTS_LEASE_OVERDUE,
    EVENTS_LEASE_ENDED,
};
#define EVENTS_KINDS (EVENTS_LEASE_ENDED + 1)

struct events_entry {
    uint64_t id;           /* rises by 1 from one to the next; the first is 1 */
    uint64_t time_ms;      /* monotonic */
    uint64_t wall_ms;      /* since 1970 */
    enum events_kind kind; /* the rest is unset where it has no meaning: */
    uint32_t domid;        /* EVENTS_NO_DOMID */
    char uuid[HOST_UUID_SIZE];
    char name[HOST_NAME_SIZE];
    char reservation[RESERVE_ID_SIZE];
    uint64_t old_kib; /* HOST_UNSET */
    uint64_t new_kib;
    const char *rule; /* static texts; NULL */
    const char *old_state;
    const char *new_state;
    char sentence[EVENTS_SENTENCE_SIZE];
};

struct events;

struct events *events_new(void);               /* NULL: no memory */
struct events *events_free(struct events *ev); /* NULL in, NULL out */

/* A copy of e with the next id; returns that.  The id of e does not matter. */
uint64_t events_add(struct events *ev, const struct events_entry *e);
uint64_t events_last_id(const struct events *ev); /* 0: there was none */
size_t events_count(const struct events *ev);
/* The oldest one with a larger id that is remembered, or NULL; valid until
 * the next events_add. */
const struct events_entry *events_after(const struct events *ev, uint64_t id);
/* The one that follows e, which is in ev; or NULL. */
const struct events_entry *
events_next(const struct events *ev, const struct events_entry *e);

/* "target-changed", ... */
const char *events_kind_name(enum events_kind kind);
/* Which kinds does "a,b,c" name, as a mask of 1 << kind?  0, or -EINVAL: the
 * first unknown word begins at *ret_bad. */
int
events_parse_kinds(const char *text, uint64_t *ret_mask, const char **ret_bad);

#endif
