/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peers of a simulated host, [lenders], which lend on the world's clock. */
#ifndef SIM_LEND_H
#define SIM_LEND_H

#include "sim-world.h"
#include "swap-lend.h"

/* w is kept.  NULL: no memory. */
struct swap_lend *sim_lend_new(const struct sim_world *w);

#endif
