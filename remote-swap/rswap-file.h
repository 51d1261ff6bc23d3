/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The leg on this host's disk: a file behind a loop device. */
#ifndef RSWAP_FILE_H
#define RSWAP_FILE_H

#include "rswap-failure.h"
#include "rswap-leg.h"
#include "rswap-volume.h"

/* What the kernel calls a file that has lost its name. */
#define RSWAP_FILE_SUFFIX " (deleted)"

/* Makes file and device.  0 or the failure. */
int rswap_file_make(const char *directory, const char *volume,
                    uint64_t size_kib, struct rswap_failure *f);
/* Gives the device back, and with it the file. */
int rswap_file_drop(const struct rswap_found_leg *leg, struct rswap_failure *f);
/* Removes the file that an attach which was killed had no device for yet. */
void rswap_file_sweep(const char *directory, const char *volume);

/* "/var/swap/rswap-8a1c..." of a volume's file. */
const char *rswap_file_path(char path[RSWAP_LEG_NAME_SIZE],
                            const char *directory, const char *volume);

#endif
