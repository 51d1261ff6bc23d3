/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what there is of volumes. */
#ifndef RSWAP_LOOK_H
#define RSWAP_LOOK_H

#include "rswap-store.h"
#include "rswap-volume.h"

/* More volumes than this one host is not meant to have. */
#define RSWAP_VOLUMES_MAX 256

/* What the kernel and xenstore have of the volume uuid. */
void
rswap_look(struct rswap_store *st, const char *uuid, struct rswap_volume *ret);

/* The uuids of all volumes of which there is a leg; returns how many. */
size_t rswap_look_all(char ret_uuids[RSWAP_VOLUMES_MAX][PARSE_UUID_SIZE]);

#endif
