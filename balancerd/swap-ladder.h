/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives guests that suffer remote swap, and takes it back (ladder.h). */
#ifndef SWAP_LADDER_H
#define SWAP_LADDER_H

struct balancer;

/* Part of the tick. */
void swap_ladder_step(struct balancer *b);

#endif
