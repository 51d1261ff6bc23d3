/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The squeeze stage of the loop: does anyone wait for memory? */
#ifndef SETTLE_H
#define SETTLE_H

#include <stdbool.h>

struct balancer;

/* The next domain to come has come: what was freed for it is its own, before
 * anyone plans as if it were needed twice.  true if that happened. */
bool settle_heirs(struct balancer *b);

/* Grants what is free, refuses what can no longer be had, ends what has
 * expired or whose domain is gone; each is logged, kept in xenstore and told
 * to the balancer's decided callback. */
void settle_reservations(struct balancer *b);

#endif
