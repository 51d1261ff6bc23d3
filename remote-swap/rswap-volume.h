/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is of a volume, as the kernel and xenstore show it. */
#ifndef RSWAP_VOLUME_H
#define RSWAP_VOLUME_H

#include "proto/offer.h"
#include "rswap-leg.h"
#include "rswap-steps.h"

#define RSWAP_DEVICE_SIZE 32 /* "nbd0": a name below /sys/block */

/* In a mirror, or not (yet). */
enum rswap_leg_state {
    RSWAP_LEG_UNUSED,
    RSWAP_LEG_IN_SYNC,
    RSWAP_LEG_SYNCING,
    RSWAP_LEG_FAILED,
};

struct rswap_found_leg {
    enum rswap_leg_kind kind;
    char name[RSWAP_LEG_NAME_SIZE];
    char device[RSWAP_DEVICE_SIZE];
    uint64_t size_kib;
    enum rswap_leg_state state;
};

/* The guest's device. */
struct rswap_vbd {
    uint32_t domid; /* 0: there is none */
    uint32_t devid;
    char vdev[OFFER_VDEV_SIZE];
    bool is_connected; /* to what is behind it */
    /* Toolstacks neither carry it along nor leave it behind. */
    bool is_secluded;
};

struct rswap_volume {
    char uuid[PARSE_UUID_SIZE];
    struct rswap_found_leg legs[RSWAP_LEGS_MAX];
    size_t n_legs;
    char md[RSWAP_DEVICE_SIZE]; /* empty: there is no mirror */
    bool is_running;            /* the mirror */
    uint32_t n_missing;         /* legs that the mirror should have */
    uint64_t size_kib;          /* the mirror's */
    uint32_t sync_permyriad;
    bool is_labelled;
    struct rswap_vbd vbd;
    bool is_offered;
    uint32_t offer_domid;
    struct offer offer;
    struct offer_answer answer;
};

/* Does it have a leg of this name?  NULL: no. */
struct rswap_found_leg *
rswap_volume_leg(struct rswap_volume *v, const char *name);

/* What there is, as steps; of legs n are wanted.  legs may be NULL: then those
 * that there are were wanted. */
void
rswap_volume_steps(const struct rswap_volume *v, const struct rswap_leg *legs,
                   size_t n, struct rswap_there_is *ret);

/* Does another leg than this one have all pages? */
bool rswap_volume_has_other(const struct rswap_volume *v,
                            const struct rswap_found_leg *leg);

#endif
