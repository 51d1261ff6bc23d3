/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to a lender, up to where the kernel takes it over. */
#ifndef NBD_DIAL_H
#define NBD_DIAL_H

#include "nbd-hello.h"
#include "rswap-failure.h"
#include "rswap-leg.h"

/* How long a lender has until its export is open. */
#define NBD_DIAL_MS 5000

/* 0, *ret_fd is the caller's; or the failure. */
int nbd_dial(const struct rswap_leg *leg, uint64_t size_kib, int *ret_fd,
             struct nbd_export *ret_export, struct rswap_failure *f);

#endif
