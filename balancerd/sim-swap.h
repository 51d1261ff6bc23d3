/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Remote swap on a simulated host: what rswap-attach(8) would do there, on the
 * world's clock.  A guest has on its volume what it needs and does not hold.
 */
#ifndef SIM_SWAP_H
#define SIM_SWAP_H

#include "sim-world.h"
#include "swap-run.h"

/* w is kept.  NULL: no memory. */
struct swap_run *sim_swap_new(const struct sim_world *w);

#endif
