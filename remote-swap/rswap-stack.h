/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The mirror of a volume's legs.  It stays the same device while legs are
 * exchanged below it, because a guest's device cannot be given another one.
 */
#ifndef RSWAP_STACK_H
#define RSWAP_STACK_H

#include "rswap-failure.h"
#include "rswap-volume.h"

/* A mirror of all legs that there are. */
int rswap_stack_make(const struct rswap_volume *v, struct rswap_failure *f);
int rswap_stack_drop(const struct rswap_volume *v, struct rswap_failure *f);

/* Takes a leg out, dead or alive. */
int
rswap_stack_remove(const struct rswap_volume *v,
                   const struct rswap_found_leg *leg, struct rswap_failure *f);
/* Takes a leg in and has it filled. */
int
rswap_stack_add(const struct rswap_volume *v, const struct rswap_found_leg *leg,
                uint64_t sync_kib_per_s, struct rswap_failure *f);

#endif
