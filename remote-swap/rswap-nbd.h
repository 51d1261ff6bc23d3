/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The legs in lenders' memory. */
#ifndef RSWAP_NBD_H
#define RSWAP_NBD_H

#include "rswap-failure.h"
#include "rswap-leg.h"
#include "rswap-volume.h"

/* Connects to the lender and makes a block device.  0 or the failure. */
int rswap_nbd_make(const struct rswap_leg *leg, const char *volume,
                   uint64_t size_kib, struct rswap_failure *f);
int rswap_nbd_drop(const struct rswap_found_leg *leg, struct rswap_failure *f);

/* "rswap:VOLUME:LEG", as the device shows it, into its parts; false: it is
 * not of this volume.  volume may be NULL: of any. */
bool rswap_nbd_is_ours(const char *identifier, const char *volume,
                       char ret_volume[PARSE_UUID_SIZE],
                       char ret_leg[RSWAP_LEG_NAME_SIZE]);

#endif
