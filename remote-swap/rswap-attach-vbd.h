/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The guest's block device, by libxl. */
#ifndef RSWAP_ATTACH_VBD_H
#define RSWAP_ATTACH_VBD_H

#include "rswap-failure.h"
#include "rswap-store.h"
#include "rswap-volume.h"

/* Gives the guest the volume's mirror as vdev (empty: as whichever is free).
 * 0 or the failure. */
int rswap_vbd_make(const struct rswap_volume *v, struct rswap_store *st,
                   uint32_t domid, const char *vdev, struct rswap_failure *f);
/* Takes it away; a guest that uses it is not asked if is_forced. */
int rswap_vbd_drop(const struct rswap_volume *v, bool is_forced,
                   struct rswap_failure *f);

/* No: there is no such guest, or it goes away. */
bool rswap_vbd_guest_lives(uint32_t domid);

#endif
