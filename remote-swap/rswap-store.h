/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What xenstore has of volumes: guests' devices, offers, answers. */
#ifndef RSWAP_STORE_H
#define RSWAP_STORE_H

#include "rswap-failure.h"
#include "rswap-volume.h"

struct xs_handle;

struct rswap_store {
    struct xs_handle *xs;
};

/* 0 or the failure. */
int rswap_store_open(struct rswap_store *st, struct rswap_failure *f);
void rswap_store_close(struct rswap_store *st);

/* The volume's device in whichever guest has it, its offer and the answer. */
void rswap_store_look(struct rswap_store *st, struct rswap_volume *v);
/* The answer only. */
void rswap_store_look_answer(struct rswap_store *st, struct rswap_volume *v);

/* Does domain 0 serve the guest a device of that name? */
bool
rswap_store_has_vdev(struct rswap_store *st, uint32_t domid, const char *vdev);

/* Keeps toolstacks' hands off a guest's device: one that restarts the guest
 * does not look for it, and none saves or migrates the guest without it. */
int rswap_store_seclude(struct rswap_store *st, const struct rswap_vbd *vbd,
                        struct rswap_failure *f);
/* The guest may be saved and migrated again, if no other volume is offered. */
int rswap_store_release(struct rswap_store *st, const struct rswap_vbd *vbd,
                        struct rswap_failure *f);
/* The device of a guest that is gone: domain 0 lets go of what is behind it. */
int rswap_store_drop_vbd(struct rswap_store *st, const struct rswap_vbd *vbd,
                         struct rswap_failure *f);

/* Offers the volume's device to its guest, or asks for it back. */
int rswap_store_offer(struct rswap_store *st, const struct rswap_volume *v,
                      const struct offer *o, struct rswap_failure *f);
/* Takes offer and answer away. */
int rswap_store_forget(struct rswap_store *st, const struct rswap_volume *v,
                       struct rswap_failure *f);

#endif
